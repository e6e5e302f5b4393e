"""Reads `clinic.yaml`: what a clinic says and decides; its own facts are kept elsewhere."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from questionnaire.content.fields import Fields, expected, number, text
from questionnaire.content.nodes import Entries, Node, Scalar, compose
from questionnaire.content.problems import Place
from questionnaire.content.reading import Reading, did_you_mean
from questionnaire.domain.clinic_details import FACTS, named_in
from questionnaire.domain.library import ClinicRules
from questionnaire.domain.retention import OF_AGE, USUAL, Retention
from questionnaire.ordinary_files import LONGEST_TEXT_FILE, read_file

USUAL_SHELF_LIFE = 30
"""Days."""

LONGEST_WAIT = 2160
"""Hours; 90 days."""

MOST_YEARS, LATEST_BIRTHDAY, LONGEST_SHELF_LIFE = 200, 200, 3_660
"""Years, years of age and days: beyond any use, and still on the calendar."""

EARLIER: Final = (
    "name",
    "address",
    "phone",
    "emergency_phone",
    "email",
    "country",
    "time_zone",
    "offer_draft_languages",
)
"""Facts that stood in this file before they had a page: a proposal for it, and nothing more."""

INVENTED: Final = (
    "Aurelia",
    "aurelia.example",
    "12 Linden Row",
    "01632 960 11",
    "on the price list you were given",
)
"""Words of the invented clinic that this file came with then; they are taken over by nobody."""


def read_clinic(
    reading: Reading, root: Node, rights: Collection[str], treatments: Collection[str]
) -> ClinicRules:
    """The clinic's rules. `rights` are the statements it may fill in, `treatments` it offers."""
    fields = Fields(reading, root, "clinic")
    for key in EARLIER:
        fields.node(key)
    clinic = ClinicRules(
        complaints=_sentence(reading, fields, "complaints"),
        data_use=_sentence(reading, fields, "data_use"),
        withdrawal=_sentence(reading, fields, "withdrawal"),
        facts=_facts(reading, fields, rights),
        earliest_sign_hours=_waits(reading, fields, treatments),
        retention=_retention(reading, fields),
        answers_count_for_days=_shelf_life(fields),
    )
    fields.close()
    return clinic


def _sentence(reading: Reading, fields: Fields, key: str) -> str:
    return _checked(reading, fields.text(key), fields.place_of(key))


def _checked(reading: Reading, sentence: str, place: Place) -> str:
    """A sentence whose braces name facts, and which is not the invented clinic's."""
    if _is_invented(sentence):
        told = "This is the invented clinic's: name facts in braces instead, like {phone}."
        reading.problem(place, told)
    try:
        names = named_in(sentence)
    except ValueError:
        reading.problem(place, "A brace is opened or closed alone in this sentence.")
        return ""
    for name in sorted(names - set(FACTS)):
        hint = did_you_mean(name, FACTS)
        reading.problem(place, f"There is no fact {{{name}}} of the clinic.{hint}")
    return "" if names - set(FACTS) else sentence


def _entries(reading: Reading, fields: Fields, key: str) -> Entries | None:
    node = fields.needed(key)
    if node is None or isinstance(node, Entries):
        return node
    expected(reading, node, f"“{key}” is written as keys with values.")
    return None


def _facts(reading: Reading, fields: Fields, rights: Collection[str]) -> dict[str, str]:
    node = _entries(reading, fields, "facts")
    if node is None:
        return {}
    _report_strangers(reading, node, rights, "right for the clinic to fill in called")
    return {
        key: _checked(reading, text(reading, value), value.place)
        for key, value in node.values.items()
    }


def _waits(reading: Reading, fields: Fields, treatments: Collection[str]) -> dict[str, int]:
    node = _entries(reading, fields, "earliest_sign_hours")
    if node is None:
        return {}
    _report_strangers(reading, node, (*treatments, "default"), "treatment")
    hours: dict[str, int] = {}
    for key, value in node.values.items():
        amount = number(reading, value)
        if amount is not None and (amount.denominator != 1 or not 0 <= amount <= LONGEST_WAIT):
            sentence = f"Give whole hours from 0 to {LONGEST_WAIT}."
            reading.problem(value.place, sentence)
        hours[key] = int(amount or 0)
    if "default" not in hours:
        reading.problem(
            node.place, "The hours for treatments not named here (default) are missing."
        )
    return {key: hours.get(key, hours.get("default", 0)) for key in treatments}


def _retention(reading: Reading, fields: Fields) -> Retention:
    """How long records are kept; the usual figures when the clinic names none."""
    node = fields.node("retention")
    if node is None:
        return USUAL
    kept = Fields(reading, node, "retention")
    years = kept.whole("years_after_last_attendance", least=1, most=MOST_YEARS)
    birthday = kept.whole("minors_until_birthday", least=OF_AGE, most=LATEST_BIRTHDAY)
    kept.close()
    return Retention(years, birthday)


def _shelf_life(fields: Fields) -> int:
    """How many days answers and a decision count; the usual figure when the clinic names none."""
    if fields.node("answers_count_for_days") is None:
        return USUAL_SHELF_LIFE
    return fields.whole("answers_count_for_days", least=1, most=LONGEST_SHELF_LIFE)


def _report_strangers(reading: Reading, node: Entries, known: Iterable[str], what: str) -> None:
    names = tuple(known)
    for key, place in node.lines.items():
        if key not in names:
            reading.problem(place, f"There is no {what} {key}.")


def earlier_facts(*files: Path) -> dict[str, str]:
    """What files of before say of the clinic, as far as they can be read; a later file wins.

    Nothing of the invented clinic is among it, and nothing of a file that still bears its name.
    """
    found: dict[str, str] = {}
    for file in files:
        try:
            root = compose(read_file(file, LONGEST_TEXT_FILE), file.name, [])
        except OSError:
            continue
        values = root.values if isinstance(root, Entries) else {}
        texts = {
            key: value.text.strip()
            for key, value in values.items()
            if key in EARLIER and isinstance(value, Scalar)
        }
        if _is_invented(texts.get("name", "")):
            continue
        found |= {key: text for key, text in texts.items() if text and not _is_invented(text)}
    return found


def _is_invented(text: str) -> bool:
    return any(words in text for words in INVENTED)
