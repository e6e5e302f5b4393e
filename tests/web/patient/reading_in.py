"""Visits read in another language: the clinic offers drafts, and the patient has chosen one."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from questionnaire.cli.demo import Walk
from questionnaire.content.translations import texts_of
from questionnaire.domain.clinic_details import FACTS
from questionnaire.journey.turns import read_in
from tests.clinics import Stage


def offering_drafts(stage: Stage) -> Stage:
    """The same clinic with its drafts switched on."""
    house = stage.clinic.state(languages=("es", "ar"))
    walk = stage.walk
    return Stage(
        replace(stage.clinic, house=house),
        Walk(house, walk.desk, walk.clinician, walk.visit, walk.code),
    )


def read_by(stage: Stage, code: str) -> Stage:
    """The same visit, its patient reading in another language; drafts are switched on."""
    offering = offering_drafts(stage)
    read_in(offering.house, offering.walk.turn(), code)
    return offering


SAID = ("aria-label", "title", "placeholder", "alt", "data-ask", "data-left", "data-drawn")
"""Attributes that somebody hears or sees."""


class Words(HTMLParser):
    """What a page says, each text with the language it is marked as."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self._languages = [""]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element; keep what its attributes say."""
        found = {name: value or "" for name, value in attrs}
        language = found.get("lang") or self._languages[-1]
        self.said += [(language, found[name].strip()) for name in SAID if found.get(name)]
        if tag not in VOID:
            self._languages.append("" if tag in {"script", "bdi", "textarea"} else language)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing stands in it."""

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag not in VOID:
            self._languages.pop()

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if words := " ".join(data.split()):
            self.said.append((self._languages[-1], words))


VOID = frozenset({"meta", "link", "input", "br"})


class EnglishLeft:
    """Finds what is still said in English where another language should stand."""

    def __init__(self, stage: Stage, code: str) -> None:
        speech = stage.house.speech(code)
        english, told = texts_of(stage.house.library), texts_of(speech.library)
        texts = zip(english.values(), told.values(), strict=True)
        pairs = [*texts, *speech.sentences.items()]
        self._code = code
        self._own: list[str] = []
        self._english = {source for source, words in pairs if source != words}
        holes = [source for source in self._english if "{" in source]
        self._shapes = [re.compile(_shape(source)) for source in holes if _letters(source)]
        clinic = stage.house.clinic
        facts = (getattr(clinic, name) for name in FACTS)
        data = [*(words for _, words in pairs), *KNOWN, *facts]
        self._latin = {word for text in data for word in LATIN.findall(text)}

    def in_page(self, html: str) -> list[str]:
        """Every text of the page that is marked as the language but is English."""
        said = [text for language, text in Words(html).said if language == self._code]
        assert said, "the page is marked as the language"
        stays = {text for text in said if any(text in own for own in self._own)}
        return [text for text in said if text not in stays and self._is_english(text)]

    def know(self, *texts: str) -> None:
        """Take these for people's own words, which stay as they are."""
        self._own += texts
        self._latin.update(word for text in texts for word in LATIN.findall(text))

    def _is_english(self, text: str) -> bool:
        if text in self._english or any(shape.fullmatch(text) for shape in self._shapes):
            return True
        return self._code == "ar" and any(
            word not in self._latin for word in LATIN.findall(text.replace("Testwell", ""))
        )


LATIN = re.compile(r"[A-Za-z]{3,}")
KNOWN = ("Error Marigold", "Dr Ada Invented", "INVENTED", "PRP SHA GMT UTC", "draft")
"""Names and signs of the invented visit, which are the same in every language."""


def _letters(source: str) -> bool:
    return re.search(r"[a-z]{3}", re.sub(r"\{\w+\}", "", source)) is not None


def _shape(source: str) -> str:
    return "".join(
        ".+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", source)
    )
