"""A name as a hand can type it is the same name; two people's names never become one."""
# ruff: noqa: RUF001  # names of many scripts, and signs that look alike, are what is compared

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.records.names import may_be_one_name, name_key, same_when_typed, widest

TYPED = [
    ("Ștefan Țurcanu", "Ştefan Ţurcanu"),
    ("Ştefan", "Ștefan"),
    ("Łukasz Nowak", "Lukasz Nowak"),
    ("Łukasz Nowak", "LUKASZ  NOWAK"),
    ("Đặng Thị Bưởi", "Dang Thi Buoi"),
    ("Đặng Thị Bưởi", "Đang Thi Buơi"),
    ("Søren Østergård", "Soren Ostergard"),
    ("Søren Østergård", "Soeren Oestergaard"),
    ("Işıl Kılıç", "Isil Kilic"),
    ("İpek Şen", "ipek sen"),
    ("Ægir Þórsson", "Aegir Thorsson"),
    ("Guðmundur Œil", "Gudmundur Oeil"),
    ("Marija Ħaż-Żebbuġ", "Marija Haz-Zebbug"),
    ("Đorđe Ćosić", "Djordje Cosic"),
    ("Ɗanjuma Ƙarami", "Danjuma Karami"),
    ("Groß Strauß", "GROSS STRAUSS"),
    ("Müller Ray", "Mueller Ray"),
    ("Müller Ray", "Muller Ray"),
    ("Mueller Ray", "Müller Ray"),
    ("Kaʻiulani Ray", "Ka'iulani Ray"),
    ("Kaʼiulani Ray", "Kaiulani Ray"),
    ("O'Brien Ray", "OBrien Ray"),
    ("O’Brien Ray", "O'Brien Ray"),
    ("Anne-Marie Ray", "Anne Marie Ray"),
    ("Anne-Marie Ray", "AnneMarie Ray"),
    ("An\u00adna Ray", "Anna Ray"),
    ("\u200fAnna\u200b Ray\u2060", "Anna Ray"),
    ("علی رضایی", "علي رضايي"),
    ("كريم", "کریم"),
    ("فاطمة", "فاطمه"),
    ("آمنہ", "امنه"),
    ("ٱمنة", "امنة"),
    ("مُحَمَّد", "محمد"),
    ("محـــمد", "محمد"),
    ("علی\u200cرضا", "علیرضا"),
    ("דָּוִד", "דוד"),
    ("Фёдор Йылдыз", "Федор Йылдыз"),
    ("Иван Петров", "Ivan Petrov"),
    ("Γεώργιος", "Γεωργιος"),
    ("Jose\u0301", "José"),
    ("ﾊﾟｸ", "パク"),
    ("Ａｎｎａ", "Anna"),
]

OTHERS = [
    ("Nguyễn Văn Hưng", "Nguyễn Văn Hùng"),
    ("Trần Thị Lan", "Trần Thị Lam"),
    ("Trần Thị Lân", "Trần Thị Lăn"),
    ("सुनील", "सनील"),
    ("রহিমা", "রহমা"),
    ("குமார்", "குமர்"),
    ("ดิน", "ดูน"),
    ("ປີ", "ປູ"),
    ("パク", "ハク"),
    ("حامد", "حمد"),
    ("أحمد", "حمد"),
    ("علي", "لي"),
    ("Ian", "Jan"),
    ("Olive Smith", "Olive Smith-Jones"),
    ("王小明", "李小明"),
    ("Анна", "Инна"),
    ("—", "😀"),
    ("—", "…"),
    ("—", "-"),
    ("—", ""),
    ("Anna", "—"),
    ("Michal", "Michael"),
    ("Su", "Sue"),
    ("Rafal", "Rafael"),
    ("Zo", "Zoe"),
    ("Jan", "Jaan"),
    ("Aldin", "Aldjin"),
    ("Zoë Ray", "Zo Ray"),
    ("Müller Hưng", "Mueller Hùng"),
    ("Ann💉", "Ann"),
    ("Ann²", "Ann2"),
    ("Ann①", "Ann1"),
    ("Ann$", "Ann"),
    ("ü" * 100_000, "ü" * 200),
    ("å" * 200, "a" * 399 + "b"),
]

NAMES = st.text(
    st.characters(codec="utf-8", categories=("L", "M", "Zs", "Pd", "Po", "Cf")), max_size=12
)


@pytest.mark.parametrize(("name", "typed"), TYPED)
def test_a_name_is_the_same_however_a_hand_can_type_it(name: str, typed: str) -> None:
    assert same_when_typed(typed, name)
    assert widest(typed) == widest(name)


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_persons_name_is_never_the_same(one: str, other: str) -> None:
    assert not same_when_typed(one, other)
    assert not same_when_typed(other, one)


