"""The one short form of the desk: read what was typed, or say how to mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from werkzeug.datastructures import MultiDict

from questionnaire.domain.answers import Slip
from questionnaire.domain.identity import IDENTITY_CHECKS
from questionnaire.domain.language import SOURCE_LANGUAGE
from questionnaire.domain.slips import Reading
from questionnaire.domain.visit import Person, Visit
from questionnaire.journey.arranging import Request, full_name
from questionnaire.journey.house import House
from questionnaire.journey.sameness import Said
from questionnaire.web.dates import PARTS, DateBox, date_boxes, read_date, typed_date
from questionnaire.web.staff.dates import read_day, read_moment
from questionnaire.web.staff.merging import Boxes, Fact

NOT_SURE: Final = "not_sure"
ANOTHER_PERSON: Final = "another"
_BORN: Final = "born"
_ANY_DAY: Final = date(2001, 7, 1)
"""A day on which no clock is put forward: a time is read on it when the day cannot be read."""


def facts_of(house: House, doctors: Iterable[Person]) -> tuple[Fact, ...]:
    """What the form says of a visit."""
    names = {one.id: one.name for one in doctors}
    languages = {one.code: one.name for one in house.languages_offered}
    titles = {key: one.title for key, one in house.library.treatments.items()}
    return (
        Fact("Name", ("full_name",)),
        Fact("Date of birth", tuple(f"{_BORN}.{part}" for part in PARTS), _BORN),
        Fact("Clinician", ("clinician",), words=lambda key: names.get(key, key)),
        Fact("How you checked who they are", ("identity_check",)),
        Fact("Language", ("language",), words=lambda code: languages.get(code, code)),
        Fact("Appointment", ("appointment_day", "appointment_time")),
        Fact("Treatments", ("treatments",), words=lambda key: titles.get(key, "not sure yet")),
    )


def what_was_said(typed: Mapping[str, str], shown: frozenset[str]) -> Said:
    """Who a person said it is, once that was asked about the people `shown`."""
    person, renamed = typed.get("person", ""), typed.get("renamed", "")
    if person == ANOTHER_PERSON:
        return Said(none_of=shown, renamed=renamed)
    return Said(same_as=person, renamed=renamed)


@dataclass(slots=True)
class ArrangingForm:
    """What the desk typed. `errors` pairs the id of a box with its sentence.

    `shown` are the ids of people whom the desk was asked about: is it one of them? `asked` names
    the doubts it was asked about; they are confirmed when it then said yes.
    """

    typed: Mapping[str, str]
    treatments: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    errors: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def blank(cls, house: House, doctors: Iterable[Person]) -> "ArrangingForm":
        """An empty form: the day is today, the time is asked for, the only clinician is chosen."""
        found = tuple(doctors)
        return cls(
            {
                "appointment_day": house.today().isoformat(),
                "clinician": found[0].id if len(found) == 1 else "",
                "language": SOURCE_LANGUAGE,
            }
        )

    @classmethod
    def posted(cls, form: MultiDict[str, str]) -> "ArrangingForm":
        """What a browser sent."""
        return cls(
            form.to_dict(),
            tuple(form.getlist("treatments")),
            frozenset(form.getlist("shown")),
            frozenset(form.getlist("asked")),
        )

    @classmethod
    def of_visit(cls, house: House, visit: Visit) -> "ArrangingForm":
        """The details of a visit, to be changed."""
        born = visit.patient.date_of_birth
        at = visit.appointment_at.astimezone(house.zone)
        return cls(
            {
                "full_name": visit.patient.full_name,
                **{f"{_BORN}.{part}": str(getattr(born, part)) for part in PARTS},
                "clinician": visit.clinician_id,
                "identity_check": visit.identity_check,
                "language": visit.language,
                "appointment_day": f"{at:%Y-%m-%d}",
                "appointment_time": f"{at:%H:%M}",
            },
            visit.treatments or (NOT_SURE,),
        )

    def read(
        self, house: House, doctors: Iterable[Person], checks: Iterable[str] = IDENTITY_CHECKS
    ) -> Request | None:
        """What to arrange; None when `errors` say what has to be mended."""
        name = self._name()
        born = self._birth_date(house)
        clinician = self._one_of("clinician", {one.id for one in doctors}, "Pick the clinician.")
        offered = {language.code for language in house.languages_offered}
        language = self._one_of("language", offered, "Pick a language.")
        checked = self._one_of(
            "identity_check", set(checks), "Pick how you checked who the patient is."
        )
        at = self._appointment(house)
        treatments = self._treatments(house)
        if self.errors or born is None or at is None:
            return None
        sure = self.asked if "sure" in self.typed else frozenset()
        said = what_was_said(self.typed, self.shown)
        return Request(
            name,
            born,
            treatments,
            clinician,
            language,
            checked,
            at,
            same_as=said.same_as,
            none_of=said.none_of,
            sure=sure,
            renamed=said.renamed,
        )

    @property
    def boxes(self) -> Boxes:
        """What its boxes hold."""
        return {
            **{name: [text] for name, text in self.typed.items()},
            "treatments": self.treatments,
        }

    @property
    def birth_boxes(self) -> tuple[DateBox, ...]:
        """Day, month and year of birth as they were typed."""
        return date_boxes(_BORN, typed_date(self.typed, _BORN))

    def _name(self) -> str:
        try:
            return full_name(self.typed.get("full_name", ""))
        except Slip as slip:
            return self._wrong("full_name", str(slip))

    def _birth_date(self, house: House) -> date | None:
        try:
            return read_date(typed_date(self.typed, _BORN), latest=house.today())
        except Slip as slip:
            self._wrong(_BORN, f"Date of birth: {slip}")
            return None

    def _treatments(self, house: House) -> tuple[str, ...]:
        picked = set(self.treatments)
        if not picked:
            self._wrong("treatments", "Tick the treatments, or “Not sure yet”.")
        elif NOT_SURE in picked and len(picked) > 1:
            self._wrong("treatments", "Tick either treatments or “Not sure yet”, not both.")
        return tuple(key for key in house.library.treatments if key in picked)

    def _one_of(self, name: str, known: set[str], sentence: str) -> str:
        value = self.typed.get(name, "")
        return value if value in known else self._wrong(name, sentence)

    def _appointment(self, house: House) -> datetime | None:
        reading, day, at = Reading(), _ANY_DAY, None
        with reading.of("appointment_day"):
            day = read_day(self.typed.get("appointment_day", ""), today=house.today())
        with reading.of("appointment_time"):
            at = read_moment(day, self.typed.get("appointment_time", ""), house.zone)
        for box, slip in reading.slips.items():
            self._wrong(box, f"Appointment: {slip}")
        return None if reading.slips else at

    def _wrong(self, target: str, sentence: str) -> str:
        self.errors.append((target, sentence))
        return ""
