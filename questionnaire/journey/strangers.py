"""What lies on the shelf and no record knows: documents of lost records, files put there by hand.

A document of this clinic whose record is gone is all that is left of a signed consent. It is never
passed over: nobody starts before it was looked at, and it can be taken out (`taking_out.py`).
"""

from dataclasses import dataclass

from questionnaire.archive.shelf import NAME, CannotBeRead, Damaged
from questionnaire.domain.errors import NotFound
from questionnaire.journey.house import House
from questionnaire.ordinary_files import UnfitFileError
from questionnaire.records.on_shelf import known_on_shelf
from questionnaire.records.sealing import sealed_files


@dataclass(frozen=True, slots=True)
class Strangers:
    """Names on the shelf that no record knows, in order.

    `documents` were filed by this clinic: they open with its keys. `others` do not. `unread` lie
    where documents lie and cannot be read, so that nobody can tell; folders end in a slash.
    `emptied` counts the documents that the records know, where not one of them is there.
    """

    documents: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    emptied: int = 0


def strangers(house: House) -> Strangers:
    """What lies on the shelf and is not in the records. Raises `ShelfUnavailable`.

    The shelf is looked at first: what is filed or taken away meanwhile is no stranger.
    """
    lying = house.shelf.files()
    with house.database.read() as tx:
        known = known_on_shelf(tx)
        sealed = {name for name, _ in sealed_files(tx)}
    documents: list[str] = []
    others: list[str] = []
    unread: list[str] = []
    for name in (each for each in lying if not known.has(each)):
        if name.endswith("/"):
            unread.append(name)
            continue
        try:
            house.shelf.get(name)
        except NotFound:
            if not NAME.fullmatch(name) or house.shelf.holds(name):
                others.append(name)
        except Damaged:
            others.append(name)
        except CannotBeRead as problem:
            (others if isinstance(problem.__cause__, UnfitFileError) else unread).append(name)
        else:
            documents.append(name)
    is_emptied = sealed.isdisjoint(lying) and not any(each.endswith("/") for each in lying)
    emptied = len(sealed) if is_emptied else 0
    return Strangers(tuple(documents), tuple(others), tuple(unread), emptied)
