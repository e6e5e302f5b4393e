"""Two patients, one browser profile: of the first nothing comes back or stays on the disk.

The browser keeps pages for Back as people's browsers do; its profile is a folder of files that are
read byte by byte after it was closed.
"""

import re
import shutil
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from werkzeug.serving import make_server

from questionnaire.domain.visit import Station
from questionnaire.web.patient import create_patient_app
from tests.clinics import Stage
from tests.conftest import QUIET
from tests.web.patient.conftest import Quiet, Screen, replies_whole
from tests.web.patient.test_scripts import go_back

pytestmark = pytest.mark.whole

MEDICINE, WORRY, QUESTION = "Zanthoxelin forty", "Quillfeather pillow", "Vormulan honey"
FIRST = ("Marigold", "Testwell", "Zanthoxelin", "Quillfeather", "Vormulan")
GZIP = re.compile(rb"\x1f\x8b\x08")


@pytest.fixture
def shared_tablet(at: Callable[..., Stage], tmp_path: Path) -> Iterator[Screen]:
    """A browser with a profile folder (`tmp_path`) that two patients use one after the other."""
    stage = at(Station.IN_PROGRESS)
    app = create_patient_app(stage.house, stage.clinic.settings, secret_key=b"x" * 32)
    server = make_server("127.0.0.1", 0, replies_whole(app), threaded=True, request_handler=Quiet)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path,
            executable_path=shutil.which("chromium"),
            args=list(QUIET),
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield Screen(context.pages[0], stage, f"http://127.0.0.1:{server.port}", [])
        context.close()
    server.shutdown()
    serving.join()
    server.server_close()


def write(screen: Screen, path: str, box: str, words: str) -> None:
    """Type words on one page and save it."""
    screen.open(path)
    screen.page.fill(box, words)
    screen.press("Continue")


def fill_in_and_send(screen: Screen) -> None:
    """The first patient's turn, with words of their own, to its end."""
    screen.begin()
    write(screen, "/questions/medicine_list", "#q-medicine_list", MEDICINE)
    write(screen, "/your-questions", "#worries", WORRY)
    write(screen, "/your-questions", "#question", QUESTION)
    screen.open("/check")
    for words in FIRST:
        expect(screen.page.get_by_text(words).first).to_be_attached()
    screen.press("Send my answers")


def shown(page: Page) -> list[str]:
    """Which of the first patient's words the page holds, shown or hidden."""
    content = page.content()
    return [word for word in FIRST if word in content]


def on_disk(profile: Path, word: str) -> list[str]:
    """Files of the profile that hold the word, plain or packed, in either way letters are kept."""
    told = [word.encode(), word.encode("utf-16-le")]
    return [
        str(file.relative_to(profile))
        for file in sorted(profile.rglob("*"))
        if file.is_file() and not file.is_symlink()
        for kept in [file.read_bytes()]
        if any(letters in part for part in (kept, *unpacked(kept)) for letters in told)
    ]


def unpacked(kept: bytes) -> Iterator[bytes]:
    """What is packed with gzip inside; the door itself packs nothing."""
    for found in GZIP.finditer(kept):
        try:
            yield zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(kept[found.start() :])
        except zlib.error:
            continue


@pytest.mark.guarantees("S23", "S42")
def test_of_two_patients_on_one_profile_the_first_leaves_nothing(
    shared_tablet: Screen, tmp_path: Path
) -> None:
    screen, page = shared_tablet, shared_tablet.page
    fill_in_and_send(screen)
    assert shown(page) == []
    clinic = screen.stage.clinic
    screen.begin(Stage(clinic, clinic.arrange(name="Basil Madeupson")))
    for _ in range(12):
        go_back(page)
        assert shown(page) == [], page.url
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
    page.context.close()
    assert on_disk(tmp_path, "/goodbye/sent"), "the search finds what the browser does keep"
    assert [(word, found) for word in FIRST if (found := on_disk(tmp_path, word))] == []
