"""What the self-check finds about the files of archive and records.

Whether the archive's disk is there, documents that no record knows, and a damaged database. The
command reads the whole of both as well (`read_through`), which a start has no time for.
"""

from collections.abc import Iterator

from questionnaire.archive.fixity import check
from questionnaire.archive.shelf import ShelfUnavailable
from questionnaire.journey.finding import Finding
from questionnaire.journey.house import House
from questionnaire.journey.keeping import records_were_damaged
from questionnaire.journey.strangers import strangers
from questionnaire.records.sealing import sealed_files
from questionnaire.settings import Settings

TAKE_OUT = (
    "Stop Candour and copy the data folder. If a backup has their records, bring it back (flask "
    "--app app restore). Otherwise take them out, opened, and keep them: flask --app app archive "
    "take-out FOLDER"
)
BRING_BACK = (
    "Stop Candour, keep the data folder as it is, and bring the last backup back: flask --app app "
    "restore"
)
DAMAGED = Finding(
    "records", grave=True, sentence="The database of the records is damaged.", mend=BRING_BACK
)
LET_READ = (
    "Let this user read them: look at whose they are, at their folders and at the disk. What "
    "cannot be read any more is brought back from a backup; never make a sealed document again."
)
MOVE_AWAY = "Look at what others put on the shelf, and move it elsewhere."


def records_are_whole(house: House, settings: Settings) -> Iterator[Finding]:
    """Whether the database is damaged: read again only where it was found so in the night."""
    del settings
    with house.database.read() as tx:
        doubtful = records_were_damaged(tx)
    if doubtful and house.database.damage():
        yield DAMAGED


def read_through(house: House) -> tuple[Finding, ...]:
    """Read every page of the database and every sealed document: what is damaged or missing.

    Of a damaged database nothing else is read.
    """
    if house.database.damage():
        return (DAMAGED,)
    with house.database.read() as tx:
        expected = sealed_files(tx)
    try:
        found = check(house.shelf, expected)
    except ShelfUnavailable as problem:
        return (_away(house, problem),)
    return tuple(
        Finding(
            f"archive_{what}",
            grave=True,
            sentence=f"Sealed documents that are {what} in the archive: {len(names)}, the first "
            f"{names[0]}.",
            mend=mend,
        )
        for what, names, mend in (
            ("missing", found.missing, BRING_BACK),
            ("damaged", found.changed, BRING_BACK),
            ("unreadable", found.unreadable, LET_READ),
        )
        if names
    )


def _away(house: House, problem: ShelfUnavailable) -> Finding:
    """The archive as a whole cannot be used."""
    return Finding(
        "archive",
        grave=True,
        sentence=problem.sentence,
        mend=f"Mount its disk at {house.shelf.folder} and let the program write there.",
    )


def archive_is_whole(house: House, settings: Settings) -> Iterator[Finding]:
    """Whether the archive can be written, and holds nothing that is not in the records."""
    del settings
    try:
        house.shelf.try_writing()
        found = strangers(house)
    except ShelfUnavailable as problem:
        yield _away(house, problem)
        return
    if found.emptied:
        yield Finding(
            "archive_emptied",
            grave=True,
            sentence=f"The archive at {house.shelf.folder} was emptied: of {found.emptied} sealed "
            "documents in the records none is there.",
            mend=BRING_BACK,
        )
    if found.documents:
        yield Finding(
            "archive_unknown",
            grave=True,
            sentence="The archive holds sealed documents that are not in the records: "
            f"{len(found.documents)}, the first {found.documents[0]}. The records have lost what "
            "was saved last, and more than these may be gone.",
            mend=TAKE_OUT,
        )
    if found.unread:
        yield Finding(
            "archive_unread",
            grave=True,
            sentence="In the archive lies what is not in the records and cannot be read: "
            f"{len(found.unread)}, the first {found.unread[0]}. It may be sealed documents.",
            mend=LET_READ,
        )
    if found.others:
        yield Finding(
            "archive_others",
            grave=False,
            sentence="In the archive lie files that Candour did not put there: "
            f"{len(found.others)}, the first {found.others[0]}.",
            mend=MOVE_AWAY,
        )
