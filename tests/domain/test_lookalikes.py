"""Differences between two names that nobody sees are said in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.domain.lookalikes import as_seen, what_the_eye_misses


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("\u0410nna Lee", "Anna Lee", "the 1st letter is the Cyrillic \u0410"),
        ("Anna Lee", "\u0410nna Lee", "the 1st letter is the Latin A"),
        ("R\u03bfse Lee", "Rose Lee", "the 2nd letter is the Greek \u03bf"),
        (
            "Marianne Le\u0435",
            "Marianne Lee",
            "the 3rd letter of the 2nd word is the Cyrillic \u0435",
        ),
        ("Ma\u00adry", "Mary", "a hidden sign (soft hyphen) stands after the 2nd letter"),
        ("\u200dMary", "Mary", "a hidden sign (zero width joiner) stands at the start"),
        ("Mary\u2060 Lee", "Mary Lee", "a hidden sign (word joiner) stands after the 4th letter"),
        (
            "Mary \u3164Lee",
            "Mary Lee",
            "a hidden sign (hangul filler) stands at the start of the 2nd word",
        ),
        (
            "Mary Le\u00ade",
            "Mary Lee",
            "a hidden sign (soft hyphen) stands after the 2nd letter of the 2nd word",
        ),
        (
            "\u0639\u064e\u0644\u0650\u06cc",
            "\u0639\u064e\u0644\u0650\u064a",
            "the 3rd letter is the arabic letter farsi yeh (\u06cc)",
        ),
        (
            "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f \u0639\u064e\u0644\u06cc",
            "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f \u0639\u064e\u0644\u064a",
            "the 3rd letter of the 2nd word is the arabic letter farsi yeh (\u06cc)",
        ),
        ("Iker", "lker", "the 1st letter is the latin capital letter i (I)"),
        ("Ann\u2010Lee", "Ann-Lee", "the 4th letter is the hyphen (\u2010)"),
        ("O\u02bcHara", "O'Hara", "the 2nd letter is the modifier letter apostrophe (\u02bc)"),
        (
            "\u0639\u0644\u06cc",
            "\u0639\u0644\u064a",
            "the 3rd letter is the arabic letter farsi yeh",
        ),
    ],
)
def test_a_difference_that_nobody_sees_is_said(one: str, other: str, said: str) -> None:
    (found,) = what_the_eye_misses(one, other)
    assert found.startswith(said)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John", "Jon"),
        ("Zoë", "Zoe"),
        ("Anna Lee", "Lee Anna"),
        ("Ann", "Ann"),
        ("", "Ann"),
        ("علي", "Ali"),
    ],
)
def test_a_difference_that_anybody_sees_is_left_to_the_eye(one: str, other: str) -> None:
    assert what_the_eye_misses(one, other) == ()
    assert what_the_eye_misses(other, one) == ()


def test_of_a_whole_name_in_another_script_a_few_letters_are_named() -> None:
    said = what_the_eye_misses("\u0410\u043d\u043d\u0430 \u041b\u0438", "Anna Li")
    assert said[0] == "the 1st letter is the Cyrillic \u0410"
    assert said[3] == "and 3 more like this"


HIDDEN = st.sampled_from("\u00ad\u200b\u200c\u200d\u2060\u2063\u200e\u202a\ufeff\u3164\u2800")


@given(st.text("AbcДжמش ", min_size=1), HIDDEN, st.integers(0, 12))
def test_any_hidden_sign_at_any_place_is_said(name: str, hidden: str, at: int) -> None:
    assert len(what_the_eye_misses(name[:at] + hidden + name[at:], name)) == 1
    assert what_the_eye_misses(name, name[:at] + hidden + name[at:]) == ()


@given(st.text(max_size=12), st.text(max_size=12))
def test_two_names_whatever_they_are_can_be_compared(one: str, other: str) -> None:
    assert what_the_eye_misses(one, one) == ()
    assert all(what_the_eye_misses(one, other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Marigo1d Testwell", "Marigold Testwel1"),
        ("MARIG0LD", "Marigold"),
        ("MARlGOLD", "Marigold"),
        ("Bas|l", "Basil"),
        ("O\u02bcHara", "O'Hara"),
        ("\u0639\u0644\u06cc", "\u0639\u0644\u064a"),
    ],
)
def test_names_of_one_look_are_seen_as_one(one: str, other: str) -> None:
    assert as_seen(one) == as_seen(other)


@pytest.mark.parametrize(("one", "other"), [("Rose", "Rosa"), ("Zoe", "Zo\u00eb"), ("Jon", "John")])
def test_names_that_look_different_are_seen_so(one: str, other: str) -> None:
    assert as_seen(one) != as_seen(other)
