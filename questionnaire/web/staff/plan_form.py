"""The form of the plan: what its boxes hold, what they say, and reading them."""

from typing import Final

from werkzeug.datastructures import MultiDict

from questionnaire.documents.page import WRITING_LANGUAGES
from questionnaire.domain.language import SOURCE_LANGUAGE
from questionnaire.domain.library import Library
from questionnaire.domain.review import Plan
from questionnaire.journey.review_page import ReviewPage
from questionnaire.web.staff.merging import Boxes, Fact

LINES: Final = {
    "areas": "Areas",
    "sessions": "Sessions",
    "interval": "Time between sessions",
    "product": "Product or kit",
    "batch": "Batch",
    "price": "Price",
    "not_included": "Not included in the price",
    "benefit_view": "Likely benefit",
    "capacity": "Able to decide",
    "discussed": "What you talked about",
}
"""Box of one line of words → what it is called."""


def boxes_of(found: ReviewPage) -> Boxes:
    """What the form of the plan holds on the page of a visit."""
    plan, stated = found.plan, dict(found.plan.details)
    language = plan.written_in if plan.treatments else ""
    return {
        **{name: [getattr(plan, name)] for name in LINES},
        "treatments": plan.treatments or found.visit.treatments,
        "places": [
            f"{areas.name}.{key}"
            for areas in found.areas
            for key, _ in areas.places
            if key in areas.chosen
        ],
        "detail_label": found.must_state,
        "detail_value": [stated.get(label, "") for label in found.must_state],
        "written_in": [language] if found.visit.language != SOURCE_LANGUAGE else [],
    }


def facts_of(found: ReviewPage, library: Library) -> tuple[Fact, ...]:
    """What the form of the plan says."""
    titles = {key: one.title for key, one in library.treatments.items()}
    places = {f"{areas.name}.{key}": words for areas in found.areas for key, words in areas.places}
    lines = (Fact(label, (name,), "plan") for name, label in LINES.items())
    return (
        Fact("Treatments", ("treatments",), "plan", lambda key: titles.get(key, key)),
        Fact("Places", ("places",), "plan", lambda key: places.get(key, key)),
        *lines,
        Fact("Facts of the treatment", ("detail_label", "detail_value"), "plan"),
        Fact("Language", ("written_in",), "plan", lambda code: WRITING_LANGUAGES.get(code, code)),
    )


def read_plan(form: MultiDict[str, str]) -> Plan:
    """The plan as typed."""
    labels, values = form.getlist("detail_label"), form.getlist("detail_value")
    return Plan(
        **{name: form.get(name, "") for name in LINES},
        treatments=tuple(form.getlist("treatments")),
        places=tuple(form.getlist("places")),
        details=tuple(zip(labels, values, strict=False)),
        written_in=form.get("written_in", SOURCE_LANGUAGE),
    )
