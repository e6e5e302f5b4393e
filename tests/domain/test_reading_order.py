# ruff: noqa: RUF001  # signs that look alike are what is tried here
"""What is read from the left keeps its order between words from the right; nothing else changes."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.clinic_details import ClinicDetails
from questionnaire.domain.reading_order import apart, direction, in_order
from tests.domain.fribidi import drawn

KEPT = (
    "+49 171 2345678", "0171-2345678", "(030) 12345", "+44 (0)20 7946 0958", "0171/23 45 67",
    "030.12.345", "۰۹۱۲ ۳۴۵ ۶۷۸۹", "5 mg", "75mg", "2.5 µg/ml", "-3", "30 °C",
    "amina.testwell@example.org", "12a@example.org", "https://example.org/a-1?x=2", "2026-11-30",
    "08:26:42", "2026-11-30 07:26",
)  # fmt: skip
AROUND = ("هاتفي {} الآن", "{} أو هاتفي", "هاتفي {}", "(هاتفي {})", "({} הטלפון)", "Tel {} أحمد")


@pytest.mark.parametrize("run", KEPT)
@pytest.mark.parametrize("around", AROUND)
def test_a_number_or_address_stands_between_marks(run: str, around: str) -> None:
    shown = in_order(around.format(run))
    breaking = {"\u00a0": " ", "/\u2060": "/", "/\u200e": "/"}
    for held, typed in breaking.items():
        shown = shown.replace(held, typed)
    assert f"\u200e{run}\u200e" in shown
    assert direction(shown) == direction(around.format(run))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("رقمي ٠٣٠-١٢٣", "رقمي \u200e٠٣٠\u200e-\u200e١٢٣\u200e"),
        ("٠٣٠ ١٢٣", "\u200e٠٣٠\u200e\u00a0\u200e١٢٣\u200e"),
        ("رقمي ٠٣٠ ١٢٣", "رقمي \u200e٠٣٠\u200e\u00a0\u200e١٢٣\u200e"),
        ("عند ٠٨:٢٦", "عند \u200e٠٨\u200e:\u200e٢٦\u200e"),
        ("(٠٣٠) ١٢٣ لي", "\u200f\u2066\u200e(\u200e٠٣٠\u200e)\u00a0\u200e١٢٣\u200e\u2069 لي"),
    ],
)
def test_arabic_figures_are_parted_by_marks_at_each_sign(typed: str, shown: str) -> None:
    assert in_order(typed) == shown


@pytest.mark.parametrize(
    "text",
    [
        "غرفة 12",
        "رقم 5: 6",
        "في ٣ و ٤",
        "12345",
        "+49 171 2345678",
        "[5 mg]",
        "Tel 0171-23",
        "في \u200e09:00 GMT\u200e",
        "أ (ب) - ج",
        "",
    ],
)
def test_words_without_such_a_run_and_lines_from_the_left_stay_as_they_are(text: str) -> None:
    assert in_order(text) == text


MEANT = {
    "Euthyrox 75 µg صباحًا على الريق؛ فيتامين د 5000 كل أسبوع": "rtl",
    "Euthyrox صباحًا": "rtl",
    "Panadol 500 mg، Aspirin 100 mg عند اللزوم": "rtl",
    "PRP? لا أعرف": "rtl",
    "(Botox) منذ سنة": "rtl",
    "וויטמין D 1000 IU": "rtl",
    "Omega-3 כל יום": "rtl",
    "وCentrum": "rtl",
    "https://example.org/a هنا": "rtl",
    "50%-75% منه": "rtl",
    "حساسية means allergy": "ltr",
    "مريم es mi hermana": "ltr",
    "صباحًا: Euthyrox 75 µg before breakfast": "ltr",
    "Zoë Testwell-مريم و O’Brien-עמית": "ltr",
    "https://example.org/شعر": "ltr",
    "\u200fEuthyrox and Aspirin و": "rtl",
    "Aspirin 100 mg": "ltr",
    "صباحًا": "rtl",
    "12345": "ltr",
    "": "ltr",
}
"""What somebody wrote, and the direction in which it is meant."""


@pytest.mark.parametrize(("text", "way"), MEANT.items())
def test_a_text_has_the_direction_of_most_of_its_words(text: str, way: str) -> None:
    assert direction(text) == way


def on_a_screen(line: str) -> str:
    """The direction a browser gives to words alone: that of the first letter or mark (rule P2)."""
    ways = (unicodedata.bidirectional(sign) for sign in line)
    first = next((way for way in ways if way in {"L", "R", "AL"}), "L")
    return "ltr" if first == "L" else "rtl"


def test_each_line_stands_by_its_own_words_on_a_screen() -> None:
    text = "\n".join(MEANT)
    assert [*map(on_a_screen, in_order(text).splitlines())] == [*MEANT.values()][:-1]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("أبש1٢+-() \n@.mµX"))))
def test_a_screen_that_goes_by_the_first_letter_shows_any_line_as_it_is_meant(text: str) -> None:
    assert [*map(on_a_screen, in_order(text).splitlines())] == [*map(direction, text.splitlines())]


def test_a_list_that_begins_with_a_name_from_the_left_begins_on_the_right() -> None:
    typed = next(iter(MEANT))
    line = seen(typed)
    assert line.index("5000") < line.index("75 µg")
    assert line.endswith("Euthyrox 75 µg")


DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
AMOUNTS = (
    "£1,200.50", "1,200.50 £", "€ 1.200,50", "1\u202f200,50 €", "1\u00a0200", "1 200", "1'200.50",
    "1’200", "1٬200٫50", "12,345,678.90", "US$ 50", "EUR 1,200.50", "1,200.50 EUR", "-£5", "£-5",
    "50%", "50%-75%", "50 % – 75 %", "150,000-400,000", "150,000 - 400,000", "1,000/2,000",
    "0,5-1,5", "1,5 - 2", "£50–£75", "50 €-75 €", "1:1000", "1.5 : 2.5", "1/2", "½", "1½", "½ - ¾",
    "1/2-3/4", "-3", "−3.5", "+3", "±0,5", "~5", "#5", "50+", "5×10", "36,5–37,5 °C", "37.5°",
    "5-10 mg", "5 mg/10 ml", "2026-11-30", "30/11/2026", "30.11.2026", "08:26", "8:30 - 9:15",
    "+44 (0)1632 960119", "(030) 12345", "+1-800-555-0100",
)  # fmt: skip
ADDRESSES = ("amina.testwell@example.org", "https://www.example.org/a-1/2026-11/?x=2,5")
IN_WORDS = (
    "السعر {} الآن", "{} هو", "السعر {}", "(السعر {})", "السعر، {}، ثم", "غرفة 5، {}.", "{} המחיר",
    "המחיר {} כאן", "Price {} أحمد", "أحمد Price {} من", "کد {} است",
)  # fmt: skip
UNSEEN = str.maketrans(
    {0xA0: " ", 0x202F: " ", **dict.fromkeys(map(ord, "\u200e\u200f\u2060\u2066\u2069"))}
)


def seen(line: str) -> str:
    """What the eye finds on the line from the left to the right."""
    return drawn(in_order(line), direction(line)).translate(UNSEEN)


def in_each_script(amount: str) -> list[str]:
    return [amount.translate(str.maketrans(DIGITS[0], digits)) for digits in DIGITS]


@pytest.mark.parametrize("around", IN_WORDS)
def test_an_amount_is_drawn_from_left_to_right_whatever_stands_around_it(around: str) -> None:
    amounts = [*(it for amount in AMOUNTS for it in in_each_script(amount)), *ADDRESSES]
    wrong = [it for it in amounts if it.translate(UNSEEN) not in seen(around.format(it))]
    assert wrong == []


NUMBERS = st.from_regex(r"[1-9][0-9]{0,2}([,.'][0-9]{3}){0,2}([.,][0-9]{1,2})?", fullmatch=True)
FIGURES = st.tuples(
    st.sampled_from(["", "£", "$", "€ ", "-", "+", "-₪"]),
    NUMBERS,
    st.sampled_from(["", "%", " %", " €", " mg", "µg/ml", "°"]),
).map("".join)
RANGES = st.tuples(NUMBERS, st.sampled_from(["-", " - ", "–", " – ", "/", " / ", ":"]), FIGURES)


@given(st.one_of(FIGURES, RANGES.map("".join)), st.sampled_from(IN_WORDS), st.sampled_from(DIGITS))
def test_any_number_and_range_is_drawn_from_left_to_right(
    amount: str, around: str, digits: str
) -> None:
    typed = amount.translate(str.maketrans(DIGITS[0], digits))
    assert typed in seen(around.format(typed))


@pytest.mark.parametrize(
    ("line", "apart"),
    [
        ("الضغط 120/80. 3 مرات", "3 .120/80"),
        ("أخذت 5.5 مل، 3.5 مرة", "3.5 ،لم 5.5"),
        ("الجرعة 5 mg 10 أيام", "10 5 mg"),
        ("سنة 2019. 3 مرات", "3 .2019"),
        ("القيم 1,5، 2,5", "2,5 ،1,5"),
        ("القيم 3 5 مرات", "5 3"),
        ("القيم 12 3 مرات", "3 12"),
        ("القيم 0.5 0.25 0.75 1.5 مل", "1.5 0.75 0.25 0.5"),
        ("الهاتف 0123456. 3 مرات", "3 .0123456"),
        ("رقمي +971 4 123 4567، 3 مرات", "3 ،+971 4 123 4567"),
        ("النسب ٥٪، ١٠٪، ١٥٪", "١٥٪ ،١٠٪ ،٥٪"),
        ("الضغط ١٢٠/٨٠، ١٣٠/٩٠", "١٣٠/٩٠ ،١٢٠/٨٠"),
        ("الهاتف ٠٥٠ ١٢٣ ٤٥٦٧، ٠٥٥ ٧٦٥ ٤٣٢١", "٠٥٥ ٧٦٥ ٤٣٢١ ،٠٥٠ ١٢٣ ٤٥٦٧"),
        ("الجرعات ٢-٣، ٤-٥ مرات", "٤-٥ ،٢-٣"),
        ("السعر +100.000'000 الآن", "+100.000'000"),
    ],
)
def test_a_figure_stays_with_the_words_behind_it(line: str, apart: str) -> None:
    assert apart in seen(line)


CALLED = (
    "+971 4 123 4567", "+33 6 12 34 56 78", "+966 5 1234 5678", "+961 1 234 567", "+20 2 12345678",
    "+972 3 123 4567", "+962 7 1234 5678", "+212 6 12 34 56 78", "+43 1 234567", "+36 1 234 5678",
    "+32 2 123 45 67", "00 33 1 23 45 67 89", "800 4 5678", "+98 9 123 4567", "33 6 12 34 56 78",
    "+1 (800) 555-0100", "(0) 4 123 4567", "0 4 123 45 67", "+65 9 123 4567", "1 800 555 0100",
    "+7 (9) 123-45-67", "+49/30/1234567", "+33.6.12.34.56.78", "+44 (0) 1632 960119",
    "(+961) 1 234 567", "0 800 1 23 45 67", "+971-4-123-4567", "0-4-123-4567", "+ 971 4 123 4567",
)  # fmt: skip
OTHERS = ("1 1/2", "1 1/2 ml", "12-B", "12-B/3", "10^9/L", "150 x10^9/L", "3 to 5", "5'10\"")


@pytest.mark.parametrize("around", IN_WORDS)
def test_a_number_to_call_is_drawn_as_it_is_dialled(around: str) -> None:
    numbers = [*(it for each in CALLED for it in in_each_script(each)), *OTHERS]
    assert [it for it in numbers if it not in seen(around.format(it))] == []


SIGNS = st.sampled_from([" ", " ", " ", "-", ".", "/", " - ", "\u2013"])
GROUPS = st.lists(st.from_regex(r"[0-9]{1,4}", fullmatch=True), min_size=3, max_size=5).filter(
    lambda groups: 6 <= sum(map(len, groups)) <= 12
)
DIALLED = st.builds(
    lambda first, groups, sign: sign.join((first, *groups)),
    st.from_regex(
        r"\+[1-9][0-9]{0,2}|00 ?[1-9][0-9]{0,2}|0[1-9]?|\(\+[1-9][0-9]?\)|\(0[1-9]?\)",
        fullmatch=True,
    ),
    GROUPS,
    SIGNS,
)


@given(DIALLED, st.sampled_from(IN_WORDS), st.sampled_from(DIGITS))
def test_any_number_to_call_is_drawn_as_it_is_dialled(
    number: str, around: str, digits: str
) -> None:
    typed = number.translate(str.maketrans(DIGITS[0], digits))
    assert typed in seen(around.format(typed))


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("أبש1٢+-() \n@.m"))))
def test_nothing_but_marks_and_spaces_that_hold_is_ever_added(text: str) -> None:
    shown, marks = in_order(text), re.compile("[\u200e\u200f\u2060\u2066\u2069]")
    assert marks.sub("", shown).replace("\u00a0", " ") == marks.sub("", text).replace("\u00a0", " ")
    assert [*map(direction, shown.splitlines())] == [*map(direction, text.splitlines())]


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Fatimah (\u0641\u0627\u0637\u0645\u0629) Zahrani", "\u2066"),
        ("\u0641\u0627\u0637\u0645\u0629 (Fatimah)", "\u2067"),
        ("\u05d3\u05e0\u05d4 Dana", "\u2067"),
    ],
)
def test_a_name_in_two_scripts_stands_apart_within_a_sentence(name: str, start: str) -> None:
    assert apart(name) == f"{start}{in_order(name)}\u2069"


@pytest.mark.parametrize(
    "name", ["Ada Invented", "\u0641\u0627\u0637\u0645\u0629", "\u6e21\u8fba", "Zo\u00eb 2", ""]
)
def test_a_name_in_one_direction_stays_as_it_is(name: str) -> None:
    assert apart(name) == name


ARABIC = ClinicDetails(name="عيادة أوريليا", address="شارع التحرير، القاهرة", email="a@b.example")
LATIN = ClinicDetails(name="Aurelia Clinic", address="12 Fern Street", email="a@b.example")


@pytest.mark.parametrize("clinic", [ARABIC, LATIN], ids=["Arabic facts", "Latin facts"])
@pytest.mark.parametrize(
    ("sentence", "way"),
    [
        ("Puedo escribir a {email} o a {name}, {address}.", "ltr"),
        ("يمكنني الكتابة إلى {email} أو إلى {name}، {address}.", "rtl"),
        ("{name}، {address} هو العنوان.", "rtl"),
    ],
)
def test_the_facts_of_a_clinic_stand_one_after_the_other_in_a_sentence(
    clinic: ClinicDetails, sentence: str, way: str
) -> None:
    filled = clinic.fill(sentence)
    line = drawn(filled, way)
    signs = {fact: drawn(fact, direction(fact)) for fact in (clinic.name, clinic.address)}
    name, address = (line.index(signs[fact]) for fact in (clinic.name, clinic.address))
    assert (name < address) is (way == "ltr")
    assert filled.replace("\u200e", "").replace("\u200f", "") == sentence.format(
        name=clinic.name, address=clinic.address, email=clinic.email
    )
