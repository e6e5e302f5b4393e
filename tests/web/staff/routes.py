"""Everything that answers at the staff door."""

from tests.web.staff.door import MOUNT, Door

NOWHERE = "0" * 32
NOBODY = {"filename": "nothing.css", "account_id": "999999"}


def addresses(door: Door, visit_id: str = NOWHERE) -> list[tuple[str, str, str]]:
    """Endpoint, method and path of every route; ids but the visit's belong to nobody."""
    known = NOBODY | {"visit_id": visit_id}
    with door.app.test_request_context("/", base_url=MOUNT):
        urls = door.app.url_map.bind("localhost")
        return [
            (rule.endpoint, method, urls.build(rule.endpoint, _values(rule.arguments, known)))
            for rule in door.app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) & {"GET", "POST"})
        ]


def _values(arguments: set[str], known: dict[str, str]) -> dict[str, str]:
    return {name: known.get(name, NOWHERE) for name in arguments}
