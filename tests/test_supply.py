"""What is installed: exactly the versions and files that were looked at, from anywhere."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-audit.txt")


def without_comments(lock: str) -> str:
    """The lock file's own lines."""
    return re.sub(r"^\s*#.*\n", "", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)


def entries(lock: str) -> dict[str, list[str]]:
    """Package and version → the hashes it may have."""
    found: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\S)", without_comments(lock).strip()):
        line, _, rest = entry.partition("\\\n")
        one = Requirement(line)
        hashes = re.findall(r"--hash=sha256:([0-9a-f]{64})", rest)
        found.setdefault(f"{one.name}{one.specifier}", []).extend(hashes)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_one_version_and_its_hashes(lock: str) -> None:
    found = entries(lock)
    assert len(found) >= 20
    assert [name for name in found if not re.fullmatch(r"[a-z0-9.-]+==[^=\s]+", name)] == []
    assert [name for name, hashes in found.items() if not hashes] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_a_place_to_fetch_from(lock: str) -> None:
    text = re.sub(r"--hash=\S+", "", without_comments(lock))
    assert re.findall(r"--\w+|https?://|git\+|file:|@", text) == []


def test_nothing_is_installed_without_its_hash_nor_resolved_nor_built() -> None:
    script = (ROOT / "candour").read_text("utf-8").replace("\\\n", "")
    installs = re.findall(r"pip install.*", script)
    assert installs
    for option in ("--no-deps", "--require-hashes", "--only-binary=:all:"):
        assert [line for line in installs if option not in line] == []
    assert "pip_audit --strict" in script


def test_the_wheels_kept_here_are_the_ones_the_locks_name() -> None:
    kept = {sha256(wheel.read_bytes()).hexdigest() for wheel in ROOT.glob("wheels/*.whl")}
    assert kept
    assert kept <= {one for hashes in entries("requirements.txt").values() for one in hashes}
