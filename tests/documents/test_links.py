"""The clinic's own addresses and numbers are links; nothing else of its words changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.documents.links import dial, linked
from questionnaire.documents.words import shown

CLINIC = {"phone": "020 7946 0018", "emergency_phone": "+44 20 7946 0019", "calling_code": "44"}


@pytest.mark.parametrize(
    ("number", "code", "address"),
    [
        ("020 7946 0018", "44", "tel:+442079460018"),
        ("(020) 7946-0018", "44", "tel:+442079460018"),
        ("+34 910 12 34 56", "44", "tel:+34910123456"),
        ("910 12 34 56", "34", "tel:+34910123456"),
        ("06 698 12345", "39", "tel:+390669812345"),
        ("202 555 0123", "1", "tel:+12025550123"),
        ("020 7946 0018", "", ""),
        ("020 7946 0018", "999", ""),
        ("999, then 020 7946 0018", "44", ""),
        ("999", "44", ""),
        ("", "44", ""),
        ("ask", "44", ""),
    ],
)
def test_a_number_is_called_from_any_country_or_is_no_link(
    number: str, code: str, address: str
) -> None:
    assert dial(number, code) == address


def test_addresses_and_numbers_within_a_sentence_are_links() -> None:
    line = "Call 020 7946 0018 or +44 20 7946 0019, or write to o'b@fern.example & co <now>."
    assert [address for _, address in linked(line, CLINIC) if address] == [
        "tel:+442079460018",
        "tel:+442079460019",
        "mailto:o%27b@fern.example",
    ]


def test_numbers_of_a_record_that_tells_no_country_stay_words() -> None:
    clinic = {"phone": "020 7946 0018", "emergency_phone": ""}
    assert linked("Call 020 7946 0018.", clinic) == (("Call 020 7946 0018.", ""),)


@given(
    st.text()
    | st.lists(st.sampled_from([*CLINIC.values(), "a@b.example", "<b>&", "‎ (", "ش"])).map("".join)
)
def test_no_letter_of_a_line_changes(line: str) -> None:
    assert "".join(words for words, _ in linked(line, CLINIC)) == shown(line)
