"""What a clinician found out of what the patient left open, when the form goes back to them."""

from dataclasses import replace

from questionnaire.domain.definition import AnsweredBy
from questionnaire.domain.visit import Visit
from questionnaire.journey.folding import given_by_clinic
from questionnaire.journey.house import House
from questionnaire.journey.standing import answers_as_sent, keep_sheet, load_sheet, situation_of
from questionnaire.records.answers import last_submission
from questionnaire.records.database import Transaction
from questionnaire.records.entries import entries_of


def give_back_unanswered(house: House, tx: Transaction, visit: Visit) -> None:
    """Before the form goes back: the patient answers anew what only staff had answered for them.

    That is what was found out to questions that were never put to the patient. What the clinic
    may measure itself stays.
    """
    sent = last_submission(tx, visit.id)
    if sent is None:
        return
    sheet, questions = load_sheet(house, tx, visit.id), house.library.questionnaire.questions
    put = situation_of(house, visit, answers_as_sent(house, sent), sent.at).asked
    for_the_patient = {
        key
        for key in given_by_clinic(entries_of(tx, visit.id), sheet.answers) - {*put}
        if questions[key].answered_by is AnsweredBy.PATIENT
        and not questions[key].clinician_may_fill_in
    }
    if for_the_patient:
        left = {key: it for key, it in sheet.answers.items() if key not in for_the_patient}
        keep_sheet(house, tx, visit.id, replace(sheet, answers=left))
