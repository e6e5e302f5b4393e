"""A patient's answers: the working copy saved page by page, and each submitted set."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, exists, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from questionnaire.records.database import Transaction
from questionnaire.records.tables import answers, entry, saved_page, submission, visit

SET_ASIDE: Final = "set_aside"
"""The kind of entry of a visit that was another person's: its answers are shown to no patient."""

_WORKING_COPY: Final = select(answers.c.revision, answers.c.body).where(
    answers.c.visit_id == bindparam("visit")
)
_REVISION: Final = select(answers.c.revision).where(answers.c.visit_id == bindparam("visit"))
_REPLACE: Final = (
    update(answers)
    .where(answers.c.visit_id == bindparam("visit"))
    .values(
        revision=answers.c.revision + 1,
        body=bindparam("body"),
        updated_at=bindparam("updated_at"),
    )
    .returning(answers.c.revision)
)
_SAVED_PAGE: Final = select(saved_page.c.body_hash).where(
    saved_page.c.visit_id == bindparam("visit"), saved_page.c.key == bindparam("one_time_key")
)
_KEEP_PAGE: Final = sqlite_insert(saved_page).values(
    visit_id=bindparam("visit"), key=bindparam("one_time_key"), body_hash=bindparam("body_hash")
)
_KEEP_NEWEST: Final = _KEEP_PAGE.on_conflict_do_update(
    set_={"body_hash": _KEEP_PAGE.excluded.body_hash}
)
_EARLIER_SUBMISSION: Final = (
    select(submission)
    .join(visit, visit.c.id == submission.c.visit_id)
    .where(visit.c.patient_id == bindparam("patient"))
    .where(visit.c.arranged_at < bindparam("arranged_at"))
    .where(~exists().where(entry.c.visit_id == visit.c.id, entry.c.kind == SET_ASIDE))
    .order_by(visit.c.arranged_at.desc(), submission.c.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Submission:
    """One submitted set of answers; `number` counts from 1 within the visit.

    `answers_sha256` is the hash of the answers, `rules_sha256` that of the content they were
    asked from.
    """

    number: int
    body: dict[str, object]
    answers_sha256: str
    rules_sha256: str
    at: datetime


def revision_of(tx: Transaction, visit_id: str) -> int:
    """The revision of the working copy; 0 when nothing was saved yet."""
    revision: int | None = tx.connection.scalar(_REVISION, {"visit": visit_id})
    return revision or 0


def load_answers(tx: Transaction, visit_id: str) -> tuple[int, dict[str, object]]:
    """The working copy with its revision; `(0, {})` when nothing was saved yet."""
    row = tx.connection.execute(_WORKING_COPY, {"visit": visit_id}).one_or_none()
    if row is None:
        return 0, {}
    return row.revision, tx.ring.open_body(row.body, table="answers", row=visit_id)


def save_answers(
    tx: Transaction, visit_id: str, body: Mapping[str, object], *, now: datetime
) -> int:
    """Replace the working copy; the new revision, one more than before."""
    written = {
        "body": tx.ring.seal_body(body, table="answers", row=visit_id),
        "updated_at": now,
    }
    revision: int | None = tx.connection.scalar(_REPLACE, {"visit": visit_id, **written})
    if revision is None:
        tx.connection.execute(insert(answers).values(visit_id=visit_id, revision=1, **written))
    return revision or 1


def page_already_saved(
    tx: Transaction, visit_id: str, key: str, act: str, sent: Mapping[str, object]
) -> bool:
    """Whether this `act` was done before with what was `sent` under `key`; from now on it was.

    A double tap and a lost reply post the same key with the same words: they count once. Other
    words under the same key, as after Back, were never saved. `sent` is kept as a keyed hash.
    """
    written = json.dumps([act, dict(sent)], sort_keys=True, separators=(",", ":"))
    body_hash = tx.ring.code_hash(f"page:{visit_id}:{written}")
    page = {"visit": visit_id, "one_time_key": key}
    if tx.connection.scalar(_SAVED_PAGE, page) == body_hash:
        return True
    tx.connection.execute(_KEEP_NEWEST, {**page, "body_hash": body_hash})
    return False


def begun_under(key: str) -> str:
    """The key under which is kept what was begun on a form, before its own `key` is used."""
    return f"{key}.begun"


def page_was_sent(tx: Transaction, visit_id: str, key: str) -> bool:
    """Whether anything was done under this one-time key."""
    page = {"visit": visit_id, "one_time_key": key}
    return tx.connection.scalar(_SAVED_PAGE, page) is not None


def keep_told(tx: Transaction, visit_id: str, key: str, told: Mapping[str, str]) -> None:
    """Keep what the form with this key said last: name of a box → keyed hash."""
    page = {"visit": visit_id, "one_time_key": _told_under(key)}
    tx.connection.execute(_KEEP_NEWEST, {**page, "body_hash": json.dumps(dict(told))})


def told_by(tx: Transaction, visit_id: str, key: str) -> Mapping[str, str] | None:
    """What the form with this key said last; None where it said nothing yet."""
    page = {"visit": visit_id, "one_time_key": _told_under(key)}
    told = tx.connection.scalar(_SAVED_PAGE, page)
    return None if told is None else dict(json.loads(told))


def _told_under(key: str) -> str:
    return f"{key}.told"


def add_submission(
    tx: Transaction,
    visit_id: str,
    body: Mapping[str, object],
    *,
    answers_sha256: str,
    rules_sha256: str,
    at: datetime,
) -> int:
    """Keep a submitted set of answers for good; its number."""
    last = tx.connection.scalar(
        select(func.max(submission.c.number)).where(submission.c.visit_id == visit_id)
    )
    number: int = (last or 0) + 1
    tx.connection.execute(
        insert(submission).values(
            visit_id=visit_id,
            number=number,
            body=tx.ring.seal_body(body, table="submission", row=f"{visit_id}/{number}"),
            answers_sha256=answers_sha256,
            rules_sha256=rules_sha256,
            at=at,
        )
    )
    return number


def last_submission(tx: Transaction, visit_id: str) -> Submission | None:
    """The newest submitted set, if any."""
    row = tx.connection.execute(
        _submissions(visit_id).order_by(submission.c.number.desc()).limit(1)
    ).one_or_none()
    return None if row is None else _submission_from(tx, row)


def last_submission_before(
    tx: Transaction, patient_id: str, arranged_at: datetime
) -> Submission | None:
    """The newest set a patient sent for a visit arranged before then and not set aside, if any."""
    asked = {"patient": patient_id, "arranged_at": arranged_at}
    row = tx.connection.execute(_EARLIER_SUBMISSION, asked).one_or_none()
    return None if row is None else _submission_from(tx, row)


def submissions(tx: Transaction, visit_id: str) -> tuple[Submission, ...]:
    """Every submitted set, oldest first."""
    rows = tx.connection.execute(_submissions(visit_id).order_by(submission.c.number))
    return tuple(_submission_from(tx, row) for row in rows)


def _submissions(visit_id: str) -> Select[Any]:
    return select(submission).where(submission.c.visit_id == visit_id)


def _submission_from(tx: Transaction, row: Row[Any]) -> Submission:
    return Submission(
        number=row.number,
        body=tx.ring.open_body(row.body, table="submission", row=f"{row.visit_id}/{row.number}"),
        answers_sha256=row.answers_sha256,
        rules_sha256=row.rules_sha256,
        at=row.at,
    )
