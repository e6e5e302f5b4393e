"""What a point of the review rests on: what decided it (of a list the rows), and its severity.

A disposition keeps the fingerprint of this and counts while it is the same, so that settling one
point, or another answer elsewhere in the same list, never opens another point again.
"""

from collections.abc import Iterable, Iterator, Mapping

from questionnaire.domain.answers import Answers, Choices
from questionnaire.domain.condition import Chosen, Leaf, deciding
from questionnaire.domain.definition import Question
from questionnaire.domain.flags import Flag, questions_behind
from questionnaire.domain.situation import Situation
from questionnaire.domain.written import answers_fingerprint, json_fingerprint, write_answers

_Rows = Mapping[str, str]
"""Row of a list → `yes`, `not_sure` or `no`; none: the whole answer decided."""


def basis_of(flag: Flag, situation: Situation) -> str:
    """SHA-256 in hexadecimal of what decided the rule, and of how severe it is.

    Of a list these are the rows that its tests turned on. Where these cannot be told (any answer
    at all, a count, “None of these”) it is the whole answer, as with every other question.
    """
    whole: set[str] = set()
    rows: dict[str, dict[str, str]] = {}
    for key, decided in _decided(flag.because, situation):
        if decided:
            rows.setdefault(key, {}).update(decided)
        else:
            whole.add(key)
    answers = {key: it for key, it in situation.answers.items() if key in whole}
    return json_fingerprint(
        {
            "answers": write_answers(answers),
            "rows": {key: {**it} for key, it in rows.items() if key not in whole},
            "severity": flag.rule.severity.value,
        }
    )


def former_basis_of(flag: Flag, situation: Situation) -> str:
    """The fingerprint that release 0.1.0 recorded: of the whole answer to each question behind.

    While that is the same, nothing that decided is another.
    """
    keys = questions_behind(flag, situation)
    return answers_fingerprint({k: v for k, v in situation.answers.items() if k in keys})


def basis_of_words(questions: Mapping[str, Question], answers: Answers, worries: str) -> str:
    """SHA-256 in hexadecimal of what the patient wrote freely; empty where they wrote nothing."""
    free = {key: it for key, it in answers.items() if questions[key].is_free_text}
    if not free and not worries:
        return ""
    return json_fingerprint({"answers": write_answers(free), "worries": worries})


def _decided(because: Iterable[Leaf], situation: Situation) -> Iterator[tuple[str, _Rows]]:
    """Each question that decided, with its rows; of a screen only what decided the screen."""
    for leaf in because:
        measure = situation.questionnaire.measures.get(leaf.about)
        if measure is None:
            yield leaf.about, _rows(leaf, situation)
        elif measure.positive_when is not None:
            yield from _decided(deciding(measure.positive_when, situation.facts), situation)
        else:
            yield from ((key, {}) for key in measure.inputs)


def _rows(leaf: Leaf, situation: Situation) -> _Rows:
    """The rows a test turned on: those picked; else those not sure; else all that it names."""
    known, limit = situation.facts[leaf.about], leaf.limit
    listed = isinstance(situation.answers.get(leaf.about), Choices)
    if not (listed and isinstance(known, Chosen) and isinstance(limit, frozenset)):
        return {}
    picked, left_open = limit & known.picked, limit & known.not_sure
    rows = picked or left_open or limit
    state = "yes" if picked else "not_sure" if left_open else "no"
    none = situation.questionnaire.questions[leaf.about].none_option
    return {} if none and none.id in rows else dict.fromkeys(rows, state)
