"""Plainly invented people, one visit at each station, so that every screen can be seen at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from questionnaire.cli.invented import (
    CLINIC,
    INK,
    NOTHING,
    PEOPLE,
    PLAN,
    REPLY,
    STAFF,
    STATED,
    TROUBLED,
    WORDS,
    WORRIES,
    calm_answers,
    fill_in,
    in_rows,
)
from questionnaire.cli.operate import in_one_sentence, print_addresses, ready_house, the_settings
from questionnaire.clinic import certificates_folder
from questionnaire.domain.answers import Answer
from questionnaire.domain.areas import planned_id
from questionnaire.domain.clinic_details import Confirmation, Part
from questionnaire.domain.consent import Method
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.visit import Person, Role, Station, Visit
from questionnaire.journey import (
    arranging,
    asking,
    consenting,
    deciding,
    intake,
    noting,
    quizzing,
    review_page,
    reviewing,
    settling,
    signing,
    staffing,
    turns,
)
from questionnaire.journey.certifying import name_certificate
from questionnaire.journey.clinic_facts import up_to_date
from questionnaire.journey.doubting import Doubtful
from questionnaire.journey.hands import Hand
from questionnaire.journey.house import House
from questionnaire.journey.sameness import Renamed, Said, WhoIsIt, still_them
from questionnaire.journey.sealing import seal_visit
from questionnaire.journey.setting_up import SUBJECT
from questionnaire.records.accounts import Account
from questionnaire.records.clinic_versions import add_clinic_version

PROMPTER = Person("demonstration", "Demonstration", Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Walk:
    """One visit being walked from station to station."""

    house: House
    desk: Person
    clinician: Person
    visit: Visit
    code: str

    def key(self) -> str:
        """A fresh one-time key."""
        return self.house.new_id()

    def turn(self) -> turns.Turn:
        """The patient's turn, opened with a fresh code."""
        code = arranging.new_code(self.house, self.desk, self.visit.id)
        token = turns.enter_code(self.house, code, device="demonstration")
        turn = turns.turn_of(self.house, token)
        if turn is None:
            raise RuntimeError("a turn just opened has ended")
        return turn


def furnish(house: House, certificates: Path) -> House:
    """The house of the invented clinic, every part of it confirmed by the demonstration."""
    at = house.clock()
    confirmed = {part: Confirmation(PROMPTER.name, at, "Invented") for part in Part}
    with house.database.write() as tx:
        details = replace(CLINIC, confirmed=confirmed)
        number = add_clinic_version(tx, details, by=PROMPTER.name, at=at)
        house.note(tx, PROMPTER, "clinic_changed", SUBJECT, version=number)
    name_certificate(house, certificates)
    return up_to_date(house)


def arrange(house: House, desk: Person, clinician: Person, person: tuple[str, date, str]) -> Walk:
    """A visit arranged for one of the invented people, due in an hour or, late at night, now.

    Somebody with this name and birth date who was here before is the same person, and nothing is
    mistyped.
    """
    name, born, treatment = person
    request = arranging.Request(
        full_name=name,
        date_of_birth=born,
        treatments=(treatment,),
        clinician_id=clinician.id,
        language="en",
        identity_check="Photo card seen at the desk",
        appointment_at=_soon_today(house),
    )
    arranged = _arranged(house, desk, request)
    return Walk(house, desk, clinician, arranged.visit, arranged.code)


def _soon_today(house: House) -> datetime:
    """In an hour; now where that would be tomorrow, for the desk opens with the list of today."""
    now = house.clock()
    soon = now + timedelta(hours=1)
    return soon if house.day_of(soon) == house.today() else now


def _arranged(house: House, desk: Person, request: arranging.Request) -> arranging.Arranged:
    try:
        return arranging.arrange(house, desk, request, key=house.new_id())
    except WhoIsIt as asked:
        return _arranged(house, desk, replace(request, same_as=asked.found[0].patient.id))
    except Doubtful as doubtful:
        sure = frozenset(doubt.about for doubt in doubtful.found)
        return _arranged(house, desk, replace(request, sure=sure))


