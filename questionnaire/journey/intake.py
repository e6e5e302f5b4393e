"""The patient's form: pages, saving each one, checking the answers, sending them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from questionnaire.domain.answers import TELL_ROW, Answer, Answers
from questionnaire.domain.definition import TREATMENTS_WANTED, AnsweredBy
from questionnaire.domain.errors import ChangedSince, NotFound, StillOpen
from questionnaire.domain.identity import staff_wrote
from questionnaire.domain.paging import Page, pages_of
from questionnaire.domain.reading import blocks_sending
from questionnaire.domain.situation import Situation
from questionnaire.domain.visit import Move, Role, Station, Visit, after
from questionnaire.domain.written import answers_fingerprint, write_answers, write_given
from questionnaire.journey.folding import fold_progress
from questionnaire.journey.house import House
from questionnaire.journey.meanwhile import CHANGED, Boxes, tell
from questionnaire.journey.offering import offered_anew
from questionnaire.journey.rates import count_save
from questionnaire.journey.returning import rows_to_confirm, to_confirm
from questionnaire.journey.rows import told_beside_answers
from questionnaire.journey.sheets import with_page
from questionnaire.journey.standing import Drafts, Rows, Sheet, keep_sheet, load_sheet, situation_of
from questionnaire.journey.turns import Turn, at_station
from questionnaire.records.answers import (
    add_submission,
    begun_under,
    page_already_saved,
    page_was_sent,
    revision_of,
)
from questionnaire.records.database import Transaction
from questionnaire.records.entries import entries_of
from questionnaire.records.visits import move_visit, use_code


@dataclass(frozen=True, slots=True)
class Intake:
    """The form as it stands: the pages in order, what was answered, what is missing.

    `answers` and `rows` (lists filled in row by row) are what is shown: also what the desk wrote
    down and what was answered at the last visit, to be confirmed. Only what was saved in this
    visit counts (`sheet`, `situation`, `missing`). `earlier` are the answers of the last visit,
    `from_last_time` the questions shown with one of them, `from_desk` those shown with what the
    desk wrote down. A question whose draft could not be read yet counts as missing.
    """

    pages: tuple[Page, ...]
    answers: Answers
    rows: Rows
    sheet: Sheet
    earlier: Mapping[str, Answer]
    from_last_time: frozenset[str]
    from_desk: frozenset[str]
    situation: Situation
    missing: tuple[str, ...]

    def page(self, page_id: str) -> Page:
        """The page with that id. Raises `NotFound` when it is not (or no longer) asked."""
        for page in self.pages:
            if page.id == page_id:
                return page
        return self.page_of(page_id.partition("~")[0])

    def page_of(self, question_id: str) -> Page:
        """The first page that holds the question. Raises `NotFound`."""
        for page in self.pages:
            if any(question.id == question_id for question in page.questions):
                return page
        raise NotFound("This question is not asked. Please go back to your answers.")

    def is_done(self, page: Page) -> bool:
        """Whether every required question or row of the page was dealt with."""
        if page.rows:
            row = self.sheet.rows.get(page.questions[0].id, {})
            in_doubt = told_beside_answers(page.questions[0], row)
            return set(page.rows) <= row.keys() and not in_doubt & set(page.rows)
        return not any(question.id in self.missing for question in page.questions)

    def only_confirms(self, page: Page) -> bool:
        """Whether everything on the page is as the desk wrote it down, and is only looked over."""
        return all(question.id in self.from_desk for question in page.questions)

    def is_from_last_time(self, page: Page) -> bool:
        """Whether something on the page is shown as it was answered at the last visit."""
        rows = self.sheet.rows
        return any(
            it.id in self.from_last_time and not set(page.rows) & rows.get(it.id, {}).keys()
            for it in page.questions
        )

    @property
    def unsent(self) -> tuple[str, ...]:
        """Those of the missing whose box holds what was not sent, and that need no answer else."""
        unanswered = self.situation.missing()
        return tuple(key for key in self.missing if key not in unanswered)

    def first_open(self) -> Page | None:
        """Where to go on; None when nothing is missing."""
        return next((page for page in self.pages if not self.is_done(page)), None)

    def next_after(self, page_id: str) -> Page | None:
        """The page behind this one; None when the answers are next to be checked."""
        place = self.pages.index(self.page(page_id)) + 1
        return self.pages[place] if place < len(self.pages) else None

    def before(self, page_id: str) -> Page | None:
        """The page in front of this one; None for the first."""
        place = self.pages.index(self.page(page_id))
        return self.pages[place - 1] if place else None


def pages(house: House, turn: Turn) -> Intake:
    """The form as it stands. Raises `WrongStation` once it was sent."""
    with house.database.read() as tx:
        return _as_it_stands(house, tx, turn, at_station(tx, turn, Station.IN_PROGRESS))


def _as_it_stands(house: House, tx: Transaction, turn: Turn, visit: Visit) -> Intake:
    return _intake(house, turn, load_sheet(house, tx, visit.id), _earlier(house, tx, turn))


def as_sent(house: House, turn: Turn) -> Intake:
    """The form as it was sent, to be looked over before signing. Raises `WrongStation`."""
    with house.database.read() as tx:
        visit = at_station(tx, turn, Station.CONSENT_READY)
        return _intake(house, turn, load_sheet(house, tx, visit.id), {})


def _earlier(house: House, tx: Transaction, turn: Turn) -> Mapping[str, Answer]:
    """The last visit's answers, to be confirmed; a home link never shows them."""
    return {} if turn.at_home else to_confirm(house, tx, turn.visit)


