"""From the second signature to the shelf: laying out, sealing and checking one document."""

from collections.abc import Callable, Iterator
from functools import partial

from bench.figures import Figure, lap
from bench.places import arranged, empty_clinic
from questionnaire.cli import demo
from questionnaire.documents.pdf import render
from questionnaire.documents.proofread import text_problems
from questionnaire.documents.seal import seal
from questionnaire.documents.verify import verify
from questionnaire.journey.house import House
from questionnaire.journey.sealing import gather_work, seal_visit

RUNS = 7
WHOLE_RUNS = 3


def measure() -> Iterator[Figure]:
    """Each step alone, on the record of one invented patient; then all of it for others.

    The worker has laid out a document before, as it has in a clinic from its second one on.
    """
    with empty_clinic() as (_, house):
        first, *others = [_countersigned(house, number) for number in range(WHOLE_RUNS + 1)]
        with house.database.read() as tx:
            work = gather_work(tx, first)
        record, signatures, events = work.record.canonical, work.signatures, work.events
        now, trusted = house.clock(), house.trusted_seals()
        identity = house.sealing_identity(now)
        laid_out = render(record, signatures, events)
        sealed = seal(laid_out, identity, now)
        yield _timed("A document laid out (render)", partial(render, record, signatures, events))
        yield _timed("A document sealed", partial(seal, laid_out, identity, now))
        yield _timed("A document's seal verified", partial(verify, sealed, trusted))
        yield _timed("A document's text compared", partial(text_problems, sealed, record))
        laps = [lap(partial(seal_visit, house, visit)) for visit in others]
        yield Figure("All of it, from claim to shelf, checked twice", laps)


def _countersigned(house: House, number: int) -> str:
    walk = arranged(house, number)
    demo.countersign(walk)
    return walk.visit.id


def _timed(what: str, step: Callable[[], object]) -> Figure:
    return Figure(what, [lap(step) for _ in range(RUNS)])
