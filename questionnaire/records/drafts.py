"""What somebody typed on a page and has not sent: kept for that person, encrypted, for a week."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select

from questionnaire.records.database import Transaction
from questionnaire.records.tables import draft

KEPT_FOR = timedelta(days=7)
SIGNATURE: Final = "signature"
"""The page of a patient's own signature."""


def keep_draft(
    tx: Transaction, user_id: str, page: str, boxes: Mapping[str, object], now: datetime
) -> None:
    """Keep what stands in the boxes of a page instead of what was kept before; empty: nothing."""
    mine = (draft.c.user_id == user_id) & (draft.c.page == page)
    tx.connection.execute(delete(draft).where(mine))
    if boxes:
        body = tx.ring.seal_body({"boxes": boxes}, table="draft", row=f"{user_id}/{page}")
        values = {"user_id": user_id, "page": page, "body": body, "updated_at": now}
        tx.connection.execute(insert(draft).values(values))


def draft_of(tx: Transaction, user_id: str, page: str) -> Mapping[str, object]:
    """What this person left in the boxes of a page; empty when there is nothing."""
    mine = (draft.c.user_id == user_id) & (draft.c.page == page)
    body = tx.connection.scalar(select(draft.c.body).where(mine))
    if body is None:
        return {}
    boxes = tx.ring.open_body(body, table="draft", row=f"{user_id}/{page}")["boxes"]
    return boxes if isinstance(boxes, dict) else {}


def drafts_under(tx: Transaction, user_id: str, start: str) -> dict[str, Mapping[str, object]]:
    """What this person left on pages whose name begins so: page → boxes, the latest first."""
    mine = (draft.c.user_id == user_id) & draft.c.page.startswith(start, autoescape=True)
    pages = tx.connection.scalars(
        select(draft.c.page).where(mine).order_by(draft.c.updated_at.desc(), draft.c.page)
    )
    return {page: draft_of(tx, user_id, page) for page in pages.all()}


def forget_old_drafts(tx: Transaction, now: datetime) -> None:
    """Delete what nobody sent for a week."""
    tx.connection.execute(delete(draft).where(draft.c.updated_at < now - KEPT_FOR))


def forget_drafts_about(tx: Transaction, visit_id: str) -> None:
    """Delete what anybody typed on the pages of a visit, or on those whose name has this in it."""
    tx.connection.execute(delete(draft).where(draft.c.page.contains(visit_id, autoescape=True)))


def begun_on(visit_id: str, page: str = "") -> str:
    """How the names begin under which a patient's own pages of a visit are kept."""
    return f"patient/{visit_id}/{page}"


def forget_signature_begun(tx: Transaction, visit_id: str) -> None:
    """Delete what was begun of the patient's signature, when the tablet goes out of their hands."""
    forget_drafts_about(tx, begun_on(visit_id, SIGNATURE))
