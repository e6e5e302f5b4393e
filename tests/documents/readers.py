"""Programs that are not ours, asked for the words of a document."""

import io
import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

import pypdf
from pdfminer.high_level import extract_text

from questionnaire.documents.glyphs import is_mark
from questionnaire.documents.words import in_words

Reader = Callable[[bytes], str]
_way = itemgetter(1)


@lru_cache(maxsize=4)
def poppler(pdf: bytes) -> str:
    """By place on the page, words turned round by its own rules; it knows `/ActualText`.

    It must have nothing to complain of in the file.
    """
    command = ("pdftotext", "-enc", "UTF-8", "-", "-")
    done = subprocess.run(command, input=pdf, check=True, capture_output=True)
    assert done.stderr.decode() == ""
    return done.stdout.decode()


@lru_cache(maxsize=4)
def by_pypdf(pdf: bytes) -> str:
    """In the order drawn; it turns words from the right round within one text object."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


@lru_cache(maxsize=4)
def by_pdfminer(pdf: bytes) -> str:
    """By place on the page, each line in the order drawn; it turns nothing round."""
    return str(extract_text(io.BytesIO(pdf)))


def words_of(text: str) -> list[str]:
    """The words of a text, each as far as its letters go one way: how every reader must give it."""
    stretches = groupby(_ways(text), itemgetter(1))
    return [
        word for way, it in stretches if way for word in "".join(sign for sign, _ in it).split()
    ]


def _ways(text: str) -> Iterator[tuple[str, str]]:
    """Each character with its way; what stands on a letter or joins it to the next goes along."""
    way = ""
    for each in text:
        if not is_mark(each):
            way = _own_way(each)
        yield each, way


def _own_way(character: str) -> str:
    """`L`, `R` or `N` (a figure); empty for what only stands beside words."""
    if not re.fullmatch(r"\w", character):
        return ""
    kind = unicodedata.bidirectional(character)
    return "R" if kind in {"R", "AL"} else "N" if kind in {"EN", "AN"} else "L"


def missing(reader: Reader, pdf: bytes, text: str) -> list[str]:
    """The words of `text` that a reader does not find in a document whole, marks included."""
    told = _told(reader, pdf)
    return [word for word in words_of(text) if " ".join(in_words(word)) not in told]


@lru_cache(maxsize=4)
def _told(reader: Reader, pdf: bytes) -> str:
    return " ".join(in_words(reader(pdf)))
