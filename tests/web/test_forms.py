"""From questions to a form: what each kind posts, reads back, and says when it cannot be read."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.definition import Kind, Option, Question
from questionnaire.web.choosing import RowList
from questionnaire.web.fields import AnswerField
from questionnaire.web.forms import FIELD_FOR, QuestionForm, build_form

TODAY = date(2031, 3, 4)
A, B, NONE = Option("a", "Ay"), Option("b", "Bee"), Option("none", "None", exclusive=True)

SINGLE = Question("one", "One?", Kind.SINGLE, (A, B))
LIST = Question("several", "Several?", Kind.MULTIPLE, (NONE, A, B))
ROWS = Question("rows", "Rows?", Kind.MULTIPLE, (NONE, A, B), row_by_row=True)
WORDS = Question("words", "Words?", Kind.TEXT)
DAY = Question("born", "Born?", Kind.DATE)
COUNT = Question("count", "Count?", Kind.WHOLE_NUMBER, minimum=Fraction(1), maximum=Fraction(60))
WEIGHT = Question(
    "weight", "Weight?", Kind.DECIMAL, unit="kilograms", minimum=Fraction(25), maximum=Fraction(350)
)
PICTURE = Question("pic", "Picture?", Kind.PICTURE, (Option("1", "Full"), Option("2", "Thin")))
NAMES = (
    *("one", "several", "rows", "rows.a", "rows.b", "words", "born", "born.day", "born.year"),
    *("count", "weight", "weight.withheld", "pic", "status"),
)
EVERY = (SINGLE, LIST, ROWS, WORDS, DAY, COUNT, WEIGHT, PICTURE)


def made(question: Question, **kept: Answer) -> AnswerField:
    """The field of one question with an answer that is kept."""
    return build_form((question,), today=TODAY, answers=kept).fields[0]


def posted(question: Question, *pairs: tuple[str, str]) -> QuestionForm:
    """A form of one question after a post, validated."""
    form = build_form((question,), today=TODAY, posted=MultiDict(pairs))
    form.validate()
    return form


def optional(question: Question) -> Question:
    return Question(**{**_parts(question), "optional": True})


def sensitive(question: Question) -> Question:
    return Question(**{**_parts(question), "sensitive": True})


def _parts(question: Question) -> dict[str, object]:
    return {name: getattr(question, name) for name in Question.__slots__}


def test_every_kind_of_question_has_a_field() -> None:
    assert FIELD_FOR.keys() == set(Kind)


@pytest.mark.parametrize(
    ("question", "pairs", "answer"),
    [
        (SINGLE, [("one", "a")], "a"),
        (LIST, [("several", "a"), ("several", "b")], Choices(frozenset("ab"))),
        (LIST, [("several", "none")], Choices(frozenset({"none"}))),
        (WORDS, [("words", "  e\u0301a\r\nb ")], "éa\nb"),
        (DAY, [("born.day", "3"), ("born.month", "4"), ("born.year", "1979")], date(1979, 4, 3)),
        (COUNT, [("count", " 12 ")], 12),
        (WEIGHT, [("weight", "66,5")], Decimal("66.5")),
        (PICTURE, [("pic", "2")], 2),
    ],
)
def test_what_is_posted_becomes_an_answer(
    question: Question, pairs: list[tuple[str, str]], answer: Answer
) -> None:
    form = posted(question, *pairs)
    assert (form.answers, form.rows, form.errors) == ({question.id: answer}, {}, ())


@pytest.mark.parametrize(
    ("question", "pairs", "sentence"),
    [
        (SINGLE, [], "Pick one answer"),
        (SINGLE, [("one", "c")], "Pick one of the answers."),
        (LIST, [("several", "")], "Tick all that fit"),
        (
            LIST,
            [("several", "none"), ("several", "a")],
            "You picked “None” and something else. Pick one or the other.",
        ),
        (WORDS, [("words", " ")], "Write an answer"),
        (DAY, [("born.day", "3")], "Write the day, the month and the year"),
        (
            DAY,
            [("born.day", "31"), ("born.month", "2"), ("born.year", "1979")],
            "This is not a real date. Write it like 27 3 1985.",
        ),
        (
            DAY,
            [("born.day", "5"), ("born.month", "3"), ("born.year", "2031")],
            "This date is in the future. Please check it.",
        ),
        (COUNT, [("count", "1.5")], "Write a whole number, without a point."),
        (COUNT, [("count", "")], "Write a number"),
        (WEIGHT, [("weight", "heavy")], "Write only a number, from 25 to 350 kilograms."),
        (PICTURE, [], "Pick the picture that is most like you"),
    ],
)
def test_what_cannot_be_read_says_how_to_mend_it_and_stays(
    question: Question, pairs: list[tuple[str, str]], sentence: str
) -> None:
    form = posted(question, *pairs)
    assert form.errors == ((f"q-{question.id}", sentence),)
    assert form.good_answers == {}
    field = form.fields[0]
    assert [(name, value) for name, value in pairs if value] == [
        (question.id + part, value)
        for part, values in field.posted.items()
        for value in values
        if value
    ]


@pytest.mark.parametrize("question", [it for it in EVERY if not it.row_by_row])
def test_an_optional_question_may_stay_blank(question: Question) -> None:
    assert posted(optional(question)).answers == {question.id: None}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (SINGLE, "b"),
        (LIST, Choices(frozenset("ab"))),
        (WORDS, "é\n<b>"),
        (DAY, date(1979, 4, 3)),
        (COUNT, 12),
        (WEIGHT, Decimal("2.9E+2")),
        (PICTURE, 1),
        (sensitive(SINGLE), Withheld.TELL_CLINICIAN),
        (sensitive(WEIGHT), Withheld.NOT_SURE),
        (PICTURE, Withheld.NOT_SURE),
    ],
)
def test_a_kept_answer_is_shown_so_that_posting_it_keeps_it(
    question: Question, answer: Answer
) -> None:
    field = made(question, **{question.id: answer})
    pairs = [
        (question.id + part, value) for part, values in field.posted.items() for value in values
    ]
    assert posted(question, *pairs).answers == {question.id: answer}


def test_rows_are_handed_on_row_by_row() -> None:
    form = posted(ROWS, ("rows.a", "not_sure"), ("rows.b", "no"))
    assert (form.rows, form.answers) == ({"rows": {"a": "not_sure", "b": "no"}}, {})


def test_a_slice_of_a_list_asks_only_its_own_rows() -> None:
    form = build_form((ROWS,), today=TODAY, posted=MultiDict([("rows.b", "yes")]), only_rows=("b",))
    assert form.validate()
    assert form.rows == {"rows": {"b": "yes"}}


def test_kept_rows_are_shown() -> None:
    field = build_form((ROWS,), today=TODAY, rows={"rows": {"a": "yes"}}).fields[0]
    assert isinstance(field, RowList)
    on = {row.text: [tile.text for tile in row.choices if tile.checked] for row in field.rows}
    assert on == {"Ay": ["Yes"], "Bee": []}


@pytest.mark.parametrize("said", ["", "maybe", "YES"])
def test_a_row_without_a_proper_answer_is_named(said: str) -> None:
    form = posted(ROWS, ("rows.a", "yes"), ("rows.b", said))
    assert form.errors == (("q-rows-b", "Bee: Pick Yes, No or Not sure"),)


def test_several_slips_on_one_page_name_their_question() -> None:
    form = build_form((SINGLE, WORDS), today=TODAY, posted=MultiDict())
    assert not form.validate()
    assert form.errors == (
        ("q-one", "One? Pick one answer"),
        ("q-words", "Words? Write an answer"),
    )


def test_a_question_may_have_any_name() -> None:
    names = ("data", "errors", "validate", "process", "meta", "filter_data")
    asked = tuple(Question(name, name, Kind.TEXT) for name in names)
    form = build_form(asked, today=TODAY, posted=MultiDict([(name, name) for name in names]))
    assert form.validate()
    assert form.answers == {name: name for name in names}


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        (SINGLE, []),
        (sensitive(SINGLE), ["Not sure", "I would rather say it to the clinician"]),
        (PICTURE, ["None of these, or I'm not sure"]),
        (
            sensitive(PICTURE),
            ["None of these, or I'm not sure", "I would rather say it to the clinician"],
        ),
    ],
)
def test_ways_not_to_settle_it_here_stand_among_the_tiles(
    question: Question, offered: list[str]
) -> None:
    tiles = getattr(made(question), "choices")  # noqa: B009  # only some fields have tiles
    assert [tile.text for tile in tiles if tile.exclusive] == offered


def test_a_list_with_its_own_not_sure_does_not_offer_it_twice() -> None:
    own = (A, Option("not_sure", "I do not know"), Option("rather_not_say", "Rather not"))
    field = made(sensitive(Question("one", "One?", Kind.SINGLE, own)))
    assert field.ways_to_withhold() == ()


def test_what_the_clinic_measures_need_not_be_known() -> None:
    question = Question(**{**_parts(WEIGHT), "clinician_may_fill_in": True})
    form = posted(question, ("weight.withheld", "tell_clinician"))
    assert form.answers == {"weight": Withheld.TELL_CLINICIAN}
    assert form.fields[0].withheld_choices[0].text == "I'd like the clinic to measure it"


def test_a_written_answer_and_a_tick_cannot_both_stand() -> None:
    form = posted(sensitive(WEIGHT), ("weight", "70"), ("weight.withheld", "not_sure"))
    assert form.errors == (("q-weight", "You also ticked “Not sure”. Keep only one of them."),)


def test_a_sensitive_list_left_to_the_clinician_is_not_sure_where_it_is_blank() -> None:
    form = posted(sensitive(ROWS), ("rows.a", "no"), ("rows.withheld", "tell_clinician"))
    assert form.errors == ()
    assert form.rows == {"rows": {"a": "no", "b": "not_sure", "a.tell_clinician": "yes"}}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.text(max_size=30),
        ),
        max_size=20,
    )
)
def test_whatever_is_posted_is_an_answer_or_a_slip(pairs: list[tuple[str, str]]) -> None:
    form = build_form(EVERY, today=TODAY, posted=MultiDict(pairs))
    right = form.validate()
    assert right == (form.errors == ())
    assert form.answers.keys() | form.rows.keys() == {question.id for question in EVERY}
