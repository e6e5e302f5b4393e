"""The patient's reading, check-questions and ticks, up to the document they will sign."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

from questionnaire.domain.answer_words import date_in_words
from questionnaire.domain.areas import areas_in_words
from questionnaire.domain.consent_parts import (
    PhotoChoices,
    QuestionText,
    Ticked,
    TreatmentText,
)
from questionnaire.domain.consent_pictures import AreasText
from questionnaire.domain.consent_words import (
    own_areas,
    personal_risks,
    planned_areas,
    questions_text,
    rights,
    risks_of_treatment,
    statements,
    treatment_text,
)
from questionnaire.domain.errors import NotFound, StillOpen
from questionnaire.domain.identity import LANGUAGE
from questionnaire.domain.language import Say, listed, to_say
from questionnaire.domain.library import Library
from questionnaire.domain.reading import blocks_signing, question_only_begun
from questionnaire.domain.review import Plan, items_to_settle, open_items
from questionnaire.domain.shown_words import ShownWords
from questionnaire.domain.speech import Speech
from questionnaire.domain.visit import Move, Role, Station, after
from questionnaire.journey.begun import PHOTOS, STATEMENTS, forget_all_begun, send_boxes
from questionnaire.journey.differing import to_settle
from questionnaire.journey.house import House
from questionnaire.journey.marks import SHOWN
from questionnaire.journey.meanwhile import MadeFrom
from questionnaire.journey.quizzing import (
    QuizState,
    consent_standing,
    planned_treatments,
    quiz_state,
)
from questionnaire.journey.record_shown import Shown, record_of
from questionnaire.journey.shelf_life import Age, answers_age, too_old_to_sign
from questionnaire.journey.standing import Standing
from questionnaire.journey.turns import Turn, at_station
from questionnaire.records.answers import page_already_saved
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry
from questionnaire.records.patient_sessions import close_sessions_of_visit
from questionnaire.records.visits import move_visit

CLINICIAN_FIRST = to_say(
    "Your clinician has to put something right first. Please hand the tablet back."
)
UNFINISHED = to_say("Our own details are not complete yet. Please tell a member of staff.")


@dataclass(frozen=True, slots=True)
class Own:
    """What the page of one treatment tells of this patient alone.

    `places` are said and `maps` drawn, of this treatment; `where` is what the clinician wrote
    of the places, which is about the whole plan.
    """

    places: str
    maps: tuple[AreasText, ...]
    where: str
    risks: tuple[Ticked, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the patient reads before deciding, and what is left to do (`open`).

    `own` has what each treatment's page tells of this patient alone. `answers` is how old the
    answers are, `shown` the fingerprints of what is read.
    """

    treatments: tuple[TreatmentText, ...]
    rights: tuple[str, ...]
    statements: tuple[Ticked, ...]
    personal_risks: tuple[Ticked, ...]
    quiz: tuple[QuizState, ...]
    questions: tuple[QuestionText, ...]
    question_begun: bool
    begun: bool
    read: frozenset[str]
    photos: PhotoChoices
    photos_chosen: bool
    own: Mapping[str, Own]
    answers: Age | None
    shown: ShownWords
    open: tuple[str, ...]


def reading(house: House, turn: Turn) -> Reading:
    """The reading as it stands. Raises `WrongStation` outside the consent stage."""
    with house.database.read() as tx:
        return _reading(house, turn, consent_standing(house, tx, turn))


