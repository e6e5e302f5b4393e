"""One invented clinic, one rendered and one sealed document, shared by the tests of this room."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from questionnaire.documents.certificates import (
    SealingIdentity,
    TrustedSeals,
    create_clinic_certificates,
    load_seal,
    load_trusted,
)
from questionnaire.documents.pdf import render
from questionnaire.documents.seal import seal
from questionnaire.domain.consent import canonical
from tests.documents import samples
from tests.documents.readings import (
    EVERY_READING,
    SPEECHES,
    Reading,
    on_paper,
    read_in,
    with_hard_answers,
)

CLINIC = "Willow Lane Clinic"
OPENED = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the clinic's certificates."""
    folder = tmp_path_factory.mktemp("keys")
    create_clinic_certificates(folder, CLINIC, OPENED)
    return folder


@pytest.fixture(scope="session")
def identity(keys: Path) -> SealingIdentity:
    """What the clinic seals with."""
    return load_seal(keys, OPENED)


@pytest.fixture(scope="session")
def trusted(keys: Path) -> TrustedSeals:
    """What the clinic's documents are checked against."""
    return load_trusted(keys)


@pytest.fixture(scope="session")
def rendered() -> bytes:
    """The sample record on paper, not yet sealed."""
    return render(*samples.whole(samples.a_record()))


@pytest.fixture(scope="session")
def sealed(rendered: bytes, identity: SealingIdentity) -> bytes:
    """The sample record on paper, sealed."""
    return seal(rendered, identity, samples.SEALED)


@pytest.fixture(scope="session", params=EVERY_READING, ids="-".join)
def reading(request: pytest.FixtureRequest, identity: SealingIdentity) -> Reading:
    """The sample visit, sealed: each treatment in each language, one after the other."""
    code, treatment = request.param
    speech = SPEECHES[code]
    record = with_hard_answers(read_in(speech, treatment))
    sealed = seal(on_paper(record, speech), identity, samples.SEALED)
    return Reading(code, treatment, canonical(record), sealed)
