"""The container of a seal, read strictly: what a seal of ours holds, and nothing else.

It is a CMS signature (RFC 5652) in the form of PAdES baseline B (ETSI EN 319 142-1): one signer,
three signed attributes, P-256 or another curve with SHA-256, in DER, followed by zeros to the end
of the room kept for it. A time stamp of the signature (RFC 3161) may be added later by whoever
keeps the file. What is read here depends on no signing program: a seal stays readable for as long
as the standard does.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import NamedTuple

from asn1crypto import cms, core, tsp  # type: ignore[import-untyped]  # has no types

SHA_256 = bytes.fromhex("300d06096086480165030402010500")
"""AlgorithmIdentifier of SHA-256 with its NULL, DER (RFC 5754 2)."""
ECDSA_WITH_SHA_256 = bytes.fromhex("300a06082a8648ce3d040302")
"""AlgorithmIdentifier, DER (RFC 5758 3.2)."""
SIGNED_ATTRIBUTES = ["content_type", "message_digest", "signing_certificate_v2"]
TIME_STAMP = "signature_time_stamp_token"
BESIDE_CERTIFICATES = (
    "version",
    "digest_algorithms",
    "encap_content_info",
    "crls",
    "signer_infos",
)
"""The other fields of SignedData (RFC 5652 5.1)."""
LARGEST = 65_536
"""Octets. A seal of ours has less than 4 kB, a time stamp usually less than 10."""
MOST_ELEMENTS, DEEPEST = 4_096, 32
"""Of a container; a seal of ours has some hundreds, a dozen deep."""
LONG_TAG, CONSTRUCTED, LONG_LENGTH = 0x1F, 0x20, 0x80
"""Bits of the octets that begin an element (X.690 8.1)."""


class OddContainerError(Exception):
    """The container is not in the form every seal of ours has; the text says why."""


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A time stamp of the signature: when, by its own word, and the signed token, to be checked."""

    at: datetime
    token: cms.SignedData


@dataclass(frozen=True, slots=True)
class Container:
    """What a seal states. Certificates are DER; `signed` is what the signature is over.

    `others` are the certificates that came along besides the signer's own.
    """

    certificate: bytes
    others: frozenset[bytes]
    message_digest: bytes
    signed: bytes
    signature: bytes
    time_stamp: TimeStamp | None


def read_container(gap: bytes) -> Container:
    """Read the gap of a sealed file, from `<` to `>`. Raises `OddContainerError`."""
    try:
        return _read(gap)
    except (ValueError, TypeError, KeyError) as problem:
        raise OddContainerError(str(problem)) from problem


def _read(gap: bytes) -> Container:
    content = _signed_data(_der_in(gap))
    _demand_der_again(content, *BESIDE_CERTIFICATES)
    _demand(content["version"].native == "v1", "version")
    _demand([each.dump() for each in content["digest_algorithms"]] == [SHA_256], "digests")
    inside = content["encap_content_info"]
    _demand(inside["content_type"].native == "data" and _absent(inside["content"]), "content")
    _demand(_absent(content["crls"]), "revocation lists")
    _demand(len(content["signer_infos"]) == 1, "signers")
    signer = content["signer_infos"][0]
    certificate, others = _certificates(content["certificates"], signer["sid"])
    _demand(signer["version"].native == "v1", "version of the signer")
    _demand(signer["digest_algorithm"].dump() == SHA_256, "digest of the signer")
    _demand(signer["signature_algorithm"].dump() == ECDSA_WITH_SHA_256, "algorithm")
    signature: bytes = signer["signature"].native
    return Container(
        certificate=certificate,
        others=others,
        message_digest=_message_digest(signer["signed_attrs"], certificate),
        signed=signer["signed_attrs"].untag().dump(),
        signature=signature,
        time_stamp=_time_stamp(signer["unsigned_attrs"], signature),
    )


def _der_in(gap: bytes) -> bytes:
    """The container without the zeros after it."""
    _demand(len(gap) <= 2 * LARGEST + len("<>"), "size")
    found = re.fullmatch(rb"<((?:[0-9A-F]{2})+)>", gap)
    _demand(found is not None, "digits")
    assert found  # noqa: S101  # for the type checker: demanded above
    room = bytes.fromhex(found[1].decode())
    container = room[: _element(room, 0).end]
    _demand(not any(room[len(container) :]), "bytes after the container")
    return container


def _signed_data(der: bytes) -> cms.SignedData:
    """The content of a container, whose lengths must be DER."""
    _demand_der(der)
    info = cms.ContentInfo.load(der, strict=True)
    _demand(info["content_type"].native == "signed_data", "kind")
    return info["content"]


