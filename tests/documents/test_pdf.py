"""The document says all that a consent must say, to the eye, to the ear and to other programs."""

import gc
import io
import json
import logging
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaire.documents.page import page_values
from questionnaire.documents.pdf import render
from questionnaire.documents.proofread import attached, page_texts, pages_without, text_problems
from questionnaire.domain.consent import Method, canonical, fingerprint
from tests.documents import samples

pytestmark = pytest.mark.whole

GOLDEN = Path(__file__).parents[1] / "golden" / "consent.txt"

CARRIED = {
    "1 patient": "Amina Førde-O'Leary",
    "1 birth date": "9 April 1988",
    "1 identifier": "Record R-2026-7Q4M-K2XD",
    "1 identity check": "Passport seen at the desk",
    "2 clinic": "Willow Lane Clinic",
    "2 practitioner": "Dr Imogen Sallow will perform the treatment, and asked for this consent",
    "2 registration": "Register of Examples 1234567",
    "3 procedure": "It is put into your scalp with fine needles.",
    "3 sites": "Front hairline, crown",
    "3 product": "Fenwick PRP kit, 20 ml draw, double spin",
    "3 batch": "FW-22817",
    "3 activation": "Activated No",
    "4 own words": "I faint with needles <b>sometimes</b> & dislike blood.",
    "4 reply": "A wedding in six weeks is too soon to see a change.",
    "5 view": "Some benefit is possible; none is likely to be large.",
    "6 variable results": "Results vary and none is guaranteed. You may see no benefit.",
    "7 counted risk": "9 to 23 out of 100 blood donors who were asked had this; 77 to 91 did not.",
    "7 uncounted risk": "Not known: it has been reported, but nobody has counted how often",
    "7 this patient's risk": "You may faint again. We will lay you down.",
    "7 dummy treatment": "With a dummy treatment: 1 out of 100 people had this; 99 did not.",
    "6 results in words": "13 trials put together (S2) 27.6 more than with a dummy shot",
    "8 failure as a risk": "It may not do what you hope Nobody can tell beforehand",
    "9 alternatives": "Minoxidil.",
    "9 no treatment": "No treatment.",
    "10 sessions": "3 to 5 visits about a month apart.",
    "10 aftercare": "Do not stop prescribed blood thinners.",
    "10 emergency": "Loss of sight In an emergency: 999 The clinic, day and night: 01632 960 113",
    "10 same day": "Fever 01632 960 112 Tell the clinic, even weeks later",
    "11 law": "PRP for hair is off-label.",
    "12 price": "£1,050 for 3 visits",
    "12 excluded": "Top-up visits",
    "13 information given": "Information given 23 November 2026, 14:05 GMT",
    "14 question": "Can I swim next week?",
    "14 answer": "Yes, after two days.",
    "15 signed": "Signed by the patient 25 November 2026, 10:42 GMT",
    "15 rule": "Information given 23 November 2026, 14:05 GMT "
    "Answers reviewed again 23 November 2026, 14:35 GMT "
    "Could be signed from 24 November 2026, 14:05 GMT "
    "Signed by the patient 25 November 2026, 10:42 GMT",
    "15 interval": "From information to signature 1 day 20 hours",
    "17 capacity": "Has capacity; decided alone.",
    "18 interpreter": "Help with the form, interpreter No help was needed",
    "18 language": "Language of this text English",
    "19 guardian": "Guardian None; the patient is 18 or over",
    "20 photos": "Kept in my record Yes Used for teaching No Shown in public No",
    "21 data use": "We keep this record for 8 years.",
    "22 change of mind": "You can change your mind at any time",
    "23 copy": "offers the patient a copy",
    "24 meaning": "I have read this record, understand it, and agree to the treatment.",
    "24 time with zone": "When 25 November 2026, 10:42:07 GMT Record fingerprint",
    "24 countersignature": "I discussed this document with the patient, sought their",
    "26 page": "Page 1 of",
    "27 complaint": "You will hear within 10 days.",
    "27 emergency": "In an emergency 999 The clinic, day and night 01632 960 113 E-mail",
    "28 what was discussed": "Fainting, the dummy-shot studies, minoxidil first, doing nothing.",
    "28 not the consent": "A signature is not the consent: the talk it stands for is.",
    "kind of mark": "simple electronic signature",
    "kind of seal": "electronic seal",
    "decision": "Decision To go ahead with changes to the plan",
    "flag": "Has fainted with needles",
    "flag that nobody could rule out": "Could not be ruled out: Blood thinner",
    "flag that waits for an answer": "No clear answer to: What medicines do you take?",
    "flag's answer": "Have you fainted with needles? Yes",
    "flag's disposition": "Treat lying down",
    "check-question": "Try 1: It will for sure: not yet right",
    "check-question talked through": "Talked through by Dr Imogen Sallow, Doctor",
    "personal risk's reason": "We will lay you down. My answer to: Have you fainted with needles?",
    "audit": "Visit arranged Desk: Jo Marram",
    "emoji": "A bit more confidence \U0001f642 at my sister's wedding.",
    "Arabic": "\u0627\u0644\u0625\u0628\u0631 \u062a\u062e\u064a\u0641\u0646\u064a",
}


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page_texts(pdf)).split())


