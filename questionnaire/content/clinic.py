"""Reads `clinic.yaml`: the clinic's own facts."""

from collections.abc import Collection, Iterable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from questionnaire.content.fields import TITLE, Fields, expected, number, text
from questionnaire.content.nodes import Entries, Node
from questionnaire.content.reading import Reading
from questionnaire.domain.library import ClinicDetails
from questionnaire.domain.retention import OF_AGE, USUAL, Retention

USUAL_SHELF_LIFE = 30
"""Days."""

LONGEST_WAIT = 2160
"""Hours; 90 days."""


def read_clinic(
    reading: Reading, root: Node, rights: Collection[str], treatments: Collection[str]
) -> ClinicDetails:
    """The clinic. `rights` are the statements it must fill in, `treatments` those it offers."""
    fields = Fields(reading, root, "clinic")
    clinic = ClinicDetails(
        name=fields.text("name", TITLE),
        address=fields.text("address"),
        phone=fields.text("phone", TITLE),
        emergency_phone=fields.text("emergency_phone", TITLE),
        email=fields.text("email", TITLE),
        complaints=fields.text("complaints"),
        country=fields.text("country", TITLE),
        time_zone=fields.text("time_zone", TITLE),
        data_use=fields.text("data_use"),
        withdrawal=fields.text("withdrawal"),
        facts=_facts(reading, fields, rights),
        earliest_sign_hours=_waits(reading, fields, treatments),
        offer_draft_languages=fields.switch("offer_draft_languages"),
        retention=_retention(reading, fields),
        answers_count_for_days=_shelf_life(fields),
    )
    fields.close()
    try:
        ZoneInfo(clinic.time_zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        place = fields.place_of("time_zone")
        reading.problem(place, f"There is no time zone {clinic.time_zone}, like Europe/London.")
    return clinic


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
    for name in sorted(set(rights) - set(node.values)):
        reading.problem(node.place, f"The clinic's own words for the right {name} are missing.")
    return {key: text(reading, value) for key, value in node.values.items()}


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
    years = kept.whole("years_after_last_attendance", least=1)
    birthday = kept.whole("minors_until_birthday", least=OF_AGE)
    kept.close()
    return Retention(years, birthday)


def _shelf_life(fields: Fields) -> int:
    """How many days answers and a decision count; the usual figure when the clinic names none."""
    if fields.node("answers_count_for_days") is None:
        return USUAL_SHELF_LIFE
    return fields.whole("answers_count_for_days", least=1)


def _report_strangers(reading: Reading, node: Entries, known: Iterable[str], what: str) -> None:
    names = tuple(known)
    for key, place in node.lines.items():
        if key not in names:
            reading.problem(place, f"There is no {what} {key}.")
