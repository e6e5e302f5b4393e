"""A clinic served for real: gunicorn and the background worker as their own processes."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from questionnaire.cli import demo
from questionnaire.clinic import certificates_folder, open_clinic
from questionnaire.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent
PATIENCE = 300
"""Seconds that a process may take to start or to stop before the test gives up."""


@dataclass
class Served:
    """One clinic in a folder of its own, answering at `address`."""

    folder: Path
    port: int
    name: str = "127.0.0.1"
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    first_link: str = ""

    @property
    def address(self) -> str:
        """Where both doors are, without a slash at the end."""
        return f"http://{self.name}:{self.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings of this clinic, and nothing of another one."""
        others = {name: text for name, text in os.environ.items() if "CANDOUR" not in name}
        return others | {
            "CANDOUR_DATA": str(self.folder / "data"),
            "CANDOUR_KEYS": str(self.folder / "keys"),
            "CANDOUR_PORT": str(self.port),
            "CANDOUR_PUBLIC_ADDRESS": self.address,
        }

    def command(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """One of the clinic's own commands, run to its end."""
        return subprocess.run(
            [SCRIPTS / "flask", "--app", "app", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def set_up(self) -> None:
        """Make keys, certificate, database and the clinic's facts; keep the first link."""
        said = self.command("setup").stdout
        self.first_link = said.rsplit(maxsplit=1)[-1]
        settings = Settings.from_environment(self.environment)
        house = open_clinic(settings)
        demo.furnish(house, certificates_folder(settings))
        house.database.close()

    def open_doors(self) -> None:
        """Serve both doors, from the moment this returns."""
        self._start(
            SCRIPTS / "gunicorn", "app:open_doors()", "--bind", f"127.0.0.1:{self.port}",
            "--threads", "4", "--graceful-timeout", "5", "--no-control-socket",
            "--log-level", "warning",
        )  # fmt: skip
        while not self._answers():
            if self.running[-1].poll() is not None:
                raise RuntimeError("the web server stopped; its words are above")

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Seal in the background."""
        return self._start(SCRIPTS / "flask", "--app", "app", "worker")

    def stop(self) -> None:
        """End every process of this clinic."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(PATIENCE)
        self.running.clear()

    def _start(self, *words: str | Path) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(words, cwd=ROOT, env=self.environment)
        self.running.append(process)
        return process

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as asked:
                asked.sendall(b"GET / HTTP/1.0\r\n\r\n")
                return asked.recv(12).endswith(b"200")
        except OSError:
            return False


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
