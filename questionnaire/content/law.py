"""The places whose law is told, and that what is asked back rests on the law of none of them."""

import re
from collections.abc import Iterator

from questionnaire.content.fields import TITLE, Fields
from questionnaire.content.nodes import Node
from questionnaire.content.reading import Reading
from questionnaire.domain.library import Library
from questionnaire.domain.treatment import CheckQuestion, LegalPlace, Sourced, Treatment

_JOINED = re.compile(r"[,;/&+]|\b(?:and|or|with|plus)\b", re.IGNORECASE)
_OF_LAW = re.compile(
    r"\b(?:un)?(?:approved|authori[sz]ed|cleared)\b|\b(?:il)?legal\b(?! status)"
    r"|\bbanned\b|\bthe law\b|\bFDA\b|\bMHRA\b|\bEMA\b",
    re.IGNORECASE,
)


def read_legal_place(reading: Reading, node: Node) -> tuple[str, LegalPlace]:
    """A place whose law is told, by its id."""
    fields = Fields(reading, node, "place")
    key = fields.id("place")
    name = fields.text("name", TITLE)
    also = fields.texts("also", TITLE, needed=False)
    within = fields.optional_text("within")
    if within:
        reading.refer("place", [within], fields.place_of("within"))
    fields.close()
    return key, LegalPlace(name, also, within)


def check_law(reading: Reading, library: Library) -> None:
    """Report places that are several, and check-questions that rest on the law of a place."""
    for key, legal in library.places.items():
        place = reading.place_of("place", key)
        if _JOINED.search(legal.name.replace("_", " ")) or "_and_" in key:
            sentence = (
                f"{key} joins places. Write one place each, and what is true in several under each."
            )
            reading.problem(place, sentence)
        if key in library.around(legal.within):
            reading.problem(place, f"{key} lies within itself.")
    for treatment in library.treatments.values():
        for question in treatment.quiz:
            for why in rests_on_law(library, treatment, question):
                sentence = (
                    f"{question.id} {why}: it would ask patients elsewhere what they were not "
                    "told. Ask what every patient reads."
                )
                reading.problem(reading.place_of("check-question", question.id), sentence)


def rests_on_law(library: Library, treatment: Treatment, asked: CheckQuestion) -> Iterator[str]:
    """Why the right answer depends on the law of a place, each as the end of a sentence.

    A question does where it names a place or speaks of what is approved, and where all its
    sources are known only to the law of a place. A wrong answer may say anything.
    """
    right = (choice.text for choice in asked.options if choice.id == asked.correct)
    words = " ".join((asked.question, *right, asked.if_wrong))
    names = {name for it in library.places.values() for name in (it.name, *it.also)}
    for name in sorted(names):
        if re.search(rf"\b{re.escape(name)}\b", words):
            yield f"names a place, {name}"
    if found := _OF_LAW.search(words):
        yield f"speaks of the law, “{found[0]}”"
    cited = set(asked.sources)
    if cited and cited <= _of_places(library, treatment) - _of_everybody(library, treatment, asked):
        yield f"has only sources of the law of a place, {', '.join(asked.sources)}"


def _of_places(library: Library, treatment: Treatment) -> set[str]:
    everywhere = library.law_read(())
    law = treatment.legal_status.items()
    return _cited(it for key, told in law if key not in everywhere for it in told)


def _of_everybody(library: Library, treatment: Treatment, asked: CheckQuestion) -> set[str]:
    """The sources of what holds wherever the clinic is: pages, risks, and the rules behind it."""
    everywhere = library.law_read(())
    law = treatment.legal_status.items()
    told = (
        *treatment.alternatives,
        *treatment.aftercare,
        treatment.sessions,
        *(it for key, sentences in law if key in everywhere for it in sentences),
    )
    cited = (
        *(it.sources for it in treatment.evidence),
        *(it.sources for it in library.risks_of(treatment.id)),
        *(it.sources for it in library.rules if it.id in asked.related_flags),
    )
    return _cited(told) | {name for sources in cited for name in sources}


def _cited(told: Iterator[Sourced] | tuple[Sourced, ...]) -> set[str]:
    return {name for it in told for name in it.sources}
