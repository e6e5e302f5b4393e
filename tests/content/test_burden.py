"""How much a typical patient is asked, and how their taps are counted."""

from datetime import date
from pathlib import Path

import pytest

from questionnaire.cli.burden import MOST_REQUIRED, Burden, burdens
from questionnaire.content.library import load_library
from questionnaire.domain.library import Library
from tests.content.test_checks import lay
from tests.content.test_rules_commands import ask

pytestmark = pytest.mark.whole

TODAY = date(2026, 11, 25)
MOST_TAPS = 136
"""One more than before pages kept what they hold while the form is filled in."""


@pytest.fixture(scope="module")
def found(library: Library) -> tuple[Burden, ...]:
    """The burden of every treatment, worked out once."""
    return burdens(library, TODAY)


def test_a_typical_patient_answers_at_most_45_required_questions(
    library: Library, found: tuple[Burden, ...]
) -> None:
    assert {(it.treatment, it.sex) for it in found} == {
        (treatment, sex) for treatment in library.treatments for sex in ("female", "male")
    }
    assert all(it.required <= MOST_REQUIRED for it in found)
    assert {it.looked_over for it in found} == {3}


def test_a_typical_patient_finishes_the_form_in_136_taps(found: tuple[Burden, ...]) -> None:
    assert max(it.taps for it in found) <= MOST_TAPS


def test_rows_choices_boxes_and_pages_are_counted_as_taps(tmp_path: Path) -> None:
    small = load_library(lay(tmp_path / "rules"))
    # pages: three from the desk; a list of two rows; one choice; and a picture for mesotherapy
    assert burdens(small, TODAY)[::2] == (
        Burden("prp", "female", required=2, looked_over=3, pages=3, taps=2 + 1 + 3),
        Burden("mesotherapy", "female", required=3, looked_over=3, pages=4, taps=2 + 1 + 1 + 4),
    )


def test_the_command_tells_each_treatment_and_what_is_over() -> None:
    result = ask("burden")
    assert result.exit_code == 0
    *lines, over = result.output.splitlines()
    assert len(lines) == 14
    assert lines[0].endswith(" taps: prp_injections, female")
    assert over == "More than 45 required questions: none."
