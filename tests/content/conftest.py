"""The clinic's real content, read once."""

from pathlib import Path

import pytest

from questionnaire.content.library import Content, read_content
from questionnaire.domain.library import Library

RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="session")
def content() -> Content:
    """Library, cases and problems of `rules/`."""
    return read_content(RULES)


@pytest.fixture(scope="session")
def library(content: Content) -> Library:
    """The library of `rules/`."""
    assert content.library is not None
    return content.library
