"""How often a harm happens, in words: a number only where somebody counted."""

import re
from pathlib import Path

import pytest

from questionnaire.content import load_library
from questionnaire.domain.consent_words import treatment_text
from questionnaire.domain.how_often import NOBODY_HAS_COUNTED, how_often
from questionnaire.domain.language import in_english
from questionnaire.domain.treatment import Band, Frequency

LIBRARY = load_library(Path(__file__).parents[2] / "rules")


@pytest.mark.parametrize(
    ("band", "words"),
    [
        (Band.VERY_COMMON, "Very common. The exact number is not known."),
        (Band.COMMON, "Common. The exact number is not known."),
        (Band.UNCOMMON, "Uncommon. The exact number is not known."),
        (Band.RARE, "Rare. The exact number is not known."),
        (Band.VERY_RARE, "Very rare. The exact number is not known."),
        (Band.NOT_KNOWN, "Nobody has counted how often this happens."),
    ],
)
def test_what_nobody_counted_is_words_without_a_number(band: Band, words: str) -> None:
    assert how_often(Frequency(band, counted=False, figure="17 of 77")) == words


@pytest.mark.parametrize("treatment_id", LIBRARY.treatments)
def test_no_patient_reads_a_number_that_nobody_counted_or_one_in_so_many(
    treatment_id: str,
) -> None:
    told = treatment_text(LIBRARY, LIBRARY.treatments[treatment_id], in_english, ()).risks
    frequencies = {risk.id: risk.frequency for risk in LIBRARY.risks_of(treatment_id)}
    assert sorted(text.id for text in told) == sorted(frequencies)
    bands = [list(Band).index(frequencies[text.id].band) for text in told]
    assert bands == sorted(bands)
    for text in told:
        words, frequency = text.how_often, frequencies[text.id]
        assert not re.search(r"\b1 in \d", words)
        assert words.endswith(".")
        if frequency.band is Band.NOT_KNOWN:
            assert words == NOBODY_HAS_COUNTED
        if not frequency.counted or frequency.rate is None:
            assert not re.search(r"\d", words)
        else:
            assert re.search(r"\d out of [1-9]", words)
