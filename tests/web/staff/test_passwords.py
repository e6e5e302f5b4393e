"""Which passwords are taken."""

import pytest

from questionnaire.web.staff.passwords import password_problem

OWN = ("Dr Ada Invented", "ada@candour.example", "Aurelia Clinic")

pytestmark = pytest.mark.guarantees("S10")


@pytest.mark.parametrize(
    "password",
    [
        "violet-kettle harbour 7 moons",
        "plum tractor biscuit",
        "Zq9!rT4#kW8@mN2$",
        "ヴァイオレット薬缶七つの月の港で踊る",
        "🦊🌊🧵🪴🎻🛶🌋🧭🪁🦑🪨🧊🌾🎈🪵",
        "   lobster   ledger   attic   ",
        "x9v" + "kelp mirror gravel tin sandal otter plum " * 3,
        "correct gravel lantern pond",
    ],
)
def test_a_long_password_of_any_letters_is_taken(password: str) -> None:
    assert password_problem(password, OWN) == ""


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "123456789012345",
        "1234567890123456789",
        "qwertyuiopasdfghjkl",
        "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlk",
        "passwordpassword",
        "Password123456789",
        "P@ssw0rdP@ssw0rd1",
        "letmeinletmeinletmein",
        "iloveyouprincess",
        "correcthorsebatterystaple",
        "AureliaClinic2026",
        "aurelia clinic aurelia",
        "AdaInventedAdaInvented",
        "ada@candour.example",
        "welcometotheclinic1",
        "1qaz2wsx3edc4rfv",
        "Summer2026Summer2026",
    ],
)
def test_what_others_try_first_is_refused(password: str) -> None:
    assert "easily guessed" in password_problem(password, OWN)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Use 15 letters or more"),
        ("plum tractor b", "Use 15 letters or more"),
        ("plum tractor biscuit " * 7, "Use 128 letters or fewer"),
    ],
)
def test_length_is_the_only_other_rule(password: str, sentence: str) -> None:
    assert password_problem(password, OWN).startswith(sentence)
