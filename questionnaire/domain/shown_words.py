"""Fingerprints of what a patient is shown before consent, part by part.

A mark of the patient's (read, ticked, tried, chosen) carries the fingerprint of the words it was
made under and counts for these alone. A release or a clinic that shows other words asks anew.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from questionnaire.domain.consent import as_json
from questionnaire.domain.consent_parts import Ticked, TreatmentText
from questionnaire.domain.treatment import CheckQuestion


@dataclass(frozen=True, slots=True)
class ShownWords:
    """SHA-256 (hex) of each part that is shown now, by id; the language belongs to each.

    `to_tick` are statements and personal risks, `photos` the page about photos.
    """

    treatments: Mapping[str, str] = field(default_factory=dict)
    to_tick: Mapping[str, str] = field(default_factory=dict)
    quiz: Mapping[str, str] = field(default_factory=dict)
    photos: str = ""

    @property
    def page_to_tick(self) -> str:
        """The fingerprint of everything to tick, as it stands on one page."""
        return _fingerprint("", self.to_tick)


def shown_words(
    language: str,
    treatments: Iterable[TreatmentText],
    to_tick: Iterable[Ticked],
    quiz: Iterable[CheckQuestion],
) -> ShownWords:
    """What is shown, in the language of this code; of `to_tick` nothing counts as ticked yet."""
    return ShownWords(
        {it.id: _fingerprint(language, it) for it in treatments},
        {it.id: _fingerprint(language, it) for it in to_tick},
        {it.id: _fingerprint(language, (it.question, it.options, it.correct)) for it in quiz},
        _fingerprint(language, "photos"),
    )


def _fingerprint(language: str, shown: object) -> str:
    written = json.dumps([language, as_json(shown)], ensure_ascii=False, sort_keys=True)
    return sha256(written.encode()).hexdigest()
