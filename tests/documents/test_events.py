"""How a record came about: each sort of act of one person in a row is one line."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from questionnaire.documents.events import Event, Line, folded
from questionnaire.documents.pdf import render
from tests.documents import samples
from tests.documents.test_pdf import words_of

START = datetime(2031, 3, 4, 9, 0, tzinfo=UTC)


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def test_what_one_person_repeats_is_one_line_with_its_last_time() -> None:
    told = ["Read Ada", "Settled Ada", "Read Ada", "Signed Bea", "Read Ada"]
    events = [Event(minute(number), *each.split()) for number, each in enumerate(told)]
    assert tuple(folded(events)) == (
        Line(minute(0), "Read", "Ada", 2, minute(2)),
        Line(minute(1), "Settled", "Ada", 1, minute(1)),
        Line(minute(3), "Signed", "Bea", 1, minute(3)),
        Line(minute(4), "Read", "Ada", 1, minute(4)),
    )


def test_a_reading_is_told_by_its_first_and_last_time_and_not_how_often_a_page_was_made() -> None:
    record, both, _ = samples.whole(samples.a_record())
    read = [Event(minute(at), "Answers read", "Ada", is_counted=False) for at in range(50)]
    asked = [Event(minute(50 + at), "Asked", "Ada") for at in range(2)]
    told = " ".join(words_of(render(record, both, (*read, *asked))).split())
    assert "50 times" not in told
    assert "Answers read Last: 4 March 2031" in told
    assert "Asked 2 times, last: 4 March 2031" in told


@given(st.lists(st.tuples(st.sampled_from("RSD"), st.sampled_from("AB"))))
def test_every_act_is_counted_and_people_keep_their_order(told: list[tuple[str, str]]) -> None:
    events = [Event(minute(number), *each) for number, each in enumerate(told)]
    lines = tuple(folded(events))
    assert sum(line.times for line in lines) == len(events)
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert all(line.last >= line.at for line in lines)
    assert len(lines) == len({(line.at, line.what, line.who) for line in lines})
