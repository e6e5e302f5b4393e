"""However a file is spoiled, the checker says what is wrong and never falls over."""

import re
import shutil
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from questionnaire.content import ContentProblems, Level, check, load_library

SMALL = Path(__file__).parent / "fixtures" / "small"
FILES = sorted(path.relative_to(SMALL).as_posix() for path in SMALL.rglob("*.yaml"))
WORDS = [
    *("none", "yes", '"x"', "12", "-1", "1.5", "[]", "{}", "[a, b]", "{a: b}", "true", "null", ""),
    *("all", "any", "not", "single", "multiple", "screen", "prp", "not_sure", "S1", "BL-01"),
    *("medicines", "felt_low", "low_mood_score", "treatments_wanted", "platelet_count"),
]


def spoiled(rolled: Random, text: str) -> str:
    """The text with a few lines lost, doubled, moved or given another word."""
    lines = text.split("\n")
    for _ in range(rolled.choice([1, 1, 2, 3])):
        place = rolled.randrange(len(lines))
        match rolled.randrange(5):
            case 0 if len(lines) > 1:
                del lines[place]
            case 1:
                lines.insert(place, lines[rolled.randrange(len(lines))])
            case 2:
                lines[place] = f"  {lines[place]}"
            case 3:
                lines[place] = re.sub(r": .*", f": {rolled.choice(WORDS)}", lines[place])
            case _:
                words = re.split(r"(\b[\w-]+\b)", lines[place])
                if len(words) > 1:
                    words[rolled.randrange(1, len(words), 2)] = rolled.choice(WORDS)
                    lines[place] = "".join(words)
    return "\n".join(lines)


@settings(max_examples=150, deadline=None)
@given(some.sampled_from(FILES), some.randoms(use_true_random=False))
def test_a_spoiled_file_is_told_or_still_right(name: str, rolled: Random) -> None:
    with TemporaryDirectory() as folder:
        rules = Path(folder) / "rules"
        shutil.copytree(SMALL, rules)
        (rules / name).write_text(spoiled(rolled, (SMALL / name).read_text()))
        problems = [it for it in check(rules) if it.level is Level.PROBLEM]
        if problems:
            with pytest.raises(ContentProblems) as refused:
                load_library(rules)
            assert list(refused.value.problems) == problems
        else:
            assert load_library(rules).version
        for problem in problems:
            assert re.fullmatch(r"rules/[\w/.]+:\d+: .+[.?]", str(problem), re.DOTALL)
