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


def test_whoever_is_in_a_place_reads_the_law_of_the_places_around_it() -> None:
    assert LIBRARY.law_read(()) == {"everywhere"}
    assert LIBRARY.law_read(("france",)) == {"everywhere", "france", "european_union"}
    assert LIBRARY.law_read(("england",)) == {"everywhere", "england", "united_kingdom"}
    assert LIBRARY.law_read(("european_union",)) == {"everywhere", "european_union"}
    assert LIBRARY.law_read(("a_place_of_earlier",)) == {"everywhere"}


@pytest.mark.parametrize("place", [key for key in LIBRARY.places if key != "everywhere"])
def test_treatments_of_which_no_law_of_a_ticked_place_is_told_are_known(place: str) -> None:
    read = LIBRARY.law_read((place,)) - {"everywhere"}
    untold = {it.id for it in LIBRARY.without_law((place,))}
    assert untold == {
        key for key, it in LIBRARY.treatments.items() if not read & it.legal_status.keys()
    }


def test_the_law_of_the_european_union_is_told_of_every_treatment_that_has_any() -> None:
    untold = [it.id for it in LIBRARY.without_law(("european_union",))]
    assert untold == ["prp_microneedling"]
