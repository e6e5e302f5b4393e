"""What a check of a file comes to, for the true document and for every way to spoil it."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import core
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from questionnaire.documents.certificates import SealingIdentity, TrustedSeals
from questionnaire.documents.container import (
    DEEPEST,
    LARGEST,
    MOST_ELEMENTS,
    OddContainerError,
    read_container,
)
from questionnaire.documents.proofread import attached
from questionnaire.documents.seal import CertificateExpiredError, seal
from questionnaire.documents.verdict import LARGEST_FILE, Verdict, Word
from questionnaire.documents.verify import verify
from questionnaire.domain.consent import fingerprint
from tests.documents import containers, samples, tampering
from tests.documents.tampering import Hand, Spoil, appended, flip, replaced, saved_anew

pytestmark = pytest.mark.whole

UNSEALED, ALTERED = Word.UNSEALED, Word.ALTERED
UNRECOGNISED, AUTHENTIC = Word.UNRECOGNISED, Word.AUTHENTIC

EMPTYINGS: dict[str, Callable[[bytes], bytes | None]] = {
    "left out": lambda _: None,
    "empty": lambda _: b"",
    "an empty list": lambda _: b"[]",
    "an empty object": lambda _: b"{}",
    "null": lambda _: b"null",
    "no JSON": lambda content: content[:-5],
}

VECTORS: dict[str, tuple[Word, Spoil]] = {
    "the document as sealed": (AUTHENTIC, lambda hand: hand.sealed),
    "never sealed": (UNSEALED, lambda hand: hand.rendered),
    "a bit in the header": (ALTERED, lambda hand: flip(hand.sealed, 6)),
    "a bit in the drawn text": (ALTERED, lambda hand: flip(hand.sealed, 5_000)),
    "a bit in the middle": (ALTERED, lambda hand: flip(hand.sealed, len(hand.rendered) // 2)),
    "a bit in the first cross-reference": (
        ALTERED,
        lambda hand: flip(hand.sealed, len(hand.rendered) - 60),
    ),
    "a bit near the end": (ALTERED, lambda hand: flip(hand.sealed, len(hand.sealed) - 40)),
    "the metadata's title": (
        ALTERED,
        lambda hand: replaced(hand.sealed, b"Consent to treatment", b"Consent to anything!"),
    ),
    "the stated time": (
        ALTERED,
        lambda hand: replaced(hand.sealed, b"20261125104516Z", b"20261124104516Z"),
    ),
    "the time taken out": (ALTERED, lambda hand: replaced(hand.sealed, b"/M (D", b"/Q (D")),
    "a space after the end": (ALTERED, lambda hand: hand.sealed + b" "),
    "a line after the end": (ALTERED, lambda hand: hand.sealed + b"\n% all is well\n"),
    "a zero byte after the end": (ALTERED, lambda hand: hand.sealed + b"\0"),
    "a script after the end": (ALTERED, lambda hand: hand.sealed + b"<script>1</script>"),
    "itself twice": (ALTERED, lambda hand: hand.sealed + hand.sealed),
    "words before the start": (ALTERED, lambda hand: b"MZ" + hand.sealed),
    "the last byte cut": (ALTERED, lambda hand: hand.sealed[:-1]),
    "the end cut": (ALTERED, lambda hand: hand.sealed[:-400]),
    "cut in half": (UNSEALED, lambda hand: hand.sealed[: len(hand.rendered) // 2]),
    "rolled back to before the seal": (UNSEALED, tampering.one_revision),
    "a page turned": (ALTERED, saved_anew(tampering.rotate)),
    "a page added": (ALTERED, saved_anew(tampering.add_page)),
    "pages swapped": (ALTERED, saved_anew(tampering.swap_pages)),
    "the record swapped": (ALTERED, saved_anew(tampering.swap_record)),
    "saved again": (ALTERED, saved_anew(lambda _: None)),
    "saved for the web": (ALTERED, tampering.web_ready),
    "the seal taken out": (UNSEALED, saved_anew(tampering.drop_signature)),
    "a page turned in a later revision": (ALTERED, appended(tampering.rotate_quietly)),
    "a note laid over a risk": (ALTERED, appended(tampering.cover_a_risk)),
    "metadata swapped in a later revision": (ALTERED, appended(tampering.change_metadata)),
    "attachments dropped in a later revision": (ALTERED, appended(tampering.swap_attachments)),
    "the seal hidden in a later revision": (ALTERED, appended(tampering.hide_seal)),
    "signed again by a stranger": (ALTERED, tampering.add_signature),
    "a digit in the seal's padding": (ALTERED, tampering.padding_changed),
    "the seal in small letters": (ALTERED, tampering.container_in_small_letters),
    "the root's copy in the seal": (ALTERED, tampering.embedded_certificate_changed),
    "a sealed range one byte short": (ALTERED, tampering.smaller_range),
    "locked with a password": (ALTERED, tampering.locked),
    "sealed by another root of the same name": (UNRECOGNISED, tampering.sealed_by_another_root),
    "sealed by another root, then changed": (
        ALTERED,
        lambda hand: flip(tampering.sealed_by_another_root(hand), 5_000),
    ),
    "sealed by another signer of the clinic's root": (
        UNRECOGNISED,
        tampering.sealed_by_another_signer_of_the_same_root,
    ),
    "signed by a stranger in another field": (UNRECOGNISED, tampering.strangers_own_file),
    "sealed after the certificate had ended": (UNRECOGNISED, tampering.sealed_out_of_time),
    "sealed around another record": (ALTERED, tampering.another_patients_pages),
    "sealed with a page of another record": (ALTERED, tampering.one_page_of_another),
    "sealed with its files saved again": (
        AUTHENTIC,
        tampering.with_enclosed("signatures.json", lambda content: content),
    ),
    **{
        f"sealed with {name} {how}": (ALTERED, tampering.with_enclosed(name, change))
        for name in ("signatures.json", "fhir-consent.json", "fhir-questionnaire-response.json")
        for how, change in EMPTYINGS.items()
    },
    "sealed with a signature less": (
        ALTERED,
        tampering.with_enclosed(
            "signatures.json", lambda content: json.dumps(json.loads(content)[:1]).encode()
        ),
    ),
    "sealed with signatures on another record": (
        ALTERED,
        tampering.with_enclosed(
            "signatures.json", lambda content: re.sub(rb"[0-9a-f]{64}", b"0" * 64, content)
        ),
    ),
    "sealed with an answer changed in the answers for others": (
        ALTERED,
        tampering.with_enclosed(
            "fhir-questionnaire-response.json",
            lambda content: content.replace(b'"valueString": "', b'"valueString": "not ', 1),
        ),
    ),
    "sealed with another patient in the consent for others": (
        ALTERED,
        tampering.with_enclosed(
            "fhir-consent.json", lambda content: content.replace(b'"display": "', b'"display": "X')
        ),
    ),
    "sealed with a file more inside": (
        ALTERED,
        tampering.with_enclosed("more.txt", lambda _: b"all is well"),
    ),
    "sealed without a record": (UNRECOGNISED, tampering.without_record),
    "a second signer": (ALTERED, containers.changed(containers.second_signer)),
    "no signer": (ALTERED, containers.changed(containers.without_signer)),
    "a stranger's certificate along with ours": (ALTERED, containers.with_a_strangers_certificate),
    "no certificate": (ALTERED, containers.changed(containers.without_certificates)),
    "the signer's certificate twice, as of old": (
        AUTHENTIC,
        containers.changed(containers.signers_certificate_twice),
    ),
    "another version of the container": (ALTERED, containers.changed(containers.other_version)),
    "a further digest": (ALTERED, containers.changed(containers.further_digest)),
    "a parameter that says nothing": (
        ALTERED,
        containers.changed(containers.null_beside_the_algorithm),
    ),
    "words in the container": (ALTERED, containers.changed(containers.hidden_words)),
    "an attribute that nobody signed": (ALTERED, containers.changed(containers.unsigned_words)),
    "an attribute too many, signed": (ALTERED, containers.signed_with_a_further_attribute),
    "a container whose length is not told": (ALTERED, containers.indefinite),
    "a container whose length is told at length": (ALTERED, containers.long_lengths),
    "bytes after the container": (ALTERED, containers.bytes_after),
    "a time stamp": (AUTHENTIC, containers.changed(containers.stamped())),
    "two time stamps": (ALTERED, containers.changed(containers.stamped(times=2))),
    "a time stamp of another seal": (ALTERED, containers.changed(containers.stamped(of=b"other"))),
    "a time stamp that was changed": (ALTERED, containers.changed(containers.stamped(spoilt=True))),
    "cut in the seal": (ALTERED, tampering.cut_in_the_seal),
    "the sealed range under another name": (
        ALTERED,
        lambda hand: replaced(hand.sealed, b"/ByteRange", b"/ByteRangf"),
    ),
    "a text about seals": (UNSEALED, lambda _: b"A seal has a /ByteRange [0 1 2 3] in it."),
    "an unsealed document about seals": (
        UNSEALED,
        lambda hand: hand.rendered + b"% on a /ByteRange\n",
    ),
    "changed again and again": (UNSEALED, tampering.many_revisions),
    "empty": (UNSEALED, lambda _: b""),
    "a web page": (UNSEALED, lambda _: b"<!doctype html><p>Sealed, honestly</p>"),
    "a picture": (UNSEALED, lambda _: b"\x89PNG\r\n\x1a\n" + bytes(500)),
    "far too large": (UNSEALED, lambda hand: hand.sealed + bytes(LARGEST_FILE)),
    "a bomb": (UNSEALED, tampering.bomb),
    "deeply nested": (UNSEALED, tampering.deep),
    "running in a circle": (UNSEALED, tampering.circle),
}


@pytest.fixture
def hand(
    rendered: bytes, sealed: bytes, identity: SealingIdentity, keys: Path, tmp_path: Path
) -> Hand:
    """What a forger may hold."""
    return Hand(rendered, sealed, identity, keys, tmp_path)


@pytest.mark.parametrize("name", VECTORS)
def test_every_file_gets_its_word(name: str, hand: Hand, trusted: TrustedSeals) -> None:
    word, spoil = VECTORS[name]
    verdict = verify(spoil(hand), trusted)
    assert verdict.word == word, verdict.sentence
    assert verdict.sentence.endswith(".")


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(share=st.floats(min_value=0, max_value=1, exclude_max=True), bit=st.sampled_from(range(8)))
def test_any_bit_turned_is_noticed(
    sealed: bytes, trusted: TrustedSeals, share: float, bit: int
) -> None:
    spoilt = flip(sealed, int(share * len(sealed)), 1 << bit)
    assert verify(spoilt, trusted).word is not Word.AUTHENTIC


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(share=st.floats(min_value=0, max_value=1, exclude_max=True), bit=st.sampled_from(range(8)))
def test_any_bit_turned_in_the_seal_itself_is_noticed(
    sealed: bytes, trusted: TrustedSeals, share: float, bit: int
) -> None:
    start, end = tampering.container_span(sealed)
    spoilt = flip(sealed, start + int(share * (end - start)), 1 << bit)
    assert verify(spoilt, trusted).word is not Word.AUTHENTIC


def nested(depth: int) -> bytes:
    """SEQUENCEs, each but the last with one more in it."""
    der = b""
    for _ in range(depth):
        info = core.Sequence()
        info.contents = der
        der = info.dump()
    return der


def sequence_of(content: bytes) -> bytes:
    """One SEQUENCE."""
    info = core.Sequence()
    info.contents = content
    return info.dump()


TOO_LARGE = {
    "anything, over 64 kB": (b"\xff" * (LARGEST + 1), "size"),
    "zeros around a container": (b"\x05\0".ljust(LARGEST + 1, b"\0"), "size"),
    "very many NULLs": (sequence_of(b"\x05\0" * 32_000), "number of elements"),
    "one NULL too many": (sequence_of(b"\x05\0" * MOST_ELEMENTS), "number of elements"),
    "one SEQUENCE too deep": (nested(DEEPEST), "nesting"),
    "SEQUENCEs in SEQUENCEs": (nested(2_000), "nesting"),
    "lengths that are not told": (b"\x30\x80" * 30_000, "encoding of a length"),
    "an element longer than what it is in": (b"\x30\x02\x04\x05", "length of an element"),
    "a length cut short": (b"\x30\x84\x01", "encoding of a length"),
    "half a head": (b"\x30", "length of an element"),
    "a tag of many octets": (b"\x30\x01\x1f", "head of an element"),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_container_larger_than_any_seal_is_refused_before_it_is_read(name: str) -> None:
    container, why = TOO_LARGE[name]
    with pytest.raises(OddContainerError, match=f"^{why}$"):
        read_container(b"<" + container.hex().upper().encode() + b">")


@given(st.binary(max_size=400).map(sequence_of) | st.binary(min_size=1, max_size=400))
def test_no_container_at_all_fails_but_by_being_odd(container: bytes) -> None:
    with pytest.raises(OddContainerError):
        read_container(b"<" + container.hex().upper().encode() + b">")


@given(st.binary(max_size=400))
def test_no_file_at_all_makes_the_check_fail(trusted: TrustedSeals, content: bytes) -> None:
    assert verify(b"%PDF-1.7\n" + content, trusted).word in {Word.UNSEALED, Word.ALTERED}


def test_a_true_document_tells_its_facts(
    sealed: bytes, identity: SealingIdentity, trusted: TrustedSeals
) -> None:
    verdict = verify(sealed, trusted)
    record = attached(sealed, "record.json")
    assert record is not None
    assert verdict.sealed_at == samples.SEALED
    assert verdict.sealed_by == identity.certificate.subject.rfc4514_string()
    assert verdict.record_sha256 == fingerprint(record)
    assert verdict.lines()[-1] == "authentic"
    assert "Sealed at: 2026-11-25 10:45:16 UTC" in verdict.lines()


def test_a_time_stamp_tells_its_time_and_nothing_else_changes(
    hand: Hand, trusted: TrustedSeals
) -> None:
    plain = verify(hand.sealed, trusted)
    stamped = verify(containers.changed(containers.stamped())(hand), trusted)
    assert stamped.time_stamped_at == containers.STAMPED
    assert "Time stamp: 2026-11-25 11:00:00 UTC" in stamped.lines()
    assert stamped == replace(
        plain, file_sha256=stamped.file_sha256, time_stamped_at=stamped.time_stamped_at
    )


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda hand: hand.sealed[:900], "cannot be read; it does not look like a sealed file"),
        (tampering.cut_in_the_seal, "cannot be read any more; it looks like a sealed file"),
        (lambda _: b"/ByteRange [0 1 2 3]", "is not a PDF"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_by_what_it_looks_like(
    spoil: Spoil, sentence: str, hand: Hand, trusted: TrustedSeals
) -> None:
    assert sentence in verify(spoil(hand), trusted).sentence


def test_facts_that_cannot_be_believed_are_not_told(sealed: bytes, trusted: TrustedSeals) -> None:
    verdict = verify(sealed + b" ", trusted)
    bare = Verdict(verdict.word, verdict.sentence, verdict.file_sha256)
    assert verdict == bare
    assert len(verdict.lines()) == 3


def test_what_was_sealed_in_time_stays_authentic_after_the_certificate_ends(
    rendered: bytes, identity: SealingIdentity, trusted: TrustedSeals
) -> None:
    last_day = identity.seals_until - timedelta(days=1)
    assert verify(seal(rendered, identity, last_day), trusted).word is Word.AUTHENTIC


def test_a_certificate_taken_off_the_list_is_not_recognised(
    sealed: bytes, trusted: TrustedSeals
) -> None:
    assert verify(sealed, replace(trusted, certificates=())).word is Word.UNRECOGNISED


def test_sealing_is_refused_when_the_certificate_has_ended(
    rendered: bytes, identity: SealingIdentity
) -> None:
    too_late = identity.seals_until + timedelta(seconds=1)
    with pytest.raises(CertificateExpiredError, match="Issue a new one"):
        seal(rendered, identity, too_late)


def test_the_same_document_identity_and_time_give_the_same_seal(
    rendered: bytes, sealed: bytes, identity: SealingIdentity
) -> None:
    assert seal(rendered, identity, samples.SEALED) == sealed
