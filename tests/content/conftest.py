"""The clinic's real content, read once."""

import pytest

from questionnaire.content.library import Content
from questionnaire.domain.library import Library
from tests.content.real import CONTENT


@pytest.fixture(scope="session")
def content() -> Content:
    """Library, cases and problems of `rules/`."""
    return CONTENT


@pytest.fixture(scope="session")
def library(content: Content) -> Library:
    """The library of `rules/`."""
    assert content.library is not None
    return content.library
