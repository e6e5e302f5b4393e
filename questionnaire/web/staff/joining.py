"""One-time links: the first administrator opens the clinic; staff set their own password."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from questionnaire.domain.answers import Slip
from questionnaire.domain.visit import Role
from questionnaire.journey import staffing
from questionnaire.web.staff.house import the_house
from questionnaire.web.staff.passwords import LONGEST, password_problem
from questionnaire.web.staff.sign_in import keep_safe

blueprint = Blueprint("joining", __name__)
Page = str | tuple[str, int] | Response


class BadPassword(Slip):
    """The password cannot be taken."""


@blueprint.route("/first/<token>", methods=["GET", "POST"])
def first(token: str) -> Page:
    """The first administrator's own page, as long as nobody has an account."""
    house = the_house()
    staffing.refuse_spent_first(house, token)
    if request.method == "GET":
        return render_template("staff/first.html", longest=LONGEST)
    roles = {Role.ADMINISTRATOR} | ({Role.CLINICIAN} if request.form.get("clinician") else set())
    facts = staffing.Joining(
        request.form.get("full_name", ""),
        request.form.get("email", ""),
        request.form.get("registration", ""),
        frozenset(roles),
    )
    try:
        hashed = chosen_password((facts.full_name, facts.email))
        staffing.open_house(house, token, facts, hashed)
    except Slip as slip:
        return _again("staff/first.html", slip)
    return redirect(url_for("security.login"))


@blueprint.route("/join/<token>", methods=["GET", "POST"])
def join(token: str) -> Page:
    """A member of staff's own page to set their password."""
    house = the_house()
    account = staffing.invited(house, token)
    if request.method == "GET":
        return render_template("staff/join.html", account=account, longest=LONGEST)
    try:
        hashed = chosen_password((account.full_name, account.email))
        staffing.join(house, token, hashed)
    except Slip as slip:
        return _again("staff/join.html", slip, account=account)
    return redirect(url_for("security.login"))


def chosen_password(own_words: tuple[str, ...]) -> str:
    """The hash of the password chosen. Raises `BadPassword` when it cannot be taken."""
    password = request.form.get("password", "")
    clinic = the_house().library.clinic.name
    if problem := password_problem(password, (*own_words, clinic)):
        raise BadPassword(problem)
    if password != request.form.get("again", ""):
        raise BadPassword("The two passwords are not the same.")
    return keep_safe(password)


def _again(template: str, slip: Slip, **values: object) -> tuple[str, int]:
    target = "password" if isinstance(slip, BadPassword) else "full_name"
    page = render_template(template, errors=((target, str(slip)),), longest=LONGEST, **values)
    return page, 422
