"""Whatever anybody tries in whatever order, a visit only ever makes the moves of the table."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from questionnaire.archive.shelf import MARKER
from questionnaire.cli import demo
from questionnaire.domain.answers import Slip
from questionnaire.domain.consent import Method
from questionnaire.domain.errors import Refusal
from questionnaire.domain.review import DecisionKind
from questionnaire.domain.visit import MOVES, Person, Role, Station
from questionnaire.journey import (
    arranging,
    consenting,
    deciding,
    intake,
    review_page,
    reviewing,
    sealing,
    signing,
    turns,
)
from questionnaire.journey.deciding import Made
from questionnaire.journey.hands import Hand
from questionnaire.journey.reviewing import Done
from questionnaire.journey.turns import Turn
from questionnaire.records.signing import signatures_of
from tests.clinics import ADMINISTRATOR, ARCHIVIST, CLINICIAN, DESK, SCENES, Clinics, Stage
from tests.journeys.steps import hand, ready_to_sign

pytestmark = pytest.mark.whole

SOMEBODY = st.just(CLINICIAN) | st.sampled_from((DESK, ARCHIVIST, ADMINISTRATOR, sealing.SEALER))
STEPS = {(origin, after) for origins, after, _ in MOVES.values() for origin in origins}
SIGNED = {
    Station.PATIENT_SIGNED: 1,
    Station.COUNTERSIGNED: 2,
    Station.SEALED: 2,
}


def may_become(station: Station) -> set[Station]:
    """Where one step may lead: nowhere, one move on, or, from a sent form, two."""
    one = {after for origin, after in STEPS if origin == station}
    if station is Station.SUBMITTED:
        one |= {after for origin, after in STEPS if origin == Station.UNDER_REVIEW}
    return {station, *one}


class AnyOrder(RuleBasedStateMachine):
    """One visit at a random station, and people who try things."""

    clinics: Clinics

    @initialize(station=st.sampled_from(sorted(SCENES)))
    def begin(self, station: Station) -> None:
        """A clinic whose shelf is away, so that sealing is tried and never done."""
        self.stage: Stage = self.clinics.at(station)
        (self.stage.clinic.settings.data / "shelf" / MARKER).unlink()
        self.before = self.stage.clinic.visit(self.stage.visit_id)
        self.turn = Turn("", self.before)

    def attempt(self, step: Callable[[], object]) -> None:
        """Try a step; being refused is an outcome like any other."""
        with suppress(Refusal, Slip):
            step()

    @rule()
    def open_a_turn(self) -> None:
        """Somebody types a fresh code."""
        house, visit_id = self.stage.house, self.stage.visit_id
        code = arranging.new_code(house, DESK, visit_id)
        self.attempt(lambda: turns.enter_code(house, code, device="tablet"))

    @rule()
    def fill_in_and_send(self) -> None:
        """The patient fills in what is missing and sends the form."""
        house = self.stage.house
        if self.before.station is Station.IN_PROGRESS:
            demo.fill(self.stage.walk)
        self.attempt(lambda: intake.submit(house, self.turn, key=self.stage.key()))

    @rule(person=SOMEBODY)
    def give_the_form_back(self, person: Person) -> None:
        """Anybody gives the form back."""
        house, visit_id = self.stage.house, self.stage.visit_id
        self.attempt(lambda: arranging.reopen(house, person, visit_id))

    @rule(person=SOMEBODY)
    def stop(self, person: Person) -> None:
        """Anybody stops the visit."""
        house, visit_id = self.stage.house, self.stage.visit_id
        self.attempt(lambda: arranging.stop(house, person, visit_id, "Not today."))

    @rule(person=SOMEBODY)
    def settle(self, person: Person) -> None:
        """Anybody answers for the clinic, settles every point and writes the plan."""
        self.attempt(lambda: self._settle(person))

    def _settle(self, person: Person) -> None:
        stage = self.stage
        house, visit_id = stage.house, stage.visit_id
        page = review_page.review(house, person, visit_id)
        asked = {question.id for question in page.clinic_questions}
        given = {"recent_blood_count": "no"}
        own = {key: value for key, value in given.items() if key in asked}
        reviewing.answer_for_clinic(house, person, visit_id, own, seen=page.seen, key=stage.key())
        page = review_page.review(house, person, visit_id)
        done = Done(words="Talked through.", confirmed=True)
        for card in page.cards:
            reviewing.dispose(
                house, person, visit_id, card.item, done, seen=page.seen, key=stage.key()
            )

    @rule(person=SOMEBODY, kind=st.sampled_from(DecisionKind))
    def decide(self, person: Person, kind: DecisionKind) -> None:
        """Anybody decides anything."""
        stage = self.stage
        made = Made(kind, "In my own words.", date(2031, 6, 1))

        def step() -> None:
            page = review_page.review(stage.house, person, stage.visit_id)
            deciding.decide(
                stage.house, person, stage.visit_id, made, seen=page.seen, key=stage.key()
            )

        self.attempt(step)

    @rule(person=SOMEBODY)
    def take_back(self, person: Person) -> None:
        """Anybody takes the visit back."""
        stage = self.stage
        self.attempt(
            lambda: deciding.take_back(
                stage.house, person, stage.visit_id, "Again.", key=stage.key()
            )
        )

    @rule(person=SOMEBODY)
    def resume(self, person: Person) -> None:
        """Anybody goes on with a visit that had to wait."""
        stage = self.stage
        self.attempt(lambda: deciding.resume(stage.house, person, stage.visit_id, key=stage.key()))

    @rule()
    def read_and_sign(self) -> None:
        """The patient reads, ticks and signs."""
        stage = self.stage

        def step() -> None:
            if self.before.station is Station.CONSENT_READY:
                ready_to_sign(stage)
            shown = consenting.read_back(stage.house, self.turn)
            signing.sign(
                stage.house, self.turn, hand(stage), shown_sha256=shown.sha256, key=stage.key()
            )

        self.attempt(step)

    @rule(leave=st.sampled_from((consenting.more_time, consenting.decline)))
    def leave(self, leave: Callable[..., None]) -> None:
        """The patient wants more time, or does not want this."""
        self.attempt(lambda: leave(self.stage.house, self.turn, key=self.stage.key()))

    @rule(person=SOMEBODY)
    def countersign(self, person: Person) -> None:
        """Anybody countersigns."""
        stage = self.stage

        def step() -> None:
            ready = signing.to_countersign(stage.house, person, stage.visit_id)
            signing.countersign(
                stage.house,
                person,
                stage.visit_id,
                Hand(person.name, Method.TYPED),
                shown_sha256=ready.document.sha256,
                key=stage.key(),
            )

        self.attempt(step)

    @rule()
    def seal(self) -> None:
        """The sealer comes by; it must not seal what is not filed."""
        assert not sealing.seal_visit(self.stage.house, self.stage.visit_id)

    @invariant()
    def only_moves_of_the_table_were_made(self) -> None:
        """The station is one the last one leads to, and as many signatures stand as it says."""
        now = self.stage.clinic.visit(self.stage.visit_id)
        assert now.station in may_become(self.before.station)
        assert (now.version == self.before.version) <= (now.station == self.before.station)
        with self.stage.house.database.read() as tx:
            standing = signatures_of(tx, self.stage.visit_id)
        assert len(standing) == SIGNED.get(now.station, 0)
        self.before = now

    def teardown(self) -> None:
        """Whatever was tried, the ledger is whole."""
        assert self.stage.clinic.ledger_problems() == ()
        self.stage.house.database.close()


@pytest.mark.guarantees("S05")
def test_no_order_of_steps_by_anybody_leads_to_a_station_the_table_does_not_allow(
    clinics: Clinics, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL")
    machine = type("AnyOrderHere", (AnyOrder,), {"clinics": clinics})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=15,
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_only_the_sealer_seals_and_only_patients_sign() -> None:
    who = {move.value: roles for move, (_, _, roles) in MOVES.items()}
    assert (who["seal"], who["sign"]) == ({Role.SEALER}, {Role.PATIENT})
    assert who["countersign"] == {Role.CLINICIAN}
