# ruff: noqa: RUF001  # signs that look alike are what is tried here
"""Whatever two people write, programs that are not ours read it on the pages as it was written."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from itertools import cycle

import pytest
import weasyprint
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from questionnaire.documents.fetch import PackagedAssets
from questionnaire.documents.finish import TitlePage, tidy
from questionnaire.documents.glyphs import is_mark
from questionnaire.documents.pdf import lay_out
from questionnaire.documents.proofread import page_texts
from questionnaire.documents.words import plain, shown
from questionnaire.domain.reading_order import direction, in_order
from tests.documents.readers import Reader, by_pdfminer, by_pypdf, missing, poppler, words_of

pytestmark = pytest.mark.whole

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
    "Arabic with vowel marks": "ٱلْحَمْدُ لِلَّهِ، شُكْرًا، كِتَابٌ، لَا، إِنَّ الْأَوَّلَ مُؤْلِمٌ",
    "Hebrew with vowel marks": "שָׁלוֹם, בְּרֵאשִׁית כֹּל",
    "Persian": "من می\u200cخواهم موهای بیشتری داشته باشم (کمی) لطفاً، کتاب\u200cها، گیاه پژواک",
    "Urdu": "مجھے زیادہ بال چاہئیں، ڈاکٹر صاحب۔ ٹھیک ہے؟ ۓ ں ڑ",
    "Pashto": "زه غواړم ډېر وېښتان ولرم، ښه ځای څنګه ۍ",
    "Kurdish": "من دەمەوێت قژی زۆرترم هەبێت، پێویستە ڕێگە ڵ",
    "Sindhi, Uyghur and Jawi": "ٻ ڀ ٺ ڃ ڍ ڙ ڪ ڱ ڻ، مېنىڭ چېچىم كۆپ بولسۇن، ڽڠ ݢ ۏ",
    "Yiddish": "איך האָב ווייטיק ײַ פֿאַר",
    "drawn out": "شـــعر الـــــكثير محـمّـد",
    "presentation forms": "ﺍﻟﺸﻌﺮ ﷲ ﷺ ﻻ ﻼ ﷽ ﺑﺘﻢ",
    "figures": "٣ و ۳ و 3، ١٢٣٫٤٥ ۱۲۳۴ 75mg 75مg ٥٠٪ −3 ½ x²",
    "Arabic brackets": "(شعر [أكثر] {قليل} «نعم» ‹لا›) ≤ ٣ ﴾آية﴿",
    "telephone": "هاتفي +44 1632 960119 أو 01632-960-119 أو (0)20",
    "e-mail": "بريدي amina.testwell@example.org و مريم@مثال.إختبار",
    "address": "https://example.org/شعر?x=1&y=٢",
    "emoji in Arabic": "شعري 👩🏽‍⚕️ جيد 👍🏿 و 👨‍👩‍👧 🇸🇦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ألم 1️⃣ إلى 8️⃣ ❤️",
    "emoji in Hebrew": 'יש לי כאב (חזק) 75 mg "ד״ר" ג׳ורג׳ – תל־אביב 🇮🇱 8️⃣',
    "numbers kept in order": in_order(
        "هاتفي +44 1632 960119 أو (030) ٣٣٣ ٤٤٤ ثم [63 mg] a-7@b.org"
    ),
    "one name in two scripts": "Zoë Testwell-مريم و O’Brien-עמית",
}
UNKNOWN_TO_POPPLER = (
    (0x7CA, 0x7F5), (0x800, 0x82D), (0x840, 0x85B), (0x8A0, 0x8FF), (0x10D00, 0x10D27),
    (0x1E900, 0x1E94B),
)  # fmt: skip
"""Scripts of which it does not know that they are read from the right: it turns their words round
only where they stand alone on a line."""
FROM_THE_RIGHT = (
    (0x591, 0x5F2), (0x620, 0x652), (0x653, 0x6FF), (0x710, 0x74F), (0x750, 0x77F), (0x780, 0x7B1),
    *UNKNOWN_TO_POPPLER,
)  # fmt: skip
"""First and last character of scripts that are read from the right, Hebrew to Adlam."""
RARE_MARKS = (0x653, 0x6FF)
"""Of which poppler swaps some, two on one letter."""
INDIC = (
    (0x900, 0x97F), (0x980, 0x9FF), (0xA00, 0xA7F), (0xB80, 0xBFF), (0xD80, 0xDFF), (0xE01, 0xE4E),
    (0x1000, 0x109F), (0x1780, 0x17D3),
)  # fmt: skip
"""Scripts whose vowels are signs round the letters: poppler loses some beside Arabic or Hebrew."""
OTHERS = (
    (0x41, 0x17F), (0x300, 0x3FF), (0x400, 0x487), (0x531, 0x587), (0x10A0, 0x10FF),
    (0x1200, 0x135A), (0x3041, 0x30FF), (0x4E00, 0x4FFF), (0xAC00, 0xADFF), (0xFB50, 0xFDFF),
    (0x671, 0x6D5),
    *(each for each in FROM_THE_RIGHT if each not in {RARE_MARKS, *UNKNOWN_TO_POPPLER}),
)  # fmt: skip


def letters_and_marks(first: int, last: int) -> tuple[list[str], list[str]]:
    """The letters and the marks between two characters."""
    signs = [chr(each) for each in range(first, last + 1)]
    letters = [each for each in signs if unicodedata.category(each).startswith("L")]
    return letters, [each for each in signs if is_mark(each)]


def in_script(first: int, last: int) -> st.SearchStrategy[str]:
    """A word of a script's letters, each with up to two of the script's marks, no mark twice."""
    letters, marks = letters_and_marks(first, last)
    marked = st.lists(st.sampled_from(marks or [""]), max_size=2, unique=True).map("".join)
    letter = st.tuples(st.sampled_from(letters), marked).map("".join)
    return st.lists(letter, min_size=1, max_size=7).map("".join)


BRACKETS = st.sampled_from(["", "()", "[]", "{}", "<>", "«»", "‹›", "“”", "≤≥"])
WORDS = st.one_of(
    *(in_script(first, last) for first, last in OTHERS),
    *(st.text(letters_and_marks(*each)[0], min_size=1, max_size=7) for each in INDIC),
    in_script(0x41, 0x7A),
    in_script(0x621, 0x652),
    st.text("0123456789٣۳", min_size=1, max_size=8),
    st.sampled_from(
        ["لا", "الله", "می\u200cروم", "1️⃣", "🇬🇧", "👩🏽‍⚕️", "क्षेत्र", "น้ำ", "3.5", "-", "/"]
    ),
)
BRACKETED = st.tuples(WORDS, BRACKETS).map(lambda it: f"{it[1][:1]}{it[0]}{it[1][1:]}")
FREE_TEXT = st.one_of(
    st.lists(BRACKETED, min_size=1, max_size=8).map(" ".join),
    *(st.lists(in_script(*each), min_size=1, max_size=8).map(" ".join) for each in INDIC),
)
LANGUAGES = st.sampled_from([("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])


def on_a_page(
    *texts: str, language: str = "en", towards: str = "ltr", widths: Sequence[str] = ("auto",)
) -> bytes:
    """Free texts as the consent document prints them, in each width, without the rest of it."""
    lines = "".join(
        f'<p class="words" dir="{direction(it)}" style="width: {width}">{escape(it)}</p>'
        for it in texts
        for width in widths
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


def test_poppler_reads_lines_from_the_right_whole_on_a_page_from_the_right(
    every_text_backwards: bytes,
) -> None:
    told = plain(poppler(every_text_backwards))
    for name in (
        "Arabic name with Latin",
        "Arabic with vowel marks",
        "Arabic numbers",
        "Arabic brackets",
        "Hebrew",
        "Persian",
        "telephone",
        "e-mail",
        "emoji in Arabic",
    ):
        assert plain(shown(TEXTS[name])) in told


def told_of(pdf: bytes) -> str:
    """What the proofreader finds."""
    return plain("".join(page_texts(pdf)))


@settings(max_examples=5, deadline=None, derandomize=True, phases=[Phase.generate])
@given(texts=st.lists(FREE_TEXT, min_size=2, max_size=16), language=LANGUAGES)
def test_any_texts_in_any_scripts_are_read_by_every_program(
    texts: list[str], language: tuple[str, str]
) -> None:
    code, towards = language
    texts = [*map(shown, texts)]
    pdf = on_a_page(*texts, language=code, towards=towards)
    for told in (told_of(pdf), plain(by_pypdf(pdf))):
        assert [text for text in texts if plain(text) not in told] == []
    for reader in READERS.values():
        assert [word for text in texts for word in missing(reader, pdf, text)] == []


def test_every_letter_and_mark_of_every_script_from_the_right_is_read_within_a_word() -> None:
    words = []
    for first, last in FROM_THE_RIGHT:
        letters, marks = letters_and_marks(first, last)
        words += [f"{letters[1]}{mark}{letters[2]}" for mark in marks]
        words += [f"{letters[3]}{letter}{letters[4]}" for letter in letters]
    pdf = on_a_page(*map(shown, words))
    for reader in READERS.values():
        assert [word for word in words if missing(reader, pdf, shown(word))] == []


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_joiners_within_a_word_are_read(reader: Reader, every_text: bytes) -> None:
    assert [
        word for word in ("می\u200cخواهم", "کتاب\u200cها") if word not in reader(every_text)
    ] == []


MARKS = st.sampled_from(["\u200e", "\u200f", "\u2066", "\u2069", "\u00a0", ""])
MARKED = st.lists(st.tuples(WORDS, MARKS), min_size=1, max_size=10).map(
    lambda words: " ".join(f"{mark}{word}{mark}" for word, mark in words)
)


@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    texts=st.lists(MARKED, min_size=1, max_size=6), width=st.integers(20, 200), language=LANGUAGES
)
def test_marks_of_direction_may_stand_anywhere_however_narrow_the_column_is(
    texts: list[str], width: int, language: tuple[str, str]
) -> None:
    code, towards = language
    texts = [*map(shown, texts)]
    pdf = on_a_page(*texts, language=code, towards=towards, widths=(f"{width}px",))
    told = plain(by_pypdf(pdf))
    assert [it for text in texts for it in words_of(text) if plain(it) not in told] == []


ODD = {
    "scripts from the right": "ߒߞߏ ߊߡߌߣߊ ܐܡܝܢܐ ܫܠܳܡܳܐ އަމީނާ 𞤀𞤣𞤤𞤢𞤥 ࠀࠁࠂ",
    "names": "מִרְיָם בַּת־דָּוִד، أَمِينَةُ (Amina Førde) [75 mg]، Nguyễn Thị Ngọc Ánh",
    "flags": "🇬🇧🇸🇦 🏴󠁧󠁢󠁷󠁬󠁳󠁿 🏳️‍🌈 🏴‍☠️ #️⃣*️⃣🔟 ☎️ ©️ 葛󠄀",
    "families": "👨‍👩‍👧‍👦 👩🏽‍❤️‍💋‍👨🏿 🧑🏾‍🤝‍🧑🏻 🙋🏿‍♀️",
    "figures of many scripts": "0123 ٠١٢٣ ۰۱۲۳ ०१२३ ০১২৩ ๐๑๒๓ ༠༡༢༣ ½ 1½ ⅞ 3⁄4 x² 10⁻⁶ H₂O ªº №",
    "conjuncts": "श्री क्षेत्रज्ञ र्द्ध्र्य त्र्यंबक ক্ষত্রিয় ஸ்ரீ க்ஷ ක්‍ෂ ക്ഷ്മ ဩ ကျွန်တော် ខ្ញុំឈ្មោះ",
    "Thai, Lao and Tibetan": "ฉันชื่อ น้ำผึ้ง ສະບາຍດີ བོད་སྐད་བརྒྱུད་ ཧཱུྃ",
    "rare Chinese and Korean": "𠀀𠮷野家 𪚥 髙﨑 각 ㄱㅏ ｶﾞ か゚",
    "hidden": "a\ue000b \uf8ff \U000f0000 Do\u00adm \ufeffx\u200by\u2060z a\x00b\x1bc \ufff9d",
    "one for many": "ﬁne ﬀ ﬄ ﷺ ﷲ ﻻ ǆ Ĳ ŉ ™ ℡ 𝔘𝔫𝔦 𝟙𝟚",
    "other letters": "አማርኛ ნინო Անի ᏣᎳᎩ ᠮᠣᠩᠭᠣᠯ ⵜⴰⵎⴰⵣⵉⵖⵜ ꆈꌠ 𒀀𒁀 𓀀",
    "turned": "abc \u202eعكس\u202c \u2067x\u2069 (أ) [b] {ج} محـــــمد می\u200cخواهم",
}
"""What nobody had in mind."""


LONG = {
    "Latin": "ثم " + "Lorem ipsum dolor sit amet consectetur adipiscing elit " * 4 + "ثم",
    "a word": "ثم " + "Donaudampfschiff" * 19 + " ثم",
    "an address": "رابطي https://example.org/" + "a1-b2/" * 46 + "?x=1&y=2 ثم",
    "a number": "رقمي " + "0123456789" * 31 + " ثم",
    "an Arabic number": "رقمي " + "٠١٢٣٤٥٦٧٨٩" * 31 + " ثم",
    "mixed": "ثم " + "Ünïté 960119 日本語 𝔘𝔫𝔦 👩🏽‍⚕️ (x) " * 9 + "ثم",
    "joined emoji": "ثم " + "👩‍" * 40 + "👩 ثم",
    "joined letters": "ثم " + "क्" * 80 + "क ثم",
    "joined letters from the left": "क्" * 80 + "क",
}


def odd_texts() -> list[str]:
    """Each odd word alone, and the texts among Arabic."""
    alone = [shown(part) for text in ODD.values() for part in text.split()]
    return alone + [shown(f"شعر ({it}) 30") for name, it in ODD.items() if "right" not in name]


def test_odd_texts_alone_and_among_arabic_are_read_by_every_program(in_a_language: bytes) -> None:
    told = told_of(in_a_language)
    assert [text for text in odd_texts() if plain(text) not in told] == []
    for reader in READERS.values():
        assert [it for text in odd_texts() for it in missing(reader, in_a_language, text)] == []


def test_words_longer_than_a_name_can_be_are_read_by_every_program(in_a_language: bytes) -> None:
    texts = [*map(shown, LONG.values())]
    told = told_of(in_a_language)
    assert [text for text in texts if plain(text) not in told] == []
    for reader in READERS.values():
        read = plain(reader(in_a_language))
        assert [part for text in texts for part in parts_of(text) if part not in read] == []


def parts_of(text: str) -> list[str]:
    """What must be found of a text wherever its lines end: every stretch of ten characters."""
    return [plain(word)[:10] for word in words_of(text)]


FIGURES = "0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"
FORMS = (
    "+44 1632 960119", "01632-960-119", "(030) 98765", "0171/2345678", "01632 960 119",
    "30/11/2026", "2026-11-30", "30.11.2026", "08:26:42", "08:26 CET", "2026-11-30 07:26:42 UTC",
    "75 mg", "3.5", "1,050", "R-2026-7Q4M", "amina.7@example.org",
)  # fmt: skip
DATES = ("30 نوفمبر 2026", "٣٠ نوفمبر ٢٠٢٦", "5 يناير 1988", "9 באפריל 1988", "6 آذار/مارس 2026")


def in_figures(form: str, figures: str) -> str:
    """The form with figures of another script."""
    return form.translate(str.maketrans(FIGURES[0], figures))


FORMS_IN_FIGURES = [in_figures(form, figures) for form in FORMS for figures in FIGURES]


def figures_in_words() -> list[str]:
    """Each number and date between words from the right, as the document prints them."""
    beside = cycle(["هاتفي", "יש לי", "كِتَابٌ", "رقم:", "(شعر)"])
    found = zip([*FORMS_IN_FIGURES, *DATES], beside, strict=False)
    return [shown(f"{word} {it} هنا") for it, word in found]


@pytest.fixture(scope="module", params=[("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def in_a_language(request: pytest.FixtureRequest) -> bytes:
    """All that is long, odd or a number, in a document of one language after the other."""
    code, towards = request.param
    texts = [*map(shown, LONG.values()), *odd_texts(), *figures_in_words()]
    return on_a_page(*map(in_order, texts), language=code, towards=towards)


def test_a_search_finds_figures_in_words_from_the_right_as_somebody_types_them(
    in_a_language: bytes,
) -> None:
    for reader in READERS.values():
        read = reader(in_a_language)
        assert [form for form in FORMS_IN_FIGURES if form not in read] == []
    seen = (by_pypdf(in_a_language), by_pdfminer(in_a_language), seen_by_poppler(in_a_language))
    for read in seen:
        assert [date for date in DATES if date not in read] == []


def seen_by_poppler(pdf: bytes) -> str:
    """What there is to see of its text: it marks each change of direction with signs of its own."""
    return "".join(it for it in poppler(pdf) if unicodedata.category(it) != "Cf")


ZONES = ("CET", "EDT", "+0530", "UTC")
WIDTHS = ("90px", "120px", "160px", "200px", "400px")


def test_a_time_in_an_arabic_table_is_laid_out_wherever_it_breaks() -> None:
    times = (
        f"30 نوفمبر 2026، \u200e08:26:42\xa0{zone} (2026-11-30\xa007:26:42\xa0UTC)\u200e"
        for zone in ZONES
    )
    pdf = on_a_page(*times, language="ar", towards="rtl", widths=WIDTHS)
    told = plain(by_pypdf(pdf))
    for clock in ("08:26:42", "07:26:42"):
        assert told.count(plain(clock)) == len(ZONES) * len(WIDTHS)
