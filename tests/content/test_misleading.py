"""What is well written and would mislead whoever reads the page is refused with its line."""

from pathlib import Path

import pytest
import yaml

from questionnaire.content import ContentProblems, Level, load_library
from questionnaire.content.questions import CONTROLS
from questionnaire.domain.settling import FIXED_ACTIONS
from tests.content.test_checks import change, lay, told

QUESTIONS, FLAGS = "questions.yaml", "flags/bleeding.yaml"
NAME = "text: What is your name?"
ACTION = "      - PRP not done\n"
NOT_READ_AS_TEXT = {
    "nothing": "\\0",
    "a bell": "\\a",
    "a tab": "\\t",
    "an escape": "\\x1b",
    "a next line": "\\N",
    "no width": "\\u200b",
    "a turn of the order": "\\u202e",
    "a line end of its own": "\\L",
    "a paragraph of its own": "\\P",
    "a joiner of words": "\\u2060",
    "an isolate": "\\u2066",
    "a mark of bytes": "\\ufeff",
    "what dictation leaves": "\\ufffb",
    "a bullet of Word's": "\\uf0b7",
    "a private sign of another plane": "\\U000f0001",
    "no character": "\\uffff",
    "no character in Arabic": "\\ufdd0",
    "no character of the next plane": "\\U0001fffe",
    "no character of the last plane": "\\U0010ffff",
}


def refused(rules_file: str, old: str, new: str, tmp_path: Path) -> list[str]:
    """What `rules check` says of the small clinic after one change; the app does not start."""
    rules = lay(tmp_path / "rules")
    change(rules, rules_file, old, new)
    said = told(rules, Level.PROBLEM)
    if said:
        with pytest.raises(ContentProblems):
            load_library(rules)
    return said


@pytest.mark.parametrize("sign", NOT_READ_AS_TEXT.values(), ids=NOT_READ_AS_TEXT)
@pytest.mark.parametrize("written", ["text: 'What is your {} name?'", "text: 'Name{}'"])
def test_a_hidden_sign_written_as_its_number_is_refused(
    sign: str, written: str, tmp_path: Path
) -> None:
    new = written.replace("'", '"').format(sign)
    hidden = yaml.safe_load(f'"{sign}"')
    number = f"U+{ord(hidden):04X}"
    assert refused(QUESTIONS, NAME, new, tmp_path) == [
        f"rules/questions.yaml:14: There is a hidden sign here ({number}); remove it."
    ]


def test_a_sign_that_is_to_be_seen_may_be_written_as_its_number(tmp_path: Path) -> None:
    new = 'text: "What is your\\x20name \\u2013 \\u0627\\u200f?"'
    assert refused(QUESTIONS, NAME, new, tmp_path) == []


@pytest.mark.parametrize("blank", ["\\u200e", "\\u3164", "\\u2800", "\\u00ad", "\\u0301", "\\xa0"])
@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (QUESTIONS, NAME, 'text: "{}"', 14),
        (QUESTIONS, "text: Aspirin", 'text: "{}"', 34),
        (FLAGS, ACTION, '      - "{}"\n', 12),
        (FLAGS, "discuss: Do not do PRP.", 'discuss: "{}"', 10),
        ("treatments/prp.yaml", "title: PRP", 'title: "{}"', 2),
    ],
)
def test_words_of_which_nothing_is_to_be_seen_are_none(
    blank: str, file: str, old: str, new: str, line: int, tmp_path: Path
) -> None:
    problem = f"rules/{file}:{line}: There is nothing written here."
    assert problem in refused(file, old, new.format(blank), tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new", "twice"),
    [
        (
            QUESTIONS,
            "text: Warfarin}",
            "text: Aspirin}",
            (35, "option", "rules/questions.yaml", 34),
        ),
        (
            QUESTIONS,
            "text: Warfarin}",
            'text: "ASPIRIN\\u200e"}',
            (35, "option", "rules/questions.yaml", 34),
        ),
        (
            QUESTIONS,
            "text: When were you born?",
            "text: What is  your name?",
            (18, "question", "rules/questions.yaml", 14),
        ),
        (
            QUESTIONS,
            "title: For the clinician",
            "title: About you",
            (65, "section", "rules/questions.yaml", 3),
        ),
        (
            "treatments/prp.yaml",
            "title: PRP",
            "title: mesotherapy",
            (2, "treatment", "rules/treatments/mesotherapy.yaml", 2),
        ),
        (
            "treatments/prp.yaml",
            'text: "Yes"}',
            'text: "No"}',
            (42, "option", "rules/treatments/prp.yaml", 41),
        ),
        (
            FLAGS,
            "title: Takes warfarin",
            "title: Platelets under 100",
            (17, "rule", "rules/flags/bleeding.yaml", 5),
        ),
        (
            "measures.yaml",
            "title: Low mood score",
            "title: Age",
            (10, "measure", "rules/measures.yaml", 3),
        ),
    ],
)
def test_what_people_tell_apart_by_its_words_has_words_of_its_own(
    file: str, old: str, new: str, twice: tuple[int, str, str, int], tmp_path: Path
) -> None:
    here, sort, where, first = twice
    sentence = f"Another {sort} has the same words: {where}, line {first}."
    assert refused(file, old, new, tmp_path) == [f"rules/{file}:{here}: {sentence}"]


