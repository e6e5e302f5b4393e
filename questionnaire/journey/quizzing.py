"""Check-questions after reading: one try at a time, with feedback at once."""

from dataclasses import dataclass
from hashlib import sha256

from questionnaire.domain.answers import Slip
from questionnaire.domain.definition import NOT_SURE
from questionnaire.domain.errors import NotFound
from questionnaire.domain.library import Library
from questionnaire.domain.reading import Progress, Try, choice_words, is_right, is_settled
from questionnaire.domain.speech import Speech
from questionnaire.domain.treatment import CheckQuestion, Treatment
from questionnaire.domain.visit import Station
from questionnaire.journey.begun import forget_boxes, quiz_page
from questionnaire.journey.house import House
from questionnaire.journey.marks import SHOWN
from questionnaire.journey.standing import Standing, stand
from questionnaire.journey.turns import Turn, at_station
from questionnaire.records.answers import page_already_saved
from questionnaire.records.database import Transaction
from questionnaire.records.entries import append_entry


@dataclass(frozen=True, slots=True)
class QuizState:
    """One check-question as shown now: options shuffled, “Not sure” always last.

    `feedback` is what to say after the newest try; empty before the first.
    """

    id: str
    treatment: str
    key: bool
    question: str
    options: tuple[tuple[str, str], ...]
    tries: tuple[Try, ...]
    right: bool
    settled: bool
    feedback: str
    tries_left: int


def consent_standing(house: House, tx: Transaction, turn: Turn) -> Standing:
    """What stands of the visit. Raises `WrongStation` outside the consent stage."""
    return stand(house, tx, at_station(tx, turn, Station.CONSENT_READY))


def planned_treatments(library: Library, standing: Standing) -> tuple[Treatment, ...]:
    """The treatments of the plan, in the order of the plan and the words of `library`."""
    return tuple(library.treatments[key] for key in standing.review.plan.treatments)


def quiz_state(
    speech: Speech, visit_id: str, treatment: Treatment, question: CheckQuestion, progress: Progress
) -> QuizState:
    """One check-question as it stands; the options keep their shuffled order for the visit.

    `treatment` and `question` are in the words of `speech`.
    """
    tries = progress.tries.get(question.id, ())
    rules = speech.library.quiz_rules
    right = is_right(question, tries)
    shuffled = sorted(
        question.options,
        key=lambda option: sha256(f"{visit_id}/{question.id}/{option.id}".encode()).digest(),
    )
    return QuizState(
        id=question.id,
        treatment=treatment.id,
        key=question.key,
        question=question.question,
        options=(
            *((option.id, option.text) for option in shuffled),
            (NOT_SURE, choice_words(question, NOT_SURE, speech.say)),
        ),
        tries=tries,
        right=right,
        settled=is_settled(question, tries, rules),
        feedback=_feedback(speech, question, tries, right=right),
        tries_left=0 if right else max(0, rules.tries - len(tries)),
    )


def _feedback(
    speech: Speech, question: CheckQuestion, tries: tuple[Try, ...], *, right: bool
) -> str:
    if not tries:
        return ""
    return speech.say("That is right.") if right else question.if_wrong


def try_quiz(
    house: House,
    turn: Turn,
    question_id: str,
    choice: str,
    *,
    key: str,
    shown: str | None = None,
) -> QuizState:
    """Keep one try at a check-question and say at once how it went.

    After the last try nothing more is kept, nor of a page that had `shown` (its fingerprint) other
    words than stand now. Raises `Slip` when nothing was picked.
    """
    with house.database.write() as tx:
        standing = consent_standing(house, tx, turn)
        speech = house.offered_speech(standing.visit.language)
        treatment, question = _find_quiz(speech, standing, question_id)
        now = standing.shown.quiz[question_id]
        if shown not in {None, now}:
            return quiz_state(speech, turn.visit.id, treatment, question, standing.progress)
        if choice not in {NOT_SURE, *(option.id for option in question.options)}:
            raise Slip("Pick one of the answers.")
        tries = standing.progress.tries.get(question_id, ())
        body = {"question": question_id, "choice": choice, SHOWN: now}
        again = page_already_saved(tx, turn.visit.id, key, "quiz_try", body)
        if not again and not is_settled(question, tries, house.library.quiz_rules):
            append_entry(tx, turn.visit.id, "quiz_try", body, at=house.clock(), person=turn.person)
            house.note(tx, turn.person, "quiz_try", turn.visit.id, question=question_id)
            forget_boxes(house, tx, turn, quiz_page(question_id))
        progress = stand(house, tx, standing.visit).progress
        return quiz_state(speech, turn.visit.id, treatment, question, progress)


def _find_quiz(
    speech: Speech, standing: Standing, question_id: str
) -> tuple[Treatment, CheckQuestion]:
    for treatment in planned_treatments(speech.library, standing):
        for question in treatment.quiz:
            if question.id == question_id:
                return treatment, question
    raise NotFound("This question is not part of your visit.")
