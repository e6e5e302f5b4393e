"""How hard a patient text is to read, and how exceptions are kept honest."""

from pathlib import Path

import pytest

from questionnaire.content.reading_grade import graded, read_exceptions, syllables
from tests.content.test_checks import change, lay
from tests.content.test_rules_commands import ask

HARD = "The clinician investigates abnormalities of coagulation before administering injections."


def allow(rules: Path, exceptions: str) -> Path:
    """The folder with that file of exceptions."""
    (rules / "reading_exceptions.yaml").write_text(exceptions)
    return rules


def test_the_real_texts_are_at_grade_6_or_listed_with_a_reason() -> None:
    result = ask("check", "--reading")
    assert result.exit_code == 0
    *_, empty, last = result.output.splitlines()
    assert empty == ""
    assert "at most 6 but for 6 listed" in last
    assert last.endswith("Nothing to mend.")
    assert "  7.6  question.medicines.option.isotretinoin  (listed: A label" in result.output


def test_a_text_is_graded_by_the_formula_of_flesch_and_kincaid() -> None:
    # 14 words and 15 syllables in 2 sentences
    found = graded("a", "It may not work for you. It may take a few visits to see.")
    assert found.grade == round(0.39 * 14 / 2 + 11.8 * 15 / 14 - 15.59, 1)
    assert found.long_words == ()


def test_a_stop_inside_a_figure_or_an_address_ends_no_sentence() -> None:
    whole = graded("a", "About 14 of us grew 276 more hairs in that time.")
    assert graded("b", "About 1.4 of us grew 27.6 more hairs in that time.").grade == whole.grade


@pytest.mark.parametrize(
    ("word", "least"),
    [("mesotherapy", 5), ("finasteride", 4), ("hyaluronidase", 5), ("phosphatidylcholine", 6)],
)
def test_a_name_no_dictionary_knows_counts_all_its_vowels(word: str, least: int) -> None:
    assert syllables(word) >= least


def test_short_words_of_the_dictionary_count_as_they_sound() -> None:
    assert [syllables(it) for it in ("platelet", "needle", "area", "sometimes", "40")] == [
        2,
        2,
        3,
        2,
        1,
    ]


def test_a_short_text_gets_no_grade_but_its_long_words() -> None:
    found = graded("a", "Minoxidil or a hair transplant")
    assert (found.grade, found.long_words) == (None, ("minoxidil",))


def test_what_is_too_hard_is_told_with_its_words(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, "questions.yaml", "What is your name?", HARD)
    result = ask("check", "--reading", folder=rules)
    assert result.exit_code == 1
    (line,) = [it for it in result.output.splitlines() if it.startswith("question.full_name.text ")]
    assert line.endswith(f", above 6: “{HARD}”")


def test_a_long_word_in_a_short_text_is_told_with_its_words(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, "questions.yaml", "What is your name?", "Your identification?")
    result = ask("check", "--reading", folder=rules)
    assert result.exit_code == 1
    assert (
        "question.full_name.text is short and holds the long word identification: "
        "“Your identification?”"
    ) in result.output.splitlines()


def test_a_reasoned_exception_lets_a_hard_text_pass(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    before = ask("check", "--reading", folder=rules)
    change(rules, "questions.yaml", "What is your name?", HARD)
    allow(rules, "texts:\n  - {text: question.full_name.text, reason: It is a test.}\n")
    after = ask("check", "--reading", folder=rules)
    told = [it for it in after.output.splitlines() if it.startswith("question.full_name.text ")]
    assert told == []
    assert before.output.count(" is short and holds ") == after.output.count(" is short and holds ")


@pytest.mark.parametrize(
    ("exceptions", "problem"),
    [
        pytest.param(
            "texts:\n  - text: question.ful_name.text\n    reason: It was misspelt.\n",
            ":2: There is no text question.ful_name.text. Did you mean question.full_name.text?",
            id="a text that does not exist",
        ),
        pytest.param(
            "texts:\n  - text: question.full_name.text\n    reason: It is easy.\n",
            ":2: question.full_name.text has fewer than 8 words and gets no grade; "
            "it needs no exception.",
            id="a text that needs none",
        ),
        pytest.param(
            "words:\n  - words: [floccinaucinihilipilification]\n    reason: Nobody says it.\n",
            ":2: No short text holds the long word floccinaucinihilipilification.",
            id="a word that no text holds",
        ),
        pytest.param(
            "texts:\n  - text: question.full_name.text\n",
            ":2: This text exception has no “reason”.",
            id="an exception without a reason",
        ),
        pytest.param(
            "text: []\n",
            ":1: A reading exceptions file has no “text”. Did you mean texts?",
            id="a misspelt key",
        ),
    ],
)
def test_an_exception_for_nothing_is_a_problem(
    exceptions: str, problem: str, tmp_path: Path
) -> None:
    rules = allow(lay(tmp_path / "rules"), exceptions)
    result = ask("check", "--reading", folder=rules)
    assert result.exit_code == 1
    assert f"rules/reading_exceptions.yaml{problem}" in result.output.splitlines()
    assert ask("check", folder=rules).exit_code == 0, "the app starts all the same"


def test_a_text_listed_twice_is_a_problem(tmp_path: Path) -> None:
    twice = "  - {text: question.full_name.text, reason: One.}\n"
    rules = allow(lay(tmp_path / "rules"), f"texts:\n{twice}{twice}")
    _, problems = read_exceptions(rules)
    (problem,) = problems
    assert str(problem) == (
        "rules/reading_exceptions.yaml:3: text question.full_name.text is already in "
        "rules/reading_exceptions.yaml, line 2."
    )
