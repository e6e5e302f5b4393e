"""One-time links: the first administrator opens the clinic; staff set their own password.

The secret stands behind the # of the link, so that it is in no address that a server or a proxy
writes down; `static/link_secret.js` sends it, or it is pasted.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.slips import Reading, Slips
from questionnaire.domain.visit import Role
from questionnaire.journey import staffing
from questionnaire.web.staff.house import the_house
from questionnaire.web.staff.passwords import LONGEST, password_problem
from questionnaire.web.staff.sign_in import keep_safe

blueprint = Blueprint("joining", __name__)
Page = str | tuple[str, int] | Response
_LONGEST_SECRET = 200


class BadPassword(Slip):
    """The password cannot be taken."""


@blueprint.route("/first", methods=["GET", "POST"])
def first() -> Page:
    """The first administrator's own page, as long as nobody has an account."""
    house, secret = the_house(), _secret_sent()
    if not secret:
        return _ask_for_link()
    staffing.refuse_spent_first(house, secret)
    if _only_link_sent():
        return render_template("staff/first.html", longest=LONGEST, secret=secret)
    roles = {Role.ADMINISTRATOR} | ({Role.CLINICIAN} if request.form.get("clinician") else set())
    facts = staffing.Joining(
        request.form.get("full_name", ""),
        request.form.get("email", ""),
        request.form.get("registration", ""),
        frozenset(roles),
    )
    reading, hashed = Reading(), ""
    with reading.of("facts"):
        staffing.checked(facts)
    with reading.of("password"):
        hashed = chosen_password((facts.full_name, facts.email))
    if reading.slips:
        return _again("staff/first.html", Slips(reading.slips), secret=secret)
    staffing.open_house(house, secret, facts, hashed)
    return _to_sign_in("opened")


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> Page:
    """A member of staff's own page to set their password."""
    house, secret = the_house(), _secret_sent()
    if not secret:
        return _ask_for_link()
    account = staffing.invited(house, secret)
    if _only_link_sent():
        return render_template("staff/join.html", account=account, longest=LONGEST, secret=secret)
    try:
        hashed = chosen_password((account.full_name, account.email))
    except BadPassword as slip:
        slips = Slips({"password": slip})
        return _again("staff/join.html", slips, account=account, secret=secret)
    staffing.join(house, secret, hashed)
    return _to_sign_in("joined")


def one_time_address(door: str, endpoint: str, secret: str) -> str:
    """A link to one of these pages; its secret stands behind the #, which no server is told."""
    return f"{door}{url_for(endpoint)}#{secret}"


def _to_sign_in(done: str) -> Response:
    """To the page where somebody signs in for the first time; it says that this worked."""
    return redirect(url_for("security.login", done=done))


def _secret_sent() -> str:
    """The secret that a script took from the address, or that was pasted with the whole link."""
    pasted = request.form.get("pasted", "").partition("#")[2].strip()
    return (request.form.get("link", "") or pasted)[:_LONGEST_SECRET]


def _only_link_sent() -> bool:
    return "password" not in request.form


def _ask_for_link() -> Page:
    if request.method == "GET":
        return render_template("staff/one_time_link.html")
    errors = (("pasted", "Paste the whole link that you were given."),)
    return render_template("staff/one_time_link.html", errors=errors), 422


def chosen_password(own_words: tuple[str, ...]) -> str:
    """The hash of the password chosen. Raises `BadPassword` when it cannot be taken."""
    password = request.form.get("password", "")
    clinic = the_house().clinic.name
    if problem := password_problem(password, (*own_words, clinic)):
        raise BadPassword(problem)
    if password != request.form.get("again", ""):
        raise BadPassword("The two passwords are not the same.")
    return keep_safe(password)


def _again(template: str, slips: Slips, **values: object) -> tuple[str, int]:
    page = render_template(template, errors=slips.beside(), longest=LONGEST, **values)
    return page, 422