@pytest.mark.parametrize("name", ["", "—", "…", "😀", "\u200b", "\u2800", "\u3164", "\u0301"])
def test_a_name_without_a_letter_has_no_key(name: str) -> None:
    assert name_key(name) == ""


IN_ANOTHER_ORDER = [
    ("John Smith", "Smith John"),
    ("John Smith", "SMITH, John"),
    ("Zoë Ní Bhriain", "NiBhriain Zoe"),
    ("Anne-Marie Dùpont", "Dupont Annemarie"),
    ("Ana María de la Cruz", "de la Cruz Ana Maria"),
    ("Nguyễn Văn Hùng", "Hung Nguyen Van"),
    ("محمد الأحمد", "الأحمد محمد"),
    ("أحمد، علي", "علي أحمد"),
    ("Jürgen Müller", "Mueller Jurgen"),
]


@pytest.mark.parametrize(("one", "other"), IN_ANOTHER_ORDER)
def test_a_name_with_its_words_in_another_order_may_be_the_same(one: str, other: str) -> None:
    assert may_be_one_name(one, other)
    assert may_be_one_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "John Smithe"),
        ("John Smith", "Smith"),
        ("Nhoj Smith", "John Smith"),
        ("Ann", "…"),
        ("—", "—"),
    ],
)
def test_other_letters_are_never_a_candidate(one: str, other: str) -> None:
    assert not may_be_one_name(one, other)
    assert not may_be_one_name(other, one)


WORDS = st.sampled_from(["Ann", "ann", "Lee", "O'Hara", "Łysek", "Д"])


@given(st.lists(WORDS, min_size=1), st.data())
def test_any_order_of_any_words_finds_a_candidate(words: list[str], data: st.DataObject) -> None:
    other = data.draw(st.permutations(words))
    assert may_be_one_name(" ".join(words), "  ".join(other))


def test_hostile_words_are_compared_at_once() -> None:
    many = " ".join("a" * long for long in range(1, 19))
    assert may_be_one_name(many, " ".join(reversed(many.split())))
    assert not may_be_one_name("xy xy xy yx", "xx yy xy xy")


PLAIN = st.text(st.sampled_from("aeouAEOUdjst12 '-"), min_size=1, max_size=8)


def as_compared(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign not in " '-")


@given(PLAIN, st.one_of(PLAIN, st.none()), st.integers(0, 8), st.sampled_from("aeouj"))
def test_two_plain_names_are_the_same_only_letter_for_letter(
    one: str, other: str | None, at: int, more: str
) -> None:
    another = one[:at] + more + one[at:] if other is None else other
    if as_compared(one) and as_compared(another):
        alike = as_compared(one) == as_compared(another)
        assert same_when_typed(one, another) == alike


@given(NAMES)
def test_every_name_is_itself(name: str) -> None:
    assert same_when_typed(name, name)


@given(NAMES, NAMES)
def test_comparing_does_not_depend_on_the_order(one: str, other: str) -> None:
    assert same_when_typed(one, other) == same_when_typed(other, one)


@pytest.mark.parametrize(
    "letters",
    [
        [chr(sign) for sign in range(0x0904, 0x0939)]
        + [chr(sign) for sign in range(0x093E, 0x094D)],
        [chr(sign) for sign in range(0x0E01, 0x0E2F)]
        + [chr(sign) for sign in range(0x0E30, 0x0E3A)],
        [chr(sign) for sign in range(0x3042, 0x3094)],
    ],
    ids=["Devanagari", "Thai", "Hiragana"],
)
def test_scripts_that_write_vowels_as_signs_lose_none(letters: list[str]) -> None:
    base = letters[0]
    names = [base + letter + base for letter in letters]
    alike = [
        (one, other)
        for number, one in enumerate(names)
        for other in names[:number]
        if same_when_typed(one, other)
    ]
    assert alike == []


TONES = [chr(mark) for mark in (0x0300, 0x0301, 0x0303, 0x0309, 0x0323)]


@given(st.sampled_from("aeiouy"), st.permutations(TONES), st.sampled_from(["B", "Nguyen L"]))
def test_two_tones_of_one_vietnamese_word_are_two_names(
    vowel: str, tones: list[str], start: str
) -> None:
    one, other = f"{start}{vowel}{tones[0]}n", f"{start}{vowel}{tones[1]}n"
    assert not same_when_typed(one, other)
    assert same_when_typed(f"{start}{vowel}n", one)
