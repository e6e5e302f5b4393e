"""What an administrator types about the clinic: each box read once, or said how to mend it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import phonenumbers
from phonenumbers import shortnumberinfo
from werkzeug.datastructures import MultiDict

from questionnaire.addresses import NoAddress, email_address
from questionnaire.domain.answers import Slip, clean_text
from questionnaire.domain.clinic_details import ClinicDetails, Part
from questionnaire.domain.figures import by_value
from questionnaire.domain.language import SOURCE_LANGUAGE
from questionnaire.domain.visible import has_letter, limit_marks
from questionnaire.journey.house import House
from questionnaire.web.staff.merging import Boxes, Fact
from questionnaire.web.staff.time_zones import time_zones

DONE_WITHOUT: Final = "Done without; decided by "
"""Before the name, in what is kept of a part that the clinic does without."""
LETTER_ARRIVED: Final = "A test letter to "
BACKED_UP: Final = "Backed up, last at "
_CHOSEN: Final = {DONE_WITHOUT: "without", LETTER_ARRIVED: "tested", BACKED_UP: "made"}
LONGEST: Final = 200
MARKS: Final = "A letter carries too many marks. Please type it again."
LONGEST_WORDS: Final = 500


@dataclass(slots=True)
class SettingUpForm:
    """What was typed into the boxes of one part. `errors` pairs the id of a box with its sentence.

    `languages` holds the codes that are ticked, `law_of` the ids of the places that are.
    """

    typed: Mapping[str, str]
    languages: tuple[str, ...] = ()
    law_of: tuple[str, ...] = ()
    errors: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, details: ClinicDetails, proposed: Mapping[str, str]) -> "SettingUpForm":
        """The facts in force; where there are none, what an earlier file of the clinic said."""
        facts = {name: str(getattr(details, name)) for name in _FACTS}
        if Part.NAME not in details.confirmed:
            facts["time_zone"] = ""
        own = {
            own_box(right, code): words
            for right, told in details.own_words.items()
            for code, words in told.items()
        }
        known = {name: value or proposed.get(name, "") for name, value in facts.items()}
        return cls(known | own, details.languages, details.law_of)

    @classmethod
    def posted(cls, form: MultiDict[str, str]) -> "SettingUpForm":
        """What a browser sent."""
        return cls(form.to_dict(), tuple(form.getlist("languages")), tuple(form.getlist("law_of")))

    def boxes(self, facts: Iterable[Fact]) -> Boxes:
        """What the boxes of these facts hold."""
        ticked = {"languages": self.languages, "law_of": self.law_of}
        names = [name for fact in facts for name in fact.boxes]
        return {name: ticked.get(name, (self.typed.get(name, ""),)) for name in names}

    def show_choice(self, said: str) -> None:
        """Show what was chosen when the part was confirmed, and who decided to do without."""
        how = next((way for words, way in _CHOSEN.items() if said.startswith(words)), "")
        decided = said.removeprefix(DONE_WITHOUT) if how == "without" else ""
        self.typed = {**self.typed, "how": how, "decided_by": decided}

    def read(self, part: Part, house: House) -> dict[str, object]:
        """The facts of that part by name; they count only while `errors` is empty."""
        reader = _READERS.get(part)
        return reader(self, house) if reader else {}

    def line(self, name: str) -> str:
        """One line of words that must be there."""
        try:
            words = " ".join(clean_text(self.typed.get(name, "")).split())
        except Slip as slip:
            return self.wrong(name, str(slip))
        if limit_marks(words) != words:
            return self.wrong(name, MARKS)
        if not words:
            return self.wrong(name, f"Write {_LINES[name]}.")
        if len(words) > LONGEST:
            return self.wrong(name, f"This is too long. Use {LONGEST} letters or fewer.")
        if not has_letter(words):
            return self.wrong(name, f"Write {_LINES[name]} in letters.")
        return words

    def wrong(self, box: str, sentence: str) -> str:
        """Say how to mend a box."""
        self.errors.append((box, sentence))
        return ""


_LINES: Final = {
    "name": "the name of the clinic",
    "address": "the address, on one line",
    "country": "the country",
    "regulator": "the name of the regulator",
    "regulator_address": "the regulator's address or web page",
    "decided_by": "who at the clinic decided to do without",
}
_ADDRESSES: Final = ("email", "complaints_email")
_PHONES: Final = ("phone", "emergency_phone")
_IN_BRACKETS: Final = re.compile(r"\([0-9]+\)")
_GROUPS: Final = re.compile(r"\+?[0-9]+(?:[ ./-]{1,3}[0-9]+)*")
"""Groups of figures, each parted from the one before."""
_FACTS: Final = (
    *("name", "address", "country", "time_zone", "regulator", "regulator_address"),
    *("calling_code", *_PHONES, "emergency_number", *_ADDRESSES),
)


def own_box(right: str, code: str) -> str:
    """The name of the box for the clinic's own words of a right in one language."""
    return f"own-{right}-{code}"


