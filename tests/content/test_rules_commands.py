"""What a clinician who edits the rules types, and what comes back."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from questionnaire.cli.rules import rules
from tests.content.test_checks import change, lay

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[2]
PRP = "PRP injections for hair, PRP with micro-needling, PRP with a hair transplant or minoxidil"
ANTICOAGULANTS = "“Warfarin” or “Apixaban, rivaroxaban, edoxaban or dabigatran” or “Heparin shots”"
CASE = """\
cases:
  - case: Warfarin and an unsure row
    born: 1985-03-27
    today: 2025-06-02
    treatments: [prp_injections]
    answers:
      medicines: {"yes": [blood_thinner], "not_sure": [steroid]}
      blood_thinner_kind: [warfarin]
      height: 170
    fires: [MD-01]
"""

BILLIONS = "\N{MULTIPLICATION SIGN} 10⁹ per litre"


def ask(*words: str, folder: Path = ROOT / "rules", given: str | None = None) -> Result:
    """Type `rules …` for that folder."""
    return CliRunner().invoke(rules, words, env={"CANDOUR_RULES": str(folder)}, input=given)


def test_check_counts_what_is_there_and_lists_what_is_worth_a_look() -> None:
    result = ask("check")
    assert result.exit_code == 0
    *notes, last = result.output.splitlines()
    assert all(line.startswith("note: rules/") for line in notes)
    assert last.startswith("196 rules, 96 questions, 7 treatments; ")
    assert f"come out as they say. No problems; {len(notes)} notes." in last


def test_check_lists_problems_and_fails(tmp_path: Path) -> None:
    folder = lay(tmp_path / "rules")
    change(folder, "flags/bleeding.yaml", "severity: stop", "severity: halt")
    result = ask("check", folder=folder)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "rules/flags/bleeding.yaml:7: “severity” is one of info, discuss, caution, stop, not halt.",
        "1 problem; no notes. The app does not start until the problems are mended.",
    ]


def test_try_tells_flags_with_their_reasons_in_words(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(CASE.replace("      height: 170\n", ""))
    result = ask("try", str(case))
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[:7] == [
        "Warfarin and an unsure row",
        "  PRP injections for hair. Born 27 March 1985; today is 2 June 2025.",
        "  Do you take any of these? Blood thinners, aspirin or clopidogrel; Not sure: Steroids",
        "  Which blood thinner? Warfarin",
        "  Triage: caution",
        "  CAUTION MD-01 On an anticoagulant",
        f"    because: Which blood thinner? includes {ANTICOAGULANTS}",
    ]
    assert "  Not sure — Do you take any of these? Steroids" in lines
    assert "  Not settled — Do you get thick, raised scars (keloids)? (GM-19, GM-20)" in lines


def test_try_says_where_a_case_comes_out_otherwise(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(CASE.replace("fires: [MD-01]", "fires: [MD-02]"))
    result = ask("try", str(case))
    assert result.exit_code == 1
    assert "This case says otherwise: MD-02 does not fire." in result.output
    assert "height is not asked, so its answer changes nothing." in result.output


def test_try_shows_an_answer_held_back(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    answers = "    answers:\n      smoking: {withheld: tell_clinician}\n"
    case.write_text(CASE.partition("    answers:")[0] + answers)
    result = ask("try", str(case))
    assert (
        "  I would rather say it to the clinician — Do you smoke or vape?"
        in result.output.splitlines()
    )


def test_try_names_what_is_wrong_in_the_case(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(CASE.replace("[warfarin]", "[rat_poison]"))
    result = ask("try", str(case))
    assert result.exit_code == 1
    assert result.output == f"Error: {case}:8: blood_thinner_kind: Pick from the list.\n"


@pytest.mark.parametrize("words", [["try"], ["try", "--batch", "-", __file__]])
def test_try_wants_one_file(words: list[str]) -> None:
    result = ask(*words)
    assert result.exit_code == 2
    assert "Name either a CASE file or --batch with a file of patients." in result.output


def test_try_batch_answers_each_line_and_fails_at_the_end_when_one_is_malformed() -> None:
    patient = {
        "id": "a",
        "treatments": ["mesotherapy_face"],
        "date_of_birth": "2010-01-01",
        "on": "2025-06-02",
        "answers": {"smoking": "no"},
    }
    good = json.dumps(patient)
    fine = ask("try", "--batch", "-", given=good + "\n")
    assert fine.exit_code == 0
    assert json.loads(fine.output)["fires"] == ["ID-01"]
    result = ask("try", "--batch", "-", given=f"{good}\nnonsense\n{good}\n")
    assert result.exit_code == 1
    first, second, third = (json.loads(line) for line in result.output.splitlines())
    assert first == third == json.loads(fine.output)
    assert second == {"id": None, "error": "This line is not one JSON object."}


def test_explain_tells_the_rule_its_source_and_examples() -> None:
    result = ask("explain", "bl-02")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[:8] == [
        "BL-02 Platelets 100-149",
        "Caution: treat only after a named action is recorded.",
        "Topic: Blood and platelets",
        f"For: {PRP}",
        "Fires when:",
        "  All of these:",
        f"    Do you know your platelet count? is at least 100 {BILLIONS}",
        f"    Do you know your platelet count? is below 150 {BILLIONS}",
    ]
    assert "  M10 Adult reference ranges" in result.output
    examples = result.output.partition("Fires for example for:")[2]
    assert f"Do you know your platelet count? 100 {BILLIONS}" in examples
    assert f"Do you know your platelet count? 99.9 {BILLIONS}" in examples


def test_explain_suggests_a_rule_that_looks_alike() -> None:
    result = ask("explain", "BL-99")
    assert result.exit_code == 1
    assert result.output == "Error: There is no rule BL-99. Did you mean BL-09?\n"


@pytest.mark.parametrize("words", [["explain", "BL-01"], ["try", "--batch", "-"]])
def test_nothing_is_tried_on_rules_with_problems(words: list[str], tmp_path: Path) -> None:
    folder = lay(tmp_path / "rules")
    change(folder, "clinic.yaml", "{email}", "{emial}")
    result = ask(*words, folder=folder)
    assert result.exit_code == 1
    assert result.output == (
        "Error: rules/clinic.yaml:1: There is no fact {emial} of the clinic. Did you mean email?\n"
    )


def test_a_wrong_setting_is_one_sentence() -> None:
    result = CliRunner().invoke(rules, ["check"], env={"CANDOUR_PORT": "none"})
    assert result.exit_code == 1
    assert result.output.startswith("Error: CANDOUR_PORT must be")
