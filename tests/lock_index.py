"""A package index in a folder: what the locks pin, as tiny wheels, and a newer version of each.

The tiny wheels ask for the same packages, with the same extras, as the real ones do, so that an
installer that resolves anything meets the same questions. The locks are written again with the
hashes of the tiny wheels, and without extras, which makes an old pip look for what is newest.
"""

import io
import re
import tarfile
import zipfile
from hashlib import sha256
from importlib.metadata import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
NEWER = "9999.0"
BUILDER = "open({trace!r}, 'w').close()\nfrom setuptools import setup\nsetup(name={name!r})\n"


def pinned(lock: str) -> list[Requirement]:
    """What a lock pins for this machine, in the order of the file."""
    lines = re.findall(r"^([a-z].*==.*) \\$", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    found = [Requirement(line) for line in lines]
    return [one for one in found if one.marker is None or one.marker.evaluate()]


def version(one: Requirement) -> str:
    """The version a line of a lock pins."""
    return str(one.specifier).removeprefix("==")


def tiny_wheel(folder: Path, name: str, number: str, asks_for: list[str]) -> str:
    """A wheel that holds a module which does nothing; returns its sha256."""
    module = name.replace("-", "_").replace(".", "_")
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n"
    about += "".join(f"Requires-Dist: {line}\n" for line in asks_for)
    kind = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    parts = {
        f"{module}/__init__.py": "",
        f"{module}/__main__.py": "",
        f"{module}-{number}.dist-info/METADATA": about,
        f"{module}-{number}.dist-info/WHEEL": kind,
    }
    listing = f"{module}-{number}.dist-info/RECORD"
    parts[listing] = "".join(f"{part},,\n" for part in (*parts, listing))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as wheel:
        for part, text in parts.items():
            wheel.writestr(zipfile.ZipInfo(part), text)
    (folder / f"{module}-{number}-py3-none-any.whl").write_bytes(held.getvalue())
    return sha256(held.getvalue()).hexdigest()


def source_only(folder: Path, name: str, number: str, trace: Path) -> str:
    """A source package whose building leaves a file at `trace`; returns its sha256."""
    held = io.BytesIO()
    script = BUILDER.format(trace=str(trace), name=name).encode()
    with tarfile.open(fileobj=held, mode="w:gz") as source:
        entry = tarfile.TarInfo(f"{name}-{number}/setup.py")
        entry.size = len(script)
        source.addfile(entry, io.BytesIO(script))
    (folder / f"{name}-{number}.tar.gz").write_bytes(held.getvalue())
    return sha256(held.getvalue()).hexdigest()


def line(one: str, hashed: str) -> str:
    """A line of a lock."""
    return f"{one} \\\n    --hash=sha256:{hashed}\n"


def fill(index: Path, checkout: Path, *locks: str) -> None:
    """The index, and in the checkout the same locks with the hashes of what the index holds."""
    for lock in locks:
        written = ""
        for one in pinned(lock):
            asks_for = metadata(one.name).get_all("Requires-Dist") or []
            tiny_wheel(index, one.name, NEWER, asks_for)
            hashed = tiny_wheel(index, one.name, version(one), asks_for)
            written += line(f"{one.name}=={version(one)}", hashed)
        (checkout / lock).write_text(written)
