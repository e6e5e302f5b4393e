"""Pages of the form: few questions, few rows, and nothing that depends on the same page."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.domain.answers import Choices
from questionnaire.domain.condition import leaves
from questionnaire.domain.definition import (
    AnsweredBy,
    Kind,
    Option,
    Question,
    Questionnaire,
    Section,
)
from questionnaire.domain.paging import MOST_CHOICES, MOST_QUESTIONS, MOST_ROWS, Page, pages_of
from questionnaire.domain.situation import situation
from tests.domain.small import NONE, ON, any_of


def text(key: str, **more: object) -> Question:
    return replace(Question(key, f"{key}?", Kind.TEXT), **more)


def choice(key: str, options: int, **more: object) -> Question:
    listed = tuple(Option(f"o{number}", f"Option {number}") for number in range(options))
    return replace(Question(key, f"{key}?", Kind.SINGLE, listed), **more)


def rows(key: str, options: int) -> Question:
    listed = tuple(Option(f"o{number}", f"Option {number}") for number in range(options))
    return Question(key, f"{key}?", Kind.MULTIPLE, (NONE, *listed), row_by_row=True)


def paged(*sections: Section, **answers: Choices) -> tuple[Page, ...]:
    questionnaire = Questionnaire.of(sections, ())
    return pages_of(situation(questionnaire, frozenset(), answers, ON))


def ids(pages: tuple[Page, ...]) -> list[tuple[str, ...]]:
    return [tuple(question.id for question in page.questions) for page in pages]


def test_short_questions_stand_together_up_to_four_a_page() -> None:
    section = Section("you", "You", tuple(text(key) for key in "abcdef"))
    pages = paged(section)
    assert ids(pages) == [("a", "b", "c", "d"), ("e", "f")]
    assert [(page.id, page.part, page.parts) for page in pages] == [("a", 1, 1), ("e", 1, 1)]


def test_many_choices_need_more_pages() -> None:
    section = Section("you", "You", (choice("a", 8), choice("b", 8), choice("c", 1)))
    assert ids(paged(section)) == [("a", "b"), ("c",)]


def test_a_long_question_stands_alone_however_long_it_is() -> None:
    section = Section("you", "You", (text("a"), choice("b", MOST_CHOICES + 4), text("c")))
    assert ids(paged(section)) == [("a",), ("b",), ("c",)]


def test_a_picture_question_stands_alone() -> None:
    picture = choice("b", 3, kind=Kind.PICTURE)
    section = Section("you", "You", (text("a"), picture, text("c")))
    assert ids(paged(section)) == [("a",), ("b",), ("c",)]


@pytest.mark.parametrize(
    ("options", "sizes"),
    [(1, [1]), (7, [7]), (8, [4, 4]), (13, [7, 6]), (15, [5, 5, 5]), (22, [6, 6, 6, 4])],
)
def test_a_list_is_cut_into_even_slices_of_at_most_seven_rows(
    options: int, sizes: list[int]
) -> None:
    pages = paged(Section("you", "You", (rows("a", options),)))
    assert [len(page.rows) for page in pages] == sizes
    assert [page.id for page in pages] == ["a", *(f"a~{n}" for n in range(2, len(sizes) + 1))]
    listed = [row for page in pages for row in page.rows]
    assert listed == [f"o{number}" for number in range(options)]


def test_a_list_stands_apart_from_its_neighbours() -> None:
    section = Section("you", "You", (text("a"), rows("b", 3), text("c")))
    assert ids(paged(section)) == [("a",), ("b",), ("c",)]


def test_a_question_that_depends_on_another_comes_on_a_later_page() -> None:
    follows = text("b", ask_when=any_of("a", "o1"))
    section = Section("you", "You", (choice("a", 2), follows, text("c")))
    assert ids(paged(section)) == [("a", "c")]
    questionnaire = Questionnaire.of((section,), ())
    asked = pages_of(situation(questionnaire, frozenset(), {"a": "o1"}, ON))
    assert ids(asked) == [("a", "c"), ("b",)]


def test_sections_are_parts_and_those_with_nothing_asked_are_left_out() -> None:
    clinic = text("d", answered_by=AnsweredBy.CLINICIAN)
    elsewhere = text("b", treatments=frozenset({"another"}))
    pages = paged(
        Section("one", "One", (text("a"),)),
        Section("two", "Two", (elsewhere,)),
        Section("three", "Three", (text("c"), clinic)),
    )
    assert [(page.section_title, page.part, page.parts) for page in pages] == [
        ("One", 1, 2),
        ("Three", 2, 2),
    ]
    assert ids(pages) == [("a",), ("c",)]


@given(some.data())
def test_every_asked_question_is_on_one_run_of_pages_and_none_waits_for_its_own_page(
    data: some.DataObject,
) -> None:
    questions: list[Question] = []
    for number in range(data.draw(some.integers(1, 12))):
        key = f"q{number}"
        made = data.draw(some.sampled_from((text(key), choice(key, 6), rows(key, 9))))
        earlier = [one for one in questions if one.kind is Kind.SINGLE]
        if earlier and data.draw(some.booleans()):
            made = replace(made, ask_when=any_of(data.draw(some.sampled_from(earlier)).id, "o0"))
        questions.append(made)
    section = Section("you", "You", tuple(questions))
    answers = {one.id: "o0" for one in questions if one.kind is Kind.SINGLE}
    now = situation(Questionnaire.of((section,), ()), frozenset(), answers, ON)
    pages = pages_of(now)
    order = dict.fromkeys(question.id for page in pages for question in page.questions)
    assert sorted(order) == sorted(now.asked)
    for other in (situation(now.questionnaire, frozenset(), {}, ON), now):
        for page in pages_of(other):
            alike = [one.questions for one in pages if one.id == page.id]
            assert alike in ([], [page.questions])
    met: set[str] = set()
    for page in pages:
        here = {question.id for question in page.questions}
        assert len(here) <= MOST_QUESTIONS
        assert len(page.rows) <= MOST_ROWS
        for question in page.questions:
            if question.ask_when is not None:
                assert met.issuperset(leaf.about for leaf in leaves(question.ask_when))
        met |= here
    assert len({page.id for page in pages}) == len(pages)
