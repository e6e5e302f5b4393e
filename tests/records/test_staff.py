"""Staff accounts work through Flask-Security beside the clinic's own transactions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from secrets import token_hex

import pytest
from flask import Flask
from flask_security import Security, SQLAlchemySessionUserDatastore, hash_password, verify_password
from sqlalchemy import update
from sqlalchemy.orm import Session, scoped_session

from questionnaire.domain.visit import Role, Station, Visit
from questionnaire.records.database import Database
from questionnaire.records.staff import StaffRole, StaffUser
from questionnaire.records.visits import get_visit, move_visit

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def session(database: Database) -> Iterator[scoped_session[Session]]:
    opened = database.session()
    yield opened
    opened.remove()


@pytest.fixture
def accounts(session: scoped_session[Session]) -> SQLAlchemySessionUserDatastore:
    store = SQLAlchemySessionUserDatastore(session, StaffUser, StaffRole)
    role = store.create_role(name=Role.CLINICIAN.value)
    store.commit()
    store.create_user(
        email="ines@clinic.example",
        full_name="Dr Ines Okafor",
        registration="REG 1234",
        password=None,
        roles=[role],
        mf_recovery_codes=["one", "two"],
    )
    store.commit()
    return store


def test_an_account_reads_back_in_another_session(
    database: Database, accounts: SQLAlchemySessionUserDatastore
) -> None:
    del accounts
    with database.session()() as other:
        user = other.query(StaffUser).one()
        assert (user.full_name, user.registration, user.active) == (
            "Dr Ines Okafor",
            "REG 1234",
            True,
        )
        assert user.mf_recovery_codes == ["one", "two"]
        assert [role.name for role in user.roles] == [Role.CLINICIAN]
        assert user.has_role("clinician")
        assert len(user.fs_uniquifier) == 32


def test_flask_security_signs_somebody_in_with_these_accounts(
    accounts: SQLAlchemySessionUserDatastore,
) -> None:
    app = Flask("clinic")
    app.config.update(
        SECRET_KEY=token_hex(),
        SECURITY_PASSWORD_SALT=token_hex(),
        SECURITY_TRACKABLE=True,
        WTF_CSRF_ENABLED=False,
    )
    app.security = Security(app, accounts)
    with app.app_context():
        user = accounts.find_user(email="ines@clinic.example")
        user.password = hash_password("a long enough sentence")
        accounts.commit()
        assert verify_password("a long enough sentence", user.password)
    answer = app.test_client().post(
        "/login",
        data={"email": "ines@clinic.example", "password": "a long enough sentence"},
    )
    assert answer.status_code == 302
    with app.app_context():
        assert accounts.find_user(email="ines@clinic.example").login_count == 1


def test_a_signed_in_request_can_still_write_records(
    database: Database,
    visit: Visit,
    session: scoped_session[Session],
    accounts: SQLAlchemySessionUserDatastore,
) -> None:
    del accounts
    user = session.query(StaffUser).one()
    user.login_count = 1
    with database.write() as tx:
        moved = move_visit(tx, visit, Station.IN_PROGRESS)
    session.commit()
    with database.read() as tx:
        assert get_visit(tx, visit.id) == moved
    assert session.query(StaffUser).one().login_count == 1


def test_an_account_change_after_somebody_elses_write_is_not_refused(
    database: Database,
    session: scoped_session[Session],
    accounts: SQLAlchemySessionUserDatastore,
) -> None:
    del accounts
    user = session.query(StaffUser).one()
    with database.write() as tx:
        tx.connection.execute(update(StaffUser).values(username="ines"))
    user.login_count = 2
    session.commit()
    session.refresh(user)
    assert (user.username, user.login_count) == ("ines", 2)


def test_an_account_change_broken_off_is_not_kept_at_all(
    session: scoped_session[Session], accounts: SQLAlchemySessionUserDatastore
) -> None:
    accounts.create_user(email="abel@clinic.example", full_name="Dr Abel Lind")
    session.flush()
    accounts.create_user(email="ivo@clinic.example", full_name="Ivo Brandt")
    session.flush()
    session.rollback()
    assert session.query(StaffUser).count() == 1
