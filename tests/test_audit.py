"""`./candour audit`, asked for real: the list of packages, and what a known hole does.

The tools are the real ones; the advisories come from a server on loopback that speaks OSV, so that
what is known is the same every day.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from packaging.requirements import Requirement

pytestmark = [pytest.mark.whole, pytest.mark.guarantees("S54")]

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-audit.txt")
HOLE = "PYSEC-2031-1"


@dataclass
class Advisories:
    """A server of advisories, and each package and version it was asked about."""

    address: str
    holes_in: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def answer(self, query: dict[str, Any]) -> dict[str, Any]:
        """What is known about one package, in the words of OSV."""
        package = query["package"]
        self.asked.add(f"{package['name']}=={query['version']}")
        if package["name"] not in self.holes_in:
            return {}
        hole = {"id": HOLE, "summary": "An invented hole.", "affected": [{"package": package}]}
        return {"vulns": [hole]}


@pytest.fixture
def advisories() -> Iterator[Advisories]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(known.answer(query)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the tests look at what was asked."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known = Advisories(f"http://127.0.0.1:{server.server_port}/v1/query")
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield known
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the script and the lock files, so that nothing is written beside the source."""
    folder = tmp_path_factory.mktemp("audit")
    for name in ("candour", *LOCKS):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "wheels", folder / "wheels")
    return folder


def audit(folder: Path, advisories: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {
        "CANDOUR_VENV": ".venv",
        "PIP_CACHE_DIR": str(folder / "cache"),
        "PIP_AUDIT_VULNERABILITY_SERVICE": "osv",
        "PIP_AUDIT_OSV_URL": advisories,
        "PIP_AUDIT_PROGRESS_SPINNER": "off",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    return subprocess.run(
        [folder / "candour", "audit"],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def pinned(*locks: str, everywhere: bool = False) -> set[str]:
    """What the locks pin for this machine, or for every machine."""
    found = "\n".join((ROOT / lock).read_text("utf-8") for lock in locks)
    lines = [Requirement(line) for line in re.findall(r"^([a-z].*) \\$", found, re.MULTILINE)]
    here = [line for line in lines if everywhere or not line.marker or line.marker.evaluate()]
    return {f"{line.name}{line.specifier}" for line in here}


def test_every_package_is_listed_and_asked_about(copy: Path, advisories: Advisories) -> None:
    result = audit(copy, advisories.address)
    assert (result.returncode, "No known vulnerabilities found" in result.stderr) == (0, True)
    listed = json.loads((copy / "sbom.cdx.json").read_text("utf-8"))
    assert listed["bomFormat"] == "CycloneDX"
    components = {f"{one['name']}=={one['version']}" for one in listed["components"]}
    assert components == pinned("requirements.txt", everywhere=True)
    assert advisories.asked == pinned("requirements.txt", "requirements-dev.txt")


def test_a_known_hole_in_one_package_ends_it_with_its_name(
    copy: Path, advisories: Advisories
) -> None:
    advisories.holes_in.add("jinja2")
    result = audit(copy, advisories.address)
    assert result.returncode == 1
    assert re.search(rf"^jinja2 .*{HOLE}", result.stdout, re.MULTILINE)
    assert "A package has a known hole" in result.stderr


def test_not_being_able_to_ask_is_no_yes(copy: Path, advisories: Advisories) -> None:
    nowhere = advisories.address.replace("/v1/query", "/nothing").replace("http:", "https:")
    result = audit(copy, nowhere)
    assert result.returncode == 1
    assert "could not be looked up" in result.stderr
