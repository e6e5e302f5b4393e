"""The same piece of work in many threads that start together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from questionnaire.domain.errors import Refusal


def at_once(threads: int, work: Callable[[int], object]) -> list[object]:
    """What each thread got, in thread order; each is given its number."""
    start = Barrier(threads)

    def one(number: int) -> object:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


def or_refusal(work: Callable[[int], object]) -> Callable[[int], object]:
    """The work, or the kind of refusal that met it."""

    def tried(number: int) -> object:
        try:
            return work(number)
        except Refusal as refusal:
            return type(refusal)

    return tried
