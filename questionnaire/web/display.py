"""How pages look for one person: text size and dark screen, kept in plain cookies.

Both doors register `blueprint`. The buttons post, so they work without a script; on a page with a
form they post that form, so what was typed stays (`shows_again`). Which language a page is in is
for its door to say.
"""

from collections.abc import Iterable
from typing import NamedTuple

from flask import Blueprint, Request, current_app, make_response, redirect, request
from werkzeug.wrappers import Response

from questionnaire.domain.errors import NotReadable
from questionnaire.domain.language import ENGLISH, Language
from questionnaire.web.cookies import cookie_name

LANGUAGE_BUTTON = "show_language"
"""The name of the buttons that choose a language."""

_A_YEAR = 365 * 24 * 60 * 60


class Wish(NamedTuple):
    """One thing a person may choose: the button's name, the cookie, and what it may be."""

    button: str
    cookie: str
    allowed: frozenset[str]


_WISHES = (
    Wish("show_text", "text_size", frozenset({"usual", "larger", "largest"})),
    Wish("show_screen", "screen", frozenset({"light", "dark"})),
)

blueprint = Blueprint("display", __name__)


@blueprint.post("/display")
def choose() -> Response:
    """Keep the choice and go back to the page it was made on."""
    return keep_choices(redirect(own_path(request.form.get("back", "")), 303))


def shows_again() -> bool:
    """Whether a display button was pressed instead of the form's own button."""
    return LANGUAGE_BUTTON in request.form or any(wish.button in request.form for wish in _WISHES)


def keep_choices(page: Response | str) -> Response:
    """The page with what was chosen in its cookies. Raises `NotReadable` for other values."""
    response = make_response(page)
    for wish in _WISHES:
        value = request.form.get(wish.button)
        if value is None:
            continue
        if value not in wish.allowed:
            raise NotReadable("Choose one of the buttons.")
        response.set_cookie(
            _cookie(wish),
            value,
            max_age=_A_YEAR,
            secure=bool(current_app.config["SECURE_COOKIES"]),
            httponly=True,
            samesite="Lax",
        )
    return response


def own_path(path: str) -> str:
    """The path if it belongs to this door, else its first page."""
    root = f"{request.script_root}/"
    odd = not path.startswith(root) or path.startswith("//") or "\\" in path
    return root if odd or not path.isprintable() else path


def display_values(
    asked: Request, language: Language = ENGLISH, languages: Iterable[Language] = ()
) -> dict[str, object]:
    """What the layout reads: language, direction, text size, dark screen, and where we are.

    `languages` are those to choose from. A button pressed just now counts at once.
    """
    chosen = {wish.cookie: _choice(asked, wish) for wish in _WISHES}
    return {
        "language": language.code,
        "direction": language.direction.value,
        "languages": tuple((each.code, each.name) for each in languages),
        "text_size": chosen["text_size"].replace("usual", ""),
        "dark_screen": chosen["screen"] == "dark",
        "here": asked.script_root + asked.path,
    }


def _choice(asked: Request, wish: Wish) -> str:
    value = asked.form.get(wish.button) or asked.cookies.get(_cookie(wish), "")
    return value if value in wish.allowed else ""


def _cookie(wish: Wish) -> str:
    return cookie_name(wish.cookie, secure=bool(current_app.config["SECURE_COOKIES"]))