def fill(
    walk: Walk, *, pages: int | None = None, given: Mapping[str, Answer] = NOTHING
) -> turns.Turn:
    """The patient fills in the form, page by page, up to `pages` of them.

    What is not `given` is answered as calmly as can be.
    """
    turn = walk.turn()
    library = walk.house.library
    answers = calm_answers(library, turn.visit, walk.house.today(), given)
    answers["in_your_own_words"] = WORDS
    form = intake.pages(walk.house, turn)
    page, left = form.first_open(), pages
    while page is not None and left != 0:
        here = {q.id: answers.get(q.id) for q in page.questions if not q.row_by_row}
        rows = {q.id: in_rows(page.rows, answers[q.id]) for q in page.questions if q.row_by_row}
        form = intake.save_page(walk.house, turn, page.id, here, rows, key=walk.key())
        page, left = form.next_after(page.id), None if left is None else left - 1
    return turn


def submit(walk: Walk, given: Mapping[str, Answer] = NOTHING) -> None:
    """The patient asks a question and sends the form."""
    turn = fill(walk, given=given)
    asking.keep_worries(walk.house, turn, WORRIES, key=walk.key())
    asking.ask(walk.house, turn, "Can I go to work the next day?", key=walk.key())
    intake.submit(walk.house, turn, key=walk.key())


def review(walk: Walk, given: Mapping[str, Answer] = NOTHING) -> None:
    """The clinician deals with every point and decides to go ahead.

    What the patient says of who they are is taken.
    """
    submit(walk, given)
    house, clinician, visit_id = walk.house, walk.clinician, walk.visit.id
    page = review_page.review(house, clinician, visit_id)
    for one in page.to_settle:
        settled = settling.Settled(
            one, take_patients=True, checked="Passport" if one.needs_document else ""
        )
        try:
            settling.settle(house, clinician, visit_id, settled, key=walk.key())
        except Renamed as renamed:
            settled = replace(settled, said=Said(renamed=still_them(renamed.patient)))
            settling.settle(house, clinician, visit_id, settled, key=walk.key())
    answer_own_questions(walk)
    settle_points(walk)
    page = review_page.review(house, clinician, visit_id)
    for asked in page.asked:
        words = "Yes. Most people can."
        noting.reply(house, clinician, visit_id, asked.number, words, key=walk.key())
    decide(walk, page)


def answer_own_questions(walk: Walk) -> None:
    """The clinician answers what is asked of the clinic."""
    house, clinician, visit_id = walk.house, walk.clinician, walk.visit.id
    page = review_page.review(house, clinician, visit_id)
    answers = fill_in(
        house.library,
        frozenset(page.visit.treatments),
        page.answers,
        house.today(),
        AnsweredBy.CLINICIAN,
    )
    own = {question.id: answers[question.id] for question in page.clinic_questions}
    reviewing.answer_for_clinic(house, clinician, visit_id, own, seen=page.seen, key=walk.key())


def settle_points(walk: Walk) -> None:
    """The clinician deals with each point; what is found out about one may settle others."""
    house, clinician, visit_id = walk.house, walk.clinician, walk.visit.id
    while True:
        page = review_page.review(house, clinician, visit_id)
        left = (it for it in page.cards if it.must_settle and it.disposition is None)
        card = next(left, None)
        if card is None:
            return
        action = next(it for it in card.actions if it not in card.holds_back)
        done = reviewing.Done(
            (action,),
            "Talked through with the patient.",
            tell=bool(card.tell_patient) and action not in card.resolved_by,
            confirmed=True,
        )
        reviewing.dispose(
            house, clinician, visit_id, card.item, done, seen=page.seen, key=walk.key()
        )


def decide(walk: Walk, page: review_page.ReviewPage) -> None:
    """The clinician answers the patient's words and writes the plan and the decision."""
    plan = replace(
        PLAN,
        treatments=page.visit.treatments,
        places=tuple(planned_id(one.name, one.places[0][0]) for one in page.areas),
        details=tuple((fact, STATED[fact]) for fact in page.must_state),
    )
    house, clinician, visit_id = walk.house, walk.clinician, walk.visit.id
    said = page.words_seen
    noting.reply_to_words(house, clinician, visit_id, REPLY, seen=said, key=walk.key())
    deciding.save_plan(house, clinician, visit_id, plan, key=walk.key())
    made = deciding.Made(DecisionKind.PROCEED, "Go ahead as planned.")
    deciding.decide(house, clinician, visit_id, made, seen=page.seen, key=walk.key())