def _reading(house: House, turn: Turn, standing: Standing) -> Reading:
    speech, progress = house.offered_speech(standing.visit.language), standing.progress
    library = speech.library
    treatments, plan = planned_treatments(library, standing), standing.review.plan
    risks = personal_risks(library, standing.situation, standing.flags, standing.review, progress)
    return Reading(
        treatments=tuple(
            treatment_text(library, it, speech.say, house.clinic.law_of) for it in treatments
        ),
        rights=rights(library, house.clinic, speech.language.code),
        statements=statements(library, plan.treatments, progress),
        personal_risks=risks,
        quiz=tuple(
            quiz_state(speech, turn.visit.id, treatment, question, progress)
            for treatment in treatments
            for question in treatment.quiz
        ),
        questions=questions_text(progress),
        question_begun=bool(question_only_begun(progress)),
        begun=progress.information_given_at is not None,
        read=frozenset(progress.read),
        photos=progress.photos,
        photos_chosen=progress.photos_chosen,
        own={it.id: _own(it.id, plan, risks, house.library, speech) for it in treatments},
        answers=answers_age(house, standing),
        shown=standing.shown,
        open=_left_to_do(house, standing, speech),
    )


def _own(
    treatment: str, plan: Plan, risks: Iterable[Ticked], library: Library, speech: Speech
) -> Own:
    maps = planned_areas([treatment], plan.places, speech)
    where = own_areas(library, plan, speech)
    theirs = risks_of_treatment(speech.library, treatment, risks)
    return Own(listed(areas_in_words(maps), speech.say), maps, where, theirs)


def what_is_open(house: House, standing: Standing, speech: Speech) -> tuple[str, ...]:
    """Why the document cannot be signed yet, said in `speech`; empty when it can."""
    if not house.clinic.is_set_up:
        return (speech.say(UNFINISHED),)
    reasons = blocks_signing(
        planned_treatments(speech.library, standing),
        standing.shown.to_tick,
        standing.progress,
        house.library.quiz_rules,
        speech.say,
    )
    return (
        *_two_identities(house, standing, speech.say),
        *reasons,
        *_too_early(house, standing, speech.say),
    )


def _two_identities(house: House, standing: Standing, say: Say) -> tuple[str, ...]:
    if not any(one.fact != LANGUAGE for one in to_settle(house, standing)):
        return ()
    return (say(CLINICIAN_FIRST),)


def _points_came_up(standing: Standing, say: Say) -> tuple[str, ...]:
    """A point that nobody dealt with: the rules changed since the decision."""
    items = items_to_settle(standing.flags, standing.situation)
    return (say(CLINICIAN_FIRST),) if open_items(items, standing.review) else ()


def _left_to_do(house: House, standing: Standing, speech: Speech) -> tuple[str, ...]:
    """What is open, and who must look at what again because it is too old."""
    old = too_old_to_sign(house, standing, speech.say)
    left = (*_points_came_up(standing, speech.say), *what_is_open(house, standing, speech))
    return (*old, *dict.fromkeys(left))


def _too_early(house: House, standing: Standing, say: Say) -> tuple[str, ...]:
    given = standing.progress.information_given_at
    if given is None:
        return (say("Please begin with the information about your treatment."),)
    earliest = house.library.clinic.may_sign_from(standing.review.plan.treatments, given)
    if earliest is None or house.clock() >= earliest:
        return ()
    local = earliest.astimezone(house.zone)
    words = say("You can sign from {day} at {time}, so that you have time to think.")
    return (words.format(day=date_in_words(local.date(), say), time=f"{local:%H:%M}"),)


def begin_reading(house: House, turn: Turn, *, key: str) -> None:
    """Note when the information was given to the patient, and of which treatments."""
    with house.database.write() as tx:
        standing = consent_standing(house, tx, turn)
        version = house.offered_speech(standing.visit.language).library.version
        body = {"version": version, SHOWN: standing.shown.treatments}
        _add(house, tx, turn, "information_given", body, key)


def mark_read(
    house: House, turn: Turn, treatment_id: str, *, key: str, shown: str | None = None
) -> None:
    """Note that the patient read about one treatment. Raises `NotFound` for another.

    `shown` is the fingerprint of what their page told: nothing is noted where that is another by
    now, and the page is still to be read.
    """
    with house.database.write() as tx:
        now = consent_standing(house, tx, turn).shown.treatments.get(treatment_id)
        if now is None:
            raise NotFound("This treatment is not part of your visit.")
        if shown in {None, now}:
            _add(house, tx, turn, "read", {"treatment": treatment_id, SHOWN: now}, key)


