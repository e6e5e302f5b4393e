"""Entries of a visit, folded into what stands now: the review and the patient's reading.

Bodies were written by this program and sealed with their place; reading one that lacks a field
fails loudly.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from questionnaire.domain.answers import Answers
from questionnaire.domain.consent_parts import PhotoChoices
from questionnaire.domain.consent_words import act_of
from questionnaire.domain.reading import Asked, Progress, Try
from questionnaire.domain.review import (
    Decision,
    DecisionKind,
    Disposition,
    Note,
    Plan,
    Reply,
    Review,
    TakenBack,
    undecided,
)
from questionnaire.domain.settling import in_words_of_today
from questionnaire.domain.written import Json, write_answers
from questionnaire.records.entries import Entry

Body = dict[str, Any]
CLINIC_ANSWERS = "clinic_answers"
"""An entry with the answers staff gave, by question; null where one was taken back."""


def fold_review(entries: Iterable[Entry]) -> Review:
    """The review as it stands: the newest disposition, plan and decision count.

    An undone disposition counts no more, and the one before it does again.
    """
    review = Review()
    for entry in _without_undone(entries):
        fold = _REVIEW.get(entry.kind)
        if fold is not None:
            review = fold(review, entry, entry.body)
    return review


def given_by_clinic(entries: Iterable[Entry], answers: Answers) -> frozenset[str]:
    """The questions whose answer is the one that staff gave, and nobody changed since."""
    given, now = clinic_answers(entries), write_answers(answers)
    return frozenset(key for key in given if key in now and _value(now[key]) == _value(given[key]))


def clinic_answers(entries: Iterable[Entry]) -> Body:
    """The newest answer that staff gave to each question, as written; without those taken back."""
    given: Body = {}
    for entry in entries:
        if entry.kind == CLINIC_ANSWERS:
            given.update(entry.body)
    return {key: written for key, written in given.items() if written is not None}


def clinic_answered_at(entries: Iterable[Entry]) -> dict[str, datetime]:
    """When staff last gave, or saved again, an answer to each question."""
    given = (entry for entry in entries if entry.kind == CLINIC_ANSWERS)
    return {key: entry.at for entry in given for key in entry.body}


def _value(written: Json) -> Json:
    """A number by its value, however it was written."""
    if isinstance(written, dict) and "decimal" in written:
        return Decimal(str(written["decimal"]))
    return written


def fold_progress(entries: Iterable[Entry]) -> Progress:
    """The patient's reading as it stands; ticks and photo choices before a decision are void."""
    progress = Progress()
    for entry in entries:
        fold = _PROGRESS.get(entry.kind)
        if fold is not None:
            progress = fold(progress, entry, entry.body)
    return progress


def _disposition(review: Review, entry: Entry, body: Body) -> Review:
    done = Disposition(
        body["item"],
        body["basis"],
        tuple(map(in_words_of_today, body["actions"])),
        body["words"],
        body["tell"],
        body["confirmed"],
        entry.person,
        entry.at,
    )
    earlier, before = review.earlier, review.dispositions.get(done.item)
    if before is not None:
        earlier = {**earlier, done.item: (*earlier.get(done.item, ()), before)}
    return replace(review, dispositions={**review.dispositions, done.item: done}, earlier=earlier)


def _without_undone(entries: Iterable[Entry]) -> list[Entry]:
    kept: list[Entry] = []
    for entry in entries:
        if entry.kind != "undo":
            kept.append(entry)
            continue
        about = [one.kind == "disposition" and one.body["item"] for one in kept]
        if entry.body["item"] in about:
            del kept[-1 - about[::-1].index(entry.body["item"])]
    return kept


def _point(review: Review, entry: Entry, body: Body) -> Review:
    note = Note(f"point:{entry.seq}", body["text"], entry.person, entry.at)
    return replace(review, points=(*review.points, note))


def _risk(review: Review, entry: Entry, body: Body) -> Review:
    note = Note(f"own:{entry.seq}", body["text"], entry.person, entry.at)
    return replace(review, risks=(*review.risks, note))


def _taken_out(review: Review, _: Entry, body: Body) -> Review:
    points, risks = (
        tuple(one for one in notes if one.id != body["id"])
        for notes in (review.points, review.risks)
    )
    return replace(review, points=points, risks=risks)


def _reply_to_words(review: Review, entry: Entry, body: Body) -> Review:
    reply = Reply(body["words"], entry.person, entry.at) if body["words"] else None
    return replace(review, reply=reply)


