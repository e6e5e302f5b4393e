"""Patients read the content in their own language, and never a translation that does not fit."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from questionnaire.content import ContentProblems, Level, load_library
from questionnaire.content.library import read_content
from questionnaire.content.translation_skeleton import write_skeleton
from questionnaire.content.translation_texts import retold
from questionnaire.content.translations import (
    catalogue,
    in_language,
    interface,
    languages,
    speeches,
    texts_of,
    translation_problems,
)
from questionnaire.domain.consent_words import treatment_text
from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.language import Approval, Direction, Language, in_english
from questionnaire.domain.library import Library
from tests.content.test_checks import change, lay, told

SPANISH = Language("es", "Español", Direction.LEFT_TO_RIGHT, Approval.DRAFT)
ARABIC = Language("ar", "العربية", Direction.RIGHT_TO_LEFT, Approval.DRAFT)
RULES = Path(__file__).parents[2] / "rules"
NAME = "question.full_name.text"
BRUISE = "risk_block.any_needle.risk.bruise.people"


def small(tmp_path: Path, language: Language = SPANISH, texts: str = "", **others: str) -> Path:
    """The small clinic with one file of texts in `language`, and the other files named."""
    rules = lay(tmp_path / "rules")
    folder = rules / "translations" / language.code
    write_skeleton(rules, language, {}, (), catalogue(rules, language.code))
    for name, written in {"texts": texts, **others}.items():
        if written:
            (folder / f"{name}.yaml").write_text(f"texts:\n{written}", encoding="utf-8")
    return rules


def wrong(rules: Path, code: str = "es") -> list[str]:
    """What is wrong with the texts that stand in the files, without those that are missing."""
    library = read_content(rules).library
    assert library is not None
    found = translation_problems(rules, code, library)
    return [
        str(it)
        for it in found
        if it.level is Level.PROBLEM and not it.sentence.endswith("is not here yet.")
    ]


def words(rules: Path, key: str, language: Language = SPANISH) -> str:
    """What a patient reads for that text."""
    told = in_language(load_library(rules), language, catalogue(rules, language.code))
    return texts_of(told)[key]


def read_by_patients(library: Library) -> Iterator[str]:
    """Every text of the forms and of the consent document that comes from the content."""
    for section in library.questionnaire.sections:
        yield section.title
        for it in section.questions:
            yield from (it.text, it.unit, *(option.text for option in it.options))
            if it.answered_by is AnsweredBy.PATIENT:
                yield from (it.help, it.why_we_ask, it.out_of_range_hint)
    for treatment in library.treatments.values():
        told = treatment_text(library, treatment, in_english, library.places)
        yield from _strings(replace(told, id="", risks=(), evidence=(), legal=(), results=None))
        if told.results:
            yield from (told.results.measures, told.results.against)
            yield from (finding.label for finding in told.results.findings)
        for risk in told.risks:
            yield from (risk.title, risk.text)
        for finding in told.evidence:
            yield from (finding.finding, finding.figure, finding.limits)
        for law in told.legal:
            yield from law.sentences
        for question in treatment.quiz:
            yield from (question.question, question.if_wrong)
            yield from (choice.text for choice in question.options)
    yield from (it.text for it in library.statements.values())
    yield from (it.text for it in library.rights)
    yield from library.clinic.facts.values()
    yield from (it.tell_patient for it in library.rules)
    clinic = library.clinic
    yield from (clinic.complaints, clinic.data_use, clinic.withdrawal)


def mark(key: str, _source: str) -> str:
    """The id of a text, so that one sees where it came from."""
    return f"«{key}»"


def bare(library: Library) -> Library:
    """The library with an id in place of each text, and laws without words or names of places."""
    marked = retold(library, mark)
    laws = {
        key: [tuple(replace(law, text="") for law in it) for it in treatment.legal_status.values()]
        for key, treatment in marked.treatments.items()
    }
    treatments = {
        key: replace(it, legal_status={str(place): law for place, law in enumerate(laws[key])})
        for key, it in marked.treatments.items()
    }
    return replace(marked, treatments=treatments, version="")


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _strings(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))


def test_every_text_a_patient_reads_can_be_translated(library: Library) -> None:
    marked = retold(library, mark)
    assert [text for text in read_by_patients(marked) if text and not text.startswith("«")] == []


def test_no_two_texts_share_an_id(library: Library) -> None:
    said: dict[str, set[str]] = {}

    def hear(key: str, source: str) -> str:
        said.setdefault(key, set()).add(source)
        return mark(key, source)

    retold(library, hear)
    assert {key: sources for key, sources in said.items() if len(sources) > 1} == {}


def test_words_for_clinicians_stay_in_the_clinics_language(library: Library) -> None:
    marked = retold(library, mark)
    for before, after in zip(library.rules, marked.rules, strict=True):
        assert replace(after, tell_patient="") == replace(before, tell_patient="")
    for treatment in library.treatments.values():
        told = marked.treatments[treatment.id]
        assert told.note_for_clinician == treatment.note_for_clinician
        hidden = [it for it in treatment.evidence if not it.quote_to_patients]
        assert [it for it in told.evidence if not it.quote_to_patients] == hidden
    for key, question in library.questionnaire.questions.items():
        if question.answered_by is AnsweredBy.CLINICIAN:
            told = marked.questionnaire.questions[key]
            assert (told.help, told.why_we_ask) == (question.help, question.why_we_ask)
    assert (marked.sources, marked.disagreements) == (library.sources, library.disagreements)


def test_only_words_change(library: Library) -> None:
    """Conditions, scores, frequencies and order are the same in every language."""
    told = in_language(library, SPANISH, catalogue(RULES, "es"))
    assert bare(told) == bare(library)


def test_of_a_question_for_the_clinician_what_the_document_prints_is_translated(
    tmp_path: Path,
) -> None:
    rules = lay(tmp_path / "rules")
    change(rules, "questions.yaml", "kind: date\n", "kind: date\n        answered_by: clinician\n")
    library = load_library(rules)
    texts = texts_of(library)
    clinicians = library.questionnaire.questions["date_of_birth"]
    assert texts["question.date_of_birth.text"] == clinicians.text
    assert "question.date_of_birth.help" not in texts
    assert "question.date_of_birth.why_we_ask" not in texts
    assert texts["section.for_the_clinician.title"] == "For the clinician"
    assert "section.for_the_clinician.title is not here yet." in {
        it.sentence for it in translation_problems(small(tmp_path / "es"), "es", library)
    }


def test_a_text_is_shown_in_the_language(tmp_path: Path) -> None:
    text = f"  {NAME}: {{en: What is your name?, es: ¿Cómo se llama?}}\n"
    assert words(small(tmp_path, texts=text), NAME) == "¿Cómo se llama?"


def test_a_missing_text_is_shown_in_english_and_named(tmp_path: Path) -> None:
    rules = small(tmp_path)
    assert words(rules, NAME) == "What is your name?"
    problems = [str(it) for it in translation_problems(rules, "es", load_library(rules))]
    assert f"rules/translations/es/questions.yaml:1: {NAME} is not here yet." in problems
    assert len(problems) == len(texts_of(load_library(rules)))


@pytest.mark.parametrize(
    ("key", "entry", "sentence"),
    [
        pytest.param(
            NAME,
            '{en: What is your name?, es: ""}',
            f"{NAME} is not translated yet.",
            id="empty",
        ),
        pytest.param(
            NAME,
            "{en: What was your name?, es: ¿Cómo se llama?}",
            f"The English of {NAME} has changed; it is now “What is your name?”",
            id="stale",
        ),
        pytest.param(
            "frequency.rare",
            '{en: "between 1 in 10,000 and 1 in 1,000", es: "entre 1 de 10.000 y 1 de 100"}',
            "frequency.rare has other figures than the English: 1,000, 100.",
            id="another figure",
        ),
        pytest.param(
            NAME,
            "{en: What is your name?, es: ما اسمك؟}",
            f"{NAME} is not in the letters of Español.",
            id="other letters",
        ),
        pytest.param(
            NAME,
            "{en: What is your name?, es: ¿Cómo se llama? (de memoria)}",
            f"{NAME} holds a note of its author, “(de memoria)”: people read this.",
            id="a note of its author",
        ),
        pytest.param(
            "treatment.prp.title",
            "{en: PRP, es: plasma}",
            "treatment.prp.title begins with a small letter.",
            id="a small letter",
        ),
    ],
)
def test_a_translation_that_does_not_fit_is_named_and_not_shown(
    key: str, entry: str, sentence: str, tmp_path: Path
) -> None:
    rules = small(tmp_path, texts=f"  {key}: {entry}\n")
    assert wrong(rules) == [f"rules/translations/es/texts.yaml:2: {sentence}"]
    assert words(rules, key) == texts_of(load_library(rules))[key]


ASKED = "treatment.prp.quiz.prp-1.question"
MARKS = {SPANISH: "¿?", ARABIC: "؟"}


@pytest.mark.parametrize(
    ("language", "question", "why"),
    [
        (SPANISH, "¿Funciona siempre?", ""),
        (SPANISH, "Después de una semana, ¿funciona siempre?", ""),
        (SPANISH, "Funciona siempre?", "is not one question like the English"),
        (SPANISH, "Me funciona. ¿Qué hago?", "is not one question like the English"),
        (SPANISH, "Funciona siempre:", "asks where the English tells, or tells where it asks"),
        (SPANISH, "Me funciona siempre.", "asks where the English tells, or tells where it asks"),
        (ARABIC, "هل ينجح دائمًا؟", ""),
        (ARABIC, "هل ينجح دائمًا?", "asks where the English tells, or tells where it asks"),
        (ARABIC, "ينجح معي. ماذا أفعل؟", "is not one question like the English"),
        (ARABIC, "ينجح معي؛ ماذا أفعل؟", "is not one question like the English"),
        (ARABIC, "ينجح معي", "asks where the English tells, or tells where it asks"),
    ],
)
def test_what_is_asked_in_english_is_asked_with_the_marks_of_the_language(
    language: Language, question: str, why: str, tmp_path: Path
) -> None:
    code = language.code
    rules = small(
        tmp_path, language, f"  {ASKED}: {{en: Does it always work?, {code}: {question!r}}}\n"
    )
    with (rules / "translations" / code / "language.yaml").open("a") as file:
        file.write(f'question_marks: "{MARKS[language]}"\n')
    assert [it.partition(f"{ASKED} ")[2].partition(";")[0] for it in wrong(rules, code)] == (
        [why] if why else []
    )
    told = replace(language, question_marks=MARKS[language])
    assert (words(rules, ASKED, told) == question) is (not why)


def test_what_is_told_in_english_is_not_asked(tmp_path: Path) -> None:
    rules = small(tmp_path, texts="  treatment.prp.title: {en: PRP, es: ¿PRP?}\n")
    assert len(wrong(rules)) == 1
    assert words(rules, "treatment.prp.title") == "PRP"


def test_text_in_latin_letters_does_not_pass_for_arabic(tmp_path: Path) -> None:
    rules = small(
        tmp_path,
        ARABIC,
        f"  {NAME}: {{en: What is your name?, ar: What is your name}}\n"
        f"  {BRUISE}: {{en: blood donors, ar: متبرعون بالدم}}\n"
        "  treatment.prp.title: {en: PRP, ar: PRP}\n",
    )
    sentence = f"{NAME} is not in the letters of العربية."
    assert wrong(rules, "ar") == [f"rules/translations/ar/texts.yaml:2: {sentence}"]
    assert words(rules, BRUISE, ARABIC) == "متبرعون بالدم"
    assert words(rules, "treatment.prp.title", ARABIC) == "PRP"


def test_two_answers_to_one_question_never_get_the_same_words(tmp_path: Path) -> None:
    option = "question.blood_thinner_kind.option"
    rules = small(
        tmp_path,
        texts=f"  {option}.aspirin: {{en: Aspirin, es: Aspirina}}\n"
        f"  {option}.warfarin: {{en: Warfarin, es: ASPIRINA}}\n",
    )
    assert wrong(rules) == [
        f"rules/translations/es/texts.yaml:{line}: {option}.{key} has the same words as another "
        "text beside it."
        for line, key in ((2, "aspirin"), (3, "warfarin"))
    ]
    assert words(rules, f"{option}.warfarin") == "Warfarin"


def test_what_was_left_as_it_is_in_english_is_worth_a_look(tmp_path: Path) -> None:
    rules = small(
        tmp_path,
        texts=f"  {NAME}: {{en: What is your name?, es: What is your name?}}\n"
        "  treatment.prp.title: {en: PRP, es: PRP}\n",
    )
    notes = [
        str(it)
        for it in translation_problems(rules, "es", load_library(rules))
        if it.level is Level.NOTE
    ]
    assert notes == [f"rules/translations/es/texts.yaml:2: {NAME} is the same as the English."]


def test_an_unknown_id_is_named_with_the_one_meant(tmp_path: Path) -> None:
    rules = small(tmp_path, texts="  question.full_nam.text: {en: What?, es: ¿Qué?}\n")
    sentence = f"There is no text question.full_nam.text. Did you mean {NAME}?"
    assert wrong(rules) == [f"rules/translations/es/texts.yaml:2: {sentence}"]


def test_a_text_stands_in_one_file_only(tmp_path: Path) -> None:
    entry = f"  {NAME}: {{en: What is your name?, es: ¿Cómo se llama?}}\n"
    rules = small(tmp_path, texts=entry, again=entry)
    expected = (
        f"rules/translations/es/texts.yaml:2: text {NAME} is already in "
        "rules/translations/es/again.yaml, line 2."
    )
    assert wrong(rules) == [expected]
    with pytest.raises(ContentProblems) as refused:
        catalogue(rules, "es")
    assert [str(it) for it in refused.value.problems] == [expected]
    refused_at_the_start(rules, [expected])


def test_texts_that_are_a_list_are_refused(tmp_path: Path) -> None:
    rules = small(tmp_path, texts="  - en: What is your name?\n")
    expected = "rules/translations/es/texts.yaml:2: “texts” is written as keys with values."
    assert wrong(rules) == [expected]


def test_the_words_of_pages_are_keyed_by_their_english(tmp_path: Path) -> None:
    rules = small(
        tmp_path,
        interface='  "Part {part} of {parts}": {es: "Parte {part} de {parts}"}\n'
        '  "Continue": {es: "Continuar"}\n'
        '  "Wait {minutes} minutes": {es: "Espere unos minutos"}\n',
    )
    assert interface(rules, "es") == {
        "Part {part} of {parts}": "Parte {part} de {parts}",
        "Continue": "Continuar",
    }
    sentence = "Wait {minutes} minutes has other words in braces than the English."
    assert wrong(rules) == [f"rules/translations/es/interface.yaml:4: {sentence}"]


def test_without_translated_pages_there_are_none(tmp_path: Path) -> None:
    assert interface(small(tmp_path), "es") == {}


def test_the_version_names_the_very_words(tmp_path: Path) -> None:
    text = f"  {NAME}: {{en: What is your name?, es: ¿Cómo se llama?}}\n"
    rules = small(tmp_path, texts=text)
    library = load_library(rules)
    before = in_language(library, SPANISH, catalogue(rules, "es")).version
    (rules / "translations/es/texts.yaml").write_text(
        f"texts:\n{text.replace('se llama', 'te llamas')}", encoding="utf-8"
    )
    assert load_library(rules).version == library.version
    assert in_language(library, SPANISH, catalogue(rules, "es")).version != before
    assert before != library.version


def test_languages_say_whether_somebody_approved_them(tmp_path: Path) -> None:
    rules = small(tmp_path)
    write_skeleton(rules, ARABIC, {}, (), catalogue(rules, "ar"))
    assert languages(rules) == (ARABIC, SPANISH)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        pytest.param(
            'code: "es"',
            'code: "pt"',
            "1: The code of the language in the folder es is es, like es or pt-BR.",
            id="code of another folder",
        ),
        pytest.param(
            "direction: ltr",
            "direction: rtl",
            "3: Español is not written rtl.",
            id="wrong direction",
        ),
        pytest.param(
            "state: draft",
            "state: approved",
            "4: A language has approved_by and approved_on exactly when it is approved.",
            id="approved by nobody",
        ),
        pytest.param(
            "state: draft",
            "state: draft\napproved_by: Dr. Ana Ruiz\napproved_on: 2026-11-25",
            "4: A language has approved_by and approved_on exactly when it is approved.",
            id="draft that somebody approved",
        ),
        pytest.param(
            "state: draft",
            "state: approved\napproved_by: Dr. Ana Ruiz",
            "4: A language has approved_by and approved_on exactly when it is approved.",
            id="approved on no day",
        ),
    ],
)
def test_a_language_that_contradicts_itself_is_refused(
    old: str, new: str, sentence: str, tmp_path: Path
) -> None:
    rules = small(tmp_path)
    path = rules / "translations/es/language.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(ContentProblems) as refused:
        languages(rules)
    expected = [f"rules/translations/es/language.yaml:{sentence}"]
    assert [str(it) for it in refused.value.problems] == expected
    refused_at_the_start(rules, expected)


def refused_at_the_start(rules: Path, problems: list[str]) -> None:
    """Make sure that `rules check` says these problems, and that the app does not start."""
    assert told(rules, Level.PROBLEM) == problems
    for opened in (load_library, speeches):
        with pytest.raises(ContentProblems) as refused:
            opened(rules)
        assert [str(it) for it in refused.value.problems] == problems


NOT_READ = "This file is not read; see README.md for the names that are."
NO_FILE = "This file cannot be read: no such file or directory."
NAMED = f"  {NAME}: {{en: What is your name?, es: ¿Cómo se llama?}}\n"


@pytest.mark.parametrize(
    ("file", "written", "problems"),
    [
        pytest.param("es/questions.yaml", "texts: []\n", ["es/questions.yaml:1: "], id="a list"),
        pytest.param("es/flags.yaml", "texts: [\n", ["es/flags.yaml:2: "], id="not yaml"),
        pytest.param("es/extra.yaml", f"texts:\n{NAMED}", ["es/texts.yaml:2: "], id="doubled"),
        pytest.param("es/flagz.yml", "texts:\n", [f"es/flagz.yml:1: {NOT_READ}"], id="yml"),
        pytest.param("es/FLAGS.YAML", "texts:\n", [f"es/FLAGS.YAML:1: {NOT_READ}"], id="capitals"),
        pytest.param("es/more/a.yaml", "texts:\n", [f"es/more/a.yaml:1: {NOT_READ}"], id="deeper"),
        pytest.param("es.yaml", "texts:\n", [f"es.yaml:1: {NOT_READ}"], id="no folder"),
        pytest.param("de/README", "", [f"de/language.yaml:1: {NO_FILE}"], id="no language"),
        pytest.param(
            "de/flags.yaml", "texts: {}\n", [f"de/language.yaml:1: {NO_FILE}"], id="texts alone"
        ),
        pytest.param(
            "en/language.yaml",
            "code: en\nname: English\ndirection: ltr\nstate: draft\n",
            ["en/language.yaml:1: en is the language that all of this is written in."],
            id="the language of the content",
        ),
    ],
)
def test_what_would_be_read_wrong_or_by_nobody_is_refused(
    file: str, written: str, problems: list[str], tmp_path: Path
) -> None:
    rules = small(tmp_path, texts=NAMED)
    path = rules / "translations" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(written, encoding="utf-8")
    said = told(rules, Level.PROBLEM)
    beginnings = [f"rules/translations/{it}" for it in problems]
    assert [it[: len(how)] for it, how in zip(said, beginnings, strict=True)] == beginnings
    refused_at_the_start(rules, said)


def test_an_empty_folder_is_a_language_that_lacks_everything(tmp_path: Path) -> None:
    rules = small(tmp_path)
    (rules / "translations/de").mkdir()
    refused_at_the_start(rules, [f"rules/translations/de/language.yaml:1: {NO_FILE}"])


def test_a_language_that_lost_its_language_file_does_not_vanish(tmp_path: Path) -> None:
    rules = small(tmp_path, texts=NAMED)
    (rules / "translations/es/language.yaml").unlink()
    refused_at_the_start(rules, [f"rules/translations/es/language.yaml:1: {NO_FILE}"])


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ("flags", "flags:1: This folder cannot be read: not a directory."),
        ("cases", "cases:1: This folder cannot be read: not a directory."),
        ("translations", "translations:1: This folder cannot be read: not a directory."),
        (
            "translations/es",
            "translations/es/language.yaml:1: This file cannot be read: not a directory.",
        ),
    ],
)
def test_a_file_where_a_folder_belongs_is_refused(part: str, problem: str, tmp_path: Path) -> None:
    rules = small(tmp_path, texts=NAMED)
    shutil.rmtree(rules / part)
    (rules / part).write_text("", encoding="utf-8")
    assert f"rules/{problem}" in told(rules, Level.PROBLEM)


@pytest.mark.parametrize("name", ["flags/pipe.yaml", "translations/es/pipe.yaml"])
def test_a_pipe_among_the_files_is_refused_and_not_waited_for(name: str, tmp_path: Path) -> None:
    rules = small(tmp_path)
    os.mkfifo(rules / name)
    refused_at_the_start(
        rules, [f"rules/{name}:1: This file cannot be read: it is no ordinary file."]
    )


@pytest.mark.parametrize("word", ["soya", "fuegos", "costo", "várices", "lo llena", "de res"])
def test_the_spanish_is_that_of_spain(word: str) -> None:
    folder = RULES / "translations" / "es"
    found = [path.name for path in folder.iterdir() if re.search(rf"\b{word}\b", path.read_text())]
    assert found == []