def tick(
    house: House,
    turn: Turn,
    ids: Collection[str],
    *,
    key: str,
    was: MadeFrom | None = None,
    shown: str | None = None,
) -> None:
    """Keep which statements and personal risks are ticked: the whole page at once.

    What was ticked or not from another page since this one `was` made stays, unless touched here.
    Nothing is kept of a page that had `shown` (its fingerprint) other words than stand now.
    """
    with house.database.write() as tx:
        now = consent_standing(house, tx, turn).shown
        if shown not in {None, now.page_to_tick}:
            return
        known = now.to_tick.keys()
        boxes = {"ticked": sorted(known & set(ids))}
        said = send_boxes(house, tx, turn, STATEMENTS, boxes, key=key, was=was)
        ticked = sorted(known & set(said["ticked"]))
        body = {"ids": ticked, SHOWN: {one: now.to_tick[one] for one in ticked}}
        _add(house, tx, turn, "ticks", body, key)


def choose_photos(
    house: House,
    turn: Turn,
    photos: PhotoChoices,
    *,
    key: str,
    was: MadeFrom | None = None,
    shown: str | None = None,
) -> None:
    """Keep the separate yes or no for photos, as `tick` keeps ticks."""
    with house.database.write() as tx:
        now = consent_standing(house, tx, turn).shown.photos
        if shown not in {None, now}:
            return
        wanted = [use for use, is_wanted in asdict(photos).items() if is_wanted]
        boxes = {"photos": wanted}
        said = send_boxes(house, tx, turn, PHOTOS, boxes, key=key, was=was)["photos"]
        body = {**{use: use in said for use in asdict(photos)}, SHOWN: now}
        _add(house, tx, turn, "photos", body, key)


def _add(
    house: House, tx: Transaction, turn: Turn, kind: str, body: Mapping[str, object], key: str
) -> None:
    visit = at_station(tx, turn, Station.CONSENT_READY)
    if not page_already_saved(tx, visit.id, key, kind, body):
        append_entry(tx, visit.id, kind, body, at=house.clock(), person=turn.person)
        house.note(tx, turn.person, kind, visit.id)


def read_back(house: House, turn: Turn) -> Shown:
    """The very document the patient would sign now. Raises `StillOpen` with what is left to do."""
    with house.database.read() as tx:
        return shown(house, consent_standing(house, tx, turn))


def shown(house: House, standing: Standing) -> Shown:
    """The document of a visit as it stands, in the language it is read in.

    Raises `StillOpen` while something is left to do.
    """
    speech = house.offered_speech(standing.visit.language)
    left = _left_to_do(house, standing, speech)
    if left:
        raise StillOpen("Some things come before signing.", left)
    return record_of(house, standing, speech)


def more_time(house: House, turn: Turn, *, key: str) -> None:
    """The patient wants more time: nothing is signed today."""
    _leave(house, turn, Move.DEFER, key=key)


def decline(house: House, turn: Turn, *, key: str) -> None:
    """The patient does not want this: the visit ends, and nobody asks why."""
    _leave(house, turn, Move.DECLINE, key=key)


def _leave(house: House, turn: Turn, move: Move, *, key: str) -> None:
    with house.database.write() as tx:
        if page_already_saved(tx, turn.visit.id, key, move.value, {}):
            return
        visit = at_station(tx, turn, Station.IN_PROGRESS, Station.CONSENT_READY)
        move_visit(tx, visit, after(visit.station, move, Role.PATIENT))
        close_sessions_of_visit(tx, visit.id, house.clock())
        forget_all_begun(tx, turn)
        house.note(tx, turn.person, move.value, visit.id)
