"""Reads `treatments/*.yaml`: what a patient is told about each treatment."""

from collections.abc import Mapping

from questionnaire.content.fields import ID, LONGEST_ID, QUIZ_ID, TITLE, Fields
from questionnaire.content.nodes import Entries, Node
from questionnaire.content.problems import Place
from questionnaire.content.reading import Reading
from questionnaire.content.results import check_results, read_results
from questionnaire.content.risks import read_risk
from questionnaire.domain.areas import AreaMap
from questionnaire.domain.language import ENGLISH
from questionnaire.domain.treatment import CheckQuestion, Choice, Evidence, Help, Sourced, Treatment

SENTENCE = 300


def read_treatment(reading: Reading, root: Node) -> Treatment:
    """One treatment."""
    fields = Fields(reading, root, "treatment")
    sessions, get_help = fields.needed("sessions"), fields.needed("when_to_get_help")
    treatment = Treatment(
        id=fields.id("treatment"),
        title=fields.own_words("title"),
        family=fields.text("family", LONGEST_ID),
        summary=fields.text("summary"),
        steps=fields.texts("steps", SENTENCE),
        aims=fields.texts("aims", SENTENCE),
        plain_summary=fields.text("plain_summary"),
        evidence=fields.children("evidence", lambda node: _evidence(reading, node)),
        sessions=_sourced(reading, sessions) if sessions else Sourced(""),
        variable_results=fields.names("variable_results", "statement"),
        shared_risks=fields.names("shared_risks", "risk block"),
        risks=fields.children("risks", lambda node: read_risk(reading, node)),
        alternatives=fields.children("alternatives", lambda node: _sourced(reading, node)),
        aftercare=fields.children("aftercare", lambda node: _sourced(reading, node)),
        when_to_get_help=_help(reading, get_help) if get_help else Help((), (), ()),
        legal_status=_legal_status(reading, fields),
        quiz=fields.children("quiz", lambda node: _check_question(reading, node)),
        described_in=fields.names("described_in", "source", needed=False),
        clinic_must_state=fields.texts("clinic_must_state", TITLE, needed=False),
        how_it_may_work=fields.optional_text("how_it_may_work"),
        note_for_clinician=fields.optional_text("note_for_clinician"),
        note_for_patients=fields.optional_text("note_for_patients"),
        risks_note=fields.optional_text("risks_note"),
        results_picture=read_results(reading, fields),
        area_maps=_area_maps(reading, fields),
    )
    fields.close()
    if treatment.results_picture:
        check_results(reading, fields.place_of("results_picture"), treatment)
    return treatment


def _sourced(reading: Reading, node: Node) -> Sourced:
    fields = Fields(reading, node, "sentence")
    found = Sourced(
        text=fields.text("text"),
        sources=fields.names("sources", "source", needed=False),
        figure=fields.optional_text("figure"),
    )
    fields.close()
    return found


def _evidence(reading: Reading, node: Node) -> Evidence:
    fields = Fields(reading, node, "finding")
    quote = fields.node("quote_to_patients") is None or fields.switch("quote_to_patients")
    found = Evidence(
        finding=fields.text("finding", SENTENCE),
        figure=fields.text("figure"),
        limits=fields.text("limits"),
        sources=fields.names("sources", "source"),
        quote_to_patients=quote,
    )
    fields.close()
    return found


def _help(reading: Reading, node: Node) -> Help:
    fields = Fields(reading, node, "when_to_get_help")
    found = Help(
        same_day=fields.texts("same_day", SENTENCE),
        emergency=fields.texts("emergency", SENTENCE),
        later=fields.texts("later", SENTENCE),
    )
    fields.close()
    return found


def _area_maps(reading: Reading, fields: Fields) -> tuple[AreaMap, ...]:
    """The maps on which the treatment is planned."""
    known, named = {each.value: each for each in AreaMap}, fields.texts("area_maps", needed=False)
    for name in named:
        if name not in known:
            sentence = f"There is no map called {name}. There are: {', '.join(known)}."
            reading.problem(fields.place_of("area_maps"), sentence)
    return tuple(known[name] for name in named if name in known)


def _legal_status(reading: Reading, fields: Fields) -> Mapping[str, tuple[Sourced, ...]]:
    node = fields.needed("legal_status")
    if node is None:
        return {}
    places = Fields(reading, node, "legal_status")
    keys = node.values if isinstance(node, Entries) else {}
    for key in keys:
        reading.refer("place", [key], places.place_of(key))
    return {key: places.children(key, lambda part: _sourced(reading, part)) for key in keys}


def _check_question(reading: Reading, node: Node) -> CheckQuestion:
    fields = Fields(reading, node, "check-question")
    worded: dict[str, Place] = {}
    question = CheckQuestion(
        id=fields.id("check-question", QUIZ_ID),
        key=fields.switch("key", needed=True),
        question=fields.text("question", TITLE),
        options=fields.children("options", lambda part: _choice(reading, part, worded)),
        correct=fields.text("correct", LONGEST_ID),
        if_wrong=fields.text("if_wrong"),
        sources=fields.names("sources", "source", needed=False),
        related_statements=fields.names("related_statements", "statement", needed=False),
        related_flags=fields.names("related_flags", "rule", needed=False),
    )
    fields.close()
    if question.question and not ENGLISH.asks(question.question):
        sentence = "A check-question is one question that ends with “?” and tells nothing before."
        reading.problem(fields.place_of("question"), sentence)
    ids = [choice.id for choice in question.options]
    if len(set(ids)) < len(ids):
        reading.problem(fields.place_of("options"), "Two options have the same id.")
    if question.correct and question.correct not in ids:
        sentence = f"The right answer {question.correct} is not among the options."
        reading.problem(fields.place_of("correct"), sentence)
    return question


def _choice(reading: Reading, node: Node, worded: dict[str, Place]) -> Choice:
    fields = Fields(reading, node, "option")
    choice = Choice(fields.text("id", LONGEST_ID), fields.own_words("text", known=worded))
    fields.close()
    if choice.id and not ID.fullmatch(choice.id):
        reading.problem(fields.place_of("id"), f"{choice.id} is not an option id.")
    return choice
