"""The review page: everything about one visit that a clinician looks at before deciding."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, render_template, request, session
from werkzeug.datastructures import MultiDict

from questionnaire.documents.page import WRITING_LANGUAGES
from questionnaire.domain.consent import as_json
from questionnaire.domain.consent_pictures import AreasText
from questionnaire.domain.identity import IDENTITY_DOCUMENTS
from questionnaire.domain.review import UNDO_SECONDS, DecisionKind
from questionnaire.domain.visit import MOVES, Move, Station
from questionnaire.journey.queueing import queue
from questionnaire.journey.review_page import ReviewPage, review
from questionnaire.journey.reviewing import ANSWERED_AT, REVIEWED_AT
from questionnaire.journey.settling import may_settle, why_not_now
from questionnaire.journey.shelf_life import UPHELD_AT
from questionnaire.web.forms import QuestionForm, build_form
from questionnaire.web.mapping import MapShown, maps_shown
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.merging import made_from
from questionnaire.web.staff.plan_form import boxes_of, read_plan

blueprint = Blueprint("review", __name__)


@dataclass(frozen=True, slots=True)
class Mishap:
    """A form on the page that could not be kept: where it stands, what to mend, what was typed.

    `boxes` are those of the form to mend with their sentences, where it is not the form as a whole.
    """

    anchor: str
    sentence: str
    typed: Mapping[str, str] = field(default_factory=MultiDict)
    answers: QuestionForm | None = None
    boxes: tuple[tuple[str, str], ...] = ()

    @property
    def details(self) -> tuple[tuple[str, str], ...]:
        """What was typed of the facts that a plan must state: pairs of label and words."""
        return read_plan(MultiDict(self.typed)).details

    @property
    def errors(self) -> tuple[tuple[str, str], ...]:
        """For the error summary."""
        if self.answers is not None:
            return self.answers.errors
        return self.boxes or ((self.anchor, self.sentence),)


@blueprint.get("/visits/<visit_id>")
def page(visit_id: str) -> str:
    """The visit; reading it is one ledger entry."""
    return show(visit_id)


def show(visit_id: str, mishap: Mishap | None = None) -> str:
    """The page, with what was typed into the form that could not be kept."""
    house = the_house()
    found = review(house, who(), visit_id)
    station, now = found.visit.station, house.clock()
    undoable = {
        card.item
        for card in found.cards
        if card.disposition
        and card.disposition.by.id == who().id
        and (now - card.disposition.at).total_seconds() <= UNDO_SECONDS
    }
    return render_template(
        "staff/review.html",
        review=found,
        drawn=[as_json(one) for one in found.drawn],
        area_choices=_area_choices(found),
        waiting=queue(house, who()),
        mishap=mishap,
        errors=mishap.errors if mishap else (),
        answers_form=mishap.answers if mishap and mishap.answers else answers_form(found),
        undoable=undoable,
        undo_seconds=UNDO_SECONDS,
        open_cards=len(found.to_settle)
        + sum(card.must_settle and not card.disposition for card in found.cards),
        may_settle=station in REVIEWED_AT,
        may_settle_who=may_settle(who(), found.visit),
        why_not_who=why_not_now(found.visit),
        documents=tuple((words, words) for words in IDENTITY_DOCUMENTS),
        may_answer=station in ANSWERED_AT,
        may_take_back=station in MOVES[Move.TAKE_BACK][0],
        may_uphold=station in UPHELD_AT,
        may_resume=station is Station.DEFERRED,
        may_countersign=station is Station.PATIENT_SIGNED,
        decisions=tuple(DecisionKind),
        writing_languages=tuple(WRITING_LANGUAGES.items()),
        all_treatments=tuple(house.library.treatments.values()),
        plan_boxes=made_from(boxes_of(found)),
        product_fields=house.library.product_fields,
        keys_on=session.get("keys") != "off",
    )


def _area_choices(found: ReviewPage) -> list[tuple[AreasText, tuple[MapShown, ...]]]:
    """Each set of places the plan can name, with its maps."""
    return [
        (areas, maps_shown(areas.maps, tuple(key for key, _ in areas.places)))
        for areas in found.areas
    ]


def answers_form(found: ReviewPage) -> QuestionForm:
    """The clinician's own questions and the values the clinic may measure, as one form."""
    house = the_house()
    posted = request.form if request.endpoint == "steps.answer" else None
    return build_form(
        (*found.clinic_questions, *found.fillable),
        today=house.today(),
        posted=posted,
        answers=found.answers,
    )
