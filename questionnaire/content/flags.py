"""Reads `flags/*.yaml`: the rules that point at something to discuss."""

import re

from questionnaire.content.conditions import ConditionReader
from questionnaire.content.fields import RULE_ID, TITLE, Fields, as_read, known_names
from questionnaire.content.nodes import Node
from questionnaire.content.reading import Reading
from questionnaire.domain.condition import Any
from questionnaire.domain.flags import IfUnknown, Rule, Severity
from questionnaire.domain.settling import FIXED_ACTIONS

ACTION = 60
SAYS_CORRECTED = re.compile(r"\bcorrected\b", re.IGNORECASE)

_OF_THE_PROGRAM = {as_read(action) for action in FIXED_ACTIONS}

FOR_EVERYONE = "rule that fires for everyone"
FOR_NOT_SURE = "rule that fires for who is not sure"


def read_flags(reading: Reading, root: Node, conditions: ConditionReader) -> tuple[Rule, ...]:
    """The rules of one topic, in the order written.

    Rules that say `fires_for_everyone` or `fires_for_not_sure` are remembered by name, for the
    checks of these claims.
    """
    fields = Fields(reading, root, "flags file")
    fields.id("topic", key="topic")
    title = fields.text("title", TITLE)
    rules = fields.children("flags", lambda node: _rule(reading, node, title, conditions))
    fields.close()
    return rules


def _rule(reading: Reading, node: Node, topic: str, conditions: ConditionReader) -> Rule:
    fields = Fields(reading, node, "rule")
    when = fields.needed("when")
    severity = fields.word("severity", Severity)
    sources = fields.names("sources", "source")
    actions = fields.texts("actions", ACTION)
    resolved_by = fields.texts("resolved_by", ACTION, needed=False)
    holds_back = fields.texts("holds_back", ACTION, needed=False)
    rule = Rule(
        id=fields.id("rule", RULE_ID),
        topic=topic,
        title=fields.own_words("title"),
        severity=severity,
        when=conditions.read(when) if when else Any(()),
        discuss=fields.text("discuss"),
        actions=actions,
        why=fields.text("why"),
        sources=sources,
        treatments=fields.treatments(),
        tell_patient=fields.optional_text("tell_patient"),
        resolved_by=known_names(
            reading, resolved_by, actions, "action", fields.place_of("resolved_by")
        ),
        holds_back=known_names(
            reading, holds_back, actions, "action", fields.place_of("holds_back")
        ),
        if_unknown=fields.word("if_unknown", IfUnknown),
        if_unknown_because=fields.optional_text("if_unknown_because"),
    )
    if fields.switch("fires_for_everyone"):
        reading.give_name(FOR_EVERYONE, rule.id, fields.place_of("fires_for_everyone"))
    if fields.switch("fires_for_not_sure"):
        reading.give_name(FOR_NOT_SURE, rule.id, fields.place_of("fires_for_not_sure"))
    fields.close()
    for action in sorted({as_read(it) for it in actions} & _OF_THE_PROGRAM):
        sentence = (
            f"“{action}” is what the program itself says of a point; call the action otherwise."
        )
        reading.problem(fields.place_of("actions"), sentence)
    for action in rule.resolved_by:
        if action in rule.holds_back:
            sentence = f"“{action}” cannot say that the point is gone and hold everything back too."
            reading.problem(fields.place_of("holds_back"), sentence)
    for action in filter(SAYS_CORRECTED.search, actions):
        reading.problem(
            fields.place_of("actions"),
            f"“{action}”: once an answer is corrected the point is there no more, so that this "
            "would only ever be recorded while it is not true.",
        )
    return rule
