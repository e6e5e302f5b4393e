"""The administrator's pages: who has an account, and whether the ledger is whole."""

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from questionnaire.domain.slips import Slips
from questionnaire.domain.visit import Role
from questionnaire.journey import factors, staffing
from questionnaire.journey.openings import last_week
from questionnaire.journey.own_account import end_sessions_of
from questionnaire.records.accounts import Account
from questionnaire.records.ledger import head, verify_ledger
from questionnaire.web.staff.drafts import new_form
from questionnaire.web.staff.house import the_house, who
from questionnaire.web.staff.joining import one_time_address
from questionnaire.web.staff.merging import Boxes, Fact, last_by, made_from, merge
from questionnaire.web.staff.proving import is_fresh
from questionnaire.web.staff.wording import ROLES

blueprint = Blueprint("people", __name__)
Page = str | tuple[str, int] | Response
_LINK = "password_link"
"""Where the session keeps the link just made, to show it once more after the redirect."""
_DONE = "done_to_an_account"
"""Where the session keeps what was just done, to say it once after the redirect."""


@blueprint.get("/people")
def everybody() -> str:
    """The accounts."""
    return _page(link=session.pop(_LINK, None), done=session.pop(_DONE, ""))


@blueprint.get("/people/add")
def add() -> str:
    """A form for somebody new."""
    return _add_page()


@blueprint.post("/people/add")
def invite() -> Page:
    """Add a member of staff and show the link to hand to them."""
    facts = staffing.Joining(
        request.form.get("full_name", ""),
        request.form.get("email", ""),
        request.form.get("registration", ""),
        _roles_ticked(request.form),
    )
    try:
        token = staffing.invite(the_house(), who(), facts)
    except Slips as slips:
        return _add_page(slips.beside()), 422
    return _show_link(facts.full_name, token)


@blueprint.post("/people/<account_id>")
def change(account_id: str) -> Page:
    """Change roles and registration number, or close or open an account."""
    account = staffing.account_of(the_house(), who(), account_id)
    by = last_by(account_id, "staff_changed")
    merged = merge(request.form, _boxes_of(account), _facts_of(account_id), by)
    typed = {"changing": account_id, "changed": merged.form}
    if merged.clashes:
        return _page(errors=merged.clashes, **typed), 409
    try:
        staffing.change(
            the_house(),
            who(),
            account_id,
            roles=_roles_ticked(merged.form),
            registration=merged.form.get("registration", ""),
            active=merged.form.get("active") == "yes",
            seen=account,
        )
    except Slips as slips:
        errors = tuple((f"{box}-{account_id}", words) for box, words in slips.beside())
        return _page(errors=errors, **typed), 422
    return redirect(url_for("people.everybody"))


@blueprint.post("/people/<account_id>/link")
def link(account_id: str) -> Response:
    """A fresh link for somebody to set their own password."""
    token = staffing.new_link(the_house(), who(), account_id)
    return _show_link(_name_of(account_id), token)


@blueprint.post("/people/<account_id>/reset")
def reset(account_id: str) -> Response:
    """Take somebody's second step away, so that they set up a new one."""
    factors.reset(the_house(), who(), account_id)
    return _tell(f"The second step of {_name_of(account_id)} was reset, and they were signed out.")


@blueprint.post("/people/<account_id>/sessions/end")
def end_sessions(account_id: str) -> Response:
    """Sign somebody out everywhere."""
    end_sessions_of(the_house(), who(), account_id)
    return _tell(f"{_name_of(account_id)} was signed out everywhere.")


@blueprint.get("/ledger")
def ledger() -> str:
    """Whether every row of the ledger is there and unchanged, and who opened how much lately."""
    with the_house().database.read() as tx:
        rows, _ = head(tx)
        problems = verify_ledger(tx)
    return render_template(
        "staff/ledger.html", rows=rows, problems=problems, openings=last_week(the_house(), who())
    )


def _page(**values: object) -> str:
    return render_template(
        "staff/people.html",
        accounts=staffing.staff(the_house(), who()),
        roles=staffing.STAFF_ROLES,
        fresh=is_fresh(the_house()),
        made_from=made_from,
        boxes_of=_boxes_of,
        **values,
    )


def _add_page(errors: tuple[tuple[str, str], ...] = ()) -> str:
    new = new_form(url_for("people.add"))
    return render_template(
        "staff/add_somebody.html",
        errors=errors,
        joining=request.form,
        form_key=new.key,
        unsent=new.unsent,
        roles=staffing.STAFF_ROLES,
        fresh=is_fresh(the_house()),
    )


def _roles_ticked(form: MultiDict[str, str]) -> frozenset[Role]:
    return frozenset(role for role in staffing.STAFF_ROLES if role.value in form.getlist("roles"))


def _boxes_of(account: Account) -> Boxes:
    """What the form of an account holds."""
    return {
        "roles": [role.value for role in staffing.STAFF_ROLES if role in account.roles],
        "registration": [account.registration],
        "active": ["yes"] if account.active else [],
    }


def _facts_of(account_id: str) -> tuple[Fact, ...]:
    return (
        Fact("Roles", ("roles",), f"roles-{account_id}", lambda key: ROLES[Role(key)]),
        Fact("Registration number", ("registration",), f"registration-{account_id}"),
        Fact("May sign in", ("active",), f"active-{account_id}"),
    )


def _name_of(account_id: str) -> str:
    accounts = staffing.staff(the_house(), who())
    return next(one.full_name for one in accounts if one.id == account_id)


def _tell(done: str) -> Response:
    """Back to the accounts, which say once what was done."""
    session[_DONE] = done
    return redirect(url_for("people.everybody"), 303)


def _show_link(name: str, token: str) -> Response:
    address = one_time_address(current_app.config["PUBLIC_ADDRESS"], "joining.join", token)
    session[_LINK] = {"name": name, "address": address}
    return redirect(url_for("people.everybody"))
