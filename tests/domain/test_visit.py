"""The stations of a visit: which move leads where, from where, and who may make it."""

import pytest

from questionnaire.domain.errors import NotAllowed, WrongStation
from questionnaire.domain.visit import MOVES, Move, Role, Station, after

PATH = (
    (Move.START, Role.PATIENT, Station.IN_PROGRESS),
    (Move.SUBMIT, Role.PATIENT, Station.SUBMITTED),
    (Move.OPEN_REVIEW, Role.CLINICIAN, Station.UNDER_REVIEW),
    (Move.MAKE_READY, Role.CLINICIAN, Station.CONSENT_READY),
    (Move.SIGN, Role.PATIENT, Station.PATIENT_SIGNED),
    (Move.COUNTERSIGN, Role.CLINICIAN, Station.COUNTERSIGNED),
    (Move.SEAL, Role.SEALER, Station.SEALED),
)


def test_the_whole_way_from_the_desk_to_the_archive() -> None:
    station = Station.ARRANGED
    for move, role, expected in PATH:
        station = after(station, move, role)
        assert station == expected


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("station", Station)
def test_a_move_is_made_only_from_its_stations(station: Station, move: Move) -> None:
    origins, destination, roles = MOVES[move]
    role = min(roles)
    if station in origins:
        assert after(station, move, role) == destination
    else:
        with pytest.raises(WrongStation, match="cannot be taken now") as refused:
            after(station, move, role)
        assert station.replace("_", " ") in refused.value.sentence


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("role", Role)
def test_a_move_is_made_only_by_its_roles(role: Role, move: Move) -> None:
    origins, destination, roles = MOVES[move]
    if role in roles:
        assert after(min(origins), move, role) == destination
    else:
        with pytest.raises(NotAllowed):
            after(min(origins), move, role)


@pytest.mark.guarantees("S05")
def test_nothing_leaves_a_sealed_or_declined_visit() -> None:
    left = {origin for origins, _, _ in MOVES.values() for origin in origins}
    assert left.isdisjoint({Station.SEALED, Station.DECLINED, Station.WITHDRAWN})


@pytest.mark.guarantees("S05")
def test_only_the_signed_way_leads_to_a_seal() -> None:
    into = {
        station: {move for move, (_, after_it, _) in MOVES.items() if after_it == station}
        for station in (Station.PATIENT_SIGNED, Station.COUNTERSIGNED, Station.SEALED)
    }
    assert into == {
        Station.PATIENT_SIGNED: {Move.SIGN},
        Station.COUNTERSIGNED: {Move.COUNTERSIGN},
        Station.SEALED: {Move.SEAL},
    }
