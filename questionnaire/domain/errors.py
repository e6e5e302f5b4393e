"""One refusal for each reason; each is made a page in one place, by the web doors.

A `Refusal` is not a fault of the program: somebody asked for a move that the clinic's rules
do not allow now. `status` is the HTTP status its page carries. The sentence is written for the
person who asked and never holds an answer or a name.
"""


class Refusal(Exception):  # noqa: N818  # it is a refusal, not an error
    """Somebody asked for what is not allowed now; the sentence says why and what to do."""

    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refusal):
    """There is no such thing, or it is not for the person who asked: both look the same."""

    status = 404


class NotAllowed(Refusal):
    """The person's role does not include this act."""

    status = 403


class WrongStation(Refusal):
    """The visit is not at a station from which this move can be made."""


class ChangedSince(Refusal):
    """What the person looked at is no longer what is stored: nothing was written."""


OTHER_BY_NOW = "was changed this very moment. Nothing was saved; please look again."
"""Ends the sentence of a `ChangedSince` for a record that is not the one that was read."""


class ChangedMeanwhile(ChangedSince):
    """Somebody acted since the page was made; `reasons` say who did what, and when."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("This changed since you opened the page. Nothing was saved; look again.")
        self.reasons = reasons

    @property
    def whole(self) -> str:
        """The sentence with its reasons, for a place beside a box."""
        return " ".join((self.sentence, *self.reasons))


class StillOpen(Refusal):
    """Something must be settled first; `reasons` lists each thing in words."""

    def __init__(self, sentence: str, reasons: tuple[str, ...]) -> None:
        super().__init__(sentence)
        self.reasons = reasons


class BadCode(Refusal):
    """The code is unknown, used up or out of date: the same words for each."""

    status = 403


class TooManyTries(Refusal):
    """Too many wrong tries; wait."""

    status = 429


class BadInk(Refusal):
    """The drawn signature is not a drawing: no ink, too much, or not numbers between 0 and 1."""

    status = 422


class NotReadable(Refusal):
    """The posted words or values cannot be read as an answer; nothing was kept."""

    status = 422
