"""Many patients at once: every line answered, in order, and just as a second opinion says."""

import json
import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from questionnaire.cli.patients import LONGEST_LINE, bounded_lines, try_lines
from questionnaire.domain.library import Library
from tests.content.second_opinion import SecondOpinion

RULES = Path(__file__).parents[2] / "rules"
PATIENT = {
    "id": "a",
    "treatments": ["mesotherapy_face"],
    "date_of_birth": "1985-03-27",
    "on": "2025-06-02",
    "answers": {},
}


def told(library: Library, *lines: str | bytes) -> list[dict[str, Any]]:
    """What is answered to these lines."""
    written = [line.encode() if isinstance(line, str) else line for line in lines]
    return [json.loads(line.written) for line in try_lines(library, written)]


def patients(opinion: SecondOpinion, number: int, seed: int) -> Iterator[dict[str, Any]]:
    """Invented patients with answers to most questions, asked or not."""
    rolled = random.Random(seed)  # noqa: S311  # invented patients, no secrets
    for place in range(number):
        left_out = rolled.choice([0, 0.1, 0.3, 0.6])
        answers = {
            key: given
            for key, question in opinion.questions.items()
            if rolled.random() >= left_out and (given := invented(rolled, question)) is not None
        }
        if rolled.random() < 0.5:
            answers.pop("treatments_wanted", None)
        yield {
            "id": f"patient {place}",
            "treatments": rolled.sample(opinion.treatments, rolled.choice([0, 1, 1, 2, 3])),
            "date_of_birth": f"{rolled.randint(1930, 2012)}-{rolled.randint(1, 12):02}-02",
            "on": f"2025-{rolled.randint(1, 12):02}-{rolled.randint(1, 3):02}",
            "answers": answers,
        }


def invented(rolled: random.Random, question: dict[str, Any]) -> Any:  # noqa: PLR0911  # by kind
    """An answer of the question's kind."""
    ids = [option["id"] for option in question.get("options", [])]
    match question["kind"]:
        case "single":
            return rolled.choice(ids)
        case "picture":
            return int(rolled.choice(ids))
        case "multiple":
            return rows(rolled, question, ids)
        case "date":
            return "1980-02-29"
        case "text":
            return rolled.choice(["Ada", "two words"])
    low, high = float(question["min"]), float(question["max"])
    near = [it for it in (3, 10, 12, 100, 150, 450) if low <= it <= high]
    if question["kind"] == "whole_number":
        return rolled.choice([rolled.randint(int(low), int(high)), *near])
    return rolled.choice([round(rolled.uniform(low, high), 1), rolled.uniform(low, high), *near])


def rows(rolled: random.Random, question: dict[str, Any], ids: list[str]) -> Any:
    """Choices as a list or row by row, some not sure."""
    none = [option["id"] for option in question["options"] if "exclusive" in option]
    pool = [it for it in ids if it not in none]
    yes = rolled.sample(pool, min(len(pool), rolled.choice([0, 0, 1, 2, 4])))
    if rolled.random() < 0.4:
        unsure = [it for it in pool if it not in yes and rolled.random() < 0.2]
        return {"yes": yes, "not_sure": unsure} if yes or unsure or none else None
    return yes or none or None


def test_a_second_opinion_agrees_on_500_patients(library: Library) -> None:
    opinion = SecondOpinion(RULES)
    invited = list(patients(opinion, 500, seed=20250602))
    answered = told(library, *(json.dumps(patient) for patient in invited))
    assert answered == [opinion.about(patient) for patient in invited]
    seen = {key for line in answered for key in line["fires"]}
    assert len(seen) > 150
    assert any(line["unsure"] for line in answered)
    assert {line["triage"] for line in answered} >= {"discuss", "caution", "stop"}


def test_lines_are_answered_one_by_one_in_order(library: Library) -> None:
    lines = iter([json.dumps(PATIENT).encode(), b"x", json.dumps({**PATIENT, "id": "b"}).encode()])
    answered = try_lines(library, lines)
    assert json.loads(next(answered).written)["id"] == "a"
    assert next(lines) == b"x"
    assert json.loads(next(answered).written)["id"] == "b"


def test_not_sure_which_treatment_counts_as_all(library: Library) -> None:
    (found,) = told(
        library, json.dumps({**PATIENT, "answers": {"treatments_wanted": ["not_sure"]}})
    )
    assert {"hair_loss_started", "cellulite_picture", "fat_areas"} <= set(found["asked"])


def test_answers_to_questions_that_are_not_asked_are_ignored(library: Library) -> None:
    plain, hidden = told(
        library,
        json.dumps(PATIENT),
        json.dumps({**PATIENT, "answers": {"fat_areas": ["tummy"], "hernia": "yes"}}),
    )
    assert hidden == plain


