"""What the record keeps of each point the clinician looked at.

A rule's words are in the clinic's own language; the patient's questions and answers are in theirs.
Of a rule that fires it is told what this patient answered, never what else would have made it fire.
"""

from collections.abc import Iterator
from dataclasses import replace

from questionnaire.domain import consent_parts as text
from questionnaire.domain.answer_words import withheld_in_words
from questionnaire.domain.consent_words import act_of
from questionnaire.domain.flags import Flag, Flags
from questionnaire.domain.reasons import reasons_of
from questionnaire.domain.review import Review, clarify_item, flag_item, unsure_item
from questionnaire.domain.situation import Situation
from questionnaire.domain.speech import Speech


def flags_text(
    flags: Flags, review: Review, situation: Situation, told: Speech
) -> Iterator[text.FlagText]:
    """Every flag, every rule that waited for an answer and every “not sure”, with what was done.

    A rule that waits says nothing of this patient: only its title is kept, as what could not be
    ruled out, with the questions that have no answer. Why a rule looks at something is written for
    clinicians, and stays on their page.
    """
    for flag in flags.fires:
        done = _disposition(review, flag_item(flag.rule.id))
        answers = reasons_of(flag.because, situation, told)
        yield replace(_flag(flag, "fires", (), done), answers=answers)
    questions = told.library.questionnaire.questions
    for flag in flags.clarify:
        waits_for = tuple(questions[key].text for key in flag.waits_for)
        done = _disposition(review, clarify_item(flag.rule.id))
        yield _flag(flag, "clarify", waits_for, done)
    for unsure in flags.unsure:
        question = questions[unsure.question]
        row = question.option(unsure.option).text if unsure.option else ""
        yield text.FlagText(
            unsure.key,
            "unsure",
            "",
            f"{question.text} {row}".strip(),
            "",
            (withheld_in_words(question, unsure.state, told.say),),
            _disposition(review, unsure_item(unsure.key)),
        )


def _flag(
    flag: Flag, kind: str, because: tuple[str, ...], done: text.DispositionText | None
) -> text.FlagText:
    rule = flag.rule
    return text.FlagText(rule.id, kind, rule.severity.value, rule.title, "", because, done)


def _disposition(review: Review, item: str) -> text.DispositionText | None:
    done = review.dispositions.get(item)
    if done is None:
        return None
    return text.DispositionText(done.actions, done.words, act_of(done.by, done.at))
