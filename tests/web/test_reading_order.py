"""Wherever a screen shows what people wrote, its numbers and addresses keep their order."""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
WORDS = re.compile(
    r'<(?:bdi|[a-z]+ [^>]*(?:own-words|dir="auto"))(?: [^>]*)?>'
    r"(?:{% if \w+ %})?\{\{ (?P<words>.*?) \}\}</"
)
"""What stands alone in an element that takes its direction from it."""
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
