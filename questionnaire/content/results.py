"""Reads `results_picture`: what studies found, drawn only from figures patients may be quoted."""

import re
from collections.abc import Iterator
from fractions import Fraction

from questionnaire.content.fields import TITLE, Fields
from questionnaire.content.nodes import Node
from questionnaire.content.problems import Place
from questionnaire.content.reading import Reading
from questionnaire.domain.findings import Finding, Gain, Helped, NoGain, ResultsPicture
from questionnaire.domain.treatment import Treatment

_HUNDRED = 100
_FIGURE = re.compile(r"(?<![0-9])-?[0-9]+(?:,[0-9]{3})*(?:[.][0-9]+)?")


def read_results(reading: Reading, treatment: Fields) -> ResultsPicture | None:
    """The results picture of a treatment, None when it has none."""
    node = treatment.node("results_picture")
    if node is None:
        return None
    fields = Fields(reading, node, "results_picture")
    found = ResultsPicture(
        measures=fields.text("measures", TITLE),
        against=fields.text("against", TITLE),
        findings=fields.children("findings", lambda part: _finding(reading, part)),
    )
    fields.close()
    kinds = {type(each) for each in found.findings}
    if Helped in kinds and len(kinds) > 1:
        sentence = "A results picture shows gains or people helped, never both: no scale fits both."
        reading.problem(fields.place_of("findings"), sentence)
    return found


def check_results(reading: Reading, place: Place, treatment: Treatment) -> None:
    """Report each figure that does not stand in quotable evidence of the same source."""
    quotable = [one for one in treatment.evidence if one.quote_to_patients]
    for finding in treatment.results_picture.findings if treatment.results_picture else ():
        same = [one for one in quotable if {*one.sources} & {*finding.sources}]
        if not same:
            sources = ", ".join(finding.sources)
            sentence = (
                f"“{finding.label}”: no evidence that patients may be quoted names {sources}."
            )
            reading.problem(place, sentence)
            continue
        printed = {figure for one in same for figure in _figures(one.finding, one.figure)}
        for figure in _drawn(finding):
            if figure not in printed:
                sentence = (
                    f"“{finding.label}”: {float(figure):g} does not stand in the evidence from "
                    f"{', '.join(finding.sources)}."
                )
                reading.problem(place, sentence)


def _finding(reading: Reading, node: Node) -> Finding:
    fields = Fields(reading, node, "finding")
    label, sources = fields.text("label", TITLE), fields.names("sources", "source")
    gain = tuple(fields.number(key) for key in ("gain", "low", "high"))
    helped = tuple(fields.number(key) for key in ("treated", "dummy"))
    nothing = fields.switch("no_gain")
    fields.close()
    match (nothing, *gain, *helped):
        case (False, Fraction() as mean, Fraction() as low, Fraction() as high, None, None) if (
            low <= mean <= high
        ):
            return Gain(label, mean, low, high, sources)
        case (False, None, None, None, Fraction() as treated, Fraction() as dummy) if (
            min(treated, dummy) >= 0 and max(treated, dummy) <= _HUNDRED
        ):
            return Helped(label, treated, dummy, sources)
        case (True, None, None, None, None, None):
            pass
        case _:
            sentence = (
                "A finding is gain with low and high around it, or no_gain: true, "
                "or treated and dummy in percent."
            )
            reading.problem(node.place, sentence)
    return NoGain(label, sources)


def _drawn(finding: Finding) -> tuple[Fraction, ...]:
    if isinstance(finding, Gain):
        return finding.mean, finding.low, finding.high
    return (finding.treated, finding.dummy) if isinstance(finding, Helped) else ()


def _figures(*texts: str) -> Iterator[Fraction]:
    """Every number in words, with its minus if it has one, without thousands commas."""
    for text in texts:
        for figure in _FIGURE.findall(text):
            yield Fraction(figure.replace(",", ""))
