"""Staff sessions, kept in the database: the cookie holds a random word and nothing else.

Signing out deletes the row, so an old cookie opens nothing. Signing in takes a new word, and so
does every proof of who somebody is; the time at which a session ends stays what it was.
"""

from typing import Any, Final

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from questionnaire.journey.house import House
from questionnaire.records.staff_sessions import (
    delete_staff_session,
    put_staff_session,
    rename_staff_session,
    staff_session,
)
from questionnaire.web.cookies import STAFF, cookie_name, drop_cookie, set_cookie

STAFF_ID: Final = "staff_id"
"""Under this key the session holds the account id, so that sessions can be listed and ended."""

DEVICE: Final = "device"
"""Under this key it holds what kind of device it is on, for the list of sessions."""

BY_ITSELF: Final = "Asked-By-Itself"
"""The header of what a page asks with nobody touching it: it keeps no session alive."""

_WORTH_NOTHING: Final = frozenset({"fs_cc", "fs_paa", "_permanent"})
"""What Flask-Security leaves in a session that belongs to nobody."""


class StaffSession(CallbackDict[str, Any], SessionMixin):
    """What is kept about one browser between requests. `token` is empty while it is new.

    `owner` is the account it belonged to when the request came.
    """

    def __init__(
        self, kept: dict[str, Any] | None = None, token: str = "", owner: str = ""
    ) -> None:
        super().__init__(kept, StaffSession._changed)
        self.token = token
        self.owner = owner
        self.new = not token
        self.modified = False
        self.wants_new_token = False

    def _changed(self) -> None:
        self.modified = True

    def renew(self) -> None:
        """Take a new token with this answer; the old one opens nothing from then on."""
        self.wants_new_token = self.modified = True

    @property
    def is_worth_keeping(self) -> bool:
        """Whether there is anything in it that somebody could miss."""
        return not self.keys() <= _WORTH_NOTHING


class KeptSessions(SessionInterface):
    """Reads and writes sessions through the records."""

    def __init__(self, house: House, *, secure: bool) -> None:
        self._house = house
        self._secure = secure

    def open_session(self, app: Flask, request: Request) -> StaffSession:
        """The live session of this browser, or an empty one. Static files need none."""
        token = request.cookies.get(cookie_name(STAFF, secure=self._secure), "")
        if not token or request.path.startswith(f"{app.static_url_path}/"):
            return StaffSession()
        with self._house.database.write() as tx:
            found = staff_session(
                tx, token, self._house.clock(), by_itself=BY_ITSELF in request.headers
            )
        return StaffSession(found.body, token, found.user_id) if found else StaffSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed, with a new token where one is wanted; drop what is empty."""
        del app
        if not isinstance(session, StaffSession):
            raise TypeError("the staff door keeps its own kind of session")
        if not session.is_worth_keeping:
            self._drop(session, response)
        elif session.modified:
            self._keep(session, response)

    def _drop(self, session: StaffSession, response: Response) -> None:
        if session.token:
            with self._house.database.write() as tx:
                delete_staff_session(tx, session.token)
            drop_cookie(response, STAFF, secure=self._secure)

    def _keep(self, session: StaffSession, response: Response) -> None:
        old, user_id = session.token, str(session.get(STAFF_ID, ""))
        token = self._house.new_token() if session.new or session.wants_new_token else old
        with self._house.database.write() as tx:
            if old and old != token and user_id == session.owner:
                rename_staff_session(tx, old, token)
            elif old and old != token:
                delete_staff_session(tx, old)
            put_staff_session(
                tx,
                token,
                dict(session),
                user_id=user_id,
                now=self._house.clock(),
            )
        if token != old:
            set_cookie(response, STAFF, token, secure=self._secure)
