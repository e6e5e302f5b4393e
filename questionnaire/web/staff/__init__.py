"""The staff door: signing in, the desk, the clinician's review, the archive, the accounts."""

from dataclasses import replace
from pathlib import Path

from flask import Flask, current_app, g, request, url_for
from flask_security import current_user

from questionnaire.documents.page import install_filters
from questionnaire.documents.verdict import LARGEST_FILE
from questionnaire.journey.house import House
from questionnaire.look import LARGEST_LOGO
from questionnaire.settings import Settings
from questionnaire.web import display, look
from questionnaire.web.bodies import LARGE_BODIES
from questionnaire.web.headers import protect
from questionnaire.web.staff import (
    access,
    account,
    approvals,
    archive,
    arranging,
    carrying,
    checking,
    countersigning,
    deciding,
    desk,
    disposing,
    drafts,
    factor,
    home,
    home_links,
    joining,
    meanwhile,
    paper,
    passkeys,
    people,
    reviewing,
    rules,
    setting_up,
    settling,
    steps,
    tablets,
    too_large,
    waiting,
)
from questionnaire.web.staff.house import the_house
from questionnaire.web.staff.policy import account_here, guard, may_open, signed_in
from questionnaire.web.staff.proving import is_proven
from questionnaire.web.staff.sign_in import offer_sign_in
from questionnaire.web.staff.wording import say_it_our_way
from questionnaire.web.whereabouts import where_staff_are

ROOT = Path(__file__).parents[3]
LARGEST_UPLOAD = LARGEST_FILE + 64 * 1024
"""A file to be checked, and the form around it."""
LARGEST_LOGO_UPLOAD = LARGEST_LOGO + 64 * 1024
"""So much more that a logo a little too large is told beside its box."""
PAGE_OF = {
    "steps": "review.page",
    "deciding": "review.page",
    "settling": "review.page",
    "countersign": "countersign.page",
    "archive": "archive.consent",
    "archive.ask": "archive.search",
    "desk": "desk.visit",
    "desk.find": "desk.day",
    "home_links": "desk.visit",
    "people": "people.everybody",
    "setting_up": "setting_up.page",
    "setting_up.letter": "setting_up.part",
    "tablets": "tablets.everyone",
    "approvals": "approvals.page",
    "disposing": "disposing.due",
    "rules": "rules.page",
    "factor": "factor.ask",
    "passkeys": "factor.ask",
    "account": "account.page",
}
"""Where the forms of a part of the door stand, for those that have no page of their own."""


def create_staff_app(house: House, settings: Settings, *, secret_key: bytes) -> Flask:
    """The door as a WSGI app, to be mounted under `/staff`; forms are made with `secret_key`."""
    app = Flask(
        __name__,
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path="/static",
    )
    app.secret_key = secret_key
    app.config[LARGE_BODIES] = {
        "archive.check": LARGEST_UPLOAD,
        "setting_up.change_look": LARGEST_LOGO_UPLOAD,
    }
    app.config["PUBLIC_ADDRESS"] = settings.public_address
    house = replace(house, where=where_staff_are, look_again=meanwhile.look_again)
    app.extensions |= {"house": house, "settings": settings}
    protect(app, settings, door="staff", whose=account_here)
    offer_sign_in(app, house, settings)
    guard(app, house)
    app.before_request(meanwhile.note_beginning)
    say_it_our_way(app, house)
    drafts.keep_other_boxes(app)
    too_large.tell_beside_the_box(app)
    install_filters(app.jinja_env)
    app.register_blueprint(display.blueprint)
    app.register_blueprint(look.blueprint)
    for pages in (
        home,
        carrying,
        drafts,
        joining,
        desk,
        arranging,
        home_links,
        paper,
        waiting,
        reviewing,
        settling,
        steps,
        deciding,
        countersigning,
        archive,
        access,
        approvals,
        disposing,
        rules,
        people,
        setting_up,
        tablets,
        factor,
        passkeys,
        account,
        checking,
    ):
        app.register_blueprint(pages.blueprint)

    @app.context_processor
    def about_this_page() -> dict[str, object]:
        values = display.display_values(request) | look.look_values(the_house().clinic)
        return values | {
            "clinic_name": the_house().clinic.name or "Clinic not set up",
            "not_set_up": not the_house().clinic.is_set_up,
            "person": g.get("person") if is_proven() else None,
            "somebody": bool(current_user.is_authenticated),
            "may": may_open,
            "signed_in": signed_in,
            "page_of_form": _page_of_refused_form,
            "here": _page_of_this_form(),
            "new_key": house.new_id,
            "made_at": meanwhile.made_at,
        }

    return app


def _page_of_refused_form() -> str:
    """The page of the form that was posted and refused, to go back to; empty when there is none."""
    if request.method != "POST" or request.url_rule is None:
        return ""
    page = _page_of_this_form()
    return page if page != request.script_root + request.path or _opens() else ""


def _page_of_this_form() -> str:
    """The page on which this form stands: its own address, if that opens, or that of its part."""
    known = PAGE_OF.get(request.endpoint or "") or PAGE_OF.get(request.blueprint or "")
    if request.url_rule is None or known is None or _opens():
        return request.script_root + request.path
    places = next(current_app.url_map.iter_rules(known)).arguments
    about = {key: it for key, it in (request.view_args or {}).items() if key in places}
    return url_for(known, **about)


def _opens() -> bool:
    """Whether this address can be opened too, by whichever function."""
    addresses = current_app.create_url_adapter(request)
    return addresses is not None and addresses.test(method="GET")