@pytest.mark.parametrize("item", CARRIED)
def test_the_document_carries(item: str, rendered: bytes) -> None:
    assert CARRIED[item] in words_of(rendered)


def test_every_page_names_record_text_language_and_fingerprint(rendered: bytes) -> None:
    record_json, _, _ = samples.whole(samples.a_record())
    texts = page_texts(rendered)
    assert pages_without(texts, fingerprint(record_json)) == []
    for number, text in enumerate(texts, start=1):
        assert "Record R-2026-7Q4M-K2XD · text 5f2c7b1de0a94c22 · en" in text
        assert f"Page {number} of {len(texts)}" in " ".join(text.split())


def test_the_paper_says_how_to_check_it_and_what_it_says_is_so(rendered: bytes) -> None:
    words = words_of(rendered)
    assert words.count("How to check this document") == 1
    assert "the file record.json inside this one (SHA-256)" in words
    printed = sha256(attached(rendered, "record.json") or b"").hexdigest()
    assert pages_without(page_texts(rendered), printed) == []


def test_the_text_is_the_one_kept_as_golden(rendered: bytes) -> None:
    text = "\n\f\n".join(" ".join(page.split()) for page in page_texts(rendered)) + "\n"
    if os.environ.get("CANDOUR_KEEP_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_another_process_makes_the_same_bytes(rendered: bytes) -> None:
    program = (
        "import sys; from tests.documents import samples; "
        "from questionnaire.documents.pdf import render; "
        "sys.stdout.buffer.write(render(*samples.whole(samples.a_record())))"
    )
    other = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert other.stdout == rendered


def test_what_travels_inside_is_named_described_and_dated(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        assert list(opened.attachments) == [
            "fhir-consent.json",
            "fhir-questionnaire-response.json",
            "record.json",
            "signatures.json",
        ]
        for file in opened.attachments.values():
            assert file.relationship == pikepdf.Name.Data
            assert file.description
            assert file.get_file().creation_date == samples.COUNTERSIGNED
        assert len(opened.Root.AF) == 4


def test_the_record_is_attached_byte_for_byte(rendered: bytes) -> None:
    assert attached(rendered, "record.json") == canonical(samples.a_record())
    assert attached(rendered, "nothing.json") is None


def test_the_signatures_travel_with_the_record_they_name(rendered: bytes) -> None:
    written = json.loads(attached(rendered, "signatures.json") or b"")
    assert [each["printed_name"] for each in written] == ["Amina Førde-O'Leary", "Dr Imogen Sallow"]
    named = fingerprint(canonical(samples.a_record()))
    assert {each["record_sha256"] for each in written} == {named}


def test_nobodys_html_is_obeyed_and_nothing_is_loaded(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "weasyprint")
    evil = (
        "<link rel=attachment href=file:///etc/passwd><img src=http://192.0.2.1/x>"
        "<style>*{display:none}</style><script>1</script>{{ 7*7 }}"
    )
    record = samples.with_answer(evil)
    named = replace(record, patient=replace(record.patient, full_name=f"</td>{evil}"))
    pdf = render(*samples.whole(named))
    assert text_problems(pdf, canonical(named)) == []
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.attachments) == 4


@pytest.mark.whole
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=20, max_size=300))
def test_whatever_somebody_writes_is_on_the_pages(text: str) -> None:
    record = samples.with_answer(text)
    assert text_problems(render(*samples.whole(record)), canonical(record)) == []


def test_ten_thousand_characters_without_a_space_run_over_pages() -> None:
    record = samples.with_answer("ab\u0101\u0416\u0628\U0001f642" * 1_667)
    assert text_problems(render(*samples.whole(record)), canonical(record)) == []


