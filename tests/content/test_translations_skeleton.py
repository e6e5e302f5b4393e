"""A translator gets every missing text beside its English, and loses nothing already written."""

import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.cli.rules import rules as rules_command
from questionnaire.content import load_library
from questionnaire.content.translation_skeleton import write_skeleton
from questionnaire.content.translations import catalogue, texts_of, translation_problems
from questionnaire.domain.language import Approval, Direction, Language
from questionnaire.domain.library import Library
from tests.content.test_checks import change, lay

pytestmark = pytest.mark.whole

RULES = Path(__file__).parents[2] / "rules"
INTERFACE = RULES / "translations/es/interface.yaml"
SPANISH = Language("es", "Español", Direction.LEFT_TO_RIGHT, Approval.DRAFT)
SIGNS = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"], include_characters="\n")


def ask(folder: Path, *words: str) -> Result:
    """Type `rules …` for that folder."""
    return CliRunner().invoke(rules_command, words, env={"CANDOUR_RULES": str(folder)})


def test_every_missing_text_is_written_once(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    texts = texts_of(load_library(rules))
    added = write_skeleton(rules, SPANISH, texts, (), catalogue(rules, "es"))
    assert sum(added.values()) == len(texts)
    written = catalogue(rules, "es")
    assert {key: it.source for key, it in written.texts.items()} == texts
    assert {it.words for it in written.texts.values()} == {""}
    assert write_skeleton(rules, SPANISH, texts, (), written) == {}


def test_every_missing_sentence_of_a_page_is_written_once(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    said = ("Continue", 'He said: “yes”, "no" and 5 % {count}')
    added = write_skeleton(rules, SPANISH, {}, said, catalogue(rules, "es"))
    assert added == {"interface.yaml": 2}
    written = catalogue(rules, "es")
    assert tuple(written.interface) == said
    assert write_skeleton(rules, SPANISH, {}, (*said, "Back"), written) == {"interface.yaml": 1}


def test_each_text_is_in_the_file_where_its_absence_is_reported(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    library = load_library(rules)
    write_skeleton(rules, SPANISH, {}, (), catalogue(rules, "es"))
    missing = {it.place.file for it in translation_problems(rules, "es", library)}
    write_skeleton(rules, SPANISH, texts_of(library), (), catalogue(rules, "es"))
    assert missing == {it.place.file for it in catalogue(rules, "es").texts.values()}


def test_what_is_written_stays_as_it_is(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    folder = rules / "translations/es"
    write_skeleton(rules, SPANISH, {}, (), catalogue(rules, "es"))
    before = '# Mine.\ntexts:\n  clinic.data_use: {en: Kept for your care., es: "Para cuidarle."}\n'
    (folder / "clinic.yaml").write_text(before, encoding="utf-8")
    write_skeleton(rules, SPANISH, texts_of(load_library(rules)), (), catalogue(rules, "es"))
    after = (folder / "clinic.yaml").read_text(encoding="utf-8")
    assert after.startswith(before)
    assert catalogue(rules, "es").texts["clinic.data_use"].words == "Para cuidarle."


@given(st.text(SIGNS, min_size=1, max_size=400).map(str.strip).filter(bool))
def test_any_english_is_read_back_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, source: str
) -> None:
    rules = tmp_path_factory.mktemp("rules")
    write_skeleton(rules, SPANISH, {"clinic.data_use": source}, (), catalogue(rules, "es"))
    assert catalogue(rules, "es").texts["clinic.data_use"].source == source


def test_a_new_language_needs_its_own_name(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    refused = ask(rules, "translate", "ar")
    assert refused.exit_code == 2
    assert "ar is new: say --name, what its speakers call it." in refused.output
    done = ask(rules, "translate", "ar", "--name", "العربية", "--direction", "rtl")
    assert done.exit_code == 0
    assert "rules/translations/ar/prp.yaml: 21 texts to translate" in done.output.splitlines()
    assert ask(rules, "translate", "ar").output == "rules/translations/ar: no text is missing.\n"


def test_check_ends_well_only_when_nothing_is_missing_or_stale(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    texts = texts_of(load_library(rules))
    ask(rules, "translate", "es", "--name", "Español")
    gaps = ask(rules, "check", "--language", "es")
    assert gaps.exit_code == 1
    pages = len(yaml.safe_load(INTERFACE.read_text(encoding="utf-8"))["texts"])
    assert gaps.output.splitlines()[-1] == (
        f"Español (es), draft, {len(texts)} texts and {pages} sentences of pages: "
        f"{len(texts) + pages} to mend. They are shown in English until then."
    )
    for path in (rules / "translations/es").glob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        source = ""
        for place, line in enumerate(lines):
            source = line.replace("en:", "es:", 1) if line.startswith("    en:") else source
            lines[place] = source if line == '    es: ""' else line
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    pages_in_spanish = INTERFACE.read_text(encoding="utf-8")
    for figure in ("1,000", "10,000", "1.5"):  # as the English texts laid beside them write them
        told = rf'"{re.escape(figure)}": {{es: ".*"}}'
        pages_in_spanish = re.sub(told, f'"{figure}": {{es: "{figure}"}}', pages_in_spanish)
    (rules / "translations/es/interface.yaml").write_text(pages_in_spanish, encoding="utf-8")
    whole = ask(rules, "check", "--language", "es")
    assert whole.exit_code == 0
    last = (
        f"Español (es), draft, {len(texts)} texts and {pages} sentences of pages: "
        "none is missing or stale."
    )
    assert whole.output.splitlines()[-1] == last
    change(rules, "questions.yaml", "What is your name?", "What is your whole name?")
    stale = ask(rules, "check", "--language", "es")
    assert stale.exit_code == 1
    assert "The English of question.full_name.text has changed" in stale.output


def test_a_language_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused = ask(lay(tmp_path / "rules"), "check", "--language", "de")
    assert refused.exit_code == 1
    assert refused.output == "Error: There is no language de in rules/ (there: none).\n"


def test_who_approved_a_language_and_when_is_said(tmp_path: Path) -> None:
    rules = lay(tmp_path / "rules")
    ask(rules, "translate", "es", "--name", "Español")
    approved = "state: approved\napproved_by: Dr. Ana Ruiz\napproved_on: 2026-11-25"
    change(rules, "translations/es/language.yaml", "state: draft", approved)
    last = ask(rules, "check", "--language", "es").output.splitlines()[-1]
    assert last.startswith("Español (es), approved by Dr. Ana Ruiz on 2026-11-25, ")


@pytest.mark.parametrize(
    ("file", "words"),
    [("language.yaml", ("check", "--language", "es")), ("clinic.yaml", ("translate", "es"))],
)
def test_a_file_that_cannot_be_read_is_named(
    file: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    rules = lay(tmp_path / "rules")
    ask(rules, "translate", "es", "--name", "Español")
    (rules / "translations/es" / file).write_text("- no\n", encoding="utf-8")
    refused = ask(rules, *words)
    assert refused.exit_code == 1
    assert f"rules/translations/es/{file}:1: " in refused.output


@pytest.mark.parametrize("code", ["es"])
def test_every_question_is_translated(code: str, library: Library) -> None:
    file = f"rules/translations/{code}/questions.yaml"
    problems = [str(it) for it in translation_problems(RULES, code, library)]
    assert [it for it in problems if it.startswith(file) and "same as" not in it] == []
