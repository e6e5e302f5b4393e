"""The self-check as administrators see it."""

from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Role
from tests.web.staff.door import Door

pytestmark = pytest.mark.guarantees("S52")


def test_what_is_to_be_mended_is_said_with_how(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.ADMINISTRATOR)
    assert "3 to mend" in door.read("/")
    page = door.read("/self-check")
    assert "The ledger is anchored nowhere" in page
    assert "CANDOUR_ANCHORS" in page
    assert "Only one person can approve" in page
    assert "will not start again" not in page
    door.clinic.settings.keys.chmod(0o755)
    assert "5 to mend" in door.read("/")
    page = door.read("/self-check")
    assert "is open to other users of this machine." in page
    assert "chmod go=" in page
    assert "will not start again" in page
    assert page.index("is open to other users") < page.index("anchored nowhere")


def test_only_administrators_see_it(signed_in: Callable[..., Door]) -> None:
    door = signed_in(Role.CLINICIAN)
    assert "to mend" not in door.read("/")
    assert door.get("/self-check").status_code == 403
