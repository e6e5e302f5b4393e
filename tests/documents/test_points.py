"""What the document says of the points a clinician looked at: only what is true of the patient."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
import pytest
from markupsafe import Markup

from questionnaire.content import load_library
from questionnaire.content.translations import speeches
from questionnaire.documents.page import (
    DECISIONS,
    LANGUAGE_NAMES,
    NOT_TOLD,
    SEVERITIES,
    install_filters,
    page_values,
)
from questionnaire.documents.words import other_language, tag_of_words
from questionnaire.domain.answer_words import WITHHELD_WORDS
from questionnaire.domain.answers import Withheld
from questionnaire.domain.condition import leaves
from questionnaire.domain.consent import canonical
from questionnaire.domain.consent_parts import Act, DispositionText, FlagText
from questionnaire.domain.flag_words import flags_text
from questionnaire.domain.flags import Flag, Flags, Rule, Unsure
from questionnaire.domain.review import Review
from questionnaire.domain.settling import FIXED_ACTIONS
from questionnaire.domain.situation import situation
from questionnaire.domain.speech import Speech, english
from tests.documents import samples

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[2]
LIBRARY = load_library(ROOT / "rules")
SPEECHES = {"en": english(LIBRARY), **speeches(ROOT / "rules")}
NOW = datetime(2031, 3, 4, 9, 30, tzinfo=UTC)
NOTHING = situation(LIBRARY.questionnaire, frozenset(), {}, NOW.date())


def open_question(rule: Rule) -> str:
    """A question the rule looks at."""
    about = next(iter(leaves(rule.when))).about
    measure = LIBRARY.questionnaire.measures.get(about)
    return measure.inputs[0] if measure else about


def told(flags: Flags, speech: Speech) -> tuple[FlagText, ...]:
    return tuple(flags_text(flags, Review(), NOTHING, speech))


def html(points: Iterable[FlagText], speech: Speech, **changes: Any) -> str:
    """The document's body in a language."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    install_filters(environment)
    whole = replace(
        samples.a_record(), flags=tuple(points), language=speech.language.code, **changes
    )
    values = page_values(canonical(whole), (), (), language=speech.language, say=speech.say)
    return environment.get_template("pdf/body.html").render(**values)


def body(points: Iterable[FlagText], speech: Speech) -> str:
    """The words of the document's body in a language, in one line."""
    return " ".join(Markup(html(points, speech)).striptags().split())  # noqa: S704  # only read


@pytest.mark.parametrize("code", SPEECHES)
def test_a_rule_that_could_not_be_decided_is_never_told_as_a_fact(code: str) -> None:
    speech = SPEECHES[code]
    flags = [Flag(rule, waits_for=(open_question(rule),)) for rule in LIBRARY.rules]
    points = told(Flags((), tuple(flags), (), ()), speech)
    page = body(points, speech)
    questions = speech.library.questionnaire.questions
    for flag in flags:
        rule = flag.rule
        (asked,) = (questions[key].text for key in flag.waits_for)
        assert f"{speech.say('Could not be ruled out:')} {rule.title}" in page
        assert f"{speech.say('No clear answer to:')} {asked}" in page
    found = [point for point in points if point.why or point.kind != "clarify"]
    assert (found, len(points)) == ([], len(LIBRARY.rules))
    titles = re.escape(speech.say("Could not be ruled out:"))
    assert len(re.findall(titles, page)) == len(LIBRARY.rules)
    assert not re.search(r"\b[A-Z]{2}-[0-9]{2}\b", page)


@pytest.mark.parametrize("code", SPEECHES)
@pytest.mark.parametrize("state", Withheld)
def test_what_the_patient_left_open_is_told_in_their_own_language(
    code: str, state: Withheld
) -> None:
    speech = SPEECHES[code]
    unsure = Unsure("sex_at_birth", "", state)
    page = body(told(Flags((), (), (), (unsure,)), speech), speech)
    assert speech.library.questionnaire.questions["sex_at_birth"].text in page
    assert f"{speech.say('Answer:')} {speech.say(WITHHELD_WORDS[state])}" in page
    assert "sex_at_birth" not in page


@pytest.mark.parametrize("code", SPEECHES)
@pytest.mark.parametrize("action", sorted(FIXED_ACTIONS))
def test_what_was_done_is_told_in_the_patients_language(action: str, code: str) -> None:
    """Also of a record that was frozen with the words of an earlier release."""
    act = Act("Dr Ada Invented", "clinician", NOW)
    point = FlagText("x", "unsure", "", "?", "", (), DispositionText((action,), "", act))
    say = SPEECHES[code].say
    assert f"{say('What was done:')} {say(action)}" in body((point,), SPEECHES[code])
    assert (say(action) == action) is (code == "en")