def _read_name(form: SettingUpForm, house: House) -> dict[str, object]:
    del house
    zone = form.typed.get("time_zone", "").strip()
    if zone not in time_zones():
        form.wrong("time_zone", "Pick a time zone from the list, like Europe/London.")
    names = ("name", "address", "country")
    return {"time_zone": zone, **{name: form.line(name) for name in names}}


def _read_phones(form: SettingUpForm, house: House) -> dict[str, object]:
    del house
    code = _dialled(form.typed.get("calling_code", "")).strip().removeprefix("+")
    is_code = re.fullmatch(r"[1-9][0-9]{0,2}", code) is not None
    regions = phonenumbers.region_codes_for_country_code(int(code)) if is_code else ()
    if not regions:
        form.wrong("calling_code", "Write the country's calling code, like 44.")
    facts: dict[str, object] = {"calling_code": code}
    for name in _PHONES:
        facts[name] = _phone(form, name, regions[0]) if regions else ""
        if not form.typed.get(f"{name}_called"):
            form.wrong(f"{name}_called", "Call the number, and tick that we answered.")
    urgent = _dialled(form.typed.get("emergency_number", "").strip().removeprefix("tel:"))
    urgent = "".join(sign for sign in urgent if sign not in " ()-./")
    if not urgent.isdecimal() or not any(
        shortnumberinfo.is_emergency_number(urgent, region) for region in regions
    ):
        told = "Write the number for an ambulance in your country, like 999, 112 or 911."
        form.wrong("emergency_number", told)
    return facts | {"emergency_number": urgent}


def _phone(form: SettingUpForm, name: str, region: str) -> str:
    """A number that can be one there, as it was typed, in the digits that telephones have."""
    words = " ".join(_dialled(form.typed.get(name, "")).split())
    try:
        known = phonenumbers.is_possible_number(phonenumbers.parse(words, region))
    except phonenumbers.NumberParseException:
        known = False
    if not (known and _GROUPS.fullmatch(_IN_BRACKETS.sub("0", words))):
        return form.wrong(name, "Write a telephone number as people dial it, like 020 7946 0018.")
    return words


def _dialled(typed: str) -> str:
    """What was typed of a number in the digits 0 to 9, without signs that nobody sees."""
    seen = (sign for sign in typed if unicodedata.category(sign) != "Cf")
    return by_value(unicodedata.normalize("NFKC", "".join(seen)))


def _read_email(form: SettingUpForm, house: House) -> dict[str, object]:
    del house
    return {name: _address(form, name) for name in _ADDRESSES}


def _address(form: SettingUpForm, name: str) -> str:
    try:
        return email_address(form.typed.get(name, ""))
    except NoAddress:
        return form.wrong(name, "Write an e-mail address like name@clinic.example.")


def _read_regulator(form: SettingUpForm, house: House) -> dict[str, object]:
    places = tuple(place for place in house.library.places if place in form.law_of)
    if set(form.law_of) - set(places):
        form.wrong("law_of", "Pick the places from the list.")
    names = ("regulator", "regulator_address")
    return {"law_of": places, **{name: form.line(name) for name in names}}


def _read_languages(form: SettingUpForm, house: House) -> dict[str, object]:
    picked = tuple(code for code in house.speeches if code in form.languages)
    if set(form.languages) - set(picked):
        form.wrong("languages", "Pick the languages from the list.")
    names = {SOURCE_LANGUAGE: "English"} | {
        code: house.speeches[code].language.name for code in picked
    }
    own = {
        right.id: told
        for right in house.library.rights_in_own_words
        if (told := _own_words(form, right.id, names))
    }
    return {"languages": picked, "own_words": own}


def _own_words(form: SettingUpForm, right: str, names: Mapping[str, str]) -> dict[str, str]:
    """The clinic's sentence in each language offered (code → name), or in none."""
    told: dict[str, str] = {}
    for code in names:
        box = own_box(right, code)
        try:
            told[code] = " ".join(clean_text(form.typed.get(box, "")).split())
        except Slip as slip:
            form.wrong(box, str(slip))
            continue
        if limit_marks(told[code]) != told[code]:
            form.wrong(box, MARKS)
        elif told[code] and not has_letter(told[code]):
            form.wrong(box, "Write it in words.")
        if len(told[code]) > LONGEST_WORDS:
            form.wrong(box, f"This is too long. Use {LONGEST_WORDS} letters or fewer.")
    if not any(told.values()):
        return {}
    for code, words in told.items():
        if not words:
            sentence = f"Write it in {names[code]} too, or in no language."
            form.wrong(own_box(right, code), sentence)
    return told


_READERS: Final[Mapping[Part, Callable[[SettingUpForm, House], dict[str, object]]]] = {
    Part.NAME: _read_name,
    Part.PHONES: _read_phones,
    Part.EMAIL: _read_email,
    Part.REGULATOR: _read_regulator,
    Part.LANGUAGES: _read_languages,
}
