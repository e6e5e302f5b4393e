"""Where a request comes from: only the clinic's own proxies are believed about it."""

from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

from questionnaire.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def behind_proxies(doors: "WSGIApplication", settings: Settings) -> "WSGIApplication":
    """The doors, told the address that the outermost of our own proxies saw.

    Everything else that a header says about the client, the host or the scheme is left alone.
    """
    return ProxyFix(doors, x_for=settings.proxy_hops, x_proto=0, x_host=0, x_port=0, x_prefix=0)
