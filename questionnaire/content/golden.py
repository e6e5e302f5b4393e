"""The invented patients of `rules/cases` as golden patients: what the rules point at for each."""

from pathlib import Path

from questionnaire.content.library import read_content
from questionnaire.content.trial import try_patient
from questionnaire.domain.library import Library

Golden = dict[str, list[str]]
"""Case and number of the patient in it → ids of the rules that fire, in the order of rules."""


def golden_flags(folder: Path, library: Library) -> Golden:
    """Every patient of the cases in `folder`, tried on the rules of `library`."""
    return {
        f"{case.title} ({number})" if len(case.patients) > 1 else case.title: [
            flag.rule.id for flag in try_patient(library, patient).flags.fires
        ]
        for case in read_content(folder).cases
        for number, patient in enumerate(case.patients, start=1)
    }
