"""The document of a hard case, for each treatment and language: no mark of its makers is left.

The patient is not sure of anything. Every word comes from the template that is printed too.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest

from questionnaire.cli.invented import CLINIC
from questionnaire.content import load_library
from questionnaire.content.printable import faults
from questionnaire.content.translations import speeches
from questionnaire.documents.page import install_filters, page_values
from questionnaire.domain.answers import Answer, Choices, Withheld
from questionnaire.domain.assembly import Gathered, assemble
from questionnaire.domain.consent import canonical
from questionnaire.domain.consent_parts import AnswerText, FactsText, Ticked
from questionnaire.domain.definition import Kind
from questionnaire.domain.flags import raise_flags
from questionnaire.domain.reading import Progress
from questionnaire.domain.review import (
    Decision,
    DecisionKind,
    Disposition,
    Plan,
    Review,
    items_with_basis,
)
from questionnaire.domain.settling import NOT_RELEVANT
from questionnaire.domain.situation import situation
from questionnaire.domain.speech import Speech, english
from questionnaire.domain.visit import Patient, Person, Role, Station, Visit
from tests.documents import samples

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[2]
LIBRARY = load_library(ROOT / "rules")
SPEECHES = {"en": english(LIBRARY), **speeches(ROOT / "rules")}
RULES = {rule.id for rule in LIBRARY.rules}
NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
CLINICIAN = Person("c" * 32, "Dr Ada Invented", Role.CLINICIAN, "REG 1")


def hard_answers(treatment: str) -> dict[str, Answer]:
    """Not sure of anything that can be left open; the rest is answered somehow."""
    answers: dict[str, Answer] = {}
    for question in LIBRARY.questionnaire.questions.values():
        if question.row_by_row:
            rows = {option.id for option in question.options if not option.exclusive}
            answers[question.id] = Choices(frozenset(), frozenset(rows))
        elif question.kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.PICTURE}:
            answers[question.id] = Withheld.NOT_SURE
    picked = Choices(frozenset({treatment}))
    return {**answers, "treatments_wanted": picked, "date_of_birth": date(1961, 2, 3)}


def hard_case(treatment: str, speech: Speech, answers: dict[str, Answer] | None = None) -> bytes:
    """The record of that patient, or of one who gave these answers, in canonical JSON.

    Every point is settled as not relevant.
    """
    visit = Visit(
        id="a" * 32,
        patient=Patient("b" * 32, "Marigold Testwell", date(1961, 2, 3)),
        station=Station.CONSENT_READY,
        version=5,
        treatments=(treatment,),
        clinician_id=CLINICIAN.id,
        language=speech.language.code,
        identity_check="Passport",
        appointment_at=NOW,
        arranged_at=NOW,
    )
    chosen = frozenset({treatment})
    said = answers or hard_answers(treatment)
    now = situation(LIBRARY.questionnaire, chosen, said, NOW.date())
    flags = raise_flags(LIBRARY.rules, now)
    dispositions = {
        item: Disposition(
            item, basis, (NOT_RELEVANT,), "", tell=True, confirmed=True, by=CLINICIAN, at=NOW
        )
        for item, basis in items_with_basis(flags, now).items()
    }
    details = tuple((name, "Said.") for name in LIBRARY.treatments[treatment].clinic_must_state)
    decision = Decision(
        DecisionKind.PROCEED, "Go ahead.", None, "0" * 64, "REC-1", "BACK-1", CLINICIAN, NOW
    )
    review = Review(
        dispositions=dispositions,
        plan=Plan(treatments=(treatment,), details=details),
        decision=decision,
    )
    progress = Progress(information_given_at=NOW)
    gathered = Gathered(visit, now, flags, review, progress, NOW)
    return canonical(assemble(LIBRARY, CLINIC, gathered, speech))


class Read(HTMLParser):
    """The words of a page, and its labels: headings and the heads of rows and columns."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.labels: list[str] = []
        self.within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A label begins; its fingerprints and versions stand in cells of class `code`."""
        if tag in {"h2", "h3", "h4", "th"}:
            self.within = tag
            self.labels.append("")
        elif ("class", "code") in attrs:
            self.within = "code"

    def handle_endtag(self, tag: str) -> None:
        """A label ends."""
        if tag == self.within or (tag == "td" and self.within == "code"):
            self.within = ""

    def handle_data(self, data: str) -> None:
        """Words."""
        if self.within != "code":
            self.words.append(data)
        if self.within in {"h2", "h3", "h4", "th"}:
            self.labels[-1] += data


def read(canonical_json: bytes, speech: Speech) -> Read:
    """The body of the document as it is read on screen and printed."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    install_filters(environment)
    values = page_values(canonical_json, (), (), language=speech.language, say=speech.say)
    page = Read()
    page.feed(environment.get_template("pdf/body.html").render(**values))
    return page


