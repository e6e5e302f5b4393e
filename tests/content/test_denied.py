"""What is denied stands in words: nobody has to guess what a “None of these” was about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.content.translations import speeches
from questionnaire.domain.answer_words import whole_answer_in_words
from questionnaire.domain.answers import OWN_WORDS, choices
from questionnaire.domain.definition import Kind, Question
from questionnaire.domain.language import listed
from questionnaire.domain.library import Library
from questionnaire.domain.speech import english
from tests.content.real import RULES

WAYS_OUT = {key for own in OWN_WORDS.values() for key in own}


@pytest.mark.parametrize("code", ["en", "es", "ar"])
@given(data=st.data())
def test_every_choice_offered_stands_in_the_answer_under_what_was_said_to_it(
    library: Library, code: str, data: st.DataObject
) -> None:
    told = {**speeches(RULES), "en": english(library)}[code]
    question = data.draw(st.sampled_from(lists_of(told.library)))
    treatments = st.frozensets(st.sampled_from([*told.library.treatments]), min_size=1)
    offered = question.offered_for(data.draw(treatments))
    said: dict[str, str] = {
        option.id: data.draw(st.sampled_from(["yes", "no", "not_sure"]))
        for option in offered.options
        if not option.exclusive and option.id not in WAYS_OUT
    }
    given_to = {
        word: [option.text for option in offered.options if said.get(option.id) == word]
        for word in ("yes", "no", "not_sure")
    }
    ids = {word: [key for key, it in said.items() if it == word] for word in given_to}
    lines = whole_answer_in_words(offered, choices(offered, ids["yes"], ids["not_sure"]), told.say)
    denied = told.say("No: {choices}" if question.row_by_row else "Not ticked: {choices}")
    assert lines[len(lines) - bool(given_to["no"]) :] == (
        (denied.format(choices=listed(given_to["no"], told.say)),) if given_to["no"] else ()
    )
    assert set(given_to["yes"]) <= set(lines)
    unsure = told.say("Not sure: {choice}")
    assert {unsure.format(choice=it) for it in given_to["not_sure"]} <= set(lines)


def lists_of(library: Library) -> list[Question]:
    """Every list of which as many may be picked as apply."""
    return [it for it in library.questionnaire.questions.values() if it.kind is Kind.MULTIPLE]