def _plan(review: Review, _: Entry, body: Body) -> Review:
    listed = {
        **body,
        "treatments": tuple(body["treatments"]),
        "places": tuple(body.get("places", ())),
        "details": tuple((_labelled(label), value) for label, value in body["details"]),
    }
    return replace(review, plan=Plan(**listed))


def _labelled(label: str) -> str:
    """A label as the content writes it now; it began with a small letter in earlier releases."""
    return label[:1].upper() + label[1:]


def _decision(review: Review, entry: Entry, body: Body) -> Review:
    until = date.fromisoformat(body["until"]) if body["until"] else None
    kind = DecisionKind(body["kind"])
    decision = Decision(
        kind,
        body["words"],
        until,
        body["answers_sha256"],
        body["record_id"],
        body["withdrawal_code"],
        entry.person,
        entry.at,
    )
    return replace(review, decision=decision, former=None, taken_back=None)


def _taken_back(review: Review, entry: Entry, body: Body) -> Review:
    over = TakenBack(body["words"], entry.person, entry.at)
    return replace(undecided(review), taken_back=over)


_REVIEW: dict[str, Callable[[Review, Entry, Body], Review]] = {
    "disposition": _disposition,
    "point": _point,
    "risk": _risk,
    "taken_out": _taken_out,
    "reply_to_words": _reply_to_words,
    "plan": _plan,
    "decision": _decision,
    "taken_back": _taken_back,
}


def _information_given(progress: Progress, entry: Entry, body: Body) -> Progress:
    shown = dict.fromkeys(body.get("ids", ()), entry.at)
    return replace(progress, given={**shown, **progress.given})


def _read(progress: Progress, entry: Entry, body: Body) -> Progress:
    key = body["treatment"]
    read, given = {**progress.read, key: entry.at}, {key: entry.at, **progress.given}
    return replace(progress, read=read, given=given)


def _quiz_try(progress: Progress, entry: Entry, body: Body) -> Progress:
    key = body["question"]
    tries = (*progress.tries.get(key, ()), Try(body["choice"], entry.at))
    return replace(progress, tries={**progress.tries, key: tries})


def _quiz_discussed(progress: Progress, entry: Entry, body: Body) -> Progress:
    act = act_of(entry.person, entry.at)
    key = body["question"]
    return replace(
        progress,
        discussed={**progress.discussed, key: act},
        discussed_words={**progress.discussed_words, key: body["words"]},
    )


def _ticks(progress: Progress, entry: Entry, body: Body) -> Progress:
    ticked = {key: progress.ticked.get(key, entry.at) for key in body["ids"]}
    return replace(progress, ticked=ticked)


def _photos(progress: Progress, _: Entry, body: Body) -> Progress:
    uses = {one.name: body[one.name] for one in fields(PhotoChoices)}
    return replace(progress, photos=PhotoChoices(**uses), photos_chosen=True)


def _asked(progress: Progress, entry: Entry, body: Body) -> Progress:
    asked = (*progress.asked, Asked(entry.seq, body["text"], entry.at))
    return replace(progress, asked=asked, question_begun="")


def _question_begun(progress: Progress, _: Entry, body: Body) -> Progress:
    return replace(progress, question_begun=body["text"])


def _worries(progress: Progress, _: Entry, body: Body) -> Progress:
    return replace(progress, worries=body["text"], worries_begun="")


def _worries_begun(progress: Progress, _: Entry, body: Body) -> Progress:
    return replace(progress, worries_begun=body["text"])


def _reply(progress: Progress, entry: Entry, body: Body) -> Progress:
    act = act_of(entry.person, entry.at)
    asked = tuple(
        replace(one, reply=body["words"], act=act) if one.number == body["number"] else one
        for one in progress.asked
    )
    return replace(progress, asked=asked)


def _decided_again(progress: Progress, _: Entry, __: Body) -> Progress:
    return replace(progress, ticked={}, photos=Progress().photos, photos_chosen=False)


_PROGRESS: dict[str, Callable[[Progress, Entry, Body], Progress]] = {
    "information_given": _information_given,
    "read": _read,
    "quiz_try": _quiz_try,
    "quiz_discussed": _quiz_discussed,
    "ticks": _ticks,
    "photos": _photos,
    "asked": _asked,
    "question_begun": _question_begun,
    "worries": _worries,
    "worries_begun": _worries_begun,
    "reply": _reply,
    "decision": _decided_again,
}
