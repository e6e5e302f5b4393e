"""A folder of sealed documents for somebody else: the files, a list of them, and their hashes.

The list is opened in spreadsheets, so nothing in it may be read as a formula (OWASP, CSV
injection): what could be one gets an apostrophe in front. Plain numbers stay numbers.
"""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

BEGINS_FORMULA = frozenset("=+-@|%")
STRIPPED_BY_READERS = "\ufeff\u200b\u200c\u200d\u2060\u00a0 \t\r\n\x00"
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Exported:
    """One document: its name in the folder, its bytes, and its line of the list."""

    name: str
    document: bytes
    cells: tuple[str, ...]


def safe_cell(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    begins = unicodedata.normalize("NFKC", text.lstrip(STRIPPED_BY_READERS))[:1]
    odd_start = text[:1] in set(STRIPPED_BY_READERS) - {" "}
    if odd_start or (begins in BEGINS_FORMULA and not _NUMBER.fullmatch(text)):
        return f"'{text}"
    return text


def listing(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The list as CSV in UTF-8, every cell quoted."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def pack(head: Sequence[str], documents: Sequence[Exported], root: bytes, at: datetime) -> bytes:
    """The whole folder as a ZIP file: `documents/`, `index.csv`, `root.pem` and `manifest.json`."""
    files = {f"documents/{one.name}": one.document for one in documents}
    files["index.csv"] = listing((*head, "file"), [(*one.cells, one.name) for one in documents])
    files["root.pem"] = root
    manifest = {
        "made_at": at.isoformat(),
        "sha256": {name: sha256(content).hexdigest() for name, content in files.items()},
    }
    files["manifest.json"] = json.dumps(manifest, indent=1, sort_keys=True).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in files.items():
            stamp = zipfile.ZipInfo(name, at.timetuple()[:6])
            stamp.compress_type = zipfile.ZIP_DEFLATED
            folder.writestr(stamp, content)
    return out.getvalue()