LONG = {
    "words": ("This scar may look wider for some weeks, and I may need one more visit. " * 60)[
        :4000
    ],
    "lines": "\n".join(f"{number}. a risk" for number in range(90)),
    "from the right": ("قد تبدو هذه الندبة (أوسع) بضعة أسابيع 12-34. " * 100)[:4000],
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_row_of_a_table_goes_on_over_pages(text: str) -> None:
    """Its other cells are drawn between the two halves of the long one."""
    record = samples.a_record()
    (first, *others), (own, *more) = record.treatments, record.personal_risks
    (risk, *risks), (said, *statements) = first.risks, record.statements
    long = replace(
        record,
        personal_risks=(replace(own, text=text), *more),
        statements=(replace(said, text=text), *statements),
        treatments=(replace(first, risks=(replace(risk, text=text), *risks)), *others),
    )
    pdf = render(*samples.whole(long))
    assert text_problems(pdf, canonical(long)) == []
    missing = replace(long, personal_risks=(replace(own, text=f"{text} And more."), *more))
    assert len(text_problems(pdf, canonical(missing))) == 1


def test_a_word_missing_from_the_pages_is_found(rendered: bytes) -> None:
    record = samples.with_answer("This was never printed.")
    other = replace(record, record_id="R-OTHER")
    assert text_problems(rendered, canonical(other)) == [
        "the record's number is not on the pages",
        "the answer to more is not on the pages",
    ]


def test_a_draft_says_that_nothing_is_signed_or_sealed() -> None:
    record_json, _, _ = samples.whole(samples.a_record())
    words = words_of(render(record_json, (), (), state="draft"))
    assert "Draft to read. Nothing is signed and nothing is sealed." in words
    assert "Signed by the patient Not yet signed" in words
    assert "Signatures" in words
    assert "How this record came about" not in words, "what happened is told once it is over"
    assert "How to check this document" not in words, "there is no seal to check yet"


def test_what_was_left_out_is_said_plainly() -> None:
    record = samples.a_record()
    bare = replace(
        record,
        patient_words=(),
        statements=(),
        personal_risks=(),
        answers=(),
        measures=(),
        flags=(),
        questions=(),
        quiz=(),
        rights=(),
        sources=(),
        plan=replace(record.plan, batch=""),
        review=replace(record.review, own_points=(), reply_to_words=""),
        treatments=(replace(samples.treatment(), evidence=(), legal=(), how_it_may_work=""),),
    )
    words = words_of(render(*samples.whole(bare)))
    assert "Questions I asked No questions were asked." in words
    for label in ("Batch", "Further points", "What the clinician says to this"):
        assert label not in words
    assert "No risks were added for this patient." in words
    assert "No points came up." in words


def test_what_a_patient_decides_with_stands_before_the_signatures_and_the_rest_after_them(
    rendered: bytes,
) -> None:
    words = words_of(rendered).partition("Who this is about Dr Imogen Sallow")[2]
    told = [
        "What is planned",
        "Risks that are mine",
        "What happens",
        "A machine spins it fast",
        "Bruise or sore arm",
        "My rights",
        "Signed by the clinician",
        "How this record came about",
        "What studies found",
        "95% CI 14.0 to 41.1",
        "What the law says about it",
        "PRP for hair is off-label.",
        "Half-head trial. (2016)",
    ]
    places = [words.find(each) for each in told]
    assert -1 not in places
    assert places == sorted(places)
    assert [words.count(each) for each in told[-4:]] == [1] * 4


@pytest.mark.parametrize(
    ("minutes", "told"), [(0, ""), (59, ""), (60, "1 hour"), (90, "1 hour 30 minutes")]
)
def test_only_time_to_think_is_told_as_such(minutes: int, told: str) -> None:
    record, signatures, events = samples.whole(samples.a_record())
    signed = samples.GIVEN + timedelta(minutes=minutes)
    patient = replace(signatures[0], at=signed)
    assert page_values(record, (patient,), events)["interval"] == told


def test_a_patient_under_eighteen_is_never_printed_as_an_adult() -> None:
    record = samples.a_record()
    young = replace(record, patient=replace(record.patient, date_of_birth=date(2008, 11, 24)))
    assert page_values(*samples.whole(young))["guardian"] == ""
    of_age = replace(record, patient=replace(record.patient, date_of_birth=date(2008, 11, 23)))
    assert page_values(*samples.whole(of_age))["guardian"] == "None; the patient is 18 or over"


def test_a_witness_is_named() -> None:
    record_json, (patient, clinician), events = samples.whole(samples.a_record())
    watched = replace(patient, method=Method.WITNESSED, ink=(), witness="Jo Marram")
    words = words_of(render(record_json, (watched, clinician), events))
    assert "watched and signs as witness: Jo Marram" in words


def test_arabic_is_told_in_its_order_and_language(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        tags = [each for each in opened.objects if isinstance(each, pikepdf.Dictionary)]
        told = [str(each.ActualText) for each in tags if "/ActualText" in each]
        languages = {str(each.Lang) for each in tags if "/Lang" in each}
    assert "\u0644\u0627 \u0634\u064a\u0621 \u0622\u062e\u0631" in told
    assert languages == {"en", "und-Arab"}


def test_every_header_cell_says_what_it_heads(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        scopes = [
            str(each.A.get("/Scope"))
            for each in opened.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == pikepdf.Name.TH
        ]
    assert len(scopes) > 50
    assert set(scopes) == {"/Row", "/Column"}


def test_the_feet_of_pages_are_no_part_of_the_text(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        for page in opened.pages:
            marks = [
                (each.operands[0], dict(each.operands[1]))
                for each in pikepdf.parse_content_stream(page)
                if str(each.operator) == "BDC" and "/MCID" not in each.operands[1]
            ]
            assert marks.count((pikepdf.Name.Artifact, {"/Type": pikepdf.Name.Pagination})) == 3


def test_the_seals_field_has_a_tag_after_all_others(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        (field,) = opened.Root.AcroForm.Fields
        tag = opened.Root.StructTreeRoot.K[0].K[-1]
        numbers = list(opened.Root.StructTreeRoot.ParentTree.Nums)
        assert pikepdf.Name.Form == tag.S
        assert tag.K[0].Obj.objgen == field.objgen
        assert numbers[numbers.index(field.StructParent) + 1].objgen == tag.objgen


def test_the_clinics_addresses_and_numbers_are_links(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        links = {
            str(each.A.URI)
            for page in opened.pages
            for each in page.get("/Annots", [])
            if "/URI" in each.get("/A", {})
        }
    assert links == {
        "mailto:care@willow-lane.example",
        "tel:+441632960112",
        "tel:+441632960113",
    }


def test_what_is_drawn_first_is_read_first(rendered: bytes) -> None:
    first = page_texts(rendered)[0]
    told = [
        first.index(words)
        for words in (
            "Consent to treatment",
            "In this document",
            "Who this is about",
            "Risks that are mine",
        )
    ]
    assert told == sorted(told)
    assert numbers_in_tag_order(rendered) == sorted(numbers_in_tag_order(rendered))


def numbers_in_tag_order(pdf: bytes) -> list[int]:
    """The marks on page 1, numbered as they are drawn, in the order of the tags."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        page = opened.pages[0].obj.objgen

        def walk(tag: pikepdf.Object) -> list[int]:
            kids = tag.get("/K", [])
            found: list[int] = []
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, int):
                    found += [kid] if tag.Pg.objgen == page else []
                elif "/S" in kid:
                    found += walk(kid)
            return found

        return walk(opened.Root.StructTreeRoot.K[0])


def test_every_picture_has_its_words_as_alternative_text(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        figures = [
            str(each.Alt)
            for each in opened.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == pikepdf.Name.Figure
        ]
    assert sorted(figures) == sorted(
        [
            "Front hairline; Crown",
            "27.6 more than with a dummy shot, on average.",
            "No clear difference from a dummy shot.",
            "9 to 23 out of 100 blood donors who were asked had this; 77 to 91 did not.",
            "2 to 5 out of 100",
            "1 out of 100",
            "Picture 2: Fair. Burns easily",
            "Tummy; Thighs",
            "Thighs",
            "Drawn signature of Amina Førde-O'Leary",
        ]
    )


@pytest.mark.parametrize("was_on", [True, False])
def test_the_layout_has_nothing_to_complain_of_and_leaves_the_collector_as_it_was(
    was_on: bool,  # noqa: FBT001
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        render(*samples.whole(samples.a_record()))
        assert gc.isenabled() is was_on
    finally:
        (gc.enable if before else gc.disable)()
    assert [each for each in caplog.records if each.name.startswith("weasyprint")] == []
