"""Numbers and addresses within Arabic and Hebrew words stand on paper from left to right."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from questionnaire.domain.consent_parts import AnswerText
from questionnaire.domain.reading_order import in_order
from tests.documents import samples
from tests.documents.readers import by_pdfminer, by_pypdf, poppler
from tests.documents.readings import SPEECHES, on_paper, read_in
from tests.documents.test_text_layer import on_a_page

pytestmark = pytest.mark.whole

PARTS = {
    "\u0623\u0648 +49 171 2345678 \U0001f60a": ("+49", "171", "2345678"),
    "\u0647\u0627\u062a\u0641\u064a 01632-960119 \u0627\u0644\u0622\u0646": ("01632", "960119"),
    "\u0647\u0627\u062a\u0641\u064a \u0660\u0663\u0660 \u0661\u0662\u0663\u0664": (
        "\u0660\u0663\u0660",
        "\u0661\u0662\u0663\u0664",
    ),
    "\u0647\u0627\u062a\u0641\u064a (\u0660\u0663\u0660) \u0661\u0662": (
        "\u0660\u0663\u0660",
        "\u0661\u0662",
    ),
    "\u0639\u0646\u062f 08:26 CET \u062b\u0645": ("08", "26", "CET"),
    "\u05d9\u05e9 \u05dc\u05d9 [63 mg] \u05db\u05df": ("63", "mg"),
    "Call \u0623\u062d\u0645\u062f (030) 98765": ("030", "98765"),
    "\u0628\u0631\u064a\u062f\u064a 7a-b@example.org": ("7a", "b", "example", "org"),
    "\u0627\u0644\u0633\u0639\u0631 \u00a31,203.50 \u0627\u0644\u0622\u0646": (
        "\u00a31",
        "203",
        "50",
    ),
    "\u0627\u0644\u0646\u0633\u0628\u0629 52%-75% \u0645\u0646\u0647": ("52%", "75%"),
    "\u0628\u064a\u0646 150,000-400,007 \u0635\u0641\u064a\u062d\u0629": (
        "150",
        "000",
        "400",
        "007",
    ),
    "\u0628\u064a\u0646 \u0661\u066c\u0662\u0660\u0660 - \u0662\u066c\u0660\u0660\u0663": (
        "\u0661",
        "\u0662\u0660\u0660",
        "\u0662",
        "\u0660\u0660\u0663",
    ),
    "\u05d4\u05de\u05d7\u05d9\u05e8 1,2-3,4 \u05db\u05d0\u05df": ("1", "2", "3", "4"),
    "\u0631\u0642\u0645\u064a +971 4 123 5678 \u0623\u0648": ("971", "4", "123", "5678"),
    "\u05e8\u05e9\u05de +33 6 12 34 57 78 \u05d0\u05d5": ("33", "6", "12", "34", "57", "78"),
    "\u06a9\u062f +\u06f9\u06f8 \u06f9 \u06f1\u06f2\u06f3 \u06f4\u06f5\u06f6\u06f7 \u0648": (
        "\u06f9\u06f8",
        "\u06f9",
        "\u06f1\u06f2\u06f3",
        "\u06f4\u06f5\u06f6\u06f7",
    ),
}
"""What a patient wrote, and what is read there from the left to the right."""


def lines_drawn(pdf: bytes, path: Path) -> Iterator[str]:
    """The numbers of the shapes seen on each line of the pages, from the left to the right."""
    path.write_bytes(pdf)
    told = subprocess.run(("mutool", "trace", path), check=True, capture_output=True)
    seen = re.sub(r"(?s)<ignore_text.*?</ignore_text>", "", told.stdout.decode())
    for page in seen.split("<page ")[1:]:
        drawn = re.findall(r'<g .*?glyph="(\d+)" x="([-\d.]+)" y="([-\d.]+)"', page)
        shapes = sorted((float(y), float(x), number) for number, x, y in drawn)
        for _, line in groupby(shapes, lambda shape: round(shape[0])):
            yield "".join(f"<{number}>" for _, _, number in line)


@pytest.mark.parametrize("code", ["en", "ar"])
def test_the_parts_are_drawn_from_left_to_right(code: str, tmp_path: Path) -> None:
    parts = [*dict.fromkeys(part for parts in PARTS.values() for part in parts)]
    alone = dict(zip(parts, lines_drawn(on_a_page(*parts), tmp_path / "alone.pdf"), strict=False))
    answer = AnswerText("My words", "more", "More?", "\n".join(PARTS), "patient")
    record = replace(samples.a_record(), language=code, patient_words=(answer,))
    drawn = "\n".join(lines_drawn(on_paper(record, SPEECHES[code]), tmp_path / "drawn.pdf"))
    assert [
        words
        for words, parts_there in PARTS.items()
        if not re.search("(?:<[0-9]+>){1,3}".join(alone[it] for it in parts_there), drawn)
    ] == []


@pytest.mark.parametrize("code", ["en", "ar"])
def test_words_from_the_right_begin_there_whatever_their_first_word_is(
    code: str, tmp_path: Path
) -> None:
    parts = ("7788", "Euthyrox")
    first, last = [*lines_drawn(on_a_page(*parts), tmp_path / "alone.pdf")][: len(parts)]
    answer = AnswerText("My words", "more", "More?", "Euthyrox \u0648 7788 \u0648", "patient")
    record = replace(samples.a_record(), language=code, patient_words=(answer,))
    document = on_paper(record, SPEECHES[code])
    drawn = "\n".join(lines_drawn(document, tmp_path / "drawn.pdf"))
    assert re.search(first + "(?:<[0-9]+>){1,3}" + last, drawn)
    of_any_page = (by_pypdf, by_pdfminer)
    for reader in (*of_any_page, poppler) if code == "ar" else of_any_page:
        assert re.search("Euthyrox\\W+\u0648\\W+7788", reader(document))


PLACES_OF_NAMES = 6
TIMES = 11
NAMES = ("Fatimah", "Zahrani", "\u0641\u0627\u0637\u0645\u0629")
TWO_SCRIPTS = f"{NAMES[0]} ({NAMES[2]}) {NAMES[1]}"


@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_name_in_two_scripts_is_drawn_one_way_everywhere(code: str, tmp_path: Path) -> None:
    sample = samples.a_record()
    record = replace(
        sample,
        language=code,
        patient=replace(sample.patient, full_name=TWO_SCRIPTS),
        practitioner=replace(sample.practitioner, name=TWO_SCRIPTS),
        review=replace(sample.review, act=replace(sample.review.act, name=TWO_SCRIPTS)),
    )
    first, last = [*lines_drawn(on_a_page(*NAMES[:2]), tmp_path / "alone.pdf")][:2]
    drawn = lines_drawn(on_paper(record, SPEECHES[code]), tmp_path / "drawn.pdf")
    found = [line for line in drawn if first in line or last in line]
    assert len(found) >= PLACES_OF_NAMES
    assert [line for line in found if last not in line.partition(first)[2]] == []


def test_an_address_is_not_parted_from_its_host_nor_a_number_to_call_cut() -> None:
    address, number = "https://www.example.org/a", "+44 (0)1632 960119"
    lines = [
        "\u0643\u0644\u0645\u0629 " * many + each
        for each in (address, number)
        for many in range(1, TIMES + 1)
    ]
    pdf = on_a_page(*map(in_order, lines), language="ar", towards="rtl", widths=("55mm",))
    read = by_pdfminer(pdf)
    assert len(re.findall(r"https://www\.example\.org/", read)) == TIMES
    assert read.count(number) == TIMES


def test_a_telephone_number_of_the_clinic_is_not_turned_round_in_arabic(tmp_path: Path) -> None:
    parts = ("01632", "960", "119")
    alone = [*lines_drawn(on_a_page(*parts), tmp_path / "alone.pdf")][: len(parts)]
    speech = SPEECHES["ar"]
    document = on_paper(read_in(speech), speech)
    drawn = "\n".join(lines_drawn(document, tmp_path / "drawn.pdf"))
    assert re.search("<[0-9]+>".join(alone), drawn)
    for reader in (poppler, by_pypdf, by_pdfminer):
        assert "01632 960 119" in reader(document)
