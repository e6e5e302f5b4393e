"""The archive finds visits by whatever is remembered, and only those."""
# ruff: noqa: RUF001  # names of many scripts

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from questionnaire.domain.visit import Patient, Station, Visit
from questionnaire.records.database import Database
from questionnaire.records.finding import find_visits
from questionnaire.records.names import plain_letters
from questionnaire.records.sealing import await_seal, mark_sealed, seal_of
from questionnaire.records.visits import add_patient, add_visit

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def three(database: Database, visit: Visit) -> Database:
    """Zoë now (visit-1), Anne-Marie a day later (visit-2), Zoë two days later (visit-3)."""
    anne = Patient("patient-2", "Anne-Marie O'Neill", date(1970, 5, 6))
    second = replace(
        visit,
        id="visit-2",
        patient=anne,
        appointment_at=NOW + DAY,
        treatments=("prp_face", "meso_hair"),
        clinician_id="staff-7",
        station=Station.SUBMITTED,
    )
    third = replace(visit, id="visit-3", appointment_at=NOW + 2 * DAY, treatments=())
    with database.write() as tx:
        add_patient(tx, anne, at=NOW)
        for each in (second, third):
            add_visit(tx, each, arranged_by="staff-2", code=each.id, code_expires_at=NOW)
        await_seal(tx, "visit-2", "a" * 64, NOW)
        await_seal(tx, "visit-3", "b" * 64, NOW)
        mark_sealed(
            tx,
            "visit-3",
            file_sha256="c" * 64,
            shelf_name="2031/03/r/consent.pdf",
            verification_code="K7Q2-9XWD",
            at=NOW,
        )
    return database


def found(database: Database, **wanted: object) -> list[str]:
    with database.read() as tx:
        return [each.visit.id for each in find_visits(tx, **wanted).visits]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, ["visit-3", "visit-2", "visit-1"]),
        ({"name": "zoe"}, ["visit-3", "visit-1"]),
        ({"name": "BHRI  ni"}, ["visit-3", "visit-1"]),
        ({"name": "marie"}, ["visit-2"]),
        ({"name": "o'neill"}, ["visit-2"]),
        ({"name": "eill"}, ["visit-2"]),
        ({"name": "oneill"}, ["visit-2"]),
        ({"name": "annemarie"}, ["visit-2"]),
        ({"name": "Anne Marie"}, ["visit-2"]),
        ({"name": "zoe marie"}, []),
        ({"name": "%"}, []),
        ({"name": "_"}, []),
        ({"name": "z%n"}, []),
        ({"name": "zo_"}, ["visit-3", "visit-1"]),
        ({"date_of_birth": date(1970, 5, 6)}, ["visit-2"]),
        ({"treatment": "meso_hair"}, ["visit-2"]),
        ({"treatment": "prp_"}, []),
        ({"treatment": "prp%face"}, []),
        ({"clinician_id": "staff-7"}, ["visit-2"]),
        ({"since": NOW + DAY}, ["visit-3", "visit-2"]),
        ({"until": NOW + DAY}, ["visit-1"]),
        ({"since": NOW, "until": NOW + 2 * DAY}, ["visit-2", "visit-1"]),
        ({"status": Station.SUBMITTED}, ["visit-2"]),
        ({"code": "K7Q2-9XWD"}, ["visit-3"]),
        ({"code": "K7Q2"}, []),
        ({"name": "zoe", "until": NOW + DAY, "treatment": "prp_scalp"}, ["visit-1"]),
    ],
    ids=str,
)
def test_what_is_remembered_narrows(
    three: Database, wanted: dict[str, object], ids: list[str]
) -> None:
    assert found(three, **wanted) == ids


def test_found_visits_bring_their_seal(three: Database) -> None:
    with three.read() as tx:
        page = find_visits(tx)
        assert [each.seal for each in page.visits] == [
            seal_of(tx, "visit-3"),
            seal_of(tx, "visit-2"),
            None,
        ]


def test_pages_follow_each_other_and_know_the_total(three: Database) -> None:
    with three.read() as tx:
        pages = [find_visits(tx, limit=2, offset=start) for start in (0, 2, 4)]
    assert [len(page.visits) for page in pages] == [2, 1, 0]
    assert {page.total for page in pages} == {3}


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Łukasz Nowak", "Lukasz"),
        ("Łukasz Nowak", "łuka"),
        ("Anna Müller", "Mueller"),
        ("Anna Müller", "Muller"),
        ("Anna Mueller", "Müller"),
        ("علی رضایی", "علي"),
        ("علي رضايي", "رضایی"),
        ("Đặng Thị Bưởi", "dang buoi"),
        ("Søren Østergård", "oestergaard"),
        ("Иван Петров", "Petrov"),
        ("王小明", "小明"),
        ("सुनील", "सुनील"),
        ("Kaʻiulani Ray", "ka'iulani"),
        ("An\u00adna Ray", "anna"),
        ("—", "—"),
    ],
)
def test_a_name_is_found_as_a_hand_can_type_it(
    database: Database, visit: Visit, name: str, typed: str
) -> None:
    patient = Patient("patient-9", name, date(1970, 5, 6))
    with database.write() as tx:
        add_patient(tx, patient, at=NOW)
        named = replace(visit, id="visit-9", patient=patient)
        add_visit(tx, named, arranged_by="staff-2", code="nine", code_expires_at=NOW)
    assert found(database, name=typed) == ["visit-9"]
    assert found(database, name=f"{typed} Unheardof") == []


@pytest.mark.guarantees("S30")
@pytest.mark.parametrize(
    "payload",
    [
        "' OR '1'='1",
        "'; DROP TABLE visit; --",
        '" OR 1=1 --',
        "x') UNION SELECT * FROM staff_user --",
        "\x00",
        "zoe\\",
    ],
)
def test_sql_in_a_search_box_is_only_words(three: Database, payload: str) -> None:
    for box in ("treatment", "clinician_id", "code"):
        assert found(three, **{box: payload}) == []
    found(three, name=payload)
    assert len(found(three)) == 3


@pytest.mark.guarantees("S34")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=st.text(min_size=1, max_size=20), data=st.data())
def test_any_part_of_any_word_of_a_name_finds_it(
    database: Database, name: str, data: st.DataObject
) -> None:
    assume("\x00" not in name)
    words = [word for word in name.split() if plain_letters(word)]
    assume(words)
    word = plain_letters(data.draw(st.sampled_from(words)))
    start = data.draw(st.integers(0, len(word) - 1))
    part = word[start : data.draw(st.integers(start + 1, len(word)))]
    with database.write() as tx:
        patient = Patient("p", name, date(1990, 1, 1))
        add_patient(tx, patient, at=NOW)
        visit = Visit("v", patient, Station.ARRANGED, 1, (), "staff-1", "en", "", NOW, NOW)
        add_visit(tx, visit, arranged_by="staff-2", code="c", code_expires_at=NOW)
        assert [each.visit for each in find_visits(tx, name=part).visits] == [visit]
        tx.connection.rollback()
