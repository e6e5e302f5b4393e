"""Wherever a screen shows what people wrote, its numbers and addresses keep their order."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
WORDS = re.compile(
    r'<(?:bdi|[a-z]+ [^>]*(?:own-words|dir="auto"))(?: [^>]*)?>'
    r"(?:{% if \w+ %})?\{\{ (?P<words>.*?) \}\}</"
)
"""What stands alone in an element that takes its direction from it."""
GUESSED = re.compile(
    r"<bdi(?: class=[^>]*)?>\{\{ (?P<bdi>.*?) \}\}</bdi>"
    r'|dir="auto"[^>]*>(?:\{\{ (?P<auto>.*?) \}\})?'
    r'|dir="\{\{ (?P<line>\w+) \| direction \}\}"'
    r'|dir="\{\{ (?:fields\.)?way\((?P<box>[\w.]+)\) \}\}"'
)
"""Where the first letter of the words decides which side they begin on."""
OWN_WORDS = frozenset(
    {
        "worries|in_order",
        "patient.full_name",
        "clinic.name",
        "name",
        "one.person.name",
        "question|in_order",
        '(reply or t("Your clinician will answer this."))|in_order',
        'mine|join(" · ")|in_order',
        'written|join(" · ")|in_order',
        "one.text|in_order",
        "line",
        "sentence|in_order",
        "",
        "written",
        "field.typed",
    }
)
"""What a person or the clinic typed; a box; a typed line; a slip, which may quote such words."""
NO_NUMBERS = re.compile(
    r"(?:name|by|case|full_day|strftime\(.*\)|^number|^clinic\.phone|^text \| shown|^ambulance|"
    r'^shown\.words|^missed\|join\("; "\))(?:\|e)?$|\.date\(\)\|full_day|"\\n" ~'
)
"""Names and days, the clinic's own words, what stands in an element from the left, boxes."""
NAMED = re.compile(
    r"\{\{ (?:[\w.]*\b(?:by|person|act|talked_through|patient|account|one)\.(?:full_)?name|"
    r"[\w.]*\b(?:clinic_name|clinic\.name|full_name|registration\|in_order)|"
    r"plan\.\w+|fact\|in_order) \}\}"
)
"""What a person or a clinic is called, and what a clinician wrote in a line of several facts."""
SET_APART = re.compile(
    r"<bdi[^<>]*>$|=\"[^\"<>]*$|<title>[^<]*$|<h1[^>]*>$|<p class=\"paper-form__clinic\">$"
    r"|block title[^\n]*$"
)
"""Before it: an element of its own, an attribute, or the title of a page."""


def test_names_and_facts_of_a_line_are_set_apart_from_what_stands_beside_them() -> None:
    texts = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(TEMPLATES.rglob("*.html"))
        if path.parent.name != "pdf"
    }
    found = [
        (place, each[0], bool(SET_APART.search(text[: each.start()])))
        for place, text in texts.items()
        for each in NAMED.finditer(text)
    ]
    assert len(found) > 50
    assert [(place, name) for place, name, apart in found if not apart] == []


def test_words_of_people_are_shown_in_order() -> None:
    unkept = [
        (path.name, found["words"])
        for path in sorted(TEMPLATES.rglob("*.html"))
        for found in WORDS.finditer(path.read_text(encoding="utf-8"))
        if "in_order" not in found["words"] and not NO_NUMBERS.search(found["words"])
    ]
    assert unkept == []


def test_on_the_patients_side_only_what_somebody_typed_has_its_direction_guessed() -> None:
    found = [
        (
            path.relative_to(TEMPLATES).as_posix(),
            each["bdi"] or each["auto"] or each["line"] or each["box"] or "",
        )
        for room in ("patient", "macros", "paper", "pdf")
        for path in sorted((TEMPLATES / room).rglob("*.html"))
        for each in GUESSED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found
    assert [(place, words) for place, words in found if words not in OWN_WORDS] == []
