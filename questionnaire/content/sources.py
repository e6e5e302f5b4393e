"""Reads `sources.yaml` and `disagreements.yaml`: where facts come from, and where they differ."""

import re

from questionnaire.content.fields import SOURCE_ID, TITLE, Fields
from questionnaire.content.nodes import Node
from questionnaire.content.reading import Reading
from questionnaire.domain.library import Disagreement, Source, View

BASES = ("full_text", "abstract", "excerpt", "memory")
ADDRESS = 300
_ADDRESS = re.compile(r"https?://\S+")


def read_sources(reading: Reading, root: Node) -> dict[str, Source]:
    """Every source by id."""
    fields = Fields(reading, root, "sources file")
    found = fields.children("sources", lambda node: _source(reading, node))
    fields.close()
    return {source.id: source for source in found}


def _source(reading: Reading, node: Node) -> Source:
    fields = Fields(reading, node, "source")
    source = Source(
        id=fields.id("source", SOURCE_ID),
        citation=fields.text("citation"),
        year=fields.text("year", TITLE),
        basis=fields.text("basis", TITLE),
        note=fields.optional_text("note"),
        address=fields.optional_text("address", ADDRESS),
    )
    fields.close()
    if source.basis and source.basis not in BASES:
        known = ", ".join(BASES)
        reading.problem(fields.place_of("basis"), f"“basis” is one of {known}.")
    if source.address and not _ADDRESS.fullmatch(source.address):
        reading.problem(fields.place_of("address"), "An address begins with https://.")
    return source


def read_disagreements(reading: Reading, root: Node) -> tuple[Disagreement, ...]:
    """The points on which sources differ, in the order written."""
    fields = Fields(reading, root, "disagreements file")
    found = fields.children("disagreements", lambda node: _disagreement(reading, node))
    fields.close()
    return found


def _disagreement(reading: Reading, node: Node) -> Disagreement:
    fields = Fields(reading, node, "disagreement")
    views = (fields.needed("view_1"), fields.needed("view_2"))
    found = Disagreement(
        id=fields.id("disagreement"),
        point=fields.text("point", TITLE),
        views=tuple(_view(reading, view) for view in views if view),
        what_the_rules_do=fields.text("what_the_rules_do"),
        flags=fields.names("flags", "rule", needed=False),
    )
    fields.close()
    return found


def _view(reading: Reading, node: Node) -> View:
    fields = Fields(reading, node, "view")
    view = View(fields.text("text"), fields.names("sources", "source", needed=False))
    fields.close()
    return view
