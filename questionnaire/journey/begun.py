"""What a patient ticked, picked, typed or drew on a page before signing, and has not sent yet.

It waits on the server until its page is sent; none of it counts. It is kept as a draft of this
patient, for this visit, for the decision that the page is about and, of ticks and photos, for the
version of the rules: after another decision or with other rules the page is empty. In another
language it is as it was, for it is sent beside the words of that language. A signature is an act of
who holds the tablet: what was begun of one belongs to the turn too, and goes when the turn is
locked or ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final, cast

from questionnaire.domain.visit import Station
from questionnaire.journey.folding import fold_review
from questionnaire.journey.house import House
from questionnaire.journey.meanwhile import Boxes as Apart
from questionnaire.journey.meanwhile import MadeFrom, meet, tell
from questionnaire.journey.rates import count_save
from questionnaire.journey.standing import stand
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
from questionnaire.records.visits import get_visit

Boxes = Mapping[str, Sequence[str]]
"""Name of a box → every value that stands in it."""

_LISTS: Final = ("ticked", "photos")
_TICK: Final = "="

STATEMENTS: Final = "statements"
PHOTOS: Final = "photos"
NOT_TODAY: Final = "not-today"


def quiz_page(question_id: str) -> str:
    """The name of the page of one check-question."""
    return f"quiz/{question_id}"


def keep_boxes(
    house: House,
    turn: Turn,
    page: str,
    boxes: Boxes,
    *,
    key: str,
    was: MadeFrom | None = None,
) -> None:
    """Keep what stands in the boxes of a page that was not sent.

    `key` is the page's own: what comes late, after the page itself was sent, changes nothing.
    Of a page that `was` made from other boxes than stand now, only those count that were touched
    and in which nothing newer stands.
    Raises `WrongStation`, and `TooManyTries` for a flood.
    """
    with house.database.write() as tx:
        early = {Station.IN_PROGRESS} if page == NOT_TODAY else set()
        visit = at_station(tx, turn, Station.CONSENT_READY, *early)
        if not page_was_sent(tx, visit.id, key):
            count_save(house, tx, visit.id)
            kept = _with_newer(house, tx, turn, page, boxes, key=key, was=was)[1]
            keep_draft(tx, turn.person.id, _place(house, tx, turn, page), kept, house.clock())


def send_boxes(
    house: House,
    tx: Transaction,
    turn: Turn,
    page: str,
    boxes: Boxes,
    *,
    key: str,
    was: MadeFrom | None = None,
) -> Boxes:
    """What a page says that is sent now, with what was sent from another since it was made.

    What was begun elsewhere meanwhile goes on waiting; all else that was begun is forgotten.
    """
    said, waiting = _with_newer(house, tx, turn, page, boxes, key=key, was=was)
    forget_boxes(house, tx, turn, page)
    if waiting != said:
        keep_draft(tx, turn.person.id, _place(house, tx, turn, page), waiting, house.clock())
    return said


def _with_newer(
    house: House,
    tx: Transaction,
    turn: Turn,
    page: str,
    boxes: Boxes,
    *,
    key: str,
    was: MadeFrom | None,
) -> tuple[Boxes, Boxes]:
    """What counts once the page is sent, and what waits: both as here, but where newer stands."""
    said = {name: list(values) for name, values in boxes.items()}
    waits = {name: list(values) for name, values in boxes.items()}
    if was is None:
        return said, waits
    begun, sent = _begun(house, tx, turn, page), _sent(house, tx, turn, page)
    here = _apart(boxes, {})
    met = meet(tx, turn.visit.id, key, was, _apart(begun or sent, sent), here)
    tell(tx, turn.visit.id, key, here)
    newer = met.stays | met.clash
    if "shown" in newer:  # begun under another document
        return said, {name: list(values) for name, values in begun.items()}
    for name in sorted(newer):
        _put(said, name, sent)
        _put(waits, name, begun or sent)
    return said, waits


def _put(boxes: dict[str, list[str]], name: str, now: Boxes) -> None:
    """Let a box, or one tick of a list, be as it is now."""
    box, _, tick = name.partition(_TICK)
    there, here = list(now.get(box, ())), boxes.get(box, [])
    others = [it for it in here if it != tick]
    boxes[box] = (others + [it for it in there if it == tick]) if tick else there


def _begun(house: House, tx: Transaction, turn: Turn, page: str) -> Boxes:
    return cast("Boxes", draft_of(tx, turn.person.id, _place(house, tx, turn, page)))


def _sent(house: House, tx: Transaction, turn: Turn, page: str) -> Boxes:
    """What was sent from a page that can be sent again."""
    if page not in {STATEMENTS, PHOTOS}:
        return {}
    progress = stand(house, tx, get_visit(tx, turn.visit.id)).progress
    if page == STATEMENTS:
        return {"ticked": list(progress.ticked)}
    return {"photos": [use for use, wanted in asdict(progress.photos).items() if wanted]}


def _apart(shown: Boxes, sent: Boxes) -> Apart:
    """The boxes as they are compared: each tick of a list is one of its own."""
    both = [{**dict(_texts(shown))}, {**dict(_texts(sent))}]
    return {name: tuple(it.get(name, "") for it in both) for name in both[0].keys() | both[1]}


def _texts(boxes: Boxes) -> Iterator[tuple[str, str]]:
    for name, values in boxes.items():
        for value in values:
            yield (f"{name}{_TICK}{value}", "on") if name in _LISTS else (name, value)


def boxes_compared(house: House, turn: Turn, page: str) -> Apart:
    """What stands in the boxes of a page, begun or sent."""
    with house.database.read() as tx:
        sent = _sent(house, tx, turn, page)
        return _apart(_begun(house, tx, turn, page) or sent, sent)


def boxes_begun(house: House, turn: Turn, page: str) -> Boxes:
    """What stood in the boxes of a page that was left and not sent; empty where nothing did."""
    with house.database.read() as tx:
        return _begun(house, tx, turn, page)


def forget_boxes(house: House, tx: Transaction, turn: Turn, page: str) -> None:
    """Forget what was begun on a page that is sent now."""
    forget_drafts_about(tx, _place(house, tx, turn, page))


def forget_all_begun(tx: Transaction, turn: Turn) -> None:
    """Forget everything that was begun, at the end of what it was for."""
    forget_drafts_about(tx, begun_on(turn.visit.id))


def _place(house: House, tx: Transaction, turn: Turn, page: str) -> str:
    decision = fold_review(entries_of(tx, turn.visit.id, "decision", "taken_back")).decision
    version = house.library.version if page in {STATEMENTS, PHOTOS} else ""
    whose = tx.ring.code_hash(turn.token) if page == SIGNATURE else ""
    about = decision.record_id if decision else ""
    return f"{begun_on(turn.visit.id, page)}{whose}/{about}/{version}"
