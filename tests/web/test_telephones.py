"""A tap on a telephone number calls the clinic, from whatever country."""

import pytest

from questionnaire.web.telephones import tel


@pytest.mark.parametrize(
    ("number", "code", "address"),
    [
        ("01632 960 118", "44", "tel:+441632960118"),
        ("(01632) 960-118", "44", "tel:+441632960118"),
        ("+44 1632 960118", "44", "tel:+441632960118"),
        ("0044 1632 960118", "44", "tel:+441632960118"),
        ("+34 912 345 678", "44", "tel:+34912345678"),
        ("912 345 678", "34", "tel:+34912345678"),
        ("06 1234 5678", "39", "tel:+390612345678"),
        ("04 123 4567", "971", "tel:+97141234567"),
        ("(212) 555-0100", "1", "tel:+12125550100"),
        ("999", "44", "tel:999"),
        ("112", "34", "tel:112"),
        ("01632 960 118", "", "tel:01632960118"),
        ("+44 1632 960118", "", "tel:+441632960118"),
        ("", "44", "tel:"),
    ],
)
def test_a_number_is_called_from_any_country(number: str, code: str, address: str) -> None:
    assert tel(number, code) == address
