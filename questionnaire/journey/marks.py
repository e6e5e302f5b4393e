"""What a patient marked while reading, as far as it was made under the words shown now.

Marks of earlier releases do not tell under which words they were made. Where the patient signed
they count, for the signed document holds the words; before that they are made anew.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from questionnaire.domain.consent_words import personal_risks, statements, treatment_text
from questionnaire.domain.flags import Flags
from questionnaire.domain.reading import Progress
from questionnaire.domain.review import Review
from questionnaire.domain.shown_words import ShownWords, shown_words
from questionnaire.domain.situation import Situation
from questionnaire.domain.visit import Station, Visit
from questionnaire.journey.folding import fold_progress
from questionnaire.journey.house import House
from questionnaire.records.entries import Entry

SHOWN: Final = "shown"
"""What an entry says of the words it was made under: a fingerprint, or one of each part by id."""

_SIGNED: Final = frozenset({Station.PATIENT_SIGNED, Station.COUNTERSIGNED, Station.SEALED})
_OF_ONE: Final[dict[str, Callable[[ShownWords, Mapping[str, Any]], str | None]]] = {
    "read": lambda now, body: now.treatments.get(body["treatment"]),
    "quiz_try": lambda now, body: now.quiz.get(body["question"]),
    "quiz_discussed": lambda now, body: now.quiz.get(body["question"]),
    "photos": lambda now, _: now.photos,
}
"""Kind of an entry about one part → what is shown of this part now."""
_OF_SEVERAL: Final[dict[str, Callable[[ShownWords], Mapping[str, str]]]] = {
    "information_given": lambda now: now.treatments,
    "ticks": lambda now: now.to_tick,
}


def words_shown(
    house: House, visit: Visit, situation: Situation, flags: Flags, review: Review
) -> ShownWords:
    """What the patient of a visit is shown now, in the language they read."""
    speech = house.offered_speech(visit.language)
    library, planned, nothing = speech.library, review.plan.treatments, Progress()
    treatments = [library.treatments[key] for key in planned]
    return shown_words(
        speech.language.code,
        (treatment_text(library, it, speech.say, house.clinic.law_of) for it in treatments),
        (
            *statements(library, planned, nothing),
            *personal_risks(library, situation, flags, review, nothing),
        ),
        (question for it in treatments for question in it.quiz),
    )


def progress_under(now: ShownWords, entries: Iterable[Entry], station: Station) -> Progress:
    """What stands of the reading: only marks made under these words.

    The information was given when the last of the treatments was first shown.
    """
    progress = fold_progress(_counting(now, entries, known=station not in _SIGNED))
    given = {key: at for key, at in progress.given.items() if key in now.treatments}
    complete = bool(now.treatments) and given.keys() == now.treatments.keys()
    return replace(progress, information_given_at=max(given.values()) if complete else None)


def _counting(now: ShownWords, entries: Iterable[Entry], *, known: bool) -> Iterator[Entry]:
    """The entries without what was marked under other words; `known` must be under which."""
    for entry in entries:
        body, shown = entry.body, entry.body.get(SHOWN)
        is_old = shown is None and not known
        if entry.kind in _OF_SEVERAL:
            stands = _OF_SEVERAL[entry.kind](now)
            ids = _same(stands, stands if is_old else shown, body.get("ids"))
            yield replace(entry, body={**body, "ids": ids})
        elif is_old or entry.kind not in _OF_ONE or shown == _OF_ONE[entry.kind](now, body):
            yield entry


def _same(now: Mapping[str, str], shown: object, ids: object) -> list[str]:
    """Those of the ids, or of all that were shown, of which the same was shown as now."""
    were = shown if isinstance(shown, dict) else {}
    among = ids if isinstance(ids, list) else [*were]
    return [key for key in among if key in now and were.get(key) == now[key]]
