"""What the self-check finds about the clinic's certificates.

There must be one to seal with, it must last, and none may be lost that a filed document needs.
"""

from collections.abc import Iterator

from questionnaire.documents.certificate_files import CertificatesMissingError
from questionnaire.documents.certificate_forms import YEAR, in_use, names_another
from questionnaire.documents.certificates import SealingIdentity, fingerprint
from questionnaire.journey.clinic_facts import up_to_date
from questionnaire.journey.finding import Finding
from questionnaire.journey.house import House
from questionnaire.records.known_roots import known_seals
from questionnaire.records.sealed_with import documents_by_certificate
from questionnaire.settings import Settings


def certificates_in_force(house: House, settings: Settings) -> Iterator[Finding]:
    """Whether there is a certificate to seal with, and for how long it will do."""
    del settings
    mend = "Issue a new one: flask --app app keys renew-seal"
    now = house.clock()
    try:
        identity = house.sealing_identity(now)
    except CertificatesMissingError as problem:
        bring = "Bring it back from the safe copy of the keys. If it is lost, issue a new "
        again = f"{bring}sealing certificate: flask --app app keys renew-seal"
        yield Finding("certificate", grave=True, sentence=f"{problem}.", mend=again)
        return
    due = identity.renewal_is_due(now)
    if not identity.in_force(now):
        sentence = "The sealing certificate is not in force: signed consents wait for a new one."
        if not in_use(identity.root, now):
            mend = "The clinic root is not in force. Add another: flask --app app keys renew-root"
        yield Finding("certificate", grave=False, sentence=sentence, mend=mend)
    elif due is not None:
        sentence = f"The sealing certificate runs out in {identity.days_left(now)} days."
        yield Finding(f"certificate_{due}", grave=False, sentence=sentence, mend=mend)
    clinic = up_to_date(house).clinic
    if clinic.is_set_up and names_another(identity.certificate, clinic.called):
        sentence = "The sealing certificate has another name than the clinic."
        yield Finding("certificate_name", grave=False, sentence=sentence, mend=mend)
    yield from _too_short(house, identity)
    yield from _newest_without_key(house, identity)


def _newest_without_key(house: House, identity: SealingIdentity) -> Iterator[Finding]:
    """A newer sealing certificate that would seal now: its private key is not there."""
    trusted, now = house.trusted_seals(), house.clock()
    begins = max(
        (
            each.not_valid_before_utc
            for each in trusted.certificates
            if not trusted.revoked_since(each) and trusted.in_force(each, now)
        ),
        default=identity.certificate.not_valid_before_utc,
    )
    if begins > identity.certificate.not_valid_before_utc:
        yield Finding(
            "certificate_key",
            grave=False,
            sentence=f"The private key of the sealing certificate of {begins:%d %B %Y} is missing: "
            "an earlier certificate seals.",
            mend="Bring it back from the safe copy of the keys, or issue a new certificate: "
            "flask --app app keys renew-seal",
        )


def _too_short(house: House, identity: SealingIdentity) -> Iterator[Finding]:
    """A certificate or root that other readers call expired while records are still kept."""
    kept_until = house.clock() + house.library.clinic.retention.years * YEAR
    ends, root_ends = identity.certificate.not_valid_after_utc, identity.root.not_valid_after_utc
    if root_ends < kept_until:
        yield Finding(
            "root_short",
            grave=False,
            sentence=f"The clinic root ends on {root_ends:%d %B %Y}, before records of today do: "
            "other programs will then call their seals expired.",
            mend="Add another root: flask --app app keys renew-root",
        )
    elif ends < kept_until:
        yield Finding(
            "certificate_short",
            grave=False,
            sentence=f"The sealing certificate ends on {ends:%d %B %Y}, before records of today "
            "do: other programs will then call their seals expired.",
            mend="Issue a new one: flask --app app keys renew-seal",
        )


def certificates_of_documents(house: House, settings: Settings) -> Iterator[Finding]:
    """Each certificate that filed documents need and that is not there with its root."""
    try:
        trusted = house.trusted_seals()
    except CertificatesMissingError as problem:
        yield Finding(
            "certificates_unreadable",
            grave=True,
            sentence=f"{problem}.",
            mend="No sealed document can be checked until it is there.",
        )
        return
    with house.database.read() as tx:
        needed, known = documents_by_certificate(tx), known_seals(tx)
    for unused in sorted(known - needed.keys() - set(map(fingerprint, trusted.certificates))):
        yield Finding(
            "certificate_unused",
            grave=False,
            sentence="A sealing certificate that sealed no document is not beside the keys any "
            f"more; SHA-256: {unused}.",
            mend=f"Bring it back into {settings.keys} from the safe copy of the keys, if it is "
            "there.",
        )
    whole = {fingerprint(each) for each in trusted.certificates if trusted.root_of(each)}
    for lost in sorted(needed.keys() - whole):
        yield Finding(
            "certificate_lost",
            grave=False,
            sentence=f"The sealing certificate of sealed documents is not beside the keys, or its "
            f"root is not: checked here, they are not recognised. Documents: {needed[lost]}; "
            f"SHA-256 of the certificate: {lost}.",
            mend=f"Bring it back into {settings.keys} from the safe copy of the keys.",
        )
