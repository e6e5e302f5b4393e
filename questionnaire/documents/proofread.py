"""Reading a finished document again: what it says on its pages and what is attached to it."""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf

from questionnaire.documents.signs import RIGHT_TO_LEFT, SILENT, STOP
from questionnaire.documents.words import plain, shown

RECORD_FILE = "record.json"
NAMED_SHAPE = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")
OPERATORS = "BDC EMC Tf Tj TJ"
"""Those that mark a part of a page, choose a font and draw shapes."""

Name = tuple[int, int]
"""What tells one tag from the others: its object and generation number."""

Names = Mapping[bytes, str]
"""For one font: what each two-byte shape number stands for."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One drawn line of text; furniture is what stands around the text: bullets, page feet.

    `column` is that of the table it is in, from 0.
    """

    text: str
    is_furniture: bool
    column: int | None


class TagTree:
    """The tags of a document, asked which of them belong to its running text."""

    def __init__(self, document: pikepdf.Object) -> None:
        self.document = document.objgen
        self.top = {each.objgen for each in document.K}
        self.known: dict[Name, bool] = {}
        self.columns: dict[Name, int | None] = {}

    def is_furniture(self, tag: pikepdf.Object) -> bool:
        """Whether a tag is a list label, or hangs on nothing, as the feet of pages do."""
        name = tag.objgen
        if name not in self.known:
            above = tag.P
            if pikepdf.Name.Lbl == tag.S:
                self.known[name] = True
            elif above.objgen == self.document:
                self.known[name] = name not in self.top
            else:
                self.known[name] = self.is_furniture(above)
        return self.known[name]

    def column(self, tag: pikepdf.Object) -> int | None:
        """The column of a table, from 0, that a tag is in; none for the head, told on each page."""
        name = tag.objgen
        if name not in self.columns:
            above = tag.P
            if tag.S in {pikepdf.Name.TD, pikepdf.Name.TH}:
                is_head = pikepdf.Name.THead == above.P.S
                self.columns[name] = None if is_head else _place_in(above, tag)
            else:
                self.columns[name] = None if above.objgen == self.document else self.column(above)
        return self.columns[name]


def _place_in(row: pikepdf.Object, cell: pikepdf.Object) -> int:
    """Which of the cells of a row it is, from 0."""
    kids = row.K if isinstance(row.K, pikepdf.Array) else [row.K]
    return [each.objgen for each in kids].index(cell.objgen)


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
    return ["".join(mark.text for mark in marks) for marks in _pages(pdf)]


def pages_without(texts: Iterable[str], fingerprint: str) -> list[int]:
    """The pages (from 1) on which the record's fingerprint, 64 hex digits, is not printed."""
    return [
        number
        for number, text in enumerate(texts, start=1)
        if fingerprint not in re.sub(r"\s", "", text)
    ]


def text_problems(pdf: bytes, canonical: bytes) -> list[str]:
    """What the pages fail to say of the record, a short line each; none when all is there.

    Looked for: both names, the record's number, every answer, word, question, statement, risk and
    result. Each stands in the running text, or in the column of a table: where a row goes on on the
    next page, the cells beside it are drawn in between.
    """
    running: list[str] = []
    columns: dict[int, list[str]] = {}
    for mark in (each for marks in _pages(pdf) for each in marks if not each.is_furniture):
        running.append(mark.text)
        if mark.column is not None:
            columns.setdefault(mark.column, []).append(mark.text)
    told = [plain("".join(texts)) for texts in (running, *columns.values())]
    return [
        f"{name} is not on the pages"
        for name, text in _wanted(json.loads(canonical))
        for looked_for in [plain(shown(text))]
        if not any(looked_for in words for words in told)
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
        for finding in (treatment["results"] or {"findings": []})["findings"]:
            yield f"the finding “{finding['label']}”", finding["words"]


@lru_cache(maxsize=1)  # whoever checks a document asks for its pages twice
def _pages(pdf: bytes) -> tuple[tuple[Mark, ...], ...]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        tree = opened.Root.StructTreeRoot
        places = list(tree.ParentTree.Nums)
        tags = dict(zip(map(int, places[::2]), places[1::2], strict=True))
        outline = TagTree(tree.K[0])
        return tuple(
            tuple(_marks(page, tags[int(page.obj["/StructParents"])], outline))
            for page in opened.pages
        )


def _marks(page: pikepdf.Page, tags: pikepdf.Object, outline: TagTree) -> Iterator[Mark]:
    """The marked parts of a page; `tags` holds the tag of each by its number."""
    fonts = {name: _names(font) for name, font in page.resources.Font.items()}
    names: Names = {}
    stated: str | None = None
    drawn: list[str] = []
    is_furniture, column = True, None
    inner = 0
    for instruction in pikepdf.parse_content_stream(page, OPERATORS):
        operands = instruction.operands
        match str(instruction.operator):
            case "BDC" if "/MCID" in operands[1]:
                tag = tags[int(operands[1]["/MCID"])]
                stated = str(tag.ActualText) if "/ActualText" in tag else None
                is_furniture, column = outline.is_furniture(tag), outline.column(tag)
                drawn = []
            case "BDC" if "/ActualText" in operands[1]:
                inner += 1
            case "EMC" if inner:
                inner -= 1
            case "EMC":
                text = "".join(drawn) if stated is None else stated
                yield Mark(f"{text} ", is_furniture, column)
                stated, drawn, is_furniture, column = None, [], True, None
            case "Tf":
                names = fonts[str(operands[0])]
            case "Tj" | "TJ":
                drawn.append(_read(b"".join(_strings(operands[0])), names))


def _strings(shown: pikepdf.Object) -> Iterator[bytes]:
    for each in shown if isinstance(shown, pikepdf.Array) else [shown]:
        if isinstance(each, pikepdf.String):
            yield bytes(each)


def _read(shapes: bytes, names: Names) -> str:
    read = (names[shapes[at : at + 2]] for at in range(0, len(shapes), 2))
    return "".join(each for each in read if each not in {SILENT, RIGHT_TO_LEFT, STOP})


def _names(font: pikepdf.Object) -> Names:
    written = font.ToUnicode.read_bytes()
    return {
        bytes.fromhex(shape.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
        for shape, text in NAMED_SHAPE.findall(written)
    }
