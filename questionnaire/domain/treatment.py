"""What a patient is told about a treatment before deciding: the clinic's own words, as data.

The figures come from the sources named beside them. “Not known” stays “not known”: a frequency
without a `rate` is never turned into a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from questionnaire.domain.areas import AreaMap
from questionnaire.domain.findings import ResultsPicture

EVERYWHERE: Final = "everywhere"
"""The place whose legal sentences are told wherever a clinic is."""


@dataclass(frozen=True, slots=True)
class LegalPlace:
    """A place whose law is told: its name as people write it, and its other names.

    `within` is the id of the place it lies in, whose law holds there too; empty where none is.
    """

    name: str
    also: tuple[str, ...] = ()
    within: str = ""


class Band(StrEnum):
    """How often a harm happens, in the words of `frequency_bands`."""

    VERY_COMMON = "very_common"
    COMMON = "common"
    UNCOMMON = "uncommon"
    RARE = "rare"
    VERY_RARE = "very_rare"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Rate:
    """A true rate somebody counted, in percent of `people`.

    `low` and `high` are equal when the source gives one figure. `out_of` is how many people were
    looked at, `count` how many of them it happened to (only where the source gives a count). The
    comparison group, if any, got a dummy treatment; `comparison_under` marks “under”.
    """

    low: Fraction
    high: Fraction
    out_of: int | None = None
    count: int | None = None
    people: str = ""
    comparison: Fraction | None = None
    comparison_under: bool = False
    comparison_out_of: int | None = None


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, as a band; `figure` is the clinician's wording, `rate` only where counted."""

    band: Band
    counted: bool
    figure: str
    rate: Rate | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """One harm. `treatments` empty means wherever its block is used."""

    id: str
    title: str
    frequency: Frequency
    patient_text: str
    sources: tuple[str, ...]
    treatments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RiskBlock:
    """Risks that several treatments share."""

    id: str
    title: str
    note: str
    risks: tuple[Risk, ...]


@dataclass(frozen=True, slots=True)
class Sourced:
    """A sentence with the sources behind it; `figure` is for the clinician only."""

    text: str
    sources: tuple[str, ...] = ()
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding with its figure and limits; some figures must stay out of patients' pages."""

    finding: str
    figure: str
    limits: str
    sources: tuple[str, ...]
    quote_to_patients: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence the patient ticks (`treatments` empty: all). Some need the clinic's own facts."""

    id: str
    text: str
    treatments: frozenset[str] = frozenset()
    clinic_fills_in: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer offered to a check-question."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class CheckQuestion:
    """One check-question after reading; a key one must be right or discussed before signing."""

    id: str
    key: bool
    question: str
    options: tuple[Choice, ...]
    correct: str
    if_wrong: str
    sources: tuple[str, ...] = ()
    related_statements: tuple[str, ...] = ()
    related_flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """When to get help: the same day, at once, and weeks later."""

    same_day: tuple[str, ...]
    emergency: tuple[str, ...]
    later: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Treatment:
    """One treatment, with everything a patient is told before deciding about it.

    `legal_status` goes from place to sentences. `clinic_must_state` lists facts the clinician
    fills in. `note_for_clinician` never reaches a patient. `area_maps` are the maps on which the
    clinician plans where it is done.
    """

    id: str
    title: str
    family: str
    summary: str
    steps: tuple[str, ...]
    aims: tuple[str, ...]
    plain_summary: str
    evidence: tuple[Evidence, ...]
    sessions: Sourced
    variable_results: tuple[str, ...]
    shared_risks: tuple[str, ...]
    risks: tuple[Risk, ...]
    alternatives: tuple[Sourced, ...]
    aftercare: tuple[Sourced, ...]
    when_to_get_help: Help
    legal_status: Mapping[str, tuple[Sourced, ...]]
    quiz: tuple[CheckQuestion, ...]
    described_in: tuple[str, ...] = ()
    clinic_must_state: tuple[str, ...] = ()
    how_it_may_work: str = ""
    note_for_clinician: str = ""
    note_for_patients: str = ""
    risks_note: str = ""
    results_picture: ResultsPicture | None = None
    area_maps: tuple[AreaMap, ...] = ()
