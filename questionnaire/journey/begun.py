"""What a patient ticked, picked, typed or drew on a page before signing, and has not sent yet.

It waits on the server until its page is sent; none of it counts. It is kept as a draft of this
patient, for this visit and for the decision that the page is about: after another decision the page
is empty. A signature is an act of who holds the tablet: what was begun of one belongs to the turn
too, and goes when the turn is locked or ends.
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from questionnaire.domain.visit import Station
from questionnaire.journey.folding import fold_review
from questionnaire.journey.house import House
from questionnaire.journey.rates import count_save
from questionnaire.journey.turns import Turn, at_station
from questionnaire.records.answers import page_was_sent
from questionnaire.records.database import Transaction
from questionnaire.records.drafts import (
    SIGNATURE,
    begun_on,
    draft_of,
    forget_drafts_about,
    keep_draft,
)
from questionnaire.records.entries import entries_of

Boxes = Mapping[str, Sequence[str]]
"""Name of a box → every value that stands in it."""

STATEMENTS: Final = "statements"
PHOTOS: Final = "photos"
NOT_TODAY: Final = "not-today"


def quiz_page(question_id: str) -> str:
    """The name of the page of one check-question."""
    return f"quiz/{question_id}"


def keep_boxes(house: House, turn: Turn, page: str, boxes: Boxes, *, key: str) -> None:
    """Keep what stands in the boxes of a page that was not sent.

    `key` is the page's own: what comes late, after the page itself was sent, changes nothing.
    Raises `WrongStation`, and `TooManyTries` for a flood.
    """
    with house.database.write() as tx:
        early = {Station.IN_PROGRESS} if page == NOT_TODAY else set()
        visit = at_station(tx, turn, Station.CONSENT_READY, *early)
        if not page_was_sent(tx, visit.id, key):
            count_save(house, tx, visit.id)
            kept = {name: list(values) for name, values in boxes.items()}
            keep_draft(tx, turn.person.id, _place(tx, turn, page), kept, house.clock())


def boxes_begun(house: House, turn: Turn, page: str) -> Boxes:
    """What stood in the boxes of a page that was left and not sent; empty where nothing did."""
    with house.database.read() as tx:
        return cast("Boxes", draft_of(tx, turn.person.id, _place(tx, turn, page)))


def forget_boxes(tx: Transaction, turn: Turn, page: str) -> None:
    """Forget what was begun on a page that is sent now."""
    forget_drafts_about(tx, _place(tx, turn, page))


def forget_all_begun(tx: Transaction, turn: Turn) -> None:
    """Forget everything that was begun, at the end of what it was for."""
    forget_drafts_about(tx, begun_on(turn.visit.id))


def _place(tx: Transaction, turn: Turn, page: str) -> str:
    decision = fold_review(entries_of(tx, turn.visit.id, "decision", "taken_back")).decision
    whose = tx.ring.code_hash(turn.token) if page == SIGNATURE else ""
    return f"{begun_on(turn.visit.id, page)}{whose}/{decision.record_id if decision else ''}"
