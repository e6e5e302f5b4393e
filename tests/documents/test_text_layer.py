# ruff: noqa: RUF001  # signs that look alike are what is tried here
"""Whatever two people write, programs that are not ours read it on the pages as it was written."""

import re
from datetime import UTC, datetime
from html import escape

import pytest
import weasyprint
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from questionnaire.documents.fetch import PackagedAssets
from questionnaire.documents.finish import TitlePage, tidy
from questionnaire.documents.pdf import lay_out
from questionnaire.documents.words import direction, plain, shown
from tests.documents.readers import Reader, by_pdfminer, by_pypdf, missing, poppler

NOW = datetime(2026, 11, 25, 10, 45, tzinfo=UTC)
READERS = {"poppler": poppler, "pypdf": by_pypdf, "pdfminer": by_pdfminer}

TEXTS = {
    "brackets": "Paracetamol (500 mg), aspirin [75 mg] <5 mg> {a} «x» ‹y› ≤ 3",
    "Arabic": "أريد شعرا أكثر (قليلا) من فضلك",
    "lam-alef": "العلاج بالبلازما، الميلاد، لأن، إلا، لآخر",
    "Arabic name with Latin": "اسمي Amina Førde-O'Leary (Oslo) وأنا هنا",
    "Arabic numbers": "رقم \u200e01632 960 119\u200e ثم 75 mg ثم ٣٫٥",
    "Latin with Arabic": "My name is عبد الرحمن and I take [75 mg] a day",
    "Hebrew": "שיער (מעט) בבקשה [כן]",
    "keycaps": "pain 1️⃣ to 8️⃣",
    "flags": "from 🇬🇧, 🏴󠁧󠁢󠁥󠁮󠁧󠁿 and 👨‍👩‍👧",
    "Hindi": "हिन्दी में दर्द क्षेत्र",
    "Thai": "ภาษาไทย น้ำ",
    "accents": "Trần Thị Lân, Łukasz Øre, ﬁne ﬀ, e\u0323\u0301",
    "look-alikes": "A\u2010b\u00a0c µ μ Ω Ω K K Å",
    "Greek and Cyrillic": "Ωμέγα (ω) и Ж [ж]",
    "Chinese": "中文（汉字）「引」",
}
ALPHABETS = (
    "abcXYZéßłđfi", "αβγω", "жшяЙ", "العلاجبيتمؤئءة", "שלוםתר", "हनददरकषत", "กขคงมย",
    "中文漢字", "かなカナ", "한국어", "0123456789",
)  # fmt: skip
BRACKETS = st.sampled_from(["", "()", "[]", "{}", "<>", "«»", "‹›", "“”", "≤≥"])
WORDS = st.one_of(
    *(st.text(alphabet, min_size=1, max_size=8) for alphabet in ALPHABETS),
    st.sampled_from(
        ["لا", "الله", "1️⃣", "🇬🇧", "👨‍👩‍👧", "🙂", "e\u0323\u0301", "क्षेत्र", "น้ำ", "3.5", "-", "/"]
    ),
)
BRACKETED = st.tuples(WORDS, BRACKETS).map(lambda it: f"{it[1][:1]}{it[0]}{it[1][1:]}")
FREE_TEXT = st.lists(BRACKETED, min_size=1, max_size=8).map(" ".join)
LANGUAGES = st.sampled_from([("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])


def on_a_page(
    *texts: str, language: str = "en", towards: str = "ltr", width: str = "auto"
) -> bytes:
    """Free texts as the consent document prints them, without the rest of it."""
    lines = "".join(
        f'<p class="words" dir="{direction(it)}" style="width: {width}">{escape(it)}</p>'
        for it in texts
    )
    title_page = TitlePage("Words", "Willow Lane Clinic", language, NOW, "0" * 64, "Test", "Test")
    page = (
        f'<html lang="{language}" dir="{towards}"><head><title>Words</title></head>'
        f'<body><header data-running="Record" data-page="Page " data-of=" of "></header>{lines}'
        "</body></html>"
    )
    attachment = weasyprint.Attachment(
        string=b"{}", name="record.json", relationship="Data", url_fetcher=PackagedAssets(),
        created=NOW, modified=NOW,
    )  # fmt: skip
    return tidy(lay_out(page, title_page, [attachment]))


@pytest.fixture(scope="module")
def every_text() -> bytes:
    """All of the texts on one page, in English; each must hold whatever was drawn before it."""
    return on_a_page(*map(shown, TEXTS.values()))


@pytest.fixture(scope="module")
def every_text_backwards() -> bytes:
    """The same in an Arabic document, the last one first."""
    return on_a_page(*map(shown, reversed(TEXTS.values())), language="ar", towards="rtl")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("text", TEXTS)
def test_other_programs_read_the_words_as_they_were_written(
    text: str, reader: str, every_text: bytes, every_text_backwards: bytes
) -> None:
    for pdf in (every_text, every_text_backwards):
        assert missing(READERS[reader], pdf, shown(TEXTS[text])) == []


@pytest.mark.parametrize("reader", [by_pypdf, by_pdfminer])
def test_a_line_in_one_direction_is_read_whole_brackets_included(
    reader: Reader, every_text: bytes, every_text_backwards: bytes
) -> None:
    for pdf in (every_text, every_text_backwards):
        told = plain(reader(pdf))
        for name in ("brackets", "Arabic", "lam-alef", "Hebrew", "Greek and Cyrillic"):
            assert plain(shown(TEXTS[name])) in told


@settings(max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate])
@given(first=FREE_TEXT, second=FREE_TEXT, language=LANGUAGES)
def test_any_two_texts_in_any_scripts_are_read_by_every_program(
    first: str, second: str, language: tuple[str, str]
) -> None:
    code, towards = language
    pdf = on_a_page(shown(first), shown(second), language=code, towards=towards)
    told = plain(by_pypdf(pdf))
    for text in (shown(first), shown(second)):
        assert plain(text) in told
        for reader in READERS.values():
            assert missing(reader, pdf, text) == []


MARKS = st.sampled_from(["\u200e", "\u200f", "\u2066", "\u2069", "\u00a0", ""])
MARKED = st.lists(st.tuples(WORDS, MARKS), min_size=1, max_size=10).map(
    lambda words: " ".join(f"{mark}{word}{mark}" for word, mark in words)
)
WORD = re.compile(r"[^\W\d_]+|\d+")


@settings(max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate])
@given(text=MARKED, width=st.integers(20, 200), language=LANGUAGES)
def test_marks_of_direction_may_stand_anywhere_however_narrow_the_column_is(
    text: str, width: int, language: tuple[str, str]
) -> None:
    code, towards = language
    pdf = on_a_page(text, language=code, towards=towards, width=f"{width}px")
    told = plain(by_pypdf(pdf))
    assert [word for word in WORD.findall(text) if plain(word) not in told] == []


@pytest.mark.parametrize("zone", ["CET", "EDT", "+0530", "UTC"])
@pytest.mark.parametrize("width", [90, 120, 160, 200, 400])
def test_a_time_in_an_arabic_table_is_laid_out_wherever_it_breaks(zone: str, width: int) -> None:
    time = f"30 نوفمبر 2026، \u200e08:26:42\xa0{zone} (2026-11-30\xa007:26:42\xa0UTC)\u200e"
    pdf = on_a_page(time, language="ar", towards="rtl", width=f"{width}px")
    told = plain(by_pypdf(pdf))
    assert [clock for clock in ("08:26:42", "07:26:42") if plain(clock) not in told] == []