def _intake(house: House, turn: Turn, sheet: Sheet, earlier: Mapping[str, Answer]) -> Intake:
    told = house.offered_speech(turn.visit.language).library
    now = situation_of(house, turn.visit, sheet.answers, None, told=told)
    asked = pages_of(now)
    desk = staff_wrote(turn.visit)
    shown = {**earlier, **desk, **sheet.answers}
    as_written = frozenset(key for key, answer in desk.items() if shown[key] == answer)
    rows = {key: {**row} for key, row in sheet.rows.items()}
    for key, row in rows_to_confirm(told.questionnaire.questions, earlier).items():
        rows[key] = {**row, **rows.get(key, {})}
    again = earlier.keys() - sheet.answers.keys() - desk.keys()
    return Intake(
        asked,
        shown,
        rows,
        sheet,
        earlier,
        frozenset(again),
        as_written,
        now,
        (*now.missing(), *_unread(asked, sheet, now.missing())),
    )


def _unread(asked: Iterable[Page], sheet: Sheet, missing: Collection[str]) -> tuple[str, ...]:
    """The questions whose draft could not be read yet, besides those that are missing anyway."""
    ids = dict.fromkeys(question.id for page in asked for question in page.questions)
    return tuple(key for key in ids if key in sheet.drafts and key not in missing)


