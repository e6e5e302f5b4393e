"""What a reading voice is told: the language of each part, and every word as it was written.

WeasyPrint tags headings, lists and tables, but forgets a part's `lang`, and what a line says when
its shapes do not (`text_layer`). Here each part gets its language, and each such line its text as
written (`/ActualText`, ISO 32000-1 14.9.4).
"""

from collections.abc import Iterator

import pydyf  # type: ignore[import-untyped]  # has no types
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import tags as layout_tags

from questionnaire.documents.text_layer import STATED

SCOPES = {"row": "/Row", "col": "/Column"}
UNNAMED = b" <>"
NAMED_AS_NOTHING = b" <200b>"
"""A shape that is part of the letter before it: zero width space, for a name may not be empty."""

_build_box_tree = layout_tags._build_box_tree  # noqa: SLF001  # WeasyPrint has no hook for tags


def teach_tags() -> None:
    """Make WeasyPrint's tags carry language and text; asking again changes nothing."""
    layout_tags._build_box_tree = _build_taught_tree  # noqa: SLF001  # as above


def name_every_shape(pdf: pydyf.PDF) -> None:
    """Give shapes without a letter of their own a name, as PDF/A-3a wants."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and b"begincmap" in each.stream:
            each.stream[:] = [
                NAMED_AS_NOTHING.join(line.split(UNNAMED)) if line.endswith(UNNAMED) else line
                for line in each.stream
            ]


def _build_taught_tree(
    box: boxes.Box,
    parent: pydyf.Dictionary,
    pdf: pydyf.PDF,
    page_number: int,
    tagged: dict[int, bytes],
    annotations: list[object],
    marks: dict[object, dict[str, int]],
) -> Iterator[pydyf.Dictionary]:
    if isinstance(box, boxes.MarginBox):
        return
    texts = {
        marks[each]["mcid"]: marks[each][STATED]
        for each in _own_texts(box)
        if STATED in marks[each]
    }
    for element in _build_box_tree(box, parent, pdf, page_number, tagged, annotations, marks):
        if _has_own_tag(box) and (language := box.element.get("lang")):
            element["Lang"] = pydyf.String(language)
        if element["S"] == "/TH" and (scope := SCOPES.get(box.element.get("scope"))):
            element["A"]["Scope"] = scope
        yield element
    for mark, text in texts.items():
        _object(pdf, tagged[mark])["ActualText"] = pydyf.String(text)


def _own_texts(box: boxes.Box) -> Iterator[boxes.TextBox]:
    """The texts that hang directly on a box or on its lines, as WeasyPrint itself walks them."""
    for child in getattr(box, "children", ()):
        for each in child.children if isinstance(child, boxes.LineBox) else (child,):
            if isinstance(each, boxes.TextBox):
                yield each


def _object(pdf: pydyf.PDF, reference: bytes) -> pydyf.Object:
    return pdf.objects[int(reference.split()[0])]


def _has_own_tag(box: boxes.Box) -> bool:
    """Whether the box has a tag of its own; pages, `html` and `body` pass their children on."""
    return (
        isinstance(box, boxes.Box)
        and not isinstance(box, boxes.PageBox | boxes.MarginBox)
        and box.element is not None
        and box.element_tag not in {"html", "body"}
    )
