"""How words and times are put on paper."""

from datetime import datetime
from unicodedata import combining
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.documents import words
from questionnaire.documents.words import shown
from questionnaire.domain.visible import MOST_MARKS, limit_marks
from tests.documents.readings import SPEECHES
from tests.domain.fribidi import drawn


@pytest.mark.parametrize(
    ("text", "on_paper"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("bell\x07 null\x00 tab\there", "bell[U+0007] null[U+0000] tab here"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("\U0001f3f4\U000e0067\U000e007f", "\U0001f3f4[U+E0067][U+E007F]"),
        ("a" + "\u0323" * 8 + "\u0316" * 2, "\u1ea1" + "\u0323" * 7 + "\u0316[U+0316]"),
        ("swap\u202eped \u2066isolated\u2069", "swapped isolated"),
        ("\u0631\u0642\u0645 \u200e01632 960\u200e", "\u0631\u0642\u0645 \u200e01632 960\u200e"),
        ("e\u0301", "\u00e9"),
        ("smile \U0001f642", "smile \U0001f642"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        (
            "\u4e2d\u6587 \u05e2\u05d1\u05e8\u05d9\u05ea",
            "\u4e2d\u6587 \u05e2\u05d1\u05e8\u05d9\u05ea",
        ),
        ("private \ue000", "private [U+E000]"),
        ("rare \U00020000", "rare [U+20000]"),
        ("line\u2028end", "line end"),
    ],
)
def test_nothing_is_lost_and_nothing_steers(text: str, on_paper: str) -> None:
    assert words.shown(text) == on_paper


@given(st.text())
def test_what_is_on_paper_stays_as_it_is(text: str) -> None:
    assert words.shown(words.shown(text)) == words.shown(text)


@pytest.mark.parametrize(
    ("text", "direction", "language"),
    [
        ("12 needles", "ltr", ""),
        ("12 \u0625\u0628\u0631", "rtl", "und-Arab"),
        ("\u05de\u05d7\u05d8", "rtl", "und-Hebr"),
        ("needles \u0625\u0628\u0631", "rtl", "und-Arab"),
        ("two needles \u0625\u0628\u0631", "ltr", ""),
        ("needles \u0625\u0628\u0631 \u0625\u0628\u0631", "rtl", "und-Arab"),
        ("", "ltr", ""),
        ("\u0710", "rtl", ""),
    ],
)
def test_direction_is_that_of_most_words(text: str, direction: str, language: str) -> None:
    assert (words.direction(text), words.script_language(text)) == (direction, language)


def test_the_documents_own_language_is_told_where_its_script_is_written() -> None:
    assert words.script_language("\u0625\u0628\u0631", "ar") == "ar"
    assert words.script_language("\u0625\u0628\u0631", "en") == "und-Arab"
    assert words.script_language("\u05de\u05d7\u05d8", "ar") == "und-Hebr"


def test_times_are_on_the_clinics_clock_with_its_name() -> None:
    assert words.local("2026-07-01T09:05:00Z", "Europe/London") == "1 July 2026, 10:05\u00a0BST"
    assert words.local_and_utc("2026-07-01T09:05:07Z", "Europe/London") == (
        "1 July 2026, 10:05:07\u00a0BST (2026-07-01\u00a009:05:07\u00a0UTC)"
    )
    assert words.day("1988-04-09") == "9 April 1988"


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Asia/Riyadh", "UTC"])
def test_a_time_in_words_from_the_right_keeps_its_order_on_a_line_of_its_own(zone: str) -> None:
    say, moment = SPEECHES["ar"].say, "2026-11-30T16:36:33Z"
    at = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    for told, time in (
        (words.local(moment, zone, say), f"{at:%H:%M %Z}"),
        (words.local_and_utc(moment, zone, say), f"{at:%H:%M:%S %Z}"),
    ):
        whole, *parted = told, *told.split(" ")
        held = [on_a_line(line) for line in (whole, *parted)]
        assert [time in line for line in held].count(True) == 2
        assert [f"{UTC_TIME} UTC" in line for line in held].count(True) in {0, 2}
        assert (UTC_TIME in told.replace("\u00a0", " ")) == (f"{UTC_TIME} UTC" in held[0])


UTC_TIME = "2026-11-30 16:36:33"


def on_a_line(text: str) -> str:
    """The text as it stands on a line of an Arabic paragraph, without marks."""
    return drawn(text, "rtl").replace("\u200e", "").replace("\u00a0", " ")


@pytest.mark.parametrize("zone", ["Europe/London", "UTC", "Africa/Accra"])
def test_a_time_is_not_told_twice_where_the_clock_is_utc(zone: str) -> None:
    told = words.local_and_utc("2026-11-25T10:42:07Z", zone)
    assert told.startswith("25 November 2026, 10:42:07\u00a0")
    assert told.count("10:42:07") == 1


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("2026-11-25T09:00:30Z", "less than a minute"),
        ("2026-11-25T09:01:00Z", "1 minute"),
        ("2026-11-25T11:30:00Z", "2 hours 30 minutes"),
        ("2026-11-27T10:07:00Z", "2 days 1 hour"),
    ],
)
def test_an_interval_says_its_two_largest_parts(end: str, said: str) -> None:
    assert words.interval("2026-11-25T09:00:00Z", end) == said


@pytest.mark.parametrize("text", ["שָּֽׁ֣", "ཧྐྵྨླྺྼྻྂ", "बुद्धिं", "Nguyễn"])
def test_paper_and_screen_write_out_the_same_marks_and_no_scripts_own(text: str) -> None:
    assert "[U+" not in limit_marks(text)
    assert all(f"[U+{ord(each):04X}]" not in shown(text) for each in text if combining(each))


@pytest.mark.parametrize("between", ["", "\u200c", "\u200d", "\ufe0f", "\u200e", "\u202c"])
def test_signs_that_nobody_sees_do_not_part_marks_piled_up_on_paper(between: str) -> None:
    written = shown("x" + f"\u0323{between}" * 60)
    assert written.count("\u0323") == MOST_MARKS
    assert written.count("[U+0323]") == 60 - MOST_MARKS
