"""The content in `rules/`, read once for each process that runs tests."""

from pathlib import Path

from questionnaire.content.library import read_content

RULES = Path(__file__).parents[2] / "rules"
CONTENT = read_content(RULES)
EVERY_RULE = CONTENT.library.rules if CONTENT.library else ()
