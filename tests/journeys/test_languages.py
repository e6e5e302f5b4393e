"""A visit in another language: answers stay, the document is in the language read last."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from questionnaire.cli import demo
from questionnaire.documents.proofread import page_texts
from questionnaire.documents.verify import Word
from questionnaire.documents.words import plain
from questionnaire.domain.errors import ChangedSince, NotReadable, StillOpen, WrongStation
from questionnaire.domain.visit import Station
from questionnaire.journey import (
    archiving,
    asking,
    consenting,
    intake,
    seal_troubles,
    signing,
    turns,
)
from questionnaire.journey.archiving import Purpose
from questionnaire.journey.hands import Hand
from tests.clinics import ARCHIVIST, CLINICIAN, Stage
from tests.documents.readers import by_pypdf
from tests.journeys.steps import hand, read_and_tick, ready_to_sign, sign, tick_all

pytestmark = pytest.mark.whole

At = Callable[..., Stage]


def offering_drafts(stage: Stage, **facts: str) -> Stage:
    """The same visit in a clinic that lets patients read drafts of translations."""
    house = stage.clinic.state(languages=("es", "ar"), **facts)
    return Stage(replace(stage.clinic, house=house), replace(stage.walk, house=house))


def test_a_clinic_offers_drafts_only_when_it_says_so(at: At) -> None:
    stage = at(Station.ARRANGED)
    assert [one.code for one in stage.house.languages_offered] == ["en"]
    offered = [one.code for one in offering_drafts(stage).house.languages_offered]
    assert offered[0] == "en"
    assert set(offered) == {"en", "es", "ar"}


def test_a_language_that_is_not_offered_is_refused(at: At) -> None:
    stage = at(Station.IN_PROGRESS)
    turn = stage.walk.turn()
    for code in ("es", "xx", "", "en; DROP TABLE visit"):
        with pytest.raises(NotReadable):
            turns.read_in(stage.house, turn, code)
    assert stage.clinic.visit(stage.visit_id).language == "en"


def test_another_language_changes_the_words_and_keeps_the_answers(at: At) -> None:
    stage = offering_drafts(at(Station.IN_PROGRESS))
    turn = stage.walk.turn()
    before = intake.pages(stage.house, turn)
    turn = turns.read_in(stage.house, turn, "es")
    after = intake.pages(stage.house, turn)
    assert after.answers == before.answers
    assert [page.id for page in after.pages] == [page.id for page in before.pages]
    assert after.pages[0].questions[0].text != before.pages[0].questions[0].text
    last = stage.clinic.events(stage.visit_id)[-1]
    assert (last.action, last.detail) == ("language_chosen", {"language": "es"})
    turns.read_in(stage.house, turn, "es")
    assert stage.clinic.actions(stage.visit_id).count("language_chosen") == 1


def test_the_language_is_not_changed_behind_a_sent_or_signed_form(at: At) -> None:
    for station in (Station.SUBMITTED, Station.PATIENT_SIGNED):
        stage = offering_drafts(at(station))
        turn = turns.Turn("", stage.walk.visit)
        with pytest.raises(WrongStation):
            turns.read_in(stage.house, turn, "es")


@pytest.mark.guarantees("S06")
def test_a_document_read_in_one_language_is_not_signed_in_another(at: At) -> None:
    stage = offering_drafts(at(Station.CONSENT_READY))
    turn = ready_to_sign(stage)
    english = consenting.read_back(stage.house, turn)
    turn = turns.read_in(stage.house, turn, "es")
    with pytest.raises(StillOpen):
        sign(stage, turn, sha256=english.sha256)
    read_and_tick(stage, turn)
    with pytest.raises(ChangedSince):
        sign(stage, turn, sha256=english.sha256)
    spanish = consenting.read_back(stage.house, turn)
    assert json.loads(spanish.canonical)["language"] == "es"
    turn = turns.read_in(stage.house, turn, "en")
    with pytest.raises(StillOpen) as still:
        consenting.read_back(stage.house, turn)
    assert still.value.reasons == ("Please read and tick each statement.",), "the rest was read"
    tick_all(stage, turn)
    assert consenting.read_back(stage.house, turn) == english


@pytest.mark.parametrize(
    ("code", "zone", "clock"),
    [
        ("ar", "Europe/Berlin", "10:30:00 CET"),
        ("ar", "Asia/Riyadh", "12:30:00 +03"),
        ("es", "America/New_York", "04:30:00 EST"),
    ],
)
def test_a_visit_in_another_language_and_zone_is_sealed_with_every_word_of_it(
    at: At, code: str, zone: str, clock: str
) -> None:
    stage = offering_drafts(at(Station.CONSENT_READY), time_zone=zone)
    turn = ready_to_sign(stage, code)
    shown = consenting.read_back(stage.house, turn)
    signing.sign(stage.house, turn, hand(stage), shown_sha256=shown.sha256, key=stage.key())
    ready = signing.to_countersign(stage.house, CLINICIAN, stage.visit_id)
    assert ready.blocks == ()
    english = stage.house.library.treatments["prp_injections"]
    speech = stage.house.speech(code)
    beside = {theirs: ours for part in ready.beside for theirs, ours in part.sentences}
    ticked = json.loads(shown.canonical)["statements"]
    assert {one["text"] for one in ticked} <= beside.keys()
    assert beside[speech.library.treatments["prp_injections"].summary] == english.summary
    assert ready.signatures[0].meaning == (
        f"{speech.say(signing.PATIENT_MEANING)} {speech.say(signing.MAY_CHANGE_MIND)}"
    )
    given = Hand(CLINICIAN.name, demo.Method.TYPED)
    signing.countersign(
        stage.house,
        CLINICIAN,
        stage.visit_id,
        given,
        shown_sha256=ready.document.sha256,
        key=stage.key(),
    )
    assert demo.seal_visit(stage.house, stage.visit_id)
    document = archiving.open_consent(stage.house, ARCHIVIST, stage.visit_id, Purpose.READ)
    checked = archiving.verify_file(stage.house, ARCHIVIST, document)
    assert (checked.verdict.word, checked.archived) == (Word.AUTHENTIC, True)
    assert checked.verdict.record_sha256 == shown.sha256
    assert plain(clock) in plain("".join(page_texts(document)))
    assert plain(clock) in plain(by_pypdf(document))
    record = json.loads(shown.canonical)
    treatment = speech.library.treatments["prp_injections"]
    assert record["treatments"][0]["summary"] == treatment.summary
    assert record["language"] == code


def test_a_document_whose_language_is_gone_says_so_and_is_sealed_once_it_is_back(at: At) -> None:
    stage = offering_drafts(at(Station.CONSENT_READY))
    turn = ready_to_sign(stage, "es")
    shown = consenting.read_back(stage.house, turn)
    signing.sign(stage.house, turn, hand(stage), shown_sha256=shown.sha256, key=stage.key())
    signing.countersign(
        stage.house,
        CLINICIAN,
        stage.visit_id,
        Hand(CLINICIAN.name, demo.Method.TYPED),
        shown_sha256=signing.to_countersign(stage.house, CLINICIAN, stage.visit_id).document.sha256,
        key=stage.key(),
    )
    without = {code: one for code, one in stage.house.speeches.items() if code != "es"}
    assert not demo.seal_visit(replace(stage.house, speeches=without), stage.visit_id)
    (trouble,) = seal_troubles.troubles(stage.house, ARCHIVIST)
    assert trouble.seal.problem == (
        "LanguageGone: the document is in the language es, which is no longer among the clinic's; "
        "it is sealed once translations/es is back in the rules"
    )
    assert trouble.what == "The document is in a language that is no longer among the clinic's."
    seal_troubles.try_again(stage.house, ARCHIVIST, stage.visit_id)
    assert demo.seal_visit(stage.house, stage.visit_id)


def test_worries_travel_with_the_form_and_the_newest_words_count(at: At) -> None:
    stage = at(Station.ARRANGED)
    turn, key = stage.walk.turn(), stage.key()
    asking.keep_worries(stage.house, turn, " Will it <b>hurt</b>? ", key=key)
    asking.keep_worries(stage.house, turn, " Will it <b>hurt</b>? ", key=key)
    assert asking.worries(stage.house, turn) == "Will it <b>hurt</b>?"
    assert stage.clinic.actions(stage.visit_id).count("worries_kept") == 1
    asking.keep_worries(stage.house, turn, "Needles.", key=stage.key())
    asking.keep_worries(stage.house, turn, "Needles.", key=stage.key())
    assert asking.worries(stage.house, turn) == "Needles."
    assert stage.clinic.actions(stage.visit_id).count("worries_kept") == 2
    asking.keep_worries(stage.house, turn, "", key=stage.key())
    assert asking.worries(stage.house, turn) == ""
