"""Every check refuses what is wrong, with file, line and sentence, and lets its neighbour pass.

`fixtures/small` is a whole small clinic. A folder in `fixtures/checks` holds the files that differ:
`invalid/` with what `rules check` says about it in `problems.txt`, and `valid/` where the plain
small clinic does not already show what is right.
"""

import shutil
from pathlib import Path

import pytest

from questionnaire.content import ContentProblems, Level, check, load_library

FIXTURES = Path(__file__).parent / "fixtures"
SMALL = FIXTURES / "small"
CHECKS = sorted(folder.name for folder in (FIXTURES / "checks").iterdir())


def lay(rules: Path, over: Path | None = None) -> Path:
    """The small clinic with the files of `over` laid over it."""
    shutil.copytree(SMALL, rules)
    if over is not None and over.exists():
        shutil.copytree(over, rules, dirs_exist_ok=True)
    return rules


def change(rules: Path, file: str, old: str, new: str) -> None:
    """Change one place of one file."""
    path = rules / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def told(rules: Path, level: Level) -> list[str]:
    """What is said about the folder, at that level."""
    return [str(found) for found in check(rules) if found.level is level]


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_wrong_is_named_with_file_line_and_sentence(name: str, tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules", FIXTURES / "checks" / name / "invalid")
    expected = (FIXTURES / "checks" / name / "problems.txt").read_text().splitlines()
    assert told(rules, Level.PROBLEM) == expected
    with pytest.raises(ContentProblems) as refused:
        load_library(rules)
    assert [str(problem) for problem in refused.value.problems] == expected


@pytest.mark.parametrize("name", CHECKS)
def test_its_right_neighbour_passes(name: str, tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules", FIXTURES / "checks" / name / "valid")
    assert told(rules, Level.PROBLEM) == []
    assert load_library(rules).rules


@pytest.mark.parametrize(
    "told_instead",
    [
        "I have trouble swallowing.",
        "A lump that leaks means",
        "If it makes me dizzy, I should:",
        "I get scars. What then?",
        "I get scars; what then?",
        "Does it always work?!",
        "هل ينجح دائمًا؟",
    ],
)
def test_a_check_question_that_is_no_question_is_refused(told_instead: str, tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, "treatments/prp.yaml", "Does it always work?", repr(told_instead))
    sentence = "A check-question is one question that ends with “?” and tells nothing before."
    assert told(rules, Level.PROBLEM) == [f"rules/treatments/prp.yaml:39: {sentence}"]


@pytest.mark.parametrize(
    ("file", "old", "new", "note"),
    [
        pytest.param(
            "flags/bleeding.yaml",
            "{is: warfarin}",
            "{any_of: [warfarin]}",
            "rules/questions.yaml:21: No rule or condition looks at these options of medicines: "
            "steroid.",
            id="options nobody looks at",
        ),
        pytest.param(
            "flags/bleeding.yaml",
            "for: all",
            "for: [mesotherapy]",
            "rules/questions.yaml:30: No rule for prp looks at these options of "
            "blood_thinner_kind: warfarin. They are offered there, and read for others alone.",
            id="options that only rules of another treatment look at",
        ),
        pytest.param(
            "sources.yaml",
            "sources:\n",
            "sources:\n  - id: S2\n    citation: Another\n    year: no date\n    basis: memory\n",
            "rules/sources.yaml:2: Nothing names the source S2.",
            id="a source nobody names",
        ),
        pytest.param(
            "questions.yaml",
            "        for: [mesotherapy]\n",
            "        for: [mesotherapy]\n"
            "        ask_when:\n          full_name: {answered: true}\n",
            "rules/questions.yaml:46: skin_picture is always asked: its ask_when is always true.",
            id="a question that is always asked",
        ),
        pytest.param(
            "questions.yaml",
            "          - {id: steroid, text: A steroid}\n",
            "".join(f"          - {{id: m{n}, text: Medicine {n}}}\n" for n in range(9)),
            "rules/questions.yaml:21: No rule or condition looks at these options of medicines: "
            "m0, m1, m2, m3, m4, m5, m6, m7, m8.",
            id="many options nobody looks at",
        ),
    ],
)
def test_what_is_worth_a_look_is_noted_and_refuses_nothing(
    file: str, old: str, new: str, note: str, tmp_path: Path
) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, file, old, new)
    assert note in told(rules, Level.NOTE)
    assert told(rules, Level.PROBLEM) == []
    assert load_library(rules).rules


def test_options_that_are_not_offered_or_read_elsewhere_are_not_noted(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    assert not [note for note in told(rules, Level.NOTE) if "read for others alone" in note]


def test_a_rule_too_long_to_work_out_is_noted(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    names = [f"m{number}" for number in range(9)]
    options = "".join(f"          - {{id: {name}, text: Medicine {name}}}\n" for name in names)
    change(rules, "questions.yaml", "          - {id: steroid, text: A steroid}\n", options)
    parts = "".join(f"        - medicines: {{any_of: [{name}]}}\n" for name in names)
    change(
        rules,
        "flags/bleeding.yaml",
        "        - age: {at_least: 18}\n",
        f"        - any:\n{parts.replace('        -', '            -')}",
    )
    ask_when = "        ask_when:\n          any:\n" + parts.replace("        -", "            -")
    change(rules, "questions.yaml", "      - id: felt_low\n", "      - id: felt_low\n" + ask_when)
    notes = told(rules, Level.NOTE)
    assert "rules/flags/bleeding.yaml:16: Whether BL-02 can fire is too long to work out." in notes
    assert (
        "rules/questions.yaml:47: Whether felt_low can be asked is too long to work out." in notes
    )


def test_no_figure_of_a_clinic_leads_off_the_calendar(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    written = (rules / "clinic.yaml").read_text()
    figures = {
        "retention:\n  years_after_last_attendance": (1, 200),
        "  minors_until_birthday": (18, 200),
        "answers_count_for_days": (1, 3660),
    }
    for beyond in (1, 10**7, 10**19 - 4000):
        lines = [f"{key}: {most + beyond}\n" for key, (_, most) in figures.items()]
        (rules / "clinic.yaml").write_text(written + "".join(lines))
        assert [problem.partition(": ")[2] for problem in told(rules, Level.PROBLEM)] == [
            f"“{key.split()[-1]}” is a whole number from {least} to {most}."
            for key, (least, most) in figures.items()
        ]


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, "flags/bleeding.yaml", "severity: stop", "severity: halt")
    change(rules, "clinic.yaml", "{email}", "{mail}")
    change(rules, "questions.yaml", "kind: text", "kind: prose")
    change(rules, "sources.yaml", "id: S1", "id: S2")
    found = told(rules, Level.PROBLEM)
    assert {line.partition(":")[0] for line in found} >= {
        "rules/clinic.yaml",
        "rules/disagreements.yaml",
        "rules/flags/bleeding.yaml",
        "rules/questions.yaml",
        "rules/shared.yaml",
    }


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    (rules / "clinic.yaml").unlink()
    assert told(rules, Level.PROBLEM) == [
        "rules/clinic.yaml:1: This file cannot be read: no such file or directory."
    ]


@pytest.mark.parametrize("name", ["flags/pain.yml", "flags/more/pain.yaml", "flag/pain.YAML"])
def test_a_rule_in_a_misnamed_file_is_not_silently_lost(name: str, tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    (rules / name).parent.mkdir(exist_ok=True)
    shutil.copy(rules / "flags/bleeding.yaml", rules / name)
    assert told(rules, Level.PROBLEM) == [
        f"rules/{name}:1: This file is not read; see README.md for the names that are."
    ]


def test_notes_and_hidden_files_beside_the_rules_are_left_alone(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    for name in ("README.md", "flags/.bleeding.yaml.swp", "flags/.draft.yaml"):
        (rules / name).write_text("anything")
    assert told(rules, Level.PROBLEM) == []


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentProblems):
        load_library(tmp_path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"# only a remark\n", "This file is empty."),
        (b"\xff\xfe", "This file is not in UTF-8."),
        (b"name: a\nwords: caf\xe9\n", "This file is not in UTF-8."),
        (b"x" * 1_000_001, "This file has more than 1,000,000 letters."),
        (b"just words\n", "A clinic is written as keys with values."),
        (b"name: \x00\n", "There is a hidden sign here (U+0000); remove it."),
    ],
    ids=["empty", "remarks", "utf-16", "latin-1", "too large", "no keys", "control sign"],
)
def test_a_file_that_is_no_content_is_refused(
    content: bytes, sentence: str, tmp_path: Path
) -> None:
    rules = lay(tmp_path / "rules")
    (rules / "clinic.yaml").write_bytes(content)
    assert [line.partition(": ")[2] for line in told(rules, Level.PROBLEM)] == [sentence]


def test_line_ends_of_another_system_change_nothing(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    for path in rules.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert told(rules, Level.PROBLEM) == []


def test_the_fingerprint_covers_every_byte_that_is_read(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    versions = {load_library(rules).version}
    for file in ("questions.yaml", "flags/bleeding.yaml", "treatments/prp.yaml", "clinic.yaml"):
        with (rules / file).open("a") as opened:
            opened.write("# a remark\n")
        versions.add(load_library(rules).version)
    assert len(versions) == 5


def test_a_folder_is_read_again_only_when_something_in_it_changed(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    first = load_library(rules)
    assert load_library(rules) is first
    change(rules, "cases/bleeding.yaml", "Takes warfarin", "Takes warfarin every day")
    again = load_library(rules)
    assert (again is first, again.version) == (False, first.version)
    (rules / "flags" / "bleeding.yaml").unlink()
    with pytest.raises(ContentProblems):
        load_library(rules)


def test_cases_do_not_change_the_fingerprint(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    before = load_library(rules).version
    change(rules, "cases/bleeding.yaml", "Takes warfarin", "Takes warfarin every day")
    assert load_library(rules).version == before