def test_words_of_the_clinician_are_marked_with_their_language() -> None:
    page = html((), SPEECHES["es"])
    assert "Las palabras propias del profesional en esta parte están escritas en inglés." in page
    words = samples.a_record().review.words
    assert f'<p class="words" dir="ltr" lang="en">{words}</p>' in page
    assert 'lang="en"' not in html((), SPEECHES["en"])
    assert "Las palabras propias" not in html((), SPEECHES["es"], written_in="es")


REPLY_NOTES = {
    ("ar", "en", "إلى اللقاء"): "",
    ("ar", "en", "See you soon, أحمد"): "English",
    ("ar", "", "See you soon, أحمد"): "another language",
    ("ar", NOT_TOLD, "See you soon, أحمد"): "another language",
    ("ar", "ar", "See you soon, أحمد"): "another language",
    ("ar", "en", "5 ml, 300 EUR"): "",
    ("es", "en", "Hasta pronto"): "",
    ("es", "en", "See you soon"): "",
    ("es", "", "See you soon"): "",
    ("es", "en", "إلى اللقاء"): "another language",
    ("es", "ar", "إلى اللقاء"): "Arabic",
    ("en", "en", "إلى اللقاء"): "another language",
    ("en", "en", "See you soon"): "",
}
"""Language of the document, language picked for the plan, a reply → what is told of the reply."""


@pytest.mark.parametrize(("code", "picked", "reply"), REPLY_NOTES)
def test_a_reply_in_other_letters_is_in_the_language_of_the_plan_or_in_another(
    code: str, picked: str, reply: str
) -> None:
    record = replace(samples.a_record().review, reply_to_words=reply)
    page = html((), SPEECHES[code], review=record, questions=(), written_in=picked)
    part = page[page.index('<section id="my-words">') : page.index('<section id="own-risks">')]
    say = SPEECHES[code].say
    in_a_language = say("The clinician wrote their own words in this part in {language}.")
    notes = {
        "another language": say(
            "The clinician wrote their own words in this part in another language."
        ),
        **{name: in_a_language.format(language=say(name)) for name in ("English", "Arabic")},
    }
    told = REPLY_NOTES[code, picked, reply]
    assert [name for name, note in notes.items() if note in part] == [*filter(None, [told])]
    assert ('lang="en"' in part) is (told == "English")


@pytest.mark.parametrize(
    ("words", "note"),
    [("المضي قدمًا", ""), ("We go ahead", "en"), ("", ""), ("We go ahead, أحمد", "en")],
)
def test_the_language_picked_for_the_plan_holds_only_for_words_in_its_letters(
    words: str, note: str
) -> None:
    assert other_language([words], "ar", "en", said_here=True) == note
    assert other_language([words, "المضي قدمًا"], "ar", "en", said_here=True) == ""
    assert tag_of_words(words, "ar", "en", said_here=True) == note


@pytest.mark.parametrize(("language", "note"), [("en", ""), ("es", ""), ("ar", "und-Latn")])
def test_without_a_language_picked_only_letters_tell(language: str, note: str) -> None:
    assert other_language(["We go ahead"], language, "", said_here=True) == note


@pytest.mark.parametrize("code", SPEECHES)
def test_words_in_a_language_that_is_not_told_say_so(code: str) -> None:
    page = html((), SPEECHES[code], written_in=NOT_TOLD)
    told = "The clinician wrote their own words in this part in another language."
    assert SPEECHES[code].say(told) in page
    assert 'lang="und"' in page


PLACES = {"ar": "خط الشعر الأمامي، قمة الرأس", "es": "Frente o entre las cejas"}


@pytest.mark.parametrize("own", ["", "As agreed, see the map", "Both sides\nNot the crown"])
@pytest.mark.parametrize("code", PLACES)
def test_a_ticked_place_is_in_the_documents_language_and_hides_no_note(code: str, own: str) -> None:
    say, place = SPEECHES[code].say, PLACES[code]
    plan = replace(samples.a_record().plan, areas=f"{place}\n{own}".strip())
    page = html((), SPEECHES[code], plan=plan, written_in="en")
    part = page[page.index('<section id="plan">') : page.index('<section id="my-words">')]
    note = say("The clinician wrote their own words in this part in {language}.")
    assert note.format(language=say("English")) in part
    assert f'<p class="words">{place}</p>' in part
    for line in own.splitlines():
        assert f'<p class="words" dir="ltr" lang="en">{line}</p>' in part


def test_every_language_that_a_clinician_may_write_in_has_a_name() -> None:
    assert set(LANGUAGE_NAMES) == set(SPEECHES)


@pytest.mark.parametrize("code", ["es", "ar"])
def test_how_severe_a_point_is_reads_like_no_decision(code: str) -> None:
    say = SPEECHES[code].say
    decided = " ".join(map(say, DECISIONS.values())).split()
    of_decisions = {word.casefold().removeprefix("ال") for word in decided}
    for label in map(say, SEVERITIES.values()):
        assert not of_decisions & {word.casefold() for word in label.split()}, label
