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
)
"""Where the first letter of the words decides which side they begin on."""
OWN_WORDS = frozenset(
    {
        "worries|in_order",
        "patient.full_name",
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
        '("\\n" ~ written)|e',
        '("\\n" ~ field.typed)|e',
    }
)
"""What a person typed; a box; a line of typed words; a slip, which may quote such words."""
NO_NUMBERS = re.compile(
    r"(?:name|by|case|full_day|strftime\(.*\)|^number|^clinic\.phone|^text \| shown|^ambulance|"
    r'^shown\.words|^missed\|join\("; "\))(?:\|e)?$|\.date\(\)\|full_day|"\\n" ~'
)
"""Names and days, the clinic's own words, what stands in an element from the left, boxes."""


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
        (path.relative_to(TEMPLATES).as_posix(), each["bdi"] or each["auto"] or each["line"] or "")
        for room in ("patient", "macros", "paper", "pdf")
        for path in sorted((TEMPLATES / room).rglob("*.html"))
        for each in GUESSED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found
    assert [(place, words) for place, words in found if words not in OWN_WORDS] == []
