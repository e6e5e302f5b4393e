"""Answers saved page by page, each page once, and every submitted set kept."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from questionnaire.domain.visit import Visit
from questionnaire.records.answers import (
    Submission,
    add_submission,
    last_submission,
    load_answers,
    page_already_saved,
    save_answers,
    submissions,
)
from questionnaire.records.cipher import Tampered
from questionnaire.records.database import Database
from questionnaire.records.tables import saved_page, submission
from tests.at_once import at_once

NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
FIRST, SECOND = (hashlib.sha256(words).hexdigest() for words in (b"1", b"2"))


def test_before_the_first_save_there_is_nothing(database: Database, visit: Visit) -> None:
    with database.read() as tx:
        assert load_answers(tx, visit.id) == (0, {})


def test_each_save_is_one_revision_on(database: Database, visit: Visit) -> None:
    bodies: list[dict[str, object]] = [
        {"smoker": "no"},
        {"smoker": "no", "own_words": "Zoë — «ça va»"},
        {},
    ]
    for revision, body in enumerate(bodies, 1):
        with database.write() as tx:
            assert save_answers(tx, visit.id, body, now=NOW) == revision
        with database.read() as tx:
            assert load_answers(tx, visit.id) == (revision, body)


@pytest.mark.guarantees("R10")
def test_a_page_posted_twenty_times_at_once_is_saved_once(database: Database, visit: Visit) -> None:
    def post(_: int) -> bool:
        with database.write() as tx:
            if page_already_saved(tx, visit.id, "page-key", "page", {"smoker": "no"}):
                return True
            save_answers(tx, visit.id, {"smoker": "no"}, now=NOW)
            return False

    assert sorted(at_once(20, post)) == [False, *[True] * 19]
    with database.read() as tx:
        assert load_answers(tx, visit.id)[0] == 1


WORDS = {"own_words": "Aspirin, one a day."}
CUT = {"own_words": "Aspir"}


def test_another_page_is_another_save(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        assert not page_already_saved(tx, visit.id, "a", "page", WORDS)
        assert not page_already_saved(tx, visit.id, "b", "page", WORDS)
        assert page_already_saved(tx, visit.id, "a", "page", WORDS)


@pytest.mark.guarantees("R15")
@pytest.mark.parametrize(
    ("act", "sent"),
    [("page", CUT), ("page", {}), ("page", {"own_words": None}), ("asked", WORDS)],
    ids=["other words", "nothing", "taken back", "another act"],
)
def test_other_words_under_the_same_key_were_never_saved(
    database: Database, visit: Visit, act: str, sent: dict[str, object]
) -> None:
    with database.write() as tx:
        assert not page_already_saved(tx, visit.id, "a", act, sent)
        assert not page_already_saved(tx, visit.id, "a", "page", WORDS)
        assert page_already_saved(tx, visit.id, "a", "page", WORDS)


def test_a_page_saved_before_its_words_were_kept_is_saved_again(
    database: Database, visit: Visit
) -> None:
    with database.write() as tx:
        tx.connection.execute(insert(saved_page).values(visit_id=visit.id, key="a"))
        assert not page_already_saved(tx, visit.id, "a", "page", WORDS)
        assert page_already_saved(tx, visit.id, "a", "page", WORDS)


def test_the_words_of_a_saved_page_stand_nowhere_beside_its_key(
    database: Database, visit: Visit
) -> None:
    with database.write() as tx:
        page_already_saved(tx, visit.id, "a", "page", {"smoker": "no"})
        kept = tx.connection.scalar(select(saved_page.c.body_hash))
    plain = hashlib.sha256(f'page:{visit.id}:["page",{{"smoker":"no"}}]'.encode()).hexdigest()
    assert kept is not None
    assert kept != plain
    assert len(kept) == len(plain)


def _fail_while_saving(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        page_already_saved(tx, visit.id, "a", "page", WORDS)
        raise KeyboardInterrupt


def test_a_page_whose_save_failed_may_be_posted_again(database: Database, visit: Visit) -> None:
    with pytest.raises(KeyboardInterrupt):
        _fail_while_saving(database, visit)
    with database.write() as tx:
        assert not page_already_saved(tx, visit.id, "a", "page", WORDS)


def test_every_submitted_set_is_kept_and_numbered(database: Database, visit: Visit) -> None:
    later = NOW + timedelta(hours=1)
    with database.read() as tx:
        assert last_submission(tx, visit.id) is None
        assert submissions(tx, visit.id) == ()
    with database.write() as tx:
        numbers = [
            add_submission(
                tx, visit.id, {"a": sha}, answers_sha256=sha, rules_sha256="rules", at=at
            )
            for sha, at in ((FIRST, NOW), (SECOND, later))
        ]
    assert numbers == [1, 2]
    expected = (
        Submission(1, {"a": FIRST}, FIRST, "rules", NOW),
        Submission(2, {"a": SECOND}, SECOND, "rules", later),
    )
    with database.read() as tx:
        assert submissions(tx, visit.id) == expected
        assert last_submission(tx, visit.id) == expected[1]


@pytest.mark.guarantees("S38")
def test_submitted_sets_that_change_places_are_refused(database: Database, visit: Visit) -> None:
    with database.write() as tx:
        for sha in (FIRST, SECOND):
            add_submission(
                tx, visit.id, {"a": sha}, answers_sha256=sha, rules_sha256="rules", at=NOW
            )
        first, second = tx.connection.scalars(
            select(submission.c.body).order_by(submission.c.number)
        )
        for number, body in ((1, second), (2, first)):
            tx.connection.execute(
                update(submission).where(submission.c.number == number).values(body=body)
            )
    with database.read() as tx, pytest.raises(Tampered):
        last_submission(tx, visit.id)
