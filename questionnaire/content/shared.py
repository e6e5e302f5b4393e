"""Reads `shared.yaml`: what several treatments share."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaire.content.fields import TITLE, Fields
from questionnaire.content.law import read_legal_place
from questionnaire.content.nodes import Node, Unread
from questionnaire.content.reading import Reading
from questionnaire.content.risks import read_risk
from questionnaire.domain.library import QuizRules
from questionnaire.domain.treatment import Band, LegalPlace, RiskBlock, Statement

_ALWAYS = (
    "always_offer_not_sure",
    "shuffle_options",
    "pass_needs_all_key_questions",
    "signing_is_blocked_while_a_key_question_is_open",
)
"""How the check-questions always work; said in the file for its readers, never switched off."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Everything in the file, by id and in the order written."""

    frequency_words: Mapping[Band, str]
    statements: Mapping[str, Statement]
    statements_note: str
    risk_blocks: Mapping[str, RiskBlock]
    rights: tuple[Statement, ...]
    product_fields: tuple[str, ...]
    quiz_rules: QuizRules
    places: Mapping[str, LegalPlace]


def read_shared(reading: Reading, root: Node) -> Shared:
    """Read the whole file."""
    fields = Fields(reading, root, "shared file")
    bands = _part(reading, fields, "frequency_bands")
    results = _part(reading, fields, "variable_results")
    rights = _part(reading, fields, "rights")
    product = _part(reading, fields, "product_record")
    blocks = fields.children("risk_blocks", lambda node: _block(reading, node))
    statements = results.children("statements", lambda node: _statement(reading, node))
    results.names("sources", "source")
    rights.names("sources", "source")
    product.text("note")
    shared = Shared(
        frequency_words={band: bands.text(band, TITLE) for band in Band},
        statements={statement.id: statement for statement in statements},
        statements_note=results.text("note"),
        risk_blocks={block.id: block for block in blocks},
        rights=rights.children("statements", lambda node: _right(reading, node)),
        product_fields=product.texts("fields", TITLE),
        quiz_rules=_quiz_rules(reading, _part(reading, fields, "quiz_rules")),
        places=dict(fields.children("places", lambda node: read_legal_place(reading, node))),
    )
    for part in (bands, results, rights, product, fields):
        part.close()
    return shared


def _part(reading: Reading, fields: Fields, key: str) -> Fields:
    return Fields(reading, fields.needed(key) or Unread(fields.place), key)


def _statement(reading: Reading, node: Node) -> Statement:
    fields = Fields(reading, node, "statement")
    statement = Statement(
        id=fields.id("statement"),
        text=fields.text("text"),
        treatments=fields.treatments(),
    )
    fields.close()
    return statement


def _right(reading: Reading, node: Node) -> Statement:
    fields = Fields(reading, node, "right")
    right = Statement(
        id=fields.id("right"),
        text=fields.text("text"),
        clinic_fills_in=fields.switch("clinic_fills_in"),
    )
    fields.close()
    return right


def _block(reading: Reading, node: Node) -> RiskBlock:
    fields = Fields(reading, node, "risk block")
    block = RiskBlock(
        id=fields.id("risk block"),
        title=fields.text("title", TITLE),
        note=fields.optional_text("note"),
        risks=fields.children("risks", lambda part: read_risk(reading, part)),
    )
    fields.close()
    return block


def _quiz_rules(reading: Reading, fields: Fields) -> QuizRules:
    rules = QuizRules(
        note=fields.text("note"),
        tries=fields.whole("tries", least=1),
        pass_needs_right_answers=fields.whole("pass_needs_right_answers"),
        after_the_last_try=fields.text("after_the_last_try"),
        questions_for_each_treatment=fields.whole("questions_for_each_treatment", least=1),
        sources=fields.names("sources", "source"),
    )
    for key in _ALWAYS:
        if fields.needed(key) and not fields.switch(key):
            reading.problem(fields.place_of(key), f"“{key}” is always true.")
    fields.texts("record", TITLE)
    fields.close()
    if rules.pass_needs_right_answers > rules.questions_for_each_treatment:
        place = fields.place_of("pass_needs_right_answers")
        reading.problem(place, "More right answers are needed than there are questions.")
    return rules
