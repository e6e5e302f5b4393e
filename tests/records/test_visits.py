"""Arranging visits, moving them and opening them by code."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from questionnaire.domain.errors import ChangedSince, NotFound
from questionnaire.domain.visit import Patient, Station, Visit
from questionnaire.records.database import Database
from questionnaire.records.visits import (
    CodeTaken,
    add_patient,
    add_visit,
    get_visit,
    maybe_same,
    move_visit,
    set_code,
    set_patient,
    set_treatments,
    use_code,
    visit_for_code,
    visits_at,
    visits_between,
    visits_of_patient,
)

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_visit_reads_back_as_it_was_arranged(database: Database, visit: Visit) -> None:
    with database.read() as tx:
        assert get_visit(tx, visit.id) == visit


def test_an_unknown_visit_is_not_found(database: Database) -> None:
    with database.read() as tx, pytest.raises(NotFound):
        get_visit(tx, "nobody")


def test_a_move_is_kept_one_version_on(database: Database, visit: Visit) -> None:
    until = date(2031, 4, 1)
    with database.write() as tx:
        moved = move_visit(tx, visit, Station.DEFERRED, deferred_until=until)
    assert moved == replace(visit, station=Station.DEFERRED, version=2, deferred_until=until)
    with database.read() as tx:
        assert get_visit(tx, visit.id) == moved


def test_leaving_deferred_forgets_until_when(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        deferred = move_visit(tx, visit, Station.DEFERRED, deferred_until=date(2031, 4, 1))
        move_visit(tx, deferred, Station.UNDER_REVIEW)
    with database.read() as tx:
        assert get_visit(tx, visit.id).deferred_until is None


@pytest.mark.guarantees("R11")
def test_the_second_of_two_moves_from_one_view_is_refused(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        moved = move_visit(tx, visit, Station.IN_PROGRESS)
    with pytest.raises(ChangedSince), database.write() as tx:
        move_visit(tx, visit, Station.DECLINED)
    with pytest.raises(ChangedSince), database.write() as tx:
        set_treatments(tx, visit, ("prp_face",))
    with database.read() as tx:
        assert get_visit(tx, visit.id) == moved


def test_treatments_can_be_changed_one_version_on(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        changed = set_treatments(tx, visit, ["prp_face", "meso_hair"])
    assert changed == replace(visit, treatments=("prp_face", "meso_hair"), version=2)
    with database.read() as tx:
        assert get_visit(tx, visit.id) == changed


def test_a_live_code_opens_its_visit(database: Database, visit: Visit) -> None:
    with database.read() as tx:
        assert visit_for_code(tx, "RIVER-42", NOW) == visit


def test_unknown_expired_and_used_codes_look_the_same(database: Database, visit: Visit) -> None:
    with database.read() as tx:
        assert visit_for_code(tx, "RIVER-43", NOW) is None
        assert visit_for_code(tx, "RIVER-42", NOW + HOUR) is None
    with database.write() as tx:
        assert use_code(tx, visit.id, NOW)
    with database.read() as tx:
        assert visit_for_code(tx, "RIVER-42", NOW) is None


def test_a_code_is_used_up_once(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        assert [use_code(tx, visit.id, NOW) for _ in range(2)] == [True, False]


def test_an_expired_code_cannot_be_used_up(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        assert not use_code(tx, visit.id, NOW + HOUR)


def test_a_new_code_ends_the_old_one(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        use_code(tx, visit.id, NOW)
        set_code(tx, visit.id, "STONE-7", NOW + HOUR)
    with database.read() as tx:
        assert visit_for_code(tx, "RIVER-42", NOW) is None
        assert visit_for_code(tx, "STONE-7", NOW) == visit


def test_a_code_for_an_unknown_visit_is_refused(database: Database) -> None:
    with pytest.raises(NotFound), database.write() as tx:
        set_code(tx, "nobody", "STONE-7", NOW)


def test_two_visits_never_share_a_code(database: Database, visit: Visit) -> None:
    second = replace(visit, id="visit-2")
    with pytest.raises(CodeTaken), database.write() as tx:
        add_visit(tx, second, arranged_by="staff-2", code="RIVER-42", code_expires_at=NOW + HOUR)
    with database.write() as tx:
        set_code(tx, visit.id, "RIVER-42", NOW + 2 * HOUR)
        assert visits_at(tx, [visit.station]) == [visit]


def test_a_visit_needs_its_patient(database: Database, visit: Visit) -> None:
    stranger = replace(visit, id="visit-2", patient=Patient("x", "X", date(1990, 1, 1)))
    with pytest.raises(Exception, match="FOREIGN KEY"), database.write() as tx:
        add_visit(tx, stranger, arranged_by="staff-2", code="A", code_expires_at=NOW)


def test_lists_are_by_day_and_station_earliest_first(database: Database, visit: Visit) -> None:
    later = replace(visit, id="visit-3", appointment_at=NOW + HOUR)
    sooner = replace(visit, id="visit-2", appointment_at=NOW - HOUR, station=Station.SUBMITTED)
    with database.write() as tx:
        for each in (later, sooner):
            add_visit(tx, each, arranged_by="staff-2", code=each.id, code_expires_at=NOW)
    with database.read() as tx:
        assert visits_between(tx, NOW - HOUR, NOW + HOUR) == [sooner, visit]
        assert visits_at(tx, [Station.ARRANGED]) == [visit, later]
        assert visits_at(tx, [Station.ARRANGED, Station.SUBMITTED]) == [sooner, visit, later]
        assert visits_at(tx, []) == []


def test_whoever_may_be_the_same_is_found_by_birth_date_and_name(
    database: Database, visit: Visit
) -> None:
    born = visit.patient.date_of_birth
    with database.read() as tx:
        assert maybe_same(tx, " zoe  NI-BHRIAIN", born) == [visit]
        assert maybe_same(tx, visit.patient.full_name, born) == [visit]
        assert maybe_same(tx, "Zoe Ni Bhriain", date(1984, 3, 1)) == []
        assert maybe_same(tx, "Zoe Ni", born) == []
        assert maybe_same(tx, "Ni Bhriain", born) == []


@pytest.mark.parametrize(
    ("name", "passport"),
    [
        ("محمد علي", "Mohammed bin Ali"),
        ("Mohammed bin Ali", "محمد علي"),
        ("Юлия Тестова", "Julia Testova-Smith"),
        ("王小明", "Xiaoming Testwell"),
        ("שרה בדיקה", "Ольга Тестова"),
    ],
)
def test_a_name_in_another_script_may_be_the_same_when_born_that_day(
    database: Database, visit: Visit, name: str, passport: str
) -> None:
    born = date(1986, 3, 13)
    before = replace(visit.patient, id="patient-2", full_name=name, date_of_birth=born)
    kept = replace(visit, id="visit-2", patient=before)
    with database.write() as tx:
        add_patient(tx, before, at=NOW)
        add_visit(tx, kept, arranged_by="staff-2", code="A", code_expires_at=NOW)
    with database.read() as tx:
        assert maybe_same(tx, passport, born) == [kept]
        assert maybe_same(tx, passport, date(1986, 5, 28)) == []
        assert maybe_same(tx, f"{name[:2]} {passport}", born) == []


@pytest.mark.parametrize("name", ["", "—", "…", "😀", "\u200b", "\u3164", "%", "_"])
def test_a_name_without_a_letter_finds_nobody(database: Database, visit: Visit, name: str) -> None:
    with database.write() as tx:
        nobody = replace(visit.patient, id="patient-2", full_name=name)
        add_patient(tx, nobody, at=NOW)
        other = replace(visit, id="visit-2", patient=nobody)
        add_visit(tx, other, arranged_by="staff-2", code="A", code_expires_at=NOW)
    with database.read() as tx:
        assert maybe_same(tx, name, visit.patient.date_of_birth) == []


def test_each_visit_keeps_the_name_as_it_was_typed_for_it(database: Database, visit: Visit) -> None:
    plain = replace(visit.patient, full_name="Zoe Ni Bhriain")
    second = replace(visit, id="visit-2", patient=plain, appointment_at=NOW + HOUR)
    with database.write() as tx:
        add_visit(tx, second, arranged_by="staff-2", code="A", code_expires_at=NOW)
    with database.read() as tx:
        assert visits_of_patient(tx, visit.patient.id) == [second, visit]


def test_a_visit_can_be_put_right_one_version_on(database: Database, visit: Visit) -> None:
    right = replace(visit.patient, full_name="Zofia Łysek", date_of_birth=date(1990, 3, 14))
    with database.write() as tx:
        corrected = set_patient(tx, visit, right, "Passport")
    assert corrected == replace(visit, patient=right, identity_check="Passport", version=2)
    with database.read() as tx:
        assert get_visit(tx, visit.id) == corrected
        assert maybe_same(tx, "Zofia Lysek", date(1990, 3, 14)) == [corrected]
        assert maybe_same(tx, visit.patient.full_name, visit.patient.date_of_birth) == []
