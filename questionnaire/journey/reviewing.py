"""The clinician's review: what was done about each flag, and the clinic's own answers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from questionnaire.domain.answers import Answer, Slip, clean_text
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.errors import ChangedSince, NotAllowed, NotFound
from questionnaire.domain.flags import Severity
from questionnaire.domain.review import (
    UNDO_SECONDS,
    clarify_item,
    flag_item,
    items_with_basis,
    unsure_item,
)
from questionnaire.domain.settling import (
    ASKED_NO,
    ASKED_YES,
    CLARIFY_ACTIONS,
    needs_words,
    unsure_actions,
)
from questionnaire.domain.visit import Move, Person, Role, Station, Visit, after
from questionnaire.domain.written import write_given
from questionnaire.journey.folding import CLINIC_ANSWERS
from questionnaire.journey.house import House
from questionnaire.journey.standing import Standing, keep_sheet, stand
from questionnaire.records.answers import page_already_saved
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry
from questionnaire.records.patient_sessions import close_sessions_of_visit
from questionnaire.records.signing import void_record
from questionnaire.records.visits import get_visit, move_visit

REVIEWED_AT = (Station.SUBMITTED, Station.UNDER_REVIEW)
ANSWERED_AT = (*REVIEWED_AT, Station.CONSENT_READY)
CHANGED = "The answers changed since you opened this page. Nothing was saved; please look again."


def allow_clinician(person: Person) -> None:
    """Raises `NotAllowed` for anybody but a clinician."""
    if person.role is not Role.CLINICIAN:
        raise NotAllowed("Only a clinician can do this.")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the review: the page's one-time `key`, what is done, and what was `sent` for it.

    What was sent must fit into JSON.
    """

    key: str
    act: str
    sent: Mapping[str, object]


def begin(  # each narrows which step this is
    house: House,
    tx: Transaction,
    clinician: Person,
    visit_id: str,
    step: Step,
    stations: tuple[Station, ...],
) -> Visit | None:
    """The visit, ready for one step of the review; None when this very step was done before.

    The first step brings a sent form under review.
    """
    allow_clinician(clinician)
    visit = get_visit(tx, visit_id)
    if page_already_saved(tx, visit.id, step.key, step.act, step.sent):
        return None
    if visit.station not in stations:
        raise ChangedSince("The visit has moved on. Nothing was saved; please look again.")
    if visit.station is Station.SUBMITTED:
        visit = move_visit(tx, visit, after(visit.station, Move.OPEN_REVIEW, Role.CLINICIAN))
        house.note(tx, clinician, Move.OPEN_REVIEW.value, visit.id)
    return visit


def refuse_changed(standing: Standing, seen: str) -> None:
    """Raises `ChangedSince` when the answers are not those on the clinician's page."""
    if standing.answers_sha256 != seen:
        raise ChangedSince(CHANGED)


@dataclass(frozen=True, slots=True)
class Done:
    """What the clinician did about one item; `tell` adds the rule's paragraph to the consent."""

    actions: tuple[str, ...] = ()
    words: str = ""
    tell: bool = False
    confirmed: bool = False


def dispose(
    house: House,
    clinician: Person,
    visit_id: str,
    item: str,
    done: Done,
    *,
    seen: str,
    key: str,
) -> None:
    """Record what was done about one flag, undecided rule or not-sure row.

    `seen` is the fingerprint of the answers on the page (`ChangedSince` when they changed).
    Raises `Slip` when nothing was recorded, an action is not the point's own or promises words
    that are not there, or a *stop* lacks its reason or confirmation.
    """
    cleaned = clean_text(done.words)
    step = Step(key, "disposition", {"item": item, **asdict(done)})
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, step, REVIEWED_AT)
        if visit is None:
            return
        standing = stand(house, tx, visit)
        refuse_changed(standing, seen)
        items = items_with_basis(standing.flags, standing.situation)
        if item not in items:
            raise NotFound("This point is no longer there. Please look again.")
        _check_actions(standing, item, replace(done, words=cleaned))
        body = {
            "item": item,
            "basis": items[item],
            "actions": list(done.actions),
            "words": cleaned,
            "tell": done.tell,
            "confirmed": done.confirmed,
        }
        append_entry(tx, visit.id, "disposition", body, at=house.clock(), person=clinician)
        house.note(tx, clinician, "flag_settled", visit.id, item=item)


