"""A page that was answered in another tab or on another device while it was open here."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from questionnaire.domain.answer_words import answer_in_words, withheld_in_words
from questionnaire.domain.answers import TELL_ROW, Slip, Withheld
from questionnaire.domain.language import listed, to_say
from questionnaire.domain.paging import Page
from questionnaire.domain.written import write_answers
from questionnaire.journey.intake import Intake
from questionnaire.journey.meanwhile import (
    Boxes,
    MadeFrom,
    Met,
    beside,
    made_from,
    meet,
    once_asked,
    read_made_from,
    unasked,
    write_made_from,
)
from questionnaire.journey.standing import Drafts, Rows
from questionnaire.web.choosing import ROW_WORDS, RowList
from questionnaire.web.fields import AnswerField
from questionnaire.web.forms import QuestionForm
from questionnaire.web.patient.shown_in import FIELD as PAGE_LANGUAGE
from questionnaire.web.patient.speaking import say
from questionnaire.web.patient.turn_taking import one_time_key, the_house, this_turn
from questionnaire.web.writing import Words

SAVED_ELSEWHERE = to_say("{question} You saved “{saved}” on another screen. Here you put “{here}”.")


Said = TypeVar("Said")
Draft = Mapping[str, Sequence[str]]
"""What was typed in one field, part by part."""


WAYS_TO_LEAVE = frozenset({"later", "left_alone", "back", "typed"})
_NOT_REPEATED = frozenset({"csrf_token", PAGE_LANGUAGE, "sure", "go", "made_from", *WAYS_TO_LEAVE})


def ask_again(
    doubts: Iterable[str], carries: str, address: str, page: Page | None = None
) -> Response:
    """“Is that right?”, with what was typed in its hidden boxes."""
    typed = [item for item in request.form.items(multi=True) if item[0] not in _NOT_REPEATED]
    body = render_template(
        "patient/is_that_right.html",
        page_of_form=page,
        doubts=doubts,
        typed=[*typed, ("made_from", carries)],
        form_id="page-form",
        address=address,
    )
    return make_response(body)


def key_again() -> str:
    """The one-time key of a page: a new one, or its own where it is shown again."""
    return one_time_key() if request.method == "POST" else the_house().new_id()


def was_made_from() -> MadeFrom:
    """What stood in the boxes of the page that was sent, when it was made."""
    was = read_made_from(request.form.get("made_from", ""))
    return unasked(was) if WAYS_TO_LEAVE & request.form.keys() else was


def carried(now: Boxes) -> str:
    """What a form carries: what it is made from, also when it is shown again."""
    if request.method == "POST":
        return write_made_from(was_made_from())
    return carried_anew(now)


def carried_anew(now: Boxes) -> str:
    """The same for a page that is made anew in answer to a form."""
    return write_made_from(_hashes(now))


def carried_once_asked(now: Boxes, names: Iterable[str]) -> str:
    """The same, once what stands now in the boxes of these names was shown."""
    return write_made_from(once_asked(was_made_from(), _hashes(now), names))


def in_another_tab(question: str, saved: str, here: str) -> str:
    """The sentence that shows both."""
    return say(SAVED_ELSEWHERE).format(question=question, saved=saved, here=here)


def _hashes(now: Boxes) -> MadeFrom:
    return made_from(the_house().database.ring, this_turn().visit.id, now)


@dataclass(frozen=True, slots=True)
class PageMet:
    """A page of questions that came back: what it says `here`, beside what stands `now`.

    `shown` is the page as it would be made now. `met` tells where it is newer than the one here.
    """

    shown: QuestionForm
    now: Boxes
    here: Boxes
    met: Met

    def doubts(self, form: QuestionForm) -> list[str]:
        """A sentence for each box in which something else was saved meanwhile."""
        return [
            in_another_tab(*words)
            for field, theirs in zip(form.fields, self.shown.fields, strict=True)
            for words in _differences(field, theirs, self.now, self.met.clash)
        ]

    def touched(self, said: Mapping[str, Said]) -> dict[str, Said]:
        """What was said to the questions in which nothing newer stands."""
        newer = self.met.stays | self.met.clash
        return {key: it for key, it in said.items() if key not in newer}

    def rows(self, rows: Rows) -> Rows:
        """The same of lists answered row by row."""
        return {
            key: {row: it for row, it in given.items() if f"{key}.{row}" not in self.met.clash}
            for key, given in rows.items()
        }

    def carried_once_asked(self) -> str:
        """What the form carries once it was asked about all that."""
        return carried_once_asked(self.now, self.met.clash)

    def drafts(self, form: QuestionForm, drafts: Drafts) -> Drafts:
        """What waits in those boxes: what waits there already, and what was put here beside it."""
        waiting = {key: drafts[key] for key in self.met.stays if key in drafts}
        put = {
            field.name: _both(field, drafts.get(field.name), self.met)
            for field in form.fields
            if field.name in self.met.clash and (field.filled or field.name in drafts)
        }
        return {**waiting, **put}


def page_met(intake: Intake, shown: QuestionForm, form: QuestionForm, key: str) -> PageMet:
    """Compare a page that came back with what stands now; untouched boxes then show that."""
    now, here = boxes_now(intake, shown), {name: (it,) for name, it in form.stands.items()}
    with the_house().database.read() as tx:
        met = meet(tx, this_turn().visit.id, key, was_made_from(), now, here)
    form.take(shown, met.stays)
    return PageMet(shown, now, here, met)


def boxes_now(intake: Intake, shown: QuestionForm) -> Boxes:
    """What a page shows, and what counts where words are only begun."""
    texts, saved = shown.stands, write_answers(intake.sheet.answers)
    counts = {
        field.name: json.dumps(saved[field.name], sort_keys=True)
        for field in shown.fields
        if field.name in saved and not isinstance(field, RowList)
    }
    return {
        name: (texts.get(name, ""), counts.get(name, "")) for name in texts.keys() | counts.keys()
    }


def _differences(
    field: AnswerField, theirs: AnswerField, now: Boxes, names: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    """Question or line, what is saved, and what is here, in words."""
    if isinstance(field, RowList) and isinstance(theirs, RowList):
        for row, word in field.given_rows.items():
            if f"{field.name}.{row}" in names:
                kept = theirs.given_rows.get(row, word)
                yield _line(field, row), say(ROW_WORDS[kept]), say(ROW_WORDS[word])
    elif field.name in names:
        here, (begun, saved) = field.stands.get(field.name, ""), now.get(field.name, ("", ""))
        if saved != here and (saved or begun in (here, "")):
            words = answer_in_words(field.question, theirs.object_data, say)
            yield field.text, listed(words, say), _in_words(field)
        if begun not in (here, saved, ""):
            yield field.text, _in_words(theirs), _in_words(field)


def _line(field: RowList, row: str) -> str:
    if row.endswith(TELL_ROW):
        return f"“{withheld_in_words(field.question, Withheld.TELL_CLINICIAN, say)}”"
    return f"“{field.question.option(row).text}”"


def _in_words(field: AnswerField) -> str:
    """What stands in a field: as it reads, or else as it was typed."""
    try:
        return listed(answer_in_words(field.question, field.read(), say), say)
    except Slip:
        texts = {option.id: option.text for option in field.question.options}
        typed = (value for values in field.filled.values() for value in values)
        return listed([texts.get(value, value) for value in typed], say)


def _both(field: AnswerField, waiting: Mapping[str, Sequence[str]] | None, met: Met) -> Draft:
    """What waits in a box and what was put here: long words one under the other.

    Of what cannot stand so, what waits already stays.
    """
    if waiting is None:
        return field.filled
    if isinstance(field, Words) and field.long and field.filled:
        there = next(iter(waiting.get("", ())), "")

        def is_own(words: str) -> bool:
            return met.is_own(field.name, field.stood(words))

        return {"": [beside(there, field.first(), is_own)]}
    return waiting
