"""A reply to the patient's own words is to these very words, and is printed beside no others."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from questionnaire.domain.errors import ChangedSince, NotFound
from questionnaire.domain.visit import Station
from questionnaire.journey import arranging, asking, shelf_life
from questionnaire.journey.standing import stand
from tests.clinics import DESK, Stage
from tests.journeys.steps import answer, reply_to_words, review, send

At = Callable[..., Stage]
REPLY = "We use a numbing cream."
OTHER_WORDS = "The patient wrote other words since your reply. Write what you say to these."
WORRIED = "The patient wrote what worries them. Write what you say to this."
BLEEDS, NEEDLES = "I bleed for days after a tooth is pulled.", "Needles."


def writes(stage: Stage, worries: str, free: str | None = "Older than I feel.") -> None:
    """The patient writes into the boxes for their own words, and sends the form."""
    turn = stage.walk.turn()
    asking.keep_worries(stage.house, turn, worries, key=stage.key())
    answer(stage, turn, "in_your_own_words", free)
    stage.clinic.clock.forward(timedelta(minutes=1))
    send(stage, turn)
    stage.clinic.clock.forward(timedelta(minutes=1))


def gives_back(stage: Stage) -> None:
    stage.clinic.clock.forward(timedelta(days=1))
    arranging.reopen(stage.house, DESK, stage.visit_id)


def printed(stage: Stage) -> str:
    """The reply as a document would have it now."""
    with stage.house.database.read() as tx:
        return stand(stage.house, tx, stage.clinic.visit(stage.visit_id)).review.reply_to_words


@pytest.fixture
def stage(at: At) -> Stage:
    """A form with own words that were replied to."""
    stage = at(Station.IN_PROGRESS)
    writes(stage, NEEDLES)
    reply_to_words(stage, REPLY)
    return stage


def shown(stage: Stage) -> tuple[str, str]:
    """The reply that counts on the page, and the one that counts no more."""
    page = review(stage)
    assert page.reply_to_words == printed(stage)
    return page.reply_to_words, page.reply_before.words if page.reply_before else ""


@pytest.mark.parametrize(
    ("worries", "free"),
    [
        (BLEEDS, "Older than I feel."),
        (NEEDLES, "Last time I fainted."),
        (NEEDLES, None),
        (BLEEDS, "Last time I fainted."),
    ],
)
def test_other_words_are_answered_anew(stage: Stage, worries: str, free: str | None) -> None:
    gives_back(stage)
    writes(stage, worries, free)
    assert shown(stage) == ("", REPLY)
    assert OTHER_WORDS in review(stage).blocks
    reply_to_words(stage, "We look into this.")
    assert shown(stage) == ("We look into this.", "")
    assert not {OTHER_WORDS, WORRIED} & {*review(stage).blocks}


def test_the_same_words_keep_their_reply_and_words_that_were_others_meanwhile_do_not(
    stage: Stage,
) -> None:
    gives_back(stage)
    writes(stage, NEEDLES)
    assert shown(stage) == (REPLY, "")
    for worries in (BLEEDS, NEEDLES):
        gives_back(stage)
        writes(stage, worries)
    assert shown(stage) == ("", REPLY)


def test_words_that_are_gone_have_no_reply_and_wait_for_none(stage: Stage) -> None:
    gives_back(stage)
    writes(stage, "", None)
    assert not review(stage).patient_words
    assert shown(stage) == ("", REPLY)
    assert not {OTHER_WORDS, WORRIED} & {*review(stage).blocks}
    with pytest.raises(NotFound, match="wrote nothing"):
        reply_to_words(stage, "To nobody.")


def test_something_changed_before_signing_takes_the_reply_with_it(at: At) -> None:
    stage = at(Station.CONSENT_READY)
    before = printed(stage)
    assert before
    stage.clinic.clock.forward(timedelta(days=1))
    turn = stage.walk.turn()
    shelf_life.revise_answers(stage.house, turn, key=stage.key())
    writes(stage, BLEEDS)
    assert shown(stage) == ("", before)
    assert OTHER_WORDS in review(stage).blocks


def test_a_page_that_shows_other_words_keeps_no_reply_to_these(stage: Stage) -> None:
    seen = review(stage).words_seen
    gives_back(stage)
    writes(stage, BLEEDS)
    with pytest.raises(ChangedSince, match="other words"):
        reply_to_words(stage, REPLY, seen)
    assert printed(stage) == ""


def test_a_reply_taken_back_is_none_and_the_worries_wait_again(stage: Stage) -> None:
    reply_to_words(stage, "")
    assert shown(stage) == ("", "")
    assert WORRIED in review(stage).blocks