def _check_actions(standing: Standing, item: str, done: Done) -> None:
    if not done.actions and not done.words:
        raise Slip("Pick what was done, or say it in your own words.")
    if set(done.actions) - set(_actions_of(standing, item)):
        raise Slip("Pick from the actions of this point, or use your own words.")
    if {ASKED_YES, ASKED_NO} <= set(done.actions):
        raise Slip("Pick yes or no.")
    stops = {
        name(flag.rule.id)
        for name, flags in (
            (flag_item, standing.flags.fires),
            (clarify_item, standing.flags.clarify),
        )
        for flag in flags
        if flag.rule.severity is Severity.STOP
    }
    if item in stops and not (done.words and done.confirmed):
        raise Slip("A stop needs your reason in words and your confirmation.")
    if not done.words and any(needs_words(action) for action in done.actions):
        raise Slip("This says that words are recorded: write them here, then press it again.")


def _actions_of(standing: Standing, item: str) -> tuple[str, ...]:
    """The actions that are offered for a point."""
    fired = {flag_item(flag.rule.id): flag.rule.actions for flag in standing.flags.fires}
    waiting = {clarify_item(flag.rule.id): CLARIFY_ACTIONS for flag in standing.flags.clarify}
    questions = standing.situation.questionnaire.questions
    left_open = {
        unsure_item(one.key): unsure_actions(questions[one.question], one.option)
        for one in standing.flags.unsure
    }
    return {**fired, **waiting, **left_open}[item]


def undo(house: House, clinician: Person, visit_id: str, item: str) -> None:
    """Take back one's own disposition within ten seconds, before the decision.

    Both stay on file, and the disposition before it counts again. Raises `ChangedSince`.
    """
    allow_clinician(clinician)
    now = house.clock()
    with house.database.write() as tx:
        visit = get_visit(tx, visit_id)
        done = stand(house, tx, visit).review.dispositions.get(item)
        decided = visit.station not in REVIEWED_AT
        if done is None or decided or (now - done.at).total_seconds() > UNDO_SECONDS:
            raise ChangedSince("It is too late to undo. Record it again to change it.")
        if done.by.id != clinician.id:
            raise ChangedSince(f"{done.by.name} recorded this. Record it again to change it.")
        append_entry(tx, visit.id, "undo", {"item": item}, at=now, person=clinician)
        house.note(tx, clinician, "flag_reopened", visit.id, item=item)


def answer_for_clinic(
    house: House,
    clinician: Person,
    visit_id: str,
    answers: Mapping[str, Answer | None],
    *,
    seen: str,
    key: str,
) -> None:
    """Answer the clinician's own questions and fill in measured values; the rules run again.

    An answer of staff that is saved again is as new as this.

    An answer given at the consent stage takes the visit back under review. Raises `NotFound`
    for a question that is not the clinician's to answer.
    """
    step = Step(key, "clinic_answers", write_given(answers))
    with house.database.write() as tx:
        visit = begin(house, tx, clinician, visit_id, step, ANSWERED_AT)
        if visit is None:
            return
        standing = stand(house, tx, visit)
        refuse_changed(standing, seen)
        questions = house.library.questionnaire.questions
        for question_id in answers:
            question = questions.get(question_id)
            if question is None or not (
                question.answered_by is AnsweredBy.CLINICIAN
                or question.clinician_may_fill_in
                or question_id in standing.situation.opened
            ):
                raise NotFound("This question is not for the clinician.")
        kept = {**standing.sheet.answers, **{k: v for k, v in answers.items() if v is not None}}
        for taken_back in (k for k, v in answers.items() if v is None):
            kept.pop(taken_back, None)
        ours, before = standing.situation.by_clinic, standing.sheet.answers
        new = {k: v for k, v in answers.items() if k in ours or before.get(k) != v}
        append_entry(
            tx, visit.id, CLINIC_ANSWERS, write_given(new), at=house.clock(), person=clinician
        )
        keep_sheet(house, tx, visit.id, replace(standing.sheet, answers=kept))
        if visit.station is Station.CONSENT_READY:
            back_under_review(house, tx, clinician, visit, "The answers changed.")
        house.note(tx, clinician, "clinic_answers_saved", visit.id, questions=sorted(answers))


def back_under_review(
    house: House, tx: Transaction, clinician: Person, visit: Visit, words: str
) -> None:
    """Take the visit back; whatever record and signature stood are void, and kept."""
    now = house.clock()
    void_record(tx, visit.id, now)
    close_sessions_of_visit(tx, visit.id, now)
    append_entry(tx, visit.id, "taken_back", {"words": words}, at=now, person=clinician)
    move_visit(tx, visit, after(visit.station, Move.TAKE_BACK, Role.CLINICIAN))
    house.note(tx, clinician, Move.TAKE_BACK.value, visit.id)
