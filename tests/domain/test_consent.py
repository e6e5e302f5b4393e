"""The consent record as JSON: canonical, and named by its fingerprint."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as some

from questionnaire.domain.consent import (
    ConsentRecord,
    Method,
    Signature,
    as_json,
    canonical,
    fingerprint,
)
from questionnaire.domain.consent_parts import (
    Act,
    AnswerText,
    ClinicFacts,
    PatientFacts,
    PhotoChoices,
    PlanText,
    Practitioner,
    ReviewText,
    Ticked,
    Times,
)

WORDS = some.text(some.characters(exclude_categories=("Cs",)))
TIMES = some.datetimes(timezones=some.just(UTC))
CLINIC = ClinicFacts("A", "B", "C", "D", "E", "F", "G", "H", "I", "J")
PATIENT = PatientFacts("p", "Zoë Ní Bhriain", date(1984, 2, 29), "Passport")


@some.composite
def records(draw: some.DrawFn) -> ConsentRecord:
    """Records with any words and times in them."""
    words, moment = draw(WORDS), draw(TIMES)
    act = Act(words, "clinician", moment)
    answer = AnswerText(draw(WORDS), "q", draw(WORDS), draw(WORDS), "patient")
    ticked = Ticked("s", draw(WORDS), draw(some.none() | TIMES), draw(WORDS))
    return ConsentRecord(
        record_id="ABCD-EFGH",
        visit_id="visit-1",
        language="en",
        content_version="0" * 64,
        help_with_form=words,
        withdrawal_code="K7MX-4PQ2",
        clinic=CLINIC,
        patient=PATIENT,
        practitioner=Practitioner(words, "clinician", ""),
        treatments=(),
        plan=PlanText(words, "", "", "", "", "", "", ((words, draw(WORDS)),)),
        patient_words=(answer,),
        statements=(ticked,),
        personal_risks=(),
        rights=(words,),
        answers=(answer, answer),
        measures=(),
        flags=(),
        questions=(),
        quiz=(),
        review=ReviewText("proceed", words, "", "", "", "", (words,), act),
        photos=PhotoChoices(
            record=draw(some.booleans()), teaching=draw(some.booleans()), publication=False
        ),
        times=Times(moment, moment, moment, draw(TIMES)),
        sources=(),
    )


@given(record=records())
def test_a_record_is_written_as_another_implementation_of_rfc_8785_writes_it(
    record: ConsentRecord,
) -> None:
    written = canonical(record)
    assert written == rfc8785.dumps(as_json(record))
    assert json.loads(written) == as_json(record)
    assert written == rfc8785.dumps(json.loads(written))


@given(first=records(), second=records())
def test_the_fingerprint_is_the_same_for_the_same_record_alone(
    first: ConsentRecord, second: ConsentRecord
) -> None:
    assert fingerprint(canonical(first)) == sha256(canonical(first)).hexdigest()
    assert (fingerprint(canonical(first)) == fingerprint(canonical(second))) == (
        as_json(first) == as_json(second)
    )


def test_times_dates_and_methods_are_written_as_texts() -> None:
    signature = Signature(
        "patient",
        "Zoë",
        Method.DRAWN,
        "I agree.",
        "0" * 64,
        datetime(2031, 3, 4, 9, 30, 15, 999, tzinfo=UTC),
        (((0.25, 0.5), (1.0, 0.0)),),
    )
    assert as_json({"born": date(1984, 2, 29), "hands": [signature]}) == {
        "born": "1984-02-29",
        "hands": [
            {
                "role": "patient",
                "printed_name": "Zoë",
                "method": "drawn",
                "meaning": "I agree.",
                "record_sha256": "0" * 64,
                "at": "2031-03-04T09:30:15Z",
                "ink": [[[0.25, 0.5], [1.0, 0.0]]],
                "witness": "",
            }
        ],
    }


@given(record=records(), number=some.integers() | some.floats() | some.decimals())
def test_a_record_holds_no_numbers(record: ConsentRecord, number: object) -> None:
    object.__setattr__(record, "rights", ("text", number))
    with pytest.raises(TypeError, match="a record holds no"):
        canonical(record)


def test_a_record_holds_no_bytes_or_lone_halves_of_a_sign() -> None:
    spoiled = PatientFacts("p", "\ud800", date(1984, 2, 29), "")
    with pytest.raises(UnicodeEncodeError):
        canonical(spoiled)  # type: ignore[arg-type]  # any part of a record will do
    with pytest.raises(TypeError, match="bytes"):
        canonical({"a": b""})  # type: ignore[arg-type]  # as above
