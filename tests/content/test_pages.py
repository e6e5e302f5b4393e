"""The form's pages as people walk through them: nobody meets the same question twice."""

import random
from collections.abc import Mapping
from datetime import date

import pytest

from questionnaire.domain.answers import Answer, Choices, choices
from questionnaire.domain.condition import leaves
from questionnaire.domain.definition import TREATMENTS_WANTED, Kind, Question
from questionnaire.domain.library import Library
from questionnaire.domain.paging import Page, pages_of
from questionnaire.domain.situation import chosen_treatments, situation
from tests.domain.small import ON

pytestmark = pytest.mark.whole

TRIES = 12


def draw(question: Question, luck: random.Random) -> Answer:
    """Any answer within the question's own limits."""
    listed = [option.id for option in question.options if not option.exclusive]
    if question.kind is Kind.MULTIPLE or question.row_by_row:
        picked = [option for option in listed if luck.random() < 0.4]
        if not picked and question.none_option:
            picked = [question.none_option.id]
        return choices(question, picked or listed[:1], [])
    if question.options:
        return luck.choice(question.options).id
    if question.kind is Kind.DATE:
        return date(luck.randint(1940, 2000), 1, 1)
    if question.kind in {Kind.WHOLE_NUMBER, Kind.DECIMAL}:
        return int(luck.uniform(float(question.minimum or 0), float(question.maximum or 9)))
    return "An invented answer"


def pages_now(library: Library, arranged: str, answers: Mapping[str, Answer]) -> tuple[Page, ...]:
    chosen = chosen_treatments({arranged}, answers, library.treatments)
    return pages_of(situation(library.questionnaire, chosen, answers, ON))


@pytest.mark.parametrize("seed", range(TRIES))
def test_every_page_keeps_its_questions_whatever_is_answered_and_changed(
    library: Library, seed: int
) -> None:
    luck = random.Random(seed)  # noqa: S311  # answers, not secrets
    for arranged in library.treatments:
        answers: dict[str, Answer] = {}
        met: dict[str, str] = {}
        page: Page | None = pages_now(library, arranged, answers)[0]
        shown = 0
        while page:
            shown += 1
            for question in page.questions:
                assert (
                    met.setdefault(question.id, page.id.partition("~")[0])
                    == (page.id.partition("~")[0])
                ), (arranged, question.id)
                if question.id not in answers:
                    answers[question.id] = draw(question, luck)
            now = pages_now(library, arranged, answers)
            place = [one.id for one in now].index(page.id) + 1
            page = now[place] if place < len(now) else None
        assert shown > len(library.questionnaire.sections)
        for _ in range(TRIES):
            changed = luck.choice(list(met))
            answers[changed] = draw(library.questionnaire.questions[changed], luck)
            for later in pages_now(library, arranged, answers):
                for question in later.questions:
                    first = later.id.partition("~")[0]
                    assert met.setdefault(question.id, first) == first, (changed, question.id)


def test_no_page_mixes_what_an_answer_opens_with_what_is_asked_anyway(library: Library) -> None:
    opens = library.questionnaire.questions["hair_loss_started"]
    waiting = [
        question.id
        for question in library.questionnaire.questions.values()
        if question.ask_when and opens.id in {leaf.about for leaf in leaves(question.ask_when)}
    ]
    assert waiting
    before = pages_now(library, "prp_injections", {})
    for option in opens.options:
        after = pages_now(library, "prp_injections", {opens.id: option.id})
        new = [page for page in after if page.id not in {one.id for one in before}]
        assert all({it.id for it in page.questions} <= set(waiting) for page in new)
        assert [page.id for page in after if page not in new] == [page.id for page in before]


def test_another_treatment_opens_pages_of_its_own(library: Library) -> None:
    wanted = {TREATMENTS_WANTED: Choices(frozenset(library.treatments))}
    for arranged in library.treatments:
        before = {page.id: page for page in pages_now(library, arranged, {})}
        for page in pages_now(library, arranged, wanted):
            if page.id in before:
                first = before[page.id]
                assert [it.id for it in page.questions] == [it.id for it in first.questions]
            else:
                met = {it.id for one in before.values() for it in one.questions}
                assert page.rows or met.isdisjoint(it.id for it in page.questions)