def read(walk: Walk) -> turns.Turn:
    """The patient reads, answers the check-questions and ticks."""
    house, turn = walk.house, walk.turn()
    consenting.begin_reading(house, turn, key=walk.key())
    for treatment in consenting.reading(house, turn).treatments:
        consenting.mark_read(house, turn, treatment.id, key=walk.key())
        for question in house.library.treatments[treatment.id].quiz:
            quizzing.try_quiz(house, turn, question.id, question.correct, key=walk.key())
    reading = consenting.reading(house, turn)
    ticks = [one.id for one in (*reading.statements, *reading.personal_risks)]
    consenting.tick(house, turn, ticks, key=walk.key())
    return turn


def sign(walk: Walk) -> None:
    """The patient reads everything and signs."""
    review(walk)
    house, turn = walk.house, read(walk)
    shown = consenting.read_back(house, turn)
    hand = Hand(turn.visit.patient.full_name, Method.DRAWN, INK, agreed=True)
    signing.sign(house, turn, hand, shown_sha256=shown.sha256, key=walk.key())


def countersign(walk: Walk) -> None:
    """The clinician countersigns."""
    sign(walk)
    ready = signing.to_countersign(walk.house, walk.clinician, walk.visit.id)
    hand = Hand(walk.clinician.name, Method.TYPED)
    signing.countersign(
        walk.house,
        walk.clinician,
        walk.visit.id,
        hand,
        shown_sha256=ready.document.sha256,
        key=walk.key(),
    )


def seal(walk: Walk) -> None:
    """The sealer seals the countersigned document."""
    countersign(walk)
    seal_visit(walk.house, walk.visit.id)


def ask_for_time(walk: Walk) -> None:
    """The patient reads and asks for more time."""
    review(walk)
    consenting.more_time(walk.house, walk.turn(), key=walk.key())


STATIONS: tuple[tuple[Station, Callable[[Walk], object]], ...] = (
    (Station.ARRANGED, lambda _: None),
    (Station.IN_PROGRESS, lambda walk: fill(walk, pages=5)),
    (Station.SUBMITTED, submit),
    (Station.CONSENT_READY, review),
    (Station.PATIENT_SIGNED, sign),
    (Station.SEALED, seal),
    (Station.DEFERRED, ask_for_time),
    (Station.SUBMITTED, lambda walk: submit(walk, TROUBLED)),
    (Station.SEALED, seal),
)


@click.command("demo")
@in_one_sentence
def demo() -> None:
    """Fill in plainly invented people, one visit at each station; asking again adds nobody."""
    settings = the_settings()
    house = ready_house(settings)
    accounts = raise_the_curtain(house, certificates_folder(settings))
    print_addresses(settings)
    click.echo("Everybody here is invented. To work as one of them, choose a password first:")
    for account in accounts:
        if not account.has_password:
            link = staffing.new_link(house, PROMPTER, account.id)
            click.echo(f"{account.full_name}: {settings.public_address}/staff/join#{link}")


def raise_the_curtain(house: House, certificates: Path) -> tuple[Account, ...]:
    """Make the invented staff and their visits, unless somebody is there already."""
    if not staffing.staff(house, PROMPTER):
        house = furnish(house, certificates)
        for name, email, registration, roles in STAFF:
            joining = staffing.Joining(name, email, registration, frozenset(roles))
            staffing.invite(house, PROMPTER, joining)
        clinician = staffing.clinicians(house)[0]
        desk = Person("demonstration", "Desk", Role.DESK)
        for person, (station, play) in zip(PEOPLE, STATIONS, strict=True):
            play(arrange(house, desk, clinician, person))
            click.echo(f"An invented patient is now at: {station.replace('_', ' ')}", err=True)
    return staffing.staff(house, PROMPTER)
