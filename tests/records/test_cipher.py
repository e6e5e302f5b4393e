"""Keys are kept safely, and what is sealed opens only unchanged and in its place."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.records.cipher import FILE_NAME, KeyRing, KeysUnusable, Tampered, canonical

RING = KeyRing(b"d" * 32, b"l" * 32, b"c" * 32, {1: b"f" * 32})
OTHER = KeyRing(b"D" * 32, b"L" * 32, b"C" * 32, {1: b"F" * 32})
PLACE = {"table": "answers", "column": "body", "row": "visit-1"}
BODIES = st.dictionaries(
    st.text(max_size=20),
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=4),
    max_size=6,
)


def test_created_keys_load_again_and_are_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "keys"
    ring = KeyRing.create(folder)
    assert KeyRing.load(folder) == ring
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [(each.name, each.stat().st_mode & 0o777) for each in folder.iterdir()] == [
        (FILE_NAME, 0o600)
    ]


def test_no_two_keys_are_alike(tmp_path: Path) -> None:
    rings = [KeyRing.create(tmp_path / name) for name in "ab"]
    keys = {
        key
        for ring in rings
        for key in (ring.database_key, ring.ledger_key, ring.code_key, *ring.field_keys.values())
    }
    assert len(keys) == 8


def test_keys_that_are_there_are_never_replaced(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path / "keys")
    with pytest.raises(KeysUnusable, match="already; they stay"):
        KeyRing.create(tmp_path / "keys")
    assert KeyRing.load(tmp_path / "keys") == ring


@pytest.mark.guarantees("S39")
def test_missing_keys_are_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(KeysUnusable, match="There is no key file at"):
        KeyRing.load(tmp_path / "keys")


@pytest.mark.parametrize("place", ["", FILE_NAME])
def test_keys_open_to_others_are_refused(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "keys"
    KeyRing.create(folder)
    (folder / place).chmod(0o750)
    with pytest.raises(KeysUnusable, match="is open to other users"):
        KeyRing.load(folder)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "[]",
        "{}",
        '{"database": "zz", "ledger": "", "codes": "", "fields": {}}',
        json.dumps({"database": "00", "ledger": "00", "codes": "00", "fields": {"1": "00"}}),
        json.dumps({"database": "00" * 32, "ledger": "00" * 32, "codes": "00" * 32, "fields": {}}),
    ],
)
def test_a_damaged_key_file_is_refused(tmp_path: Path, written: str) -> None:
    folder = tmp_path / "keys"
    KeyRing.create(folder)
    (folder / FILE_NAME).write_text(written)
    with pytest.raises(KeysUnusable, match="is damaged"):
        KeyRing.load(folder)


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_the_same(plain: bytes) -> None:
    assert RING.open(RING.seal(plain, **PLACE), **PLACE) == plain


@given(BODIES)
def test_a_body_reads_back_the_same(body: dict[str, object]) -> None:
    blob = RING.seal_body(body, table="answers", row="visit-1")
    assert RING.open_body(blob, table="answers", row="visit-1") == body


def test_the_same_words_sealed_twice_look_different() -> None:
    assert RING.seal(b"yes", **PLACE) != RING.seal(b"yes", **PLACE)


@pytest.mark.guarantees("S38")
@given(st.data())
def test_any_flipped_bit_is_noticed(data: st.DataObject) -> None:
    blob = bytearray(RING.seal(b"a patient's words", **PLACE))
    position = data.draw(st.integers(0, len(blob) - 1))
    blob[position] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Tampered):
        RING.open(bytes(blob), **PLACE)


@given(st.integers(0, 40))
def test_cut_off_bytes_are_noticed(kept: int) -> None:
    blob = RING.seal(b"a patient's words", **PLACE)
    with pytest.raises(Tampered):
        RING.open(blob[:kept], **PLACE)


@pytest.mark.guarantees("S38")
@pytest.mark.parametrize("part", ["table", "column", "row"])
def test_what_is_moved_to_another_place_is_refused(part: str) -> None:
    blob = RING.seal(b"a patient's words", **PLACE)
    with pytest.raises(Tampered):
        RING.open(blob, **{**PLACE, part: "another"})


def test_what_another_clinic_sealed_is_refused() -> None:
    with pytest.raises(Tampered):
        RING.open(OTHER.seal(b"a patient's words", **PLACE), **PLACE)


def test_a_sealed_list_is_not_a_body() -> None:
    blob = RING.seal(b"[]", table="answers", column="body", row="visit-1")
    with pytest.raises(Tampered):
        RING.open_body(blob, table="answers", row="visit-1")


@pytest.mark.guarantees("S40")
def test_a_renewed_ring_seals_with_the_new_key_and_opens_the_old(tmp_path: Path) -> None:
    old = KeyRing.create(tmp_path / "keys")
    new = old.renewed(tmp_path / "keys")
    assert KeyRing.load(tmp_path / "keys") == new
    assert new.open(old.seal(b"words", **PLACE), **PLACE) == b"words"
    fresh = new.seal(b"words", **PLACE)
    assert new.open(fresh, **PLACE) == b"words"
    with pytest.raises(Tampered, match="its key is unknown"):
        old.open(fresh, **PLACE)


def test_codes_are_looked_up_by_a_keyed_hash() -> None:
    hashed = RING.code_hash("RIVER-42")
    assert len(hashed) == 64
    assert hashed == RING.code_hash("RIVER-42")
    assert hashed not in {RING.code_hash("RIVER-43"), OTHER.code_hash("RIVER-42")}


def test_a_printed_ring_shows_no_key() -> None:
    assert "dddd" not in repr(RING)
    assert RING.field_keys[1].hex() not in str(RING)


def test_canonical_bytes_do_not_depend_on_order() -> None:
    assert (
        canonical({"b": [1], "a": "é"})
        == canonical({"a": "é", "b": [1]})
        == ('{"a":"é","b":[1]}'.encode())
    )


def test_what_is_not_a_number_is_not_stored() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"platelets": float("nan")})
