"""For whoever edits `rules/`: check it, try patients on it, and have a rule explained."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from questionnaire.cli.burden import burden_lines
from questionnaire.cli.grading import check_reading
from questionnaire.cli.patients import bounded_lines, try_lines
from questionnaire.cli.translating import check_language, translate_into
from questionnaire.content import ContentProblems, Level, Problem
from questionnaire.content.cases import Case, failures, read_case_file
from questionnaire.content.library import Content, read_content
from questionnaire.content.reading import did_you_mean
from questionnaire.content.trial import Patient, Trial, try_patient
from questionnaire.domain.answer_words import answer_in_words, date_in_words, withheld_in_words
from questionnaire.domain.flags import Flag, IfUnknown, Rule, Severity
from questionnaire.domain.language import Direction
from questionnaire.domain.library import Library
from questionnaire.domain.wording import in_words, leaf_in_words
from questionnaire.ordinary_files import UnfitFileError, opened_file
from questionnaire.settings import Settings, SettingsError

_ASKS_FOR = {
    Severity.STOP: "do not treat today until a clinician has settled it and written why",
    Severity.CAUTION: "treat only after a named action is recorded",
    Severity.DISCUSS: "must be talked about and ticked",
    Severity.INFO: "shown; no tick needed",
}
_EXAMPLES = 3


@click.group()
def rules() -> None:
    """Check the rules, try patients on them, explain one."""


@rules.command()
@click.option("--language", metavar="CODE", help="Check that language (like es) instead.")
@click.option("--reading", is_flag=True, help="Grade the patient texts instead.")
def check(language: str | None, *, reading: bool) -> None:
    """Say everything that is wrong in rules/, each with its file and line."""
    content = read_content(_folder())
    if reading:
        for line in check_reading(_folder(), _library(content)):
            click.echo(line)
        return
    if language is not None:
        for line in check_language(_folder(), _library(content), language):
            click.echo(line)
        return
    problems = [it for it in content.problems if it.level is Level.PROBLEM]
    notes = [it for it in content.problems if it.level is Level.NOTE]
    for note in notes:
        click.echo(f"note: {note}")
    for problem in problems:
        click.echo(str(problem))
    found = f"{_count(problems, 'problem')}; {_count(notes, 'note').lower()}"
    if content.library is None or problems:
        click.echo(f"{found}. The app does not start until the problems are mended.")
        sys.exit(1)
    library, patients = content.library, sum(len(case.patients) for case in content.cases)
    click.echo(
        f"{len(library.rules)} rules, {len(library.questionnaire.questions)} questions, "
        f"{len(library.treatments)} treatments; {len(content.cases)} cases with {patients} "
        f"patients come out as they say. {found}."
    )


@rules.command("try")
@click.argument(
    "case", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--batch",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    help="Many patients, one JSON object a line (- to read on).",
)
def try_(case: Path | None, batch: Path | None) -> None:
    """Try the patients of CASE, a file written like those in rules/cases/."""
    if batch is not None and case is None:
        sys.exit(_try_batch(_library(read_content(_folder())), batch))
    if case is not None and batch is None:
        sys.exit(_try_case(_library(read_content(_folder())), case))
    raise click.UsageError("Name either a CASE file or --batch with a file of patients.")


@rules.command()
@click.argument("rule")
def explain(rule: str) -> None:
    """Tell what RULE (like BL-01) says, where it comes from, and who it fires for."""
    content = read_content(_folder())
    library = _library(content)
    try:
        found = library.rule(rule.upper())
    except KeyError:
        hint = did_you_mean(rule.upper(), [it.id for it in library.rules])
        raise click.ClickException(f"There is no rule {rule}.{hint}") from None
    for line in (*_explained(library, found), *_examples(library, found, content.cases)):
        click.echo(line)


@rules.command()
@click.argument("code")
@click.option("--name", default="", help="What its speakers call the language, if it is new.")
@click.option(
    "--direction",
    type=click.Choice([it.value for it in Direction]),
    default=Direction.LEFT_TO_RIGHT.value,
)
def translate(code: str, name: str, direction: str) -> None:
    """Write each text that CODE (like es) lacks beside its English, for a translator."""
    library = _library(read_content(_folder()))
    try:
        for line in translate_into(_folder(), library, code, name, Direction(direction)):
            click.echo(line)
    except UnfitFileError as error:
        raise click.ClickException(f"{error.filename} cannot be read: {error.strerror}.") from None


@rules.command()
def burden() -> None:
    """Count the questions, pages and taps of each treatment for a typical patient."""
    today = datetime.now(UTC).date()
    for line in burden_lines(_library(read_content(_folder())), today):
        click.echo(line)


def _folder() -> Path:
    try:
        return Settings.from_environment(os.environ).rules
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def _library(content: Content) -> Library:
    problems = tuple(it for it in content.problems if it.level is Level.PROBLEM)
    if content.library is None or problems:
        raise click.ClickException(str(ContentProblems(problems)))
    return content.library


def _count(found: list[Problem], what: str) -> str:
    return f"{len(found) or 'No'} {what}{'' if len(found) == 1 else 's'}"


def _try_batch(library: Library, batch: Path) -> int:
    malformed = False
    with ExitStack() as stack:
        for line in try_lines(library, bounded_lines(patients_in(batch, stack))):
            click.echo(line.written)
            malformed = malformed or line.malformed
    return int(malformed)


def patients_in(batch: Path, stack: ExitStack) -> BinaryIO:
    """The file, open as long as the stack is; what is typed or piped in for a dash."""
    if str(batch) == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(opened_file(batch))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.ClickException(f"{batch} cannot be read: {reason}.") from None


def _try_case(library: Library, path: Path) -> int:
    try:
        cases = read_case_file(library, path)
    except ContentProblems as error:
        raise click.ClickException(str(error)) from None
    failed = False
    for case in cases:
        for patient in case.patients:
            for line in _told(library, case.title, patient):
                click.echo(line)
        for sentence in failures(library, case):
            failed = True
            click.echo(f"  This case says otherwise: {sentence}")
        click.echo()
    return int(failed)


def _told(library: Library, title: str, patient: Patient) -> Iterator[str]:
    trial = try_patient(library, patient)
    yield title
    yield from _patient_in_words(library, patient)
    yield f"  Triage: {trial.flags.triage}"
    for flag in trial.flags.fires:
        yield from _flag_in_words(library, flag)
    for flag in trial.flags.broken:
        yield f"  BROKEN {flag.rule.id} {flag.rule.title}: {flag.fault}"
    yield from _open_points(trial)


def _flag_in_words(library: Library, flag: Flag) -> Iterator[str]:
    yield f"  {flag.rule.severity.upper()} {flag.rule.id} {flag.rule.title}"
    for leaf in flag.because:
        yield f"    because: {leaf_in_words(leaf, library.questionnaire)}"
    yield f"    discuss: {flag.rule.discuss}"


def _open_points(trial: Trial) -> Iterator[str]:
    questions = trial.situation.questionnaire.questions
    for unsure in trial.flags.unsure:
        question = questions[unsure.question]
        row = question.option(unsure.option).text if unsure.option else ""
        yield f"  {withheld_in_words(question, unsure.state)} — {question.text} {row}".rstrip()
    waiting: dict[str, list[str]] = {}
    for flag in trial.flags.clarify:
        for key in flag.waits_for:
            waiting.setdefault(key, []).append(flag.rule.id)
    for key, rule_ids in waiting.items():
        yield f"  Not settled — {questions[key].text} ({', '.join(rule_ids)})"


def _patient_in_words(library: Library, patient: Patient) -> Iterator[str]:
    titles = [it.title for key, it in library.treatments.items() if key in patient.treatments]
    born, today = date_in_words(patient.born), date_in_words(patient.on)
    yield f"  {', '.join(titles)}. Born {born}; today is {today}."
    for key, answer in patient.answers.items():
        question = library.questionnaire.questions[key]
        yield f"  {question.text} {'; '.join(answer_in_words(question, answer))}"


def _explained(library: Library, rule: Rule) -> Iterator[str]:
    titles = [it.title for key, it in library.treatments.items() if key in rule.treatments]
    yield f"{rule.id} {rule.title}"
    yield f"{rule.severity.capitalize()}: {_ASKS_FOR[rule.severity]}."
    yield f"Topic: {rule.topic}"
    yield f"For: {', '.join(titles) or 'all treatments'}"
    yield "Fires when:"
    yield from (f"  {line}" for line in in_words(rule.when, library.questionnaire))
    yield f"Discuss: {rule.discuss}"
    for action in rule.actions:
        gone = " (then the point is gone)" if action in rule.resolved_by else ""
        held = " (then nobody goes ahead)" if action in rule.holds_back else ""
        yield f"  - {action}{gone}{held}"
    yield f"Why: {rule.why}"
    if rule.tell_patient:
        yield f"The patient's document says, once confirmed: {rule.tell_patient}"
    while_open = {
        IfUnknown.CLARIFY: "the clinician is asked to clarify",
        IfUnknown.IGNORE: "nothing is said",
    }
    yield f"While an answer is missing: {while_open[rule.if_unknown]}."
    if rule.if_unknown_because:
        yield f"  {rule.if_unknown_because}"
    yield "Sources:"
    for key in rule.sources:
        source = library.sources[key]
        yield f"  {key} {source.citation} ({source.year}; read: {source.basis.replace('_', ' ')})"
        if source.address:
            yield f"    {source.address}"


def _examples(library: Library, rule: Rule, cases: Iterable[Case]) -> Iterator[str]:
    cases = tuple(cases)
    for heading, chosen in (
        ("Fires for example for:", [it for it in cases if rule.id in it.fires]),
        ("Only just does not fire for:", [it for it in cases if rule.id in it.does_not_fire]),
    ):
        yield heading
        for case in chosen[:_EXAMPLES]:
            yield from (f"  {line}" for line in _patient_in_words(library, case.patients[0]))
            yield ""
