"""What must never stand in a text that people read: the marks of those who wrote it.

Every text for patients is looked at, and those for clinicians that the consent document prints:
questions, rules, actions and sources.
"""

import re
from collections.abc import Collection, Iterator

from questionnaire.content.reading import Reading
from questionnaire.content.translation_texts import texts_of
from questionnaire.domain.library import Library

_RULE_ID = re.compile(r"\b[A-Z]{2}-[0-9]{2}\b")
_KEY = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
_LONG_NUMBER = re.compile(r"\b[0-9a-f]{32,}\b")
_NOTE = re.compile(
    r"\(memory\)|\bfrom memory\b|\(a gap\)|\bboth kept\b|\b(?-i:TODO|FIXME|TBD|XXX)\b"
    r"|\b(?:was|were|is|not) read\b|\bdo not quote\b|\bnot sourced\b"
    r"|\((?:clinical judgement|common practice|inference)\)"
    r"|\(de memoria\)|\bno se leyó\b|\(falta ese dato\)"
    r"|\(من الذاكرة\)|لم تُقرأ|\(نقص في المعلومات\)",
    re.IGNORECASE,
)
_NUMBER_TO_CALL = re.compile(
    r"\b(?:ring|call|dial|phone|llam\w+|marca\w*|marco|marqu\w+)"
    r"(?: (?:al?|the|el|number|número))* \d{2,}"
    r"|[أا]تصل(?:وا)? (?:على |ب)?(?:الرقم |رقم )?\d{2,}",
    re.IGNORECASE,
)
_PERCENT_ALONE = re.compile(r"(?<![0-9])(?<![0-9]\s)%")
_FIGURE = r"[-+\u200e\u2212]*\d[\d.,]*"
_INTERVAL = rf"{_FIGURE}\s(?:to|a|إلى)\s{_FIGURE}"
_UNLABELLED = {
    "has an interval that nobody says is one": rf"\((?:de |من )?{_INTERVAL}\)",
    "has a sign instead of its name": rf"\b(?:r|p|n|d|I2|SD|SMD|OR|RR)\s*[=<]?\s*{_FIGURE}",
    "has a figure alone in brackets": rf"\((?:over|under|about) {_FIGURE}\)",
    "begins with a figure of nothing": rf"(?:^|[;.] ){_FIGURE}%?\s*(?:$|[;(]|against\b|contra\b)",
}
"""What evidence must not hold: figures that only who wrote them can tell apart."""
_ORDER = re.compile(
    r"(?:^|[.;:!?] )(?:please )?(?:check|verify|confirm|find out|look up|make sure) (?!your?\b)\w+"
    r"|\bwhere you are\b",
    re.IGNORECASE,
)
_LAW = re.compile(r"\.legal_status\.")
_ORDER_IN_LAW = re.compile(
    r"(?:^|[.;:!?؛؟] )(?:please |por favor |يرجى )?"
    r"(?:(?:ask|check|see|note|record|verify|confirm|state"
    r"|pregunte|compruebe|consulte|verifique|confirme|averigüe|revise)\b"
    r"|[اإ]سألوا|تحق[\u0651]?قوا|تأكدوا|راجعوا)"
    r"|\b(?:in|en) (?:many|some|most|muchos|algunos) (?:places|countries|lugares|países)\b"
    r"|في (?:أماكن|بلدان) كثيرة",
    re.IGNORECASE,
)
"""What the law of a place must not hold: it tells what is so, there; it bids nobody do a thing."""
_IN_BRACES = re.compile(r"\{\w+\}")
"""What is put in before anybody reads it, like a fact of the clinic."""
_EVIDENCE = re.compile(r"\.evidence\.\d+\.(?:figure|limits)$")
_GOES_ON = (".unit", ".against", ".people")
"""Endings of ids whose texts stand inside a line, behind a figure or a word."""
_NAMES = ("frequency.", "source.")
"""Beginnings of ids whose texts may begin small: bands, and names as their owners write them."""


def faults(words: str, rules: Collection[str] = ()) -> Iterator[str]:
    """Why `words` cannot be shown to people, each as the end of a sentence; nothing if they can."""
    for found in _RULE_ID.findall(words):
        if not rules or found in rules:
            yield f"holds the id of a rule, {found}"
    for found in _KEY.findall(_IN_BRACES.sub("", words)):
        yield f"holds a key, {found}"
    if _LONG_NUMBER.search(words):
        yield "holds a number of 32 signs or more"
    for found in _NOTE.findall(words):
        yield f"holds a note of its author, “{found}”"
    if "^" in words:
        yield "has a ^ where a raised figure belongs"
    if _PERCENT_ALONE.search(words):
        yield "has a % without its figure"


def number_to_call(words: str) -> Iterator[str]:
    """Why a text of the rules cannot be shown: it names a number, which is the clinic's to say."""
    if found := _NUMBER_TO_CALL.search(words):
        yield f"names a number to call, “{found[0]}”, which is the clinic's own to say"


def orders(key: str, words: str) -> Iterator[str]:
    """Why a text cannot be shown to patients: it bids the clinic, or nobody, to find out."""
    found = _ORDER.search(words) or (_LAW.search(key) and _ORDER_IN_LAW.search(words))
    if found:
        order = found[0].strip(".;:!?؛؟ ")
        yield f"bids its reader find out what its author should tell, “{order}”"


def unlabelled(key: str, words: str) -> Iterator[str]:
    """Why the figures of evidence cannot be shown: they do not say what they are."""
    if _EVIDENCE.search(key):
        for fault, sign in _UNLABELLED.items():
            if found := re.search(sign, words):
                yield f"{fault}, “{found[0]}”"


def begins_small(key: str, words: str) -> bool:
    """Whether a text that stands on a line of its own begins with a small letter."""
    goes_on = key.endswith(_GOES_ON) or key.startswith(_NAMES)
    return words[:1].islower() and not goes_on


def check_printable(reading: Reading, library: Library) -> None:
    """Report every text that people read and that holds what only its author needs."""
    rules, for_patients = {rule.id for rule in library.rules}, texts_of(library)
    for key, words in (*for_patients.items(), *clinic_texts(library)):
        problems = [*faults(words, rules), *number_to_call(words), *unlabelled(key, words)]
        if key in for_patients:
            problems.extend(orders(key, words))
        if begins_small(key, words):
            problems.append("begins with a small letter")
        for problem in problems:
            reading.problem(reading.written[words], f"{key} {problem}: people read this.")


def clinic_texts(library: Library) -> Iterator[tuple[str, str]]:
    """The texts for clinicians that the document prints: id and words."""
    for rule in library.rules:
        yield f"flag.{rule.id}.title", rule.title
        for place, action in enumerate(rule.actions, start=1):
            yield f"flag.{rule.id}.actions.{place}", action
    for source in library.sources.values():
        yield f"source.{source.id}.citation", source.citation
