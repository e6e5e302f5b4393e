"""A clinic as the operator finds it: its programs stopped, its records there."""

from collections.abc import Callable

import pytest

from questionnaire.domain.visit import Station
from tests.clinics import Stage


@pytest.fixture
def sealed(at: Callable[..., Stage]) -> Stage:
    """A clinic with one sealed consent, its programs stopped."""
    stage = at(Station.SEALED)
    stage.house.database.close()
    return stage