def _demand_der_again(content: cms.SignedData, *names: str) -> None:
    """These fields must be DER to the last bit: what comes when they are encoded anew."""
    for name in names:
        _demand(content[name].copy().dump(force=True) == content[name].dump(), "encoding")


class _Element(NamedTuple):
    """Where the content of an element begins and ends; whether it is made of further ones."""

    constructed: bool
    start: int
    end: int


def _demand_der(encoded: bytes) -> None:
    """Every length told, and told as shortly as can be, all the way down (X.690 10.1)."""
    at, elements, ends = 0, 0, [len(encoded)]
    while ends:
        element = _element(encoded, at)
        _demand(element.end <= ends[-1], "length of an element")
        elements += 1
        at = element.start if element.constructed else element.end
        if element.constructed:
            ends.append(element.end)
        _demand(elements <= MOST_ELEMENTS, "number of elements")
        _demand(len(ends) <= DEEPEST, "nesting")
        while ends and at == ends[-1]:
            ends.pop()


def _element(encoded: bytes, at: int) -> _Element:
    """The element that begins at an offset, with a tag of one octet, as all of a seal have."""
    head = encoded[at : at + 2].ljust(2, bytes([LONG_TAG]))
    _demand(head[0] & LONG_TAG != LONG_TAG, "head of an element")
    start, length = at + 2, head[1]
    if length >= LONG_LENGTH:
        told = encoded[start : start + length - LONG_LENGTH]
        start, length = start + len(told), int.from_bytes(told)
        _demand(told and told[0] and length >= LONG_LENGTH, "encoding of a length")
    _demand(start + length <= len(encoded), "length of an element")
    return _Element(bool(head[0] & CONSTRUCTED), start, start + length)


def _certificates(
    found: cms.CertificateSet, named: cms.SignerIdentifier
) -> tuple[bytes, frozenset[bytes]]:
    """The signer's certificate and the others. Earlier seals carry the signer's twice.

    They are not encoded anew, which takes long: every octet of them is compared with a pinned one.
    """
    _demand(named.name == "issuer_and_serial_number", "name of the signer")
    _demand(all(each.name == "certificate" for each in found), "certificates")
    encoded = [each.dump() for each in found]
    _demand(encoded == sorted(encoded), "order of the certificates")
    every = {each.chosen.dump(): each.chosen for each in found}
    signers = [
        der
        for der, each in every.items()
        if each.issuer.dump() == named.chosen["issuer"].dump()
        and each.serial_number == named.chosen["serial_number"].native
    ]
    _demand(len(signers) == 1, "certificate of the signer")
    return signers[0], frozenset(every) - {signers[0]}


def _message_digest(attributes: cms.CMSAttributes, certificate: bytes) -> bytes:
    """What the sealed bytes come to. The attributes must be known, and each be there once."""
    names = [each["type"].native for each in attributes]
    _demand(sorted(names) == SIGNED_ATTRIBUTES, "signed attributes")
    _demand(all(len(each["values"]) == 1 for each in attributes), "values of an attribute")
    values = {each["type"].native: each["values"][0] for each in attributes}
    _demand(values["content_type"].native == "data", "content type")
    signers = values["signing_certificate_v2"]["certs"]
    named = [each["cert_hash"].native for each in signers]
    _demand(named == [sha256(certificate).digest()], "hash of the certificate")
    digest: bytes = values["message_digest"].native
    return digest


def _time_stamp(attributes: cms.CMSAttributes, signature: bytes) -> TimeStamp | None:
    """The time stamp that was added: the one thing nobody signs that may be there."""
    if _absent(attributes):
        return None
    names = [each["type"].native for each in attributes]
    values = list(chain.from_iterable(each["values"] for each in attributes))
    _demand(names == [TIME_STAMP] and len(values) == 1, "unsigned attributes")
    token = _signed_data(values[0].dump())
    _demand_der_again(token, *BESIDE_CERTIFICATES, "certificates")
    stated = token["encap_content_info"]["content"].parsed
    _demand(isinstance(stated, tsp.TSTInfo), "time stamp")
    imprint = stated["message_imprint"]
    _demand(imprint["hash_algorithm"]["algorithm"].native == "sha256", "hash of the time stamp")
    _demand(imprint["hashed_message"].native == sha256(signature).digest(), "time stamp of another")
    return TimeStamp(stated["gen_time"].native, token)


def _absent(value: core.Asn1Value) -> bool:
    return isinstance(value, core.Void)


def _demand(holds: object, what: str) -> None:
    if not holds:
        raise OddContainerError(what)
