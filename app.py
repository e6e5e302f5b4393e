"""The front of the house: one WSGI callable with two doors, and the command line.

The patient's door is at `/`, the staff door at `/staff`. Each is an app of its own with its own
cookie; they share nothing but the house behind them.
"""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from flask.helpers import get_debug_flag
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from questionnaire.cli import commands
from questionnaire.settings import Settings, check_folders

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GUNICORN_STOPS = 4
"""The exit status of a worker (`APP_LOAD_ERROR`) at which gunicorn ends instead of retrying."""


def open_doors(settings: Settings | None = None) -> "WSGIApplication":
    """Both doors, open: refuses to start with one sentence when something is wrong.

    Each process that serves calls this once: `gunicorn 'app:open_doors()'`. Without `settings`
    they are read from the environment. A refusal ends with the exit status at which gunicorn
    stops as well, instead of trying again for ever.
    """
    from questionnaire.cli.operate import in_one_sentence

    try:
        return in_one_sentence(_open_doors)(settings)
    except SystemExit as refused:
        raise SystemExit(GUNICORN_STOPS) from refused


def _open_doors(settings: Settings | None) -> "WSGIApplication":
    from questionnaire.clinic import door_secret, open_clinic
    from questionnaire.journey.self_check import refuse_unsafe_start
    from questionnaire.outbound import stay_at_home
    from questionnaire.web.bodies import only_whole_bodies
    from questionnaire.web.patient import create_patient_app
    from questionnaire.web.proxies import behind_proxies
    from questionnaire.web.staff import create_staff_app
    from questionnaire.worker import Sealer

    settings = settings or Settings.from_environment(os.environ)
    check_folders(settings)
    stay_at_home(settings.mail)
    sealer = Sealer(settings.data, lambda: open_clinic(settings))
    house = open_clinic(settings, call_sealer=sealer.call)
    refuse_unsafe_start(house, settings, debug=get_debug_flag())
    patient = create_patient_app(house, settings, secret_key=door_secret(settings, "patient"))
    staff = create_staff_app(house, settings, secret_key=door_secret(settings, "staff"))
    doors = only_whole_bodies(DispatcherMiddleware(patient, {"/staff": staff}))
    return behind_proxies(doors, settings)


class Front(Flask):
    """What `flask --app app` runs: the commands, and the doors when a request comes."""

    _doors: "WSGIApplication | None" = None

    def wsgi_app(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Open the doors at the first request and pass it on."""
        if self._doors is None:
            self._doors = open_doors()
        return self._doors(environ, start_response)


def create_app() -> Flask:
    """The front of the house, for `flask --app app`; nothing is opened yet."""
    front = Front(__name__, static_folder=None)
    for command in commands():
        front.cli.add_command(command)
    return front
