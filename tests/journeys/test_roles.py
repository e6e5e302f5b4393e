"""Who may do what: every step of staff, tried by every role."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest

from questionnaire.domain.consent import Method
from questionnaire.domain.errors import ChangedSince, NotAllowed, NotFound, WrongStation
from questionnaire.domain.review import DecisionKind, Plan
from questionnaire.domain.visit import Person, Role, Station
from questionnaire.journey import (
    archiving,
    arranging,
    deciding,
    noting,
    queueing,
    review_page,
    reviewing,
    signing,
    staffing,
)
from questionnaire.journey.archiving import CopyOutcome, Purpose, Query
from questionnaire.journey.arranging import Request
from questionnaire.journey.deciding import Made
from questionnaire.journey.hands import Hand
from questionnaire.journey.reviewing import Done
from questionnaire.journey.staffing import Joining
from tests.clinics import BORN, OPENED, Stage

Step = Callable[[Stage, Person], object]

DESK_WORK = {Role.DESK, Role.CLINICIAN, Role.ADMINISTRATOR}
CARE = {Role.CLINICIAN}
ARCHIVE = {Role.ARCHIVIST, Role.CLINICIAN, Role.ADMINISTRATOR, Role.DESK}
RUNNING = {Role.ADMINISTRATOR}
REQUEST = Request(
    "Basil Madeupson", BORN, (), "clinician-1", "en", "Passport", OPENED + timedelta(hours=1)
)
JOINING = Joining("Nova Newcome", "nova@candour.example", "", frozenset({Role.DESK}))
LONG_AGO = "0" * 64

STEPS: dict[str, tuple[set[Role], Step]] = {
    "arrange": (DESK_WORK, lambda s, p: arranging.arrange(s.house, p, REQUEST, key=s.key())),
    "new code": (DESK_WORK, lambda s, p: arranging.new_code(s.house, p, s.visit_id)),
    "witness code": (DESK_WORK, lambda s, p: arranging.witness_code(s.house, p, s.visit_id)),
    "day": (DESK_WORK, lambda s, p: arranging.day(s.house, p, date(2031, 3, 4))),
    "reopen": (DESK_WORK, lambda s, p: arranging.reopen(s.house, p, s.visit_id)),
    "stop": (DESK_WORK, lambda s, p: arranging.stop(s.house, p, s.visit_id, "No show.")),
    "queue": (CARE, lambda s, p: queueing.queue(s.house, p)),
    "review": (CARE, lambda s, p: review_page.review(s.house, p, s.visit_id)),
    "dispose": (
        CARE,
        lambda s, p: reviewing.dispose(
            s.house, p, s.visit_id, "clarify:PR-06", Done(words="x"), seen="", key=s.key()
        ),
    ),
    "undo": (CARE, lambda s, p: reviewing.undo(s.house, p, s.visit_id, "clarify:PR-06")),
    "answer": (
        CARE,
        lambda s, p: reviewing.answer_for_clinic(
            s.house, p, s.visit_id, {"recent_blood_count": "no"}, seen="", key=s.key()
        ),
    ),
    "note": (CARE, lambda s, p: noting.add_note(s.house, p, s.visit_id, "point", "x", key=s.key())),
    "reply to words": (
        CARE,
        lambda s, p: noting.reply_to_words(s.house, p, s.visit_id, "x", seen="", key=s.key()),
    ),
    "reply": (CARE, lambda s, p: noting.reply(s.house, p, s.visit_id, 1, "x", key=s.key())),
    "discuss quiz": (
        CARE,
        lambda s, p: noting.discuss_quiz(
            s.house, p, s.visit_id, "prp_injections-1", "x", key=s.key()
        ),
    ),
    "plan": (CARE, lambda s, p: deciding.save_plan(s.house, p, s.visit_id, Plan(), key=s.key())),
    "decide": (
        CARE,
        lambda s, p: deciding.decide(
            s.house, p, s.visit_id, Made(DecisionKind.REFER, "x"), seen="", key=s.key()
        ),
    ),
    "take back": (
        CARE,
        lambda s, p: deciding.take_back(s.house, p, s.visit_id, "x", key=s.key()),
    ),
    "resume": (CARE, lambda s, p: deciding.resume(s.house, p, s.visit_id, key=s.key())),
    "to countersign": (CARE, lambda s, p: signing.to_countersign(s.house, p, s.visit_id)),
    "countersign": (
        CARE,
        lambda s, p: signing.countersign(
            s.house,
            p,
            s.visit_id,
            Hand(p.name, Method.TYPED),
            shown_sha256=LONG_AGO,
            key=s.key(),
        ),
    ),
    "find": (ARCHIVE, lambda s, p: archiving.find(s.house, p, Query())),
    "consent page": (ARCHIVE, lambda s, p: archiving.consent_page(s.house, p, s.visit_id)),
    "open": (ARCHIVE, lambda s, p: archiving.open_consent(s.house, p, s.visit_id, Purpose.READ)),
    "verify": (ARCHIVE, lambda s, p: archiving.verify_file(s.house, p, b"%PDF-")),
    "copy": (
        ARCHIVE,
        lambda s, p: archiving.record_copy(
            s.house, p, s.visit_id, CopyOutcome.OFFERED, "", key=s.key()
        ),
    ),
    "invite": (RUNNING, lambda s, p: staffing.invite(s.house, p, JOINING)),
    "new link": (RUNNING, lambda s, p: staffing.new_link(s.house, p, "nobody")),
    "staff": (RUNNING, lambda s, p: staffing.staff(s.house, p)),
    "change": (
        RUNNING,
        lambda s, p: staffing.change(
            s.house, p, "nobody", roles=[Role.DESK], registration="", active=True
        ),
    ),
}


@pytest.mark.guarantees("S01")
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_refused_to_every_role_it_is_not_for(
    at: Callable[..., Stage], step: str, role: Role
) -> None:
    stage = at(Station.SUBMITTED)
    allowed, take = STEPS[step]
    person = Person("somebody", "Some Body", role)
    before = stage.clinic.events(stage.visit_id), stage.clinic.visit(stage.visit_id)
    if role in allowed:
        with suppress(ChangedSince, NotFound, WrongStation):
            take(stage, person)
        return
    with pytest.raises(NotAllowed):
        take(stage, person)
    assert (stage.clinic.events(stage.visit_id), stage.clinic.visit(stage.visit_id)) == before
