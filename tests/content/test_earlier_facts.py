"""What a clinic wrote into its file before there was a page for it is proposed, and no more."""

from pathlib import Path

import pytest

from questionnaire.content.clinic import earlier_facts

CAME_ALONG = """
name: Aurelia Clinic
address: 12 Linden Row, Exampleton EX1 2AB
phone: "01632 960 118"
emergency_phone: "01632 960 119"
email: care@aurelia.example
country: United Kingdom
time_zone: Europe/London
offer_draft_languages: false
withdrawal: Tell anyone in the room, call 01632 960 118 or write to care@aurelia.example.
"""
OWN = {
    "name": "Fern House",
    "address": "1 Moss Lane, Sampleby",
    "phone": "020 7946 0018",
    "emergency_phone": "020 7946 0019",
    "email": "hello@fern.example",
    "country": "Ireland",
    "time_zone": "Europe/Dublin",
}


def written(folder: Path, words: str, name: str = "clinic.yaml") -> Path:
    file = folder / name
    file.write_text(words)
    return file


def edited(*keys: str) -> str:
    """The file that came along, with these lines in the clinic's own words."""
    lines = CAME_ALONG.strip().splitlines()
    told = {line.partition(":")[0]: line for line in lines}
    return "\n".join((told | {key: f'{key}: "{OWN[key]}"' for key in keys}).values())


def test_the_file_that_came_along_proposes_nothing(tmp_path: Path) -> None:
    assert earlier_facts(written(tmp_path, CAME_ALONG)) == {}


def test_a_file_in_the_clinics_own_words_is_proposed(tmp_path: Path) -> None:
    found = earlier_facts(written(tmp_path, edited(*OWN)))
    assert OWN.items() <= found.items()


@pytest.mark.parametrize("left", ["address", "phone", "emergency_phone", "email"])
def test_a_line_that_nobody_edited_is_not(tmp_path: Path, left: str) -> None:
    found = earlier_facts(written(tmp_path, edited(*(OWN.keys() - {left}))))
    assert left not in found
    assert found["name"] == OWN["name"]


def test_where_the_name_is_still_the_invented_one_nothing_is(tmp_path: Path) -> None:
    assert earlier_facts(written(tmp_path, edited("phone", "country"))) == {}


@pytest.mark.parametrize(
    "words", ["", "- a list", "name: [a, b]", "name: {a: b}", "name: 'open", "\x00", "name:"]
)
def test_a_file_that_says_nothing_readable_proposes_nothing(tmp_path: Path, words: str) -> None:
    assert earlier_facts(written(tmp_path, words), tmp_path / "nowhere.yaml") == {}


def test_the_later_file_wins_line_by_line(tmp_path: Path) -> None:
    first = written(tmp_path, edited(*OWN))
    later = written(tmp_path, 'name: "Fern Hall"', "later.yaml")
    found = earlier_facts(first, later)
    assert (found["name"], found["phone"]) == ("Fern Hall", OWN["phone"])
