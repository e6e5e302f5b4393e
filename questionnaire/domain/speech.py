"""One language as patients meet it: the content in it, and the sentences of pages around it."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.domain.language import ENGLISH, Approval, Language
from questionnaire.domain.library import Library


@dataclass(frozen=True, slots=True)
class Speech:
    """The words of one language. `sentences` go from English to the same in that language."""

    language: Language
    library: Library
    sentences: Mapping[str, str]

    def say(self, sentence: str) -> str:
        """The sentence in this language; in English while nobody has translated it."""
        return self.sentences.get(sentence, sentence)

    @property
    def is_draft(self) -> bool:
        """Whether nobody has approved the translation yet."""
        return self.language.state is Approval.DRAFT


def english(library: Library) -> Speech:
    """The clinic's own language."""
    return Speech(ENGLISH, library, {})