@pytest.mark.parametrize("treatment", LIBRARY.treatments)
@pytest.mark.parametrize("code", SPEECHES)
def test_a_hard_case_is_told_without_a_mark_of_its_makers(code: str, treatment: str) -> None:
    page = read(hard_case(treatment, SPEECHES[code]), SPEECHES[code])
    assert len(page.labels) > 100
    assert [slip for words in page.words for slip in faults(words, RULES)] == []
    labels = [label.strip() for label in page.labels]
    assert [label for label in labels if label[:1].islower()] == []


@pytest.mark.parametrize("treatment", LIBRARY.treatments)
@pytest.mark.parametrize("code", SPEECHES)
def test_what_clinicians_were_asked_is_printed_in_the_patients_language(
    code: str, treatment: str
) -> None:
    speech = SPEECHES[code]
    record = hard_case(treatment, speech)
    words = {" ".join(each.split()) for each in read(record, speech).words}
    asked = {
        one["question_id"]
        for one in json.loads(record)["answers"]
        if one["answered_by"] == Role.CLINICIAN.value
    }
    assert asked
    assert speech.library.questionnaire.sections[-1].title in words
    for key in asked:
        told, ours = (it.questionnaire.questions[key].text for it in (speech.library, LIBRARY))
        assert told in words
        assert (ours in words) is (code == "en")


@pytest.mark.parametrize("code", SPEECHES)
def test_a_risk_names_who_answered_the_question_behind_it(code: str) -> None:
    speech = SPEECHES[code]
    questions = speech.library.questionnaire.questions
    asked = [questions["smoking"], questions["product_legal_status"]]
    both = (("patient", asked[0].text), ("told", asked[0].text), ("clinician", asked[1].text))
    whole = replace(
        samples.a_record(),
        answers=tuple(AnswerText("", it.id, it.text, "-", it.answered_by.value) for it in asked),
        personal_risks=(
            Ticked("personal:1", "Both.", None, "\n".join(it.text for it in asked)),
            Ticked("personal:2", "Told.", None, asked[0].text, both),
            Ticked("own:2", "Of their own.", None),
        ),
    )
    told = " ".join("".join(read(canonical(whole), speech).words).split())
    mine, stated = speech.say("My answer to:"), speech.say("What the clinician stated about:")
    found_out = speech.say("What I told the clinician about:")
    assert f"{mine} {asked[0].text} {stated} {asked[1].text} " in told
    named = f"{mine} {asked[0].text} {found_out} {asked[0].text} {stated} {asked[1].text} "
    assert named in told
    assert (told.count(mine), told.count(stated), told.count(found_out)) == (2, 2, 1)
    assert speech.say("Added by the clinician") in told


@pytest.mark.parametrize("code", SPEECHES)
def test_a_point_is_told_by_what_this_patient_answered_in_their_language(code: str) -> None:
    speech = SPEECHES[code]
    answers: dict[str, Answer] = {
        **hard_answers("prp_injections"),
        "scalp_problems": Choices(frozenset({"spots_with_pus"}), frozenset({"crusts"})),
    }
    record = hard_case("prp_injections", speech, answers)
    question = speech.library.questionnaire.questions["scalp_problems"]
    words = {option.id: option.text for option in question.options}
    told = " ".join("".join(read(record, speech).words).split())
    because = f"{speech.say('Because of:')} {question.text} \N{EN DASH} "
    assert because + words["spots_with_pus"] in told
    others = [text for key, text in words.items() if key != "spots_with_pus"]
    assert [text for text in others if because + text in told] == []
    fired = [one for one in json.loads(record)["flags"] if one["kind"] == "fires"]
    assert [one["id"] for one in fired if one["because"] or not one["answers"]] == []


def test_a_point_that_needs_nothing_done_says_nothing_of_it() -> None:
    english_speech = SPEECHES["en"]
    whole = samples.a_record()
    bare = replace(whole, flags=tuple(replace(each, disposition=None) for each in whole.flags))
    told = "".join(read(canonical(bare), english_speech).words)
    assert whole.flags[0].title in told
    assert "What was done" not in told


def test_facts_of_several_treatments_stand_under_the_name_of_each() -> None:
    whole = samples.a_record()
    groups = tuple(FactsText(name, (("Depth", f"{name} mm"),)) for name in ("Needling", "Filling"))
    one = replace(whole, plan=replace(whole.plan, of_treatments=groups[:1]))
    pair = (*whole.treatments, replace(whole.treatments[0], id="other", title="Filling"))
    two = replace(whole, treatments=pair, plan=replace(whole.plan, of_treatments=groups))
    alone, both = (read(canonical(each), SPEECHES["en"]).labels for each in (one, two))
    assert "Needling" not in alone
    assert "Depth" in alone
    first = both.index("Needling")
    assert both[first : first + 4] == ["Needling", "Depth", "Filling", "Depth"]


def test_what_is_looked_for_is_found() -> None:
    page = Read()
    page.feed("<table><tr><th>how much</th><td>smoking_now HR-11</td></tr></table>")
    assert page.labels == ["how much"]
    assert [slip for words in page.words for slip in faults(words, RULES)] == [
        "holds the id of a rule, HR-11",
        "holds a key, smoking_now",
    ]
