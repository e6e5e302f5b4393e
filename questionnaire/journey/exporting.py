"""Many consents at once for somebody outside: asked for, approved by another, taken once."""

from collections.abc import Iterable

from questionnaire.archive.export import Exported, pack
from questionnaire.domain.answers import Slip
from questionnaire.domain.errors import NotAllowed
from questionnaire.domain.visit import Person, Station
from questionnaire.journey.approvals import allow_approver, ask, take_up
from questionnaire.journey.archiving import Purpose, open_consent
from questionnaire.journey.house import House
from questionnaire.journey.rates import count_export
from questionnaire.records.approvals import Kind
from questionnaire.records.sealing import seal_of
from questionnaire.records.visits import get_visit

MOST = 200
HEAD = ("reference", "name", "date of birth", "treatments", "appointment", "code", "sha256")


def ask_export(house: House, person: Person, visit_ids: Iterable[str], reason: str) -> str:
    """Ask for a folder of the sealed documents of these visits; the request's id.

    Visits without one are left out. Raises `Slip` when none or too many are left, and
    `TooManyTries`.
    """
    allow_approver(person)
    with house.database.write() as tx:
        count_export(house, tx, person)
    with house.database.read() as tx:
        picked = [
            visit_id
            for visit_id in dict.fromkeys(visit_ids)
            if get_visit(tx, visit_id).station is Station.SEALED
        ]
    if not 0 < len(picked) <= MOST:
        raise Slip(f"Search for at least one sealed document, and at most {MOST}.")
    return ask(house, person, Kind.EXPORT, reason, {"visits": picked})


def take_export(house: House, person: Person, approval_id: str) -> bytes:
    """The folder as a ZIP file, for who asked, once; each document is a reading in the ledger.

    Raises `NotAllowed` for others, `WrongStation` when it is not approved or was taken before.
    """
    allow_approver(person)
    with house.database.write() as tx:
        approved = take_up(house, tx, approval_id, Kind.EXPORT)
        if approved.asked_by != person.id:
            raise NotAllowed("Only who asked for these documents may take them.")
        visit_ids = approved.body["visits"]
        house.note(tx, person, "exported", approval_id, documents=len(visit_ids))
    documents = [_exported(house, person, visit_id) for visit_id in visit_ids]
    root = house.trusted_seals().roots_pem
    return pack(HEAD, documents, root, house.clock())


def _exported(house: House, person: Person, visit_id: str) -> Exported:
    document = open_consent(house, person, visit_id, Purpose.EXPORTED)
    with house.database.read() as tx:
        visit, seal = get_visit(tx, visit_id), seal_of(tx, visit_id)
    code = (seal and seal.verification_code) or visit_id
    cells = (
        visit.reference,
        visit.patient.full_name,
        visit.patient.date_of_birth.isoformat(),
        " ".join(visit.treatments),
        visit.appointment_at.isoformat(timespec="minutes"),
        code,
        (seal and seal.file_sha256) or "",
    )
    return Exported(f"consent-{code}.pdf", document, cells)
