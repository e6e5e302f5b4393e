"""What the record keeps of each point the clinician looked at, in the clinic's own language."""

from collections.abc import Iterator

from questionnaire.domain import consent_parts as text
from questionnaire.domain.consent_words import act_of
from questionnaire.domain.flags import Flag, Flags
from questionnaire.domain.review import Review, clarify_item, flag_item, unsure_item
from questionnaire.domain.situation import Situation
from questionnaire.domain.wording import leaf_in_words


def flags_text(flags: Flags, review: Review, situation: Situation) -> Iterator[text.FlagText]:
    """Every flag, every rule that waited for an answer and every “not sure”, with what was done."""
    for flag in flags.fires:
        yield _flag(flag, "fires", situation, _disposition(review, flag_item(flag.rule.id)))
    for flag in flags.clarify:
        yield _flag(flag, "clarify", situation, _disposition(review, clarify_item(flag.rule.id)))
    questions = situation.questionnaire.questions
    for unsure in flags.unsure:
        question = questions[unsure.question]
        row = question.option(unsure.option).text if unsure.option else ""
        yield text.FlagText(
            unsure.key,
            "unsure",
            "",
            f"{question.text} {row}".strip(),
            "",
            (),
            _disposition(review, unsure_item(unsure.key)),
        )


def _flag(
    flag: Flag, kind: str, situation: Situation, done: text.DispositionText | None
) -> text.FlagText:
    rule = flag.rule
    because = tuple(leaf_in_words(leaf, situation.questionnaire) for leaf in flag.because)
    return text.FlagText(rule.id, kind, rule.severity.value, rule.title, rule.why, because, done)


def _disposition(review: Review, item: str) -> text.DispositionText | None:
    done = review.dispositions.get(item)
    if done is None:
        return None
    return text.DispositionText(done.actions, done.words, act_of(done.by, done.at))
