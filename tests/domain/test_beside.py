"""Sentences of a record in two languages, side by side."""

import pytest

from questionnaire.domain.beside import side_by_side

EMPTY = {
    key: []
    for key in ("statements", "personal_risks", "quiz", "patient_words", "answers", "rights")
}
RECORD = EMPTY | {"treatments": []}


def test_what_is_the_same_in_both_is_left_out() -> None:
    theirs = RECORD | {"statements": [{"id": "x", "text": "Entiendo"}], "rights": ["MRI"]}
    ours = RECORD | {"statements": [{"id": "x", "text": "I see"}], "rights": ["MRI"]}
    (part,) = side_by_side(theirs, ours)
    assert part.sentences == (("Entiendo", "I see"),)


@pytest.mark.parametrize("other", [[], ["Uno", "Dos"], [["Uno"]], [{"text": "Uno"}], [1], [None]])
def test_two_records_of_other_shape_are_never_paired(other: list[object]) -> None:
    with pytest.raises(ValueError, match="one moment"):
        side_by_side(RECORD | {"rights": ["One"]}, RECORD | {"rights": other})
