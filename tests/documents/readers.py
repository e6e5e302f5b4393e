"""Programs that are not ours, asked for the words of a document."""

import io
import re
import subprocess
import unicodedata
from collections.abc import Callable
from itertools import groupby

import pypdf
from pdfminer.high_level import extract_text

from questionnaire.documents.words import plain

Reader = Callable[[bytes], str]


def poppler(pdf: bytes) -> str:
    """By place on the page, words turned round by its own rules; it knows `/ActualText`."""
    command = ("pdftotext", "-enc", "UTF-8", "-", "-")
    done = subprocess.run(command, input=pdf, check=True, capture_output=True)
    return done.stdout.decode()


def by_pypdf(pdf: bytes) -> str:
    """In the order drawn; it turns words from the right round within one text object."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def by_pdfminer(pdf: bytes) -> str:
    """By place on the page, each line in the order drawn; it turns nothing round."""
    return str(extract_text(io.BytesIO(pdf)))


def words_of(text: str) -> list[str]:
    """The words of a text, each as far as its letters go one way: how every reader must give it."""
    ways = (("".join(part), way) for way, part in groupby(text, _way))
    return [word for part, way in ways if way for word in part.split()]


def _way(character: str) -> str:
    """`L`, `R` or `N` (a figure); empty for what only stands beside words."""
    if not re.fullmatch(r"\w", character):
        return ""
    kind = unicodedata.bidirectional(character)
    return "R" if kind in {"R", "AL"} else "N" if kind in {"EN", "AN"} else "L"


def missing(reader: Reader, pdf: bytes, text: str) -> list[str]:
    """The words of `text` that a reader does not find in a document."""
    told = plain(reader(pdf))
    return [word for word in words_of(text) if plain(word) not in told]
