"""Facts of a clinic that were kept earlier are read as they were meant."""

from dataclasses import asdict, replace

import pytest
from sqlalchemy import insert

from questionnaire.domain.clinic_details import ClinicDetails
from questionnaire.records.clinic_versions import newest_clinic
from questionnaire.records.tables import clinic_version
from tests.clinics import OPENED, Clinic

JOINED = "united_kingdom_and_european_union"
BOTH = ("united_kingdom", "european_union")


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ((JOINED,), BOTH),
        (("united_kingdom", "england", JOINED), ("united_kingdom", "england", "european_union")),
        (("european_union", "france"), ("european_union", "france")),
        ((), ()),
    ],
)
def test_who_had_ticked_a_place_that_was_two_has_both(
    clinic: Clinic, kept: tuple[str, ...], read: tuple[str, ...]
) -> None:
    facts = replace(ClinicDetails(), law_of=kept)
    with clinic.house.database.write() as tx:
        number = newest_clinic(tx).number + 1
        body = tx.ring.seal_body(asdict(facts), table="clinic_version", row=str(number))
        row = {"number": number, "made_at": OPENED, "made_by": "Minnie Strator", "body": body}
        tx.connection.execute(insert(clinic_version).values(row))
    with clinic.house.database.read() as tx:
        assert newest_clinic(tx).details.law_of == read
    assert set(read) <= set(clinic.house.library.places)
