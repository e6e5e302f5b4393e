"""Reading a finished document again: what it says on its pages and what is attached to it."""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pikepdf

from questionnaire.documents.words import plain, shown

RECORD_FILE = "record.json"
NAMED_SHAPE = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")

Names = Mapping[bytes, str]
"""For one font: what each two-byte shape number stands for."""


def attached(pdf: bytes, name: str) -> bytes | None:
    """The content of the attachment called `name`, or None when there is none."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        file = opened.attachments.get(name)
        return None if file is None else file.get_file().read_bytes()


def page_texts(pdf: bytes) -> list[str]:
    """The words of each page in the order they are drawn, for a document made by this room.

    A line that states its text (`/ActualText`) is taken at its word; of the others each drawn
    shape is read. Spaces may be missing where words were set apart by moving on.
    """
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        stated = _stated_texts(opened)
        return [
            "".join(_words(page, stated[int(page.obj["/StructParents"])])) for page in opened.pages
        ]


def pages_without(texts: Iterable[str], fingerprint: str) -> list[int]:
    """The pages (from 1) on which the record's fingerprint, 64 hex digits, is not printed."""
    return [
        number
        for number, text in enumerate(texts, start=1)
        if fingerprint not in re.sub(r"\s", "", text)
    ]


def text_problems(pdf: bytes, canonical: bytes) -> list[str]:
    """What the pages fail to say of the record, a short line each; none when all is there.

    Looked for: both names, the record's number, every answer, word, question, statement and risk.
    """
    pages = [plain(text) for text in page_texts(pdf)]
    wanted = _wanted(json.loads(canonical))
    return [
        f"{name} is not on the pages"
        for name, text in wanted
        if not _appears(plain(shown(text)), pages)
    ]


def _wanted(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "the patient's name", record["patient"]["full_name"]
    yield "the practitioner's name", record["practitioner"]["name"]
    yield "the record's number", record["record_id"]
    for answer in [*record["patient_words"], *record["answers"]]:
        yield f"the answer to {answer['question_id']}", answer["answer"]
    for number, question in enumerate(record["questions"], start=1):
        yield f"the patient's question {number}", question["asked"]
        yield f"the reply to question {number}", question["reply"]
    for ticked in [*record["statements"], *record["personal_risks"]]:
        yield f"the statement {ticked['id']}", ticked["text"]
    for treatment in record["treatments"]:
        for risk in treatment["risks"]:
            for part in ("title", "how_often", "text"):
                yield f"the risk {risk['id']} ({part})", risk[part]


def _appears(text: str, pages: Sequence[str]) -> bool:
    """Whether a text stands on a page, or runs on from one page to the next ones."""
    return any(text in page for page in pages) or any(
        _runs_on(text, pages[first:]) for first in range(len(pages))
    )


def _runs_on(text: str, pages: Sequence[str]) -> bool:
    rest = text
    for page in pages:
        length = _longest_start(rest, page)
        rest = rest[length:]
        if not rest or not length:
            break
    return not rest


def _longest_start(text: str, page: str) -> int:
    """How many of the text's first characters stand together on the page."""
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if text[:middle] in page:
            least = middle
        else:
            most = middle - 1
    return least


def _words(page: pikepdf.Page, stated: Sequence[str | None]) -> Iterator[str]:
    """The words of a page; `stated` holds, for each marked part, the text its tag states."""
    fonts = {name: _names(font) for name, font in page.resources.Font.items()}
    names: Names = {}
    drawn = True
    for instruction in pikepdf.parse_content_stream(page):
        operands = instruction.operands
        match str(instruction.operator):
            case "BDC":
                text = stated[int(operands[1]["/MCID"])]
                drawn = text is None
                yield text or ""
            case "EMC":
                drawn = True
                yield " "
            case "Tf":
                names = fonts[str(operands[0])]
            case "Tj" | "TJ" if drawn:
                yield "".join(_read(shapes, names) for shapes in _strings(operands[0]))


def _stated_texts(opened: pikepdf.Pdf) -> dict[int, list[str | None]]:
    """For each page's place in the tag tree, the text stated for each marked part."""
    places = list(opened.Root.StructTreeRoot.ParentTree.Nums)
    return {
        int(place): [_stated(tag) for tag in tags]
        for place, tags in zip(places[::2], places[1::2], strict=True)
        if isinstance(tags, pikepdf.Array)
    }


def _stated(tag: pikepdf.Object) -> str | None:
    text = tag.get("/ActualText")
    return None if text is None else str(text)


def _strings(shown: pikepdf.Object) -> Iterator[bytes]:
    for each in shown if isinstance(shown, pikepdf.Array) else [shown]:
        if isinstance(each, pikepdf.String):
            yield bytes(each)


def _read(shapes: bytes, names: Names) -> str:
    return "".join(names[shapes[at : at + 2]] for at in range(0, len(shapes), 2))


def _names(font: pikepdf.Object) -> Names:
    written = font.ToUnicode.read_bytes()
    return {
        bytes.fromhex(shape.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
        for shape, text in NAMED_SHAPE.findall(written)
    }