def test_an_action_is_in_its_list_once_however_it_is_written(tmp_path: Path) -> None:
    said = refused(FLAGS, ACTION, f'{ACTION}      - "PRP  not done"\n', tmp_path)
    assert said == ["rules/flags/bleeding.yaml:13: “PRP  not done” is in this list twice."]


@pytest.mark.parametrize("action", sorted(FIXED_ACTIONS))
def test_no_action_of_a_rule_is_called_like_one_of_the_program(action: str, tmp_path: Path) -> None:
    said = refused(FLAGS, ACTION, f'      - "{action.upper()}"\n', tmp_path)
    sentence = "is what the program itself says of a point; call the action otherwise."
    assert said == [f"rules/flags/bleeding.yaml:11: “{action.casefold()}” {sentence}"]


def test_no_action_says_that_a_point_is_gone_and_holds_back(tmp_path: Path) -> None:
    both = "    resolved_by: [PRP not done]\n    holds_back: [PRP not done]\n"
    sentence = "“PRP not done” cannot say that the point is gone and hold everything back too."
    said = refused(FLAGS, ACTION, f"{ACTION}{both}", tmp_path)
    assert said == [f"rules/flags/bleeding.yaml:14: {sentence}"]


@pytest.mark.parametrize("control", sorted(CONTROLS))
def test_no_question_is_called_like_a_control(control: str, tmp_path: Path) -> None:
    sentence = f"{control} is the name of a button or hidden box; give another id."
    said = refused(QUESTIONS, "id: felt_low", f"id: {control}", tmp_path)
    assert f"rules/questions.yaml:39: {sentence}" in said


@pytest.mark.parametrize("question", ["treatments_wanted", "full_name", "date_of_birth"])
@pytest.mark.parametrize(
    "spoilt",
    [
        "optional: true\n        for: all",
        "sensitive: true\n        for: all",
        "for: [prp]",
        "for: all\n        ask_when:\n          recent_blood_count: {is: 'yes'}",
    ],
)
def test_what_every_record_needs_is_asked_of_everybody(
    question: str, spoilt: str, tmp_path: Path
) -> None:
    rules = lay(tmp_path / "rules")
    before, here, after = (rules / QUESTIONS).read_text().partition(f"- id: {question}\n")
    (rules / QUESTIONS).write_text(before + here + after.replace("for: all", spoilt, 1))
    line = before.count("\n") + 1
    sentence = f"{question} is asked of every patient, and answered: it cannot be optional, "
    sentence += "sensitive, for some treatments or under a condition."
    assert f"rules/questions.yaml:{line}: {sentence}" in told(rules, Level.PROBLEM)


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("treatments/prp.yaml", "family: prp\n", "family: prp\ndescribed_in: []\n", 4),
        ("treatments/prp.yaml", "aims: [Thicker hair]", "aims: []", 6),
        ("treatments/prp.yaml", "same_day: [A fever]", "same_day: []", 30),
        ("treatments/prp.yaml", "family: prp\n", "family: prp\narea_maps: []\n", 4),
        (FLAGS, "    why: Too", "    holds_back: []\n    why: Too", 13),
        (
            QUESTIONS,
            "        min: 1\n",
            "        unit_words: []\n        min: 1\n",
            57,
        ),
    ],
)
def test_a_list_with_nothing_in_it_is_refused(
    file: str, old: str, new: str, line: int, tmp_path: Path
) -> None:
    key = new.partition(": []")[0].split()[-1]
    assert refused(file, old, new, tmp_path) == [f"rules/{file}:{line}: “{key}” is an empty list."]
