"""A folder for the moment is gone afterwards; nobody else's is ever taken away."""

import fcntl
from pathlib import Path

from questionnaire.archive.passing import PASSING, SIGN, clear_passing, passing_folder


def test_it_is_ours_and_empty_but_for_its_sign_and_gone_afterwards(tmp_path: Path) -> None:
    with passing_folder(tmp_path) as folder:
        assert folder.stat().st_mode & 0o077 == 0
        assert [each.name for each in folder.iterdir()] == [SIGN]
        (folder / "records.db").write_text("words")
    assert list(tmp_path.iterdir()) == []


def test_one_in_use_stays_whoever_comes(tmp_path: Path) -> None:
    with passing_folder(tmp_path) as first:
        clear_passing(tmp_path)
        with passing_folder(tmp_path) as second:
            assert first.is_dir()
            assert second != first
        assert first.is_dir()


def left_behind(room: Path, name: str = "") -> Path:
    """What a killed program left: signed, and in nobody's use."""
    left = room / (name or f"{PASSING}left")
    left.mkdir()
    (left / SIGN).touch()
    (left / "records.db").write_text("words")
    return left


def test_what_a_killed_program_left_goes(tmp_path: Path) -> None:
    left = left_behind(tmp_path)
    with passing_folder(tmp_path):
        assert not left.exists()


def test_what_somebody_else_made_stays(tmp_path: Path) -> None:
    strange = [
        left_behind(tmp_path, ".restoring"),
        left_behind(tmp_path, ".backup-of-mine"),
        left_behind(tmp_path, "shelf"),
        left_behind(tmp_path, f"{PASSING}unsigned"),
    ]
    (strange[-1] / SIGN).unlink()
    linked = tmp_path / f"{PASSING}linked"
    (tmp_path / "elsewhere").mkdir()
    linked.symlink_to(left_behind(tmp_path / "elsewhere"))
    (tmp_path / f"{PASSING}file").write_text("words")
    with passing_folder(tmp_path):
        pass
    assert all((each / "records.db").read_text() == "words" for each in (*strange, linked))
    assert (tmp_path / f"{PASSING}file").read_text() == "words"


def test_the_lock_of_one_in_use_is_held(tmp_path: Path) -> None:
    with passing_folder(tmp_path) as folder, (folder / SIGN).open("rb+") as sign:
        try:
            fcntl.flock(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
    raise AssertionError("the folder could be cleared while it is in use")
