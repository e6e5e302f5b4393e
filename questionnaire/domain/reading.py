"""The patient's reading before consent: what was read, tried, ticked and asked.

Check-questions teach; they never lock anybody out. A key one that is not right must be talked
through by the clinician before signing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from questionnaire.domain.consent_parts import Act, PhotoChoices
from questionnaire.domain.definition import NOT_SURE
from questionnaire.domain.language import Say, in_english, to_say
from questionnaire.domain.library import QuizRules
from questionnaire.domain.treatment import CheckQuestion, Treatment
from questionnaire.domain.visible import is_blank

NO_LONGER_OFFERED = to_say("An answer that is no longer offered")
NO_PHOTOS = PhotoChoices(record=False, teaching=False, publication=False)


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a check-question; `choice` is an option id or `not_sure`."""

    choice: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the patient's own; `act` is set once it is answered."""

    number: int
    text: str
    at: datetime
    reply: str = ""
    act: Act | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What stands of one patient's reading now; all times are UTC.

    `read` goes from treatment id to when it was read, `given` to when it was first shown, and
    `information_given_at` is when the last of those planned was; `ticked` from statement or
    personal-risk id to when it was ticked; `discussed` from check-question id to who talked it
    through, and `discussed_words` to what they wrote of it. `photos_chosen` says whether the page
    about photos was answered. `worries` is what the patient wrote about them before sending the
    form. `question_begun` and `worries_begun` are words that wait in their boxes and were not sent.
    """

    information_given_at: datetime | None = None
    given: Mapping[str, datetime] = field(default_factory=dict)
    read: Mapping[str, datetime] = field(default_factory=dict)
    tries: Mapping[str, tuple[Try, ...]] = field(default_factory=dict)
    ticked: Mapping[str, datetime] = field(default_factory=dict)
    discussed: Mapping[str, Act] = field(default_factory=dict)
    discussed_words: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    photos: PhotoChoices = NO_PHOTOS
    photos_chosen: bool = False
    worries: str = ""
    question_begun: str = ""
    worries_begun: str = ""


def is_right(question: CheckQuestion, tries: Iterable[Try]) -> bool:
    """Whether the question was answered right at some try."""
    return any(one.choice == question.correct for one in tries)


def is_settled(question: CheckQuestion, tries: tuple[Try, ...], rules: QuizRules) -> bool:
    """Whether there is nothing left to try: right, or every try used."""
    return is_right(question, tries) or len(tries) >= rules.tries


def to_discuss(
    treatment: Treatment, progress: Progress, rules: QuizRules
) -> tuple[CheckQuestion, ...]:
    """Check-questions of one treatment that the clinician must talk through before signing.

    Key ones that are not right; and, while fewer are right than the rules ask for, the others too.
    """
    wrong = [
        question
        for question in treatment.quiz
        if not is_right(question, progress.tries.get(question.id, ()))
        and question.id not in progress.discussed
    ]
    enough = len(treatment.quiz) - len(wrong) >= rules.pass_needs_right_answers
    return tuple(question for question in wrong if question.key or not enough)


def misunderstood(treatment: Treatment, progress: Progress) -> tuple[CheckQuestion, ...]:
    """Check-questions where some try was wrong or not sure: points for the clinician."""
    return tuple(
        question
        for question in treatment.quiz
        if any(one.choice != question.correct for one in progress.tries.get(question.id, ()))
    )


def choice_words(question: CheckQuestion, choice: str, say: Say = in_english) -> str:
    """The words of a choice; “Not sure” stands beside every list, and a choice may have left it."""
    if choice == NOT_SURE:
        return say("Not sure")
    told = (option.text for option in question.options if option.id == choice)
    return next(told, None) or say(NO_LONGER_OFFERED)


def question_only_begun(progress: Progress, say: Say = in_english) -> tuple[str, ...]:
    """The reason to wait while a question stands in its box that nobody was asked."""
    if is_blank(progress.question_begun):
        return ()
    return (say("You began a question. Send it, or clear it."),)


def blocks_sending(progress: Progress, say: Say = in_english) -> tuple[str, ...]:
    """Why the form cannot be sent yet beside its questions. Empty when it can."""
    reasons = question_only_begun(progress, say)
    if is_blank(progress.worries_begun):
        return reasons
    unread = say("What you wrote about your worries could not be read. Change it, or clear it.")
    return (unread, *reasons)


def blocks_signing(
    treatments: Iterable[Treatment],
    to_tick: Iterable[str],
    progress: Progress,
    rules: QuizRules,
    say: Say = in_english,
) -> tuple[str, ...]:
    """Why the patient cannot sign yet, each reason in plain words. Empty when they can."""
    reasons: list[str] = []
    for treatment in treatments:
        if treatment.id not in progress.read:
            reasons.append(say("Please read about: {treatment}.").format(treatment=treatment.title))
        if any(
            not is_settled(question, progress.tries.get(question.id, ()), rules)
            for question in treatment.quiz
        ):
            words = say("Please answer the check questions about: {treatment}.")
            reasons.append(words.format(treatment=treatment.title))
        else:
            words = say("Your clinician will first talk with you about: “{question}”")
            reasons += [
                words.format(question=question.question)
                for question in to_discuss(treatment, progress, rules)
            ]
    if any(key not in progress.ticked for key in to_tick):
        reasons.append(say("Please read and tick each statement."))
    reasons += question_only_begun(progress, say)
    if any(asked.act is None for asked in progress.asked):
        reasons.append(say("Your clinician will first answer your questions."))
    return tuple(reasons)