def test_the_birth_date_given_is_the_one_that_counts(library: Library) -> None:
    (found,) = told(library, json.dumps({**PATIENT, "answers": {"date_of_birth": "2015-01-01"}}))
    assert "ID-01" not in found["fires"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": 7}, "“id” must be there and be a text."),
        ({"treatments": "mesotherapy_face"}, "“treatments” must be a list of treatment ids."),
        ({"treatments": ["laser"]}, "There is no treatment laser."),
        ({"treatments": [["x"]]}, "There is no treatment ['x']."),
        ({"on": "2025-02-29"}, "“on” must be a real date like 1985-03-27."),
        ({"on": "20250602"}, "“on” must be a real date like 1985-03-27."),
        ({"on": 20250602}, "“on” must be a real date like 1985-03-27."),
        ({"date_of_birth": "2025-06-03"}, "“date_of_birth” is after “on”."),
        ({"answers": []}, "“answers” must be an object from question id to answer."),
        ({"answers": {"shoe_size": 4}}, "shoe_size: there is no such question."),
        ({"answers": {"smoking": "sometimes"}}, "smoking: Pick one of the answers."),
        ({"answers": {"smoking": ["no"]}}, "smoking: Expected an option id."),
        ({"answers": {"smoking": True}}, "smoking: Expected an option id."),
        ({"answers": {"smoking": None}}, "smoking: Expected an option id."),
        ({"answers": {"medicines": "none"}}, "medicines: Expected a list of option ids."),
        ({"answers": {"medicines": ["tea"]}}, "medicines: Pick from the list."),
        (
            {"answers": {"medicines": {"no": []}}},
            "medicines: Expected only yes, not_sure and tell_clinician.",
        ),
        (
            {"answers": {"medicines": {"yes": ["steroid"], "not_sure": ["steroid"]}}},
            "medicines: Pick one answer in each row.",
        ),
        (
            {"answers": {"past_prp_visits": 2.5}},
            "past_prp_visits: Write a whole number, without a point.",
        ),
        ({"answers": {"height": True}}, "height: Expected a number."),
        ({"answers": {"height": "170"}}, "height: Expected a number."),
        (
            {"answers": {"height": 1.7}},
            "height: This number looks out of range. Give your height in centimetres, like 168.",
        ),
        ({"answers": {"skin_type_picture": 9}}, "skin_type_picture: Pick one of the answers."),
        (
            {"answers": {"skin_type_picture": "3"}},
            "skin_type_picture: Expected the whole number of a picture.",
        ),
        ({"answers": {"full_name": 5}}, "full_name: Expected a text."),
        (
            {"answers": {"date_of_birth": "1985-02-30"}},
            "date_of_birth: This is not a real date; write it like 1985-03-27.",
        ),
    ],
    ids=lambda it: json.dumps(it) if isinstance(it, dict) else "",
)
def test_a_malformed_patient_gets_a_sentence(
    change: dict[str, Any], sentence: str, library: Library
) -> None:
    (found,) = told(library, json.dumps({**PATIENT, **change}))
    has_id = isinstance(change.get("id", "a"), str)
    assert found == {"id": "a" if has_id else None, "error": sentence}


@pytest.mark.parametrize("key", ["treatments", "date_of_birth", "on", "answers"])
def test_a_missing_key_is_named(key: str, library: Library) -> None:
    (found,) = told(library, json.dumps({k: v for k, v in PATIENT.items() if k != key}))
    assert found == {"id": "a", "error": f"“{key}” is missing."}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no JSON",
        "[]",
        "7",
        "{}{}",
        "[" * 100_000,
        '{"id": ' + "9" * 5000 + "}",
        '{"id": 1e999999999999999999999}',
        b"\xff\xfe",
    ],
    ids=["nothing", "words", "list", "number", "two", "deep", "digits", "exponent", "bytes"],
)
def test_a_line_that_is_no_object_is_told_so(line: str | bytes, library: Library) -> None:
    found, after = told(library, line, json.dumps(PATIENT))
    assert found["id"] is None
    assert found["error"].startswith("This line is not ")
    assert after["id"] == "a"


def test_of_a_line_without_end_only_the_beginning_is_kept(library: Library) -> None:
    long = b"9" * (3 * LONGEST_LINE) + b"\n"
    patient = json.dumps(PATIENT).encode() + b"\n"
    lines = bounded_lines(BytesIO(long + patient + b"9" * (LONGEST_LINE + 1)))
    found = [json.loads(line.written) for line in try_lines(library, lines)]
    assert [each["id"] for each in found] == [None, "a", None]
    for each in (found[0], found[2]):
        assert each["error"] == "This line has more than 1,000,000 bytes."


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_words_for_numbers_are_refused(word: str, library: Library) -> None:
    line = json.dumps(PATIENT).replace('"answers": {}', f'"answers": {{"height": {word}}}')
    (found,) = told(library, line)
    assert found == {"id": None, "error": f"{word} is not a number."}


def test_a_key_given_twice_is_refused(library: Library) -> None:
    line = json.dumps(PATIENT).replace(
        '"answers": {}', '"answers": {"smoking": "no", "smoking": "no"}'
    )
    (found,) = told(library, line)
    assert found == {"id": None, "error": "A key is given twice in this line."}


def test_numbers_are_read_exactly(library: Library) -> None:
    answers = {"recent_blood_count": "yes", "platelet_count": 0.5}
    patient = {**PATIENT, "treatments": ["prp_injections"], "answers": answers}
    line = json.dumps(patient).replace("0.5", "99.99999999999999999")
    (found,) = told(library, line)
    assert "BL-01" in found["fires"]


def test_the_first_line_may_start_with_a_byte_order_mark(library: Library) -> None:
    (found,) = told(library, b"\xef\xbb\xbf" + json.dumps(PATIENT).encode())
    assert found["id"] == "a"
