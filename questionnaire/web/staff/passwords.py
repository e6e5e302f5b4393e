"""Which passwords are taken: long ones, of any letters, that are not easily guessed.

No rules about kinds of letters and no expiry. What makes a long password weak is that it is
repeated, runs along the keyboard, or is made of words everybody tries or of the person's own.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

SHORTEST: Final = 15
LONGEST: Final = 128
FEWEST_LEFT: Final = 8
"""How many letters must be left once everything that is easily guessed is taken out."""

LONGEST_REPEAT: Final = 5
SHORTEST_OWN_WORD: Final = 3
RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qwertzuiop",
    "azertyuiop",
)
SHORTEST_RUN: Final = 4
COMMON_WORDS: Final = (
    *("password", "passwort", "passphrase", "motdepasse", "contrasena", "letmein", "welcome"),
    *("admin", "administrator", "root", "login", "changeme", "default", "secret", "master"),
    *("iloveyou", "princess", "sunshine", "football", "baseball", "monkey", "dragon", "shadow"),
    *("superman", "batman", "starwars", "trustno", "michael", "jordan", "jesus", "whatever"),
    *("freedom", "summer", "winter", "spring", "autumn", "monday", "friday", "january", "august"),
    *("computer", "internet", "samsung", "google", "facebook", "manchester", "liverpool"),
    *("chelsea", "arsenal", "london", "england", "america", "qwerty", "azerty", "hello", "test"),
    *("correcthorsebatterystaple", "thequickbrownfox", "lorem", "ipsum", "abc", "guest", "user"),
    *("clinic", "candour", "consent", "doctor", "patient", "nurse", "staff", "medical", "health"),
    *("hospital", "aesthetic", "mesotherapy", "prp", "hair", "skin", "reception", "desk", "my"),
)
_LOOKALIKES: Final = str.maketrans("013457@$!", "oieastasi")


def password_problem(password: str, own_words: Iterable[str]) -> str:
    """Why the password cannot be taken, in one sentence, or an empty text.

    `own_words` are names, addresses and the clinic's words that others would try first.
    """
    if len(password) < SHORTEST:
        return f"Use {SHORTEST} letters or more. A few words that do not belong together are good."
    if len(password) > LONGEST:
        return f"Use {LONGEST} letters or fewer."
    if any(_left(form, own_words) < FEWEST_LEFT for form in _forms(password)):
        return (
            "This is easily guessed. Leave out names, usual words, repeats and runs such as 12345."
        )
    return ""


def _forms(password: str) -> tuple[str, str]:
    """The password without capitals, and the same with look-alike figures read as letters."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    return plain, plain.translate(_LOOKALIKES)


def _left(password: str, own_words: Iterable[str]) -> int:
    """How many letters are left when words, repeats and runs are taken out."""
    own = {
        part
        for words in own_words
        for part in re.split(r"\W+", words.casefold())
        if len(part) >= SHORTEST_OWN_WORD
    }
    left = password
    for word in sorted({*COMMON_WORDS, *own}, key=len, reverse=True):
        left = left.replace(word, " ")
    left = re.sub(rf"(.{{1,{LONGEST_REPEAT}}}?)\1+", r"\1", left)
    left = _without_runs(left)
    return len(left.replace(" ", ""))


def _without_runs(text: str) -> str:
    """The text with each keyboard or alphabet run, either way, cut to its first letter."""
    neighbours = {pair for run in RUNS for pair in pairwise(run)}
    neighbours |= {(after, before) for before, after in neighbours}
    kept: list[str] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and (text[end - 1], text[end]) in neighbours:
            continue
        run = text[start:end]
        kept.append(run[0] if len(run) >= SHORTEST_RUN else run)
        start = end
    return "".join(kept)
