"""Ways to spoil the container of a seal, each with everything else in the file as it was."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from asn1crypto import algos, cms, core, keys, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from questionnaire.documents.certificates import create_clinic_certificates, load_seal
from questionnaire.documents.seal import as_asn1
from tests.documents import samples, tampering
from tests.documents.tampering import Hand, Spoil, container_span

STAMPED = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)

Change = Callable[[cms.SignedData], None]


def contained(pdf: bytes) -> cms.ContentInfo:
    """The container of a sealed file."""
    start, end = container_span(pdf)
    return cms.ContentInfo.load(bytes.fromhex(pdf[start:end].decode()))


def with_container(pdf: bytes, container: bytes) -> bytes:
    """The file with these bytes in the room for the container, and zeros after them."""
    start, end = container_span(pdf)
    return pdf[:start] + container.hex().upper().encode().ljust(end - start, b"0") + pdf[end:]


def changed(change: Change) -> Spoil:
    """A spoiling of what the container holds."""

    def spoil(hand: Hand) -> bytes:
        info = contained(hand.sealed)
        change(info["content"])
        return with_container(hand.sealed, info.dump(force=True))

    return spoil


def signed_with_a_further_attribute(hand: Hand) -> bytes:
    """The clinic's own key signs one more attribute than a seal of ours has."""
    info = contained(hand.sealed)
    signer = info["content"]["signer_infos"][0]
    extra = cms.CMSAttribute({"type": "signing_time", "values": [cms.Time("utc_time", STAMPED)]})
    signer["signed_attrs"] = cms.CMSAttributes([*signer["signed_attrs"], extra])
    signed = signer["signed_attrs"].untag().dump(force=True)
    signer["signature"] = hand.identity.key.sign(signed, ec.ECDSA(hashes.SHA256()))
    return with_container(hand.sealed, info.dump(force=True))


def second_signer(content: cms.SignedData) -> None:
    content["signer_infos"] = cms.SignerInfos([*content["signer_infos"], *content["signer_infos"]])


def without_signer(content: cms.SignedData) -> None:
    content["signer_infos"] = cms.SignerInfos([])


def signers_certificate_twice(content: cms.SignedData) -> None:
    """As release 0.1.0 wrote it."""
    signer = next(each for each in content["certificates"] if not each.chosen.ca)
    content["certificates"] = cms.CertificateSet([*content["certificates"], signer])


def without_certificates(content: cms.SignedData) -> None:
    content["certificates"] = cms.CertificateSet([])


def with_a_strangers_certificate(hand: Hand) -> bytes:
    create_clinic_certificates(hand.empty, "Willow Lane Clinic", samples.ARRANGED)
    stranger = as_asn1(load_seal(hand.empty, samples.SEALED).certificate)

    def add(content: cms.SignedData) -> None:
        along = cms.CertificateChoices("certificate", stranger)
        content["certificates"] = cms.CertificateSet([*content["certificates"], along])

    return changed(add)(hand)


def other_version(content: cms.SignedData) -> None:
    content["version"] = "v3"


def further_digest(content: cms.SignedData) -> None:
    weak = algos.DigestAlgorithm({"algorithm": "sha1"})
    content["digest_algorithms"] = cms.DigestAlgorithms([*content["digest_algorithms"], weak])


def null_beside_the_algorithm(content: cms.SignedData) -> None:
    """A parameter that says nothing, in a place that nobody signs."""
    named = content["signer_infos"][0]["signature_algorithm"]
    named["parameters"] = core.Null()


def hidden_words(content: cms.SignedData) -> None:
    """Words for the file's finder where the sealed content would be, had it come along."""
    content["encap_content_info"]["content"] = b"all is well"


def unsigned_words(content: cms.SignedData) -> None:
    """An attribute that nobody signs."""
    words = {"type": "1.3.6.1.4.1.99999.1", "values": [core.UTF8String("all is well")]}
    content["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute(words)])


def indefinite(hand: Hand) -> bytes:
    """The container in BER: its length is not told, its end is marked."""
    der = contained(hand.sealed).dump()
    return with_container(hand.sealed, b"\x30\x80" + der[4:] + b"\0\0")


def long_lengths(hand: Hand) -> bytes:
    """The container in BER: its length takes a byte more than it needs."""
    der = contained(hand.sealed).dump()
    return with_container(hand.sealed, b"\x30\x83\0" + der[2:])


def bytes_after(hand: Hand) -> bytes:
    return with_container(hand.sealed, contained(hand.sealed).dump() + bytes(9) + b"all is well")


def time_stamp_of(signature: bytes) -> cms.ContentInfo:
    """A time stamp by an authority that nobody knows."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    to_sign = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": 1,
            "signature": {"algorithm": "sha256_rsa"},
            "issuer": x509.Name.build({"common_name": "Nobody's time stamps"}),
            "subject": x509.Name.build({"common_name": "Nobody's time stamps"}),
            "validity": {
                "not_before": x509.Time("utc_time", STAMPED - timedelta(days=9)),
                "not_after": x509.Time("utc_time", STAMPED + timedelta(days=9)),
            },
            "subject_public_key_info": keys.PublicKeyInfo.load(public),
            "extensions": [
                {"extn_id": "extended_key_usage", "critical": True, "extn_value": ["time_stamping"]}
            ],
        }
    )
    certificate = x509.Certificate(
        {
            "tbs_certificate": to_sign,
            "signature_algorithm": {"algorithm": "sha256_rsa"},
            "signature_value": b"not checked",
        }
    )
    stamper = DummyTimeStamper(
        certificate, keys.PrivateKeyInfo.load(der), fixed_dt=STAMPED, include_nonce=False
    )
    return asyncio.run(stamper.async_timestamp(sha256(signature).digest(), "sha256"))


def stamped(
    *, of: bytes | None = None, times: int = 1, spoilt: bool = False
) -> Callable[[cms.SignedData], None]:
    """Add time stamps: of this signature unless told otherwise, `spoilt` in their own signature."""

    def add(content: cms.SignedData) -> None:
        signer = content["signer_infos"][0]
        token = time_stamp_of(signer["signature"].native if of is None else of)
        if spoilt:
            its = token["content"]["signer_infos"][0]
            its["signature"] = tampering.flip(its["signature"].native, 20)
        stamp = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})
        signer["unsigned_attrs"] = cms.CMSAttributes([stamp] * times)

    return add
