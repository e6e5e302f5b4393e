"""The document in other languages: its own words translated, and Arabic in the order it is read."""

import io
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import page
import pypdf
import pytest
from pypdf.generic import DictionaryObject

from questionnaire.cli.invented import CLINIC
from questionnaire.documents.page import page_values
from questionnaire.documents.pdf import render
from questionnaire.documents.proofread import page_texts, text_problems
from questionnaire.domain.consent_words import rights
from questionnaire.domain.speech import Speech
from tests.documents import samples
from tests.documents.readings import PRP, ROOT, SPEECHES, on_paper, read_in
from tests.documents.test_other_eyes import flat

pytestmark = pytest.mark.whole

GOLDEN = ROOT / "tests" / "golden"
CODES = ("es", "ar")
ARABIC = re.compile(r"[\u0620-\u064a]")


@pytest.fixture(scope="module", params=CODES)
def speech(request: pytest.FixtureRequest) -> Speech:
    """One language after the other."""
    return SPEECHES[request.param]


@pytest.fixture(scope="module")
def document(speech: Speech) -> bytes:
    """The sample visit, read in that language, on paper."""
    return on_paper(read_in(speech), speech)


def test_the_documents_own_words_are_those_kept_as_golden(speech: Speech) -> None:
    labelled = replace(samples.a_record(), language=speech.language.code, translation="draft")
    pages = page_texts(on_paper(labelled, speech))
    text = "\n\f\n".join(" ".join(each.split()) for each in pages) + "\n"
    golden = GOLDEN / f"consent.{speech.language.code}.txt"
    if os.environ.get("CANDOUR_KEEP_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_word_of_the_record_is_on_the_pages(speech: Speech, document: bytes) -> None:
    written, _, _ = samples.whole(read_in(speech))
    assert text_problems(document, written) == []


@pytest.mark.parametrize(
    "profile", [page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1]
)
def test_both_standards_are_kept(document: bytes, profile: page.ValidationProfile) -> None:
    assert not page.validate_pdf_bytes(document, profile=profile).failures


def test_the_file_says_its_language_and_title(speech: Speech, document: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(document))
    assert str(reader.root_object["/Lang"]) == speech.language.code
    assert reader.metadata is not None
    title = speech.say("Consent to treatment, record {number}").format(number="R-2026-7Q4M-K2XD")
    assert reader.metadata.title == title
    assert speech.say("My words") in {str(each["/Title"]) for each in flat(reader.outline)}


def test_an_independent_reader_meets_arabic_in_the_order_it_is_read() -> None:
    speech = SPEECHES["ar"]
    reader = pypdf.PdfReader(io.BytesIO(on_paper(read_in(speech), speech)))
    told = _letters("".join(_stated(reader.root_object["/StructTreeRoot"])))
    treatment = speech.library.treatments[PRP]
    wanted = [
        *(risk.title for risk in speech.library.risks_of(PRP)),
        *(risk.patient_text for risk in speech.library.risks_of(PRP)),
        *(statement.text for statement in speech.library.statements_of([PRP])),
        *rights(speech.library, CLINIC, "ar"),
        *treatment.steps,
        treatment.summary,
        treatment.plain_summary,
    ]
    assert len(wanted) > 50
    assert [words for words in wanted if _letters(words) not in told] == []


def test_a_translation_that_nobody_approved_says_so_on_paper(speech: Speech) -> None:
    words = speech.say("This translation is a draft: nobody has approved it yet.")
    draft, approved = (
        page_texts(on_paper(replace(samples.a_record(), translation=state), speech))[0]
        for state in ("draft", "")
    )
    assert words.replace(" ", "") in draft.replace(" ", "")
    assert words.replace(" ", "") not in approved.replace(" ", "")


def test_the_document_asks_for_no_sentence_that_is_not_translated(speech: Speech) -> None:
    asked: set[str] = set()

    def hear(sentence: str) -> str:
        asked.add(sentence)
        return speech.say(sentence)

    record = read_in(speech)
    render(*samples.whole(record), language=speech.language, say=hear)
    page_values(*samples.whole(record), language=speech.language, say=hear)
    own = {"Doctor", "Passport seen at the desk", "Proceed with plan", "Countersigned"}
    assert {it for it in asked if it and it not in speech.sentences} - own == set()


def _stated(element: Any) -> Iterator[str]:
    """What the structure of a document says to a voice, in reading order."""
    found: object = element.get_object()
    if isinstance(found, list):
        for each in found:
            yield from _stated(each)
    elif isinstance(found, DictionaryObject):
        if "/ActualText" in found:
            yield str(found["/ActualText"])
        elif "/K" in found:
            yield from _stated(found["/K"])


def _letters(words: str) -> str:
    return "".join(ARABIC.findall(words))
