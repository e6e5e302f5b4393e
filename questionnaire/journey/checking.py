"""The answers looked over before they are sent: section by section, each with its page."""

from dataclasses import dataclass

from questionnaire.domain.answer_words import is_typed, whole_answer_in_words
from questionnaire.domain.definition import Question
from questionnaire.domain.language import Say, in_english
from questionnaire.journey.house import House
from questionnaire.journey.intake import Intake, pages
from questionnaire.journey.turns import Turn


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One question with its answer in words, and the page that changes it.

    `typed` are the person's own words.
    """

    question: Question
    answer: tuple[str, ...]
    page_id: str
    typed: bool


@dataclass(frozen=True, slots=True)
class CheckSection:
    """One section of the check page."""

    title: str
    lines: tuple[CheckLine, ...]


def check(house: House, turn: Turn) -> tuple[CheckSection, ...]:
    """Every asked question with its answer, section by section."""
    say = house.offered_speech(turn.visit.language).say
    return check_sections(pages(house, turn), say)


def check_sections(intake: Intake, say: Say = in_english) -> tuple[CheckSection, ...]:
    """The check page of a form as it stands; `say` puts our own words into its language."""
    found: dict[str, list[CheckLine]] = {}
    seen: set[str] = set()
    for page in intake.pages:
        for question in page.questions:
            if question.id not in seen:
                seen.add(question.id)
                answer = intake.situation.answers.get(question.id)
                words = whole_answer_in_words(question, answer, say)
                line = CheckLine(question, words, page.id, is_typed(question, answer))
                found.setdefault(page.section_title, []).append(line)
    return tuple(CheckSection(title, tuple(lines)) for title, lines in found.items())
