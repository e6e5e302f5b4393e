"""What a check of a file comes to: a word, why, and the facts found on the way."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LARGEST_FILE = 10_000_000
"""Bytes. A consent document takes well under 1 MB."""
SEAL_MARKS = re.compile(rb"/ByteRange\s*\[|/SubFilter\s*/(?:ETSI|adbe)\.|/Contents\s*<30")
"""What only a signed PDF carries, as it stands in the file."""


class Word(StrEnum):
    """What the check comes to."""

    UNSEALED = "unsealed"
    ALTERED = "altered"
    UNRECOGNISED = "unrecognised"
    AUTHENTIC = "authentic"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check: a word, why, and the facts found on the way.

    Facts are None where the check stopped before them, or where they cannot be believed.
    """

    word: Word
    sentence: str
    file_sha256: str
    sealed_at: datetime | None = None
    """The time the seal states for itself; see `time_stamped_at` for somebody else's word."""
    sealed_by: str | None = None
    certificate_sha256: str | None = None
    record_sha256: str | None = None
    time_stamped_at: datetime | None = None
    """The time stated by a time stamp that was added. Whose stamp it is, is not judged."""

    def lines(self) -> list[str]:
        """The facts, a line each, the word last."""
        facts = {
            "File SHA-256": self.file_sha256,
            "Sealed by": self.sealed_by,
            "Sealed at": self.sealed_at and f"{self.sealed_at:%Y-%m-%d %H:%M:%S %Z}",
            "Time stamp": self.time_stamped_at and f"{self.time_stamped_at:%Y-%m-%d %H:%M:%S %Z}",
            "Certificate SHA-256": self.certificate_sha256,
            "Record SHA-256": self.record_sha256,
        }
        told = [f"{name}: {fact}" for name, fact in facts.items() if fact]
        return [*told, self.sentence, str(self.word)]


class Settled(Exception):  # noqa: N818  # an outcome, not an error
    """The check is over before the file was proven authentic: the word and why."""

    def __init__(self, word: Word, sentence: str) -> None:
        super().__init__(sentence)
        self.word = word
        self.sentence = sentence
