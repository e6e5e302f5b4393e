"""What hangs together in the content: rules, risks and statements by treatment."""

from pathlib import Path

import pytest

from questionnaire.content import load_library

LIBRARY = load_library(Path(__file__).parents[2] / "rules")


def test_a_rule_is_found_by_its_id() -> None:
    assert LIBRARY.rule("BL-01").title == "Platelets under 100"
    with pytest.raises(KeyError):
        LIBRARY.rule("BL-99")


def test_a_treatment_has_its_own_risks_first_and_then_the_shared_ones_meant_for_it() -> None:
    needling = [risk.id for risk in LIBRARY.risks_of("prp_microneedling")]
    injections = [risk.id for risk in LIBRARY.risks_of("prp_injections")]
    own = [risk.id for risk in LIBRARY.treatments["prp_microneedling"].risks]
    assert needling[: len(own)] == own
    assert "cold_sore_flare" in needling
    assert "cold_sore_flare" not in injections


def test_statements_to_tick_come_once_in_the_order_of_the_shared_list() -> None:
    found = [it.id for it in LIBRARY.statements_of(["prp_injections", "mesotherapy_face"])]
    assert found == [key for key in LIBRARY.statements if key in found]
    assert {"studies_disagree", "studies_disagree_face"} <= set(found)
    assert "studies_disagree" not in [it.id for it in LIBRARY.statements_of(["fat_dissolving"])]


def test_every_risk_of_a_treatment_is_there_once() -> None:
    for treatment in LIBRARY.treatments:
        risks = [risk.id for risk in LIBRARY.risks_of(treatment)]
        assert len(risks) == len(set(risks))
