"""Everything a clinic decides in `rules/`, read once and checked, under one fingerprint."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from questionnaire.domain.areas import AreaMap
from questionnaire.domain.definition import Questionnaire
from questionnaire.domain.flags import Rule
from questionnaire.domain.retention import USUAL, Retention
from questionnaire.domain.treatment import (
    EVERYWHERE,
    Band,
    LegalPlace,
    Risk,
    RiskBlock,
    Statement,
    Treatment,
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from; `basis` says how much of it was read."""

    id: str
    citation: str
    year: str
    basis: str
    note: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One side of a disagreement."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A point on which sources disagree, and the line the rules take."""

    id: str
    point: str
    views: tuple[View, ...]
    what_the_rules_do: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuizRules:
    """How check-questions are put: tries for each, right answers needed, and what comes after."""

    note: str
    tries: int
    pass_needs_right_answers: int
    after_the_last_try: str
    questions_for_each_treatment: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClinicRules:
    """What a clinic decides of itself in `rules/`; its own facts are `ClinicDetails`.

    `complaints`, `data_use` and `withdrawal` are sentences of every document, and `facts` fills in
    rights by statement id; names in braces stand for facts. A right that the clinic fills in and
    that is not in `facts` waits for the clinic's own words. `earliest_sign_hours` goes from
    treatment id to the least hours between information given and signing. `retention` says how
    long records are kept;
    `answers_count_for_days` how old answers and a decision may be when a patient signs.
    """

    complaints: str
    data_use: str
    withdrawal: str
    facts: Mapping[str, str]
    earliest_sign_hours: Mapping[str, int]
    retention: Retention = USUAL
    answers_count_for_days: int = 30

    def may_sign_from(self, treatments: Iterable[str], given_at: datetime) -> datetime | None:
        """When the time to think of these treatments is over; None where there is none."""
        hours = max((self.earliest_sign_hours.get(each, 0) for each in treatments), default=0)
        return given_at + timedelta(hours=hours) if hours else None


@dataclass(frozen=True, slots=True)
class Library:
    """The whole content. `version` is a SHA-256 over every file it was read from (hex).

    Mappings keep the order of the files: that is the order shown.
    """

    version: str
    questionnaire: Questionnaire
    rules: tuple[Rule, ...]
    treatments: Mapping[str, Treatment]
    risk_blocks: Mapping[str, RiskBlock]
    statements: Mapping[str, Statement]
    statements_note: str
    rights: tuple[Statement, ...]
    quiz_rules: QuizRules
    frequency_words: Mapping[Band, str]
    places: Mapping[str, LegalPlace]
    product_fields: tuple[str, ...]
    sources: Mapping[str, Source]
    disagreements: tuple[Disagreement, ...]
    clinic: ClinicRules

    @property
    def rights_in_own_words(self) -> tuple[Statement, ...]:
        """The rights that a clinic completes with words of its own, or leaves out."""
        return tuple(
            it for it in self.rights if it.clinic_fills_in and it.id not in self.clinic.facts
        )

    def rule(self, rule_id: str) -> Rule:
        """The rule with that id; `KeyError` when there is none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def risks_of(self, treatment_id: str) -> tuple[Risk, ...]:
        """Every risk of the treatment: its own first, then the shared ones that apply to it."""
        treatment = self.treatments[treatment_id]
        shared = (
            risk for block in treatment.shared_risks for risk in self.risk_blocks[block].risks
        )
        return (
            *treatment.risks,
            *(risk for risk in shared if not risk.treatments or treatment_id in risk.treatments),
        )

    def around(self, place: str) -> frozenset[str]:
        """The place and every place it lies in; nothing for the empty id."""
        found = frozenset[str]()
        while place and place not in found:
            found |= {place}
            place = self.places[place].within
        return found

    def law_read(self, law_of: Iterable[str]) -> frozenset[str]:
        """The places whose law patients read where the clinic ticked `law_of`.

        Those around a ticked one are among them; ids that are no place any more are not.
        """
        ticked = (self.around(key) for key in law_of if key in self.places)
        return frozenset({EVERYWHERE}).union(*ticked)

    def without_law(self, law_of: Iterable[str]) -> tuple[Treatment, ...]:
        """The treatments of which nothing is told of the law of these places."""
        here = self.law_read(law_of) - {EVERYWHERE}
        return tuple(it for it in self.treatments.values() if here.isdisjoint(it.legal_status))

    def area_maps_of(self, treatment_ids: Iterable[str]) -> tuple[AreaMap, ...]:
        """The maps on which these treatments are planned, each once, in the order there is."""
        wanted = {each for key in treatment_ids for each in self.treatments[key].area_maps}
        return tuple(each for each in AreaMap if each in wanted)

    def must_state(self, treatment_ids: Iterable[str]) -> tuple[str, ...]:
        """What the clinic must state of these treatments, each once, in the order shown."""
        wanted = set(treatment_ids)
        stated = (it.clinic_must_state for key, it in self.treatments.items() if key in wanted)
        return tuple(dict.fromkeys(chain.from_iterable(stated)))

    def statements_of(self, treatment_ids: Iterable[str]) -> tuple[Statement, ...]:
        """The variable-result statements to tick, each once, in the order of the shared list."""
        wanted = {
            statement
            for key in treatment_ids
            for statement in self.treatments[key].variable_results
        }
        return tuple(statement for key, statement in self.statements.items() if key in wanted)