def save_page(  # noqa: PLR0913  # a page in its parts
    house: House,
    turn: Turn,
    page_id: str,
    answers: Mapping[str, Answer | None],
    rows: Rows,
    *,
    key: str,
    drafts: Drafts | None = None,
    seen: Intake | None = None,
    told: Boxes | None = None,
    is_begun: bool = False,
) -> Intake:
    """Save what one page holds; nothing else changes. The same `key` again writes nothing.

    What `is_begun` alone leaves the key to the page itself.

    `drafts` are what was typed on it and could not be read, instead of those kept before.

    What was `seen` a moment ago is not worked out again. Raises `ChangedSince` when something was
    saved since. `told` is what stands in the boxes of the page.
    `answers` are for questions on the page (None takes an answer back); `rows` for the rows on
    it. Anything that is not on the page raises `NotFound`, and a flood of pages `TooManyTries`.
    """
    with house.database.write() as tx:
        visit = at_station(tx, turn, Station.IN_PROGRESS)
        if seen is not None and seen.sheet.revision != revision_of(tx, visit.id):
            raise ChangedSince(CHANGED)
        before = seen or _as_it_stands(house, tx, turn, visit)
        page = before.page(page_id)
        typed = dict(drafts or {})
        _refuse_strangers(page, {*answers, *typed}, rows)
        given = {"answers": write_given(answers), "rows": rows, "drafts": typed}
        sent = {"page": page.id, **given}
        if page_already_saved(tx, visit.id, begun_under(key) if is_begun else key, "page", sent):
            return before
        count_save(house, tx, visit.id)
        tell(tx, visit.id, key, told or {})
        now = with_page(before.sheet, page, answers, rows, typed)
        if TREATMENTS_WANTED in answers:
            was, will = (
                situation_of(house, visit, it.answers, None).offered for it in (before.sheet, now)
            )
            now = offered_anew(house.library.questionnaire, now, was, will)
        saved = keep_sheet(house, tx, visit.id, now)
        house.note(tx, turn.person, "page_saved", visit.id, page=page.id)
        return _intake(house, turn, saved, before.earlier)


def keep_begun(  # noqa: PLR0913  # a page in its parts
    house: House,
    turn: Turn,
    page_id: str,
    drafts: Drafts,
    rows: Rows,
    *,
    key: str,
    seen: Intake,
    told: Boxes,
) -> None:
    """Keep what was typed on a page that is left and was not sent: no draft counts yet.

    The rows of a list count as soon as they are picked.

    `key` is the page's own: what comes late, after the page itself was sent, changes nothing.
    """
    with house.database.read() as tx:
        is_sent = page_was_sent(tx, turn.visit.id, key)
    here = {question.id for question in seen.page(page_id).questions}
    if not is_sent and (drafts or any(rows.values()) or here & seen.sheet.drafts.keys()):
        save_page(
            house,
            turn,
            page_id,
            {},
            rows,
            drafts=drafts,
            key=key,
            seen=seen,
            told=told,
            is_begun=True,
        )


def _refuse_strangers(page: Page, given: Collection[str], rows: Rows) -> None:
    here = {question.id for question in page.questions}
    listed = {*page.rows, *(f"{row}{TELL_ROW}" for row in page.rows[:1])}
    strangers = {*given, *rows} - here
    if strangers or any(row.keys() - listed for row in rows.values()):
        raise NotFound("This page does not ask that question.")


def submit(house: House, turn: Turn, *, key: str) -> None:
    """Send the form: the answers are kept for good and the code is used up.

    Raises `StillOpen` while something is missing. The same `key` again changes nothing.
    """
    with house.database.write() as tx:
        if page_already_saved(tx, turn.visit.id, key, Move.SUBMIT.value, {}):
            return
        visit = at_station(tx, turn, Station.IN_PROGRESS)
        sheet = load_sheet(house, tx, visit.id)
        told = house.offered_speech(turn.visit.language).library
        now = situation_of(house, visit, sheet.answers, None, told=told)
        missing = now.missing(AnsweredBy.PATIENT)
        missing = (*missing, *_unread(pages_of(now), sheet, missing))
        if missing:
            reasons = tuple(now.questionnaire.questions[key].text for key in missing)
            raise StillOpen("Some questions still need an answer.", reasons)
        if begun := blocks_sending(fold_progress(entries_of(tx, visit.id))):
            raise StillOpen("Some words are not sent yet.", begun)
        at = house.clock()
        digest = answers_fingerprint(now.answers)
        add_submission(
            tx,
            visit.id,
            {"answers": write_answers(now.answers)},
            answers_sha256=digest,
            rules_sha256=house.library.version,
            at=at,
        )
        move_visit(tx, visit, after(visit.station, Move.SUBMIT, Role.PATIENT))
        use_code(tx, visit.id, at)
        house.note(tx, turn.person, Move.SUBMIT.value, visit.id, answers_sha256=digest)
