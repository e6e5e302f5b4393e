"""The working copy of the answers, once one page of the form was saved."""

from collections.abc import Mapping
from dataclasses import replace

from questionnaire.domain.answers import Answer
from questionnaire.domain.paging import Page
from questionnaire.journey.rows import answer_from_rows, take_rows
from questionnaire.journey.standing import Drafts, Rows, Sheet


def with_page(
    sheet: Sheet,
    page: Page,
    answers: Mapping[str, Answer | None],
    rows: Rows,
    drafts: Drafts,
) -> Sheet:
    """The sheet with what a page says; everything else stays.

    None takes an answer back. The page's drafts are replaced by `drafts`.
    """
    kept = {k: it for k, it in {**sheet.answers, **answers}.items() if it is not None}
    all_rows = {k: dict(row) for k, row in sheet.rows.items()}
    for question in (one for one in page.questions if one.row_by_row):
        row = all_rows.setdefault(question.id, {})
        take_rows(row, page, rows.get(question.id, {}))
        answer = answer_from_rows(question, row)
        if answer is None:
            kept.pop(question.id, None)
        else:
            kept[question.id] = answer
    here = {question.id for question in page.questions}
    elsewhere = {k: it for k, it in sheet.drafts.items() if k not in here}
    return replace(sheet, answers=kept, rows=all_rows, drafts={**elsewhere, **drafts})
