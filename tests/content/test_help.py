"""What a question says about its own boxes is true of them; a choice is offered where it fits."""

from pathlib import Path

import pytest

from questionnaire.content import Level
from questionnaire.domain.library import Library
from tests.content.test_checks import change, lay, told

NAME = "        text: What is your name?\n"


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("Pick the picture most like you.", "speaks of a picture and is not of kind picture."),
        ("You can skip it.", "may not be left out: it is not optional."),
        ("Leave this blank if you like.", "may not be left out: it is not optional."),
        ("Pick all that fit.", "takes one answer: it is not of kind multiple."),
    ],
)
def test_help_that_does_not_fit_its_boxes_is_named(said: str, problem: str, tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, "questions.yaml", NAME, f"{NAME}        help: {said}\n")
    (found,) = told(rules, Level.PROBLEM)
    assert found.endswith(f": full_name {problem}")


@pytest.mark.parametrize("said", ["Record name, batch and expiry.", "Please write it down."])
def test_help_that_asks_for_words_under_a_list_of_choices_is_named(
    said: str, tmp_path: Path
) -> None:
    rules = lay(tmp_path / "rules")
    low = "        text: How often did you feel low?\n"
    change(rules, "questions.yaml", low, f"{low}        help: {said}\n")
    (found,) = told(rules, Level.PROBLEM)
    assert found.endswith(": felt_low has no box to write in: it is a list of choices.")


def test_a_choice_for_a_treatment_its_question_is_not_asked_for_is_named(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, "questions.yaml", '{id: "1", text: Fair}', '{id: "1", text: Fair, for: [prp]}')
    (found,) = told(rules, Level.PROBLEM)
    assert found.endswith("The option 1 is for prp, for which skin_picture is not asked.")


def test_hair_patients_are_not_asked_about_chin_fat(library: Library) -> None:
    wanted = library.questionnaire.questions["wanted_change"]
    offered = {
        treatment: {option.id for option in wanted.offered_for(frozenset({treatment})).options}
        for treatment in library.treatments
    }
    assert "less_fat_under_chin" not in offered["prp_injections"]
    assert "thicker_hair" not in offered["fat_dissolving"]
    assert all("something_else" in choices for choices in offered.values())
    assert all(len(choices) > 1 for choices in offered.values())
    everything = wanted.offered_for(frozenset(library.treatments))
    assert everything == wanted


def test_every_question_keeps_choices_for_each_treatment_it_is_asked_for(library: Library) -> None:
    for question in library.questionnaire.questions.values():
        for treatment in question.treatments or frozenset(library.treatments):
            assert not question.options or question.offered_for(frozenset({treatment})).options
