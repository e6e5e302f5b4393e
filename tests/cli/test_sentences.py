"""Every sentence a patient meets goes through the catalogue, and the catalogues know each one."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from questionnaire.cli.sentences import (
    ROOT,
    patient_templates,
    said_in_program,
    said_in_template,
    sentences,
)
from questionnaire.content import Level, load_library
from questionnaire.content.translations import translation_problems

RULES = ROOT / "rules"
SEEN_OR_HEARD = frozenset({"aria-label", "title", "alt", "placeholder", "data-ask", "data-left"})
WORDS = re.compile(r"[^\W\d_]{2,}")
A_SENTENCE = re.compile(r"[a-z]{2,} [a-z]|^[A-Z][a-z]")
HOLE = "\x00"
ATTRIBUTES = frozenset({"html_class", "body_class", "described_by", "group_class", "keeps"})
"""Blocks and macros that make part of a tag, not words."""

NAMES = frozenset({"SHA", "UTC"})


class Shown(HTMLParser):
    """The texts of a template that do not come out of an expression."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep attributes that somebody sees or hears."""
        self._silent += tag in {"script", "style"}
        self.texts += [value or "" for name, value in attrs if name in SEEN_OR_HEARD]

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or a style."""
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        if not self._silent:
            self.texts.append(data)


def parse(source: str) -> nodes.Template:
    """The template as Jinja reads it."""
    return jinja2.Environment(autoescape=True).parse(source)


def written(node: nodes.Node) -> Iterator[str]:
    """The template's own letters in order, with a hole for each expression."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Output):
        for part in node.nodes:
            yield part.data if isinstance(part, nodes.TemplateData) else HOLE
    elif not isinstance(node, nodes.Expr) and getattr(node, "name", "") not in ATTRIBUTES:
        for child in node.iter_child_nodes():
            yield from written(child)


def kept(node: nodes.Node) -> Iterator[str]:
    """Texts inside expressions that are not said with `t`."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "t":
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from kept(child)


def unsaid(source: str) -> list[str]:
    """The words of a template that would be in English in every language."""
    tree = parse(source)
    texts = Shown("".join(written(tree))).texts
    shown = [text.strip(f"{HOLE} \n") for text in texts if set(WORDS.findall(text)) - NAMES]
    return [*shown, *(text for text in kept(tree) if A_SENTENCE.search(text))]


@pytest.mark.parametrize(
    "path", patient_templates(), ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_every_visible_text_of_a_patients_template_is_said(path: Path) -> None:
    assert unsaid(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param('<p>{{ t("All is well.") }}</p>', [], id="said"),
        pytest.param("<p>All is well.</p>", ["All is well."], id="bare"),
        pytest.param('<p class="a">{% if x %}Yes{% endif %}</p>', ["Yes"], id="in a condition"),
        pytest.param('<a aria-label="Go on">{{ x }}</a>', ["Go on"], id="heard"),
        pytest.param('{{ button("Continue") }}', ["Continue"], id="handed on"),
        pytest.param('{{ "Done" if x else "To do" }}', ["Done", "To do"], id="chosen"),
        pytest.param('<p>{{ t("{a} of {b}").format(a=1, b=2) }}</p>', [], id="filled in"),
    ],
)
def test_a_text_that_is_not_said_is_found(source: str, found: list[str]) -> None:
    assert unsaid(source) == found


@pytest.mark.parametrize("code", ["es", "ar"])
def test_the_languages_lack_nothing(code: str) -> None:
    found = translation_problems(RULES, code, load_library(RULES), sentences())
    assert [str(it) for it in found if it.level is Level.PROBLEM] == []


def test_a_sentence_that_is_missing_or_not_said_any_more_is_reported() -> None:
    known = list(sentences())
    changed = ["Nobody says this yet.", *known[1:]]
    found = translation_problems(RULES, "es", load_library(RULES), changed)
    assert [it.sentence for it in found if it.level is Level.PROBLEM] == [
        "“Nobody says this yet.” is not here yet.",
        f"No page or message says “{known[0]}”.",
    ]


def test_sentences_are_found_in_templates_and_in_the_program() -> None:
    template = '<p>{{ t("One") }}</p>\n{{ page.button(t("Two {x}").format(x=1)) }}{{ t(three) }}'
    assert list(said_in_template(template)) == [(1, "One"), (2, "Two {x}")]
    program = (
        'A = to_say("One")\nB = self.say("Two")\nsay(three)\n'
        'raise Slip("Four")\nraise ValueError("Five")\nraise NotFound(SIX)'
    )
    assert sorted(said_in_program(program, raised=True)) == [(1, "One"), (2, "Two"), (4, "Four")]
    assert sorted(said_in_program(program, raised=False)) == [(1, "One"), (2, "Two")]
