"""From where people act, as the ledger keeps it: of a patient no address, only the device."""

from flask import g, has_request_context, request

from questionnaire.journey.house import ON_THE_SERVER

AT_HOME = "a home link"
UNKNOWN_DEVICE = "a device that is not known"


def where_a_patient_is() -> str:
    """The tablet by its id, a home link, or a device that the clinic does not know."""
    if not has_request_context():
        return ON_THE_SERVER
    turn, tablet = g.get("turn"), g.get("tablet")
    if turn is not None and turn.at_home:
        return AT_HOME
    tablet_id = turn.tablet_id if turn is not None else tablet and tablet.id
    return f"tablet {tablet_id}" if tablet_id else UNKNOWN_DEVICE


def where_staff_are() -> str:
    """The network address, as the nearest trusted proxy told it (`web.proxies`)."""
    if not has_request_context():
        return ON_THE_SERVER
    return f"address {request.remote_addr or 'unknown'}"
