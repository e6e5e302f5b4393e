"""YAML is read strictly: words stay words, and nothing can bring the reader down."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.content.nodes import Entries, Items, Scalar, compose, trap
from questionnaire.content.problems import Place, Problem


def read(text: str) -> tuple[object, list[str]]:
    """The tree of a text, and the sentences said about it."""
    problems: list[Problem] = []
    return compose(text.encode(), "a.yaml", problems), [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("word", "reading"),
    [
        *((word, "true") for word in ("y", "yes", "Yes", "true", "True", "on", "ON")),
        *((word, "false") for word in ("n", "no", "No", "false", "off", "OFF")),
        *((word, "nothing") for word in ("~", "null", "Null")),
        *((word, "a number of seconds") for word in ("12:30", "1:20:30", "+9:59")),
        *((word, "a number in base eight") for word in ("010", "0o17", "007")),
        *((word, "a number in base sixteen") for word in ("0x1F", "0xff")),
        ("0b101", "a number in base two"),
        *((word, "a date") for word in ("2025-06-02", "2025-6-2", "2025-06-02T10:00:00Z")),
        *(
            (word, "a number")
            for word in ("0", "1", "-1", "1.5", ".5", "1_000", "1e3", "2024", ".inf")
        ),
        *((word, "an instruction") for word in ("=", "<<")),
    ],
)
def test_a_word_others_would_read_otherwise_needs_quotes(word: str, reading: str) -> None:
    sentence = f'Without quotes {word} can be read as {reading}; write "{word}".'
    assert trap(Scalar(word, plain=True, place=Place("a.yaml", 1))) == sentence
    assert trap(Scalar(word, plain=False, place=Place("a.yaml", 1))) == ""


@pytest.mark.parametrize(
    "word", ["none", "Not sure", "yesterday", "BL-01", "1 in 10 people", "12:30 to 13:00", "x10^9"]
)
def test_an_ordinary_word_needs_no_quotes(word: str) -> None:
    assert trap(Scalar(word, plain=True, place=Place("a.yaml", 1))) == ""


def test_nothing_written_is_said_to_be_nothing() -> None:
    assert (
        trap(Scalar("", plain=True, place=Place("a.yaml", 1))) == "There is nothing written here."
    )


def test_every_node_knows_its_line_and_every_word_stays_a_word() -> None:
    tree, told = read("# remark\nname: 010\nlist:\n  - no\n  - 'x: y'\n")
    assert told == []
    assert tree == Entries(
        {
            "name": Scalar("010", plain=True, place=Place("a.yaml", 2)),
            "list": Items(
                (
                    Scalar("no", plain=True, place=Place("a.yaml", 4)),
                    Scalar("x: y", plain=False, place=Place("a.yaml", 5)),
                ),
                Place("a.yaml", 4),
            ),
        },
        {"name": Place("a.yaml", 2), "list": Place("a.yaml", 3)},
        Place("a.yaml", 2),
    )


def test_a_key_that_is_a_trap_is_refused() -> None:
    assert read("no: x\n")[1] == ['a.yaml:1: Without quotes no can be read as false; write "no".']


@pytest.mark.parametrize(
    "text", ["a: [", "a: 'b", "- a\nb: c", "a:\n\tb: c", "%", "? ", "a: !x!y z", "a: *b", "@", "`"]
)
def test_what_is_no_yaml_is_said_with_a_line(text: str) -> None:
    _, told = read(text)
    assert told
    assert all(line.startswith("a.yaml:") for line in told)


@given(some.binary(max_size=200))
def test_no_bytes_bring_the_reader_down(content: bytes) -> None:
    problems: list[Problem] = []
    compose(content, "a.yaml", problems)
    assert all(problem.sentence for problem in problems)


@given(some.text(alphabet="ab:-?[]{}&*!|>'\"#%,\n 01", max_size=80))
def test_no_yaml_signs_bring_the_reader_down(text: str) -> None:
    _, told = read(text)
    assert all(line.startswith("a.yaml:") for line in told)
