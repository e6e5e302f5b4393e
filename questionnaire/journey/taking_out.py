"""Documents without a record, taken out of the archive and opened, so that somebody keeps them."""

from hashlib import sha256
from pathlib import Path

from questionnaire.archive.backup import keep_file
from questionnaire.journey.house import House
from questionnaire.journey.keeping import ARCHIVE, OPERATOR
from questionnaire.journey.strangers import strangers


def take_out(house: House, folder: Path) -> tuple[Path, ...]:
    """Move each document without a record off the shelf into a folder, opened; their files.

    Raises `ShelfUnavailable` and `OSError`; what was taken out until then is in the folder.
    """
    taken: list[Path] = []
    for name in strangers(house).documents:
        document = house.shelf.get(name)
        path = folder / name.replace("/", "-")
        keep_file(path, document)
        with house.database.write() as tx:
            digest = sha256(document).hexdigest()
            house.note(tx, OPERATOR, "document_taken_out", ARCHIVE, name=name, file_sha256=digest)
        house.shelf.remove(name)
        taken.append(path)
    return tuple(taken)
