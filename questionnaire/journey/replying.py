"""What the clinician says to the patient's own words: it counts for these very words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from questionnaire.domain.answers import Answers
from questionnaire.domain.basis import basis_of_words
from questionnaire.domain.review import Review
from questionnaire.journey.folding import fold_progress
from questionnaire.journey.house import House
from questionnaire.records.entries import Entry

Words = tuple[datetime, str]
"""When words of the patient were sent, and their fingerprint; empty where there were none."""


def words_at(house: House, moment: datetime, answers: Answers, entries: Iterable[Entry]) -> Words:
    """The patient's own words as they were at a moment, with the answers of then."""
    progress = fold_progress(one for one in entries if one.at <= moment)
    questions = house.library.questionnaire.questions
    return moment, basis_of_words(questions, answers, progress.worries)


def only_to_these(review: Review, words: Sequence[Words]) -> Review:
    """The review in which the reply counts only if its words were in every form since.

    `words` are those of each form, oldest first.
    """
    reply = review.reply
    if reply is None:
        return review
    until = [said for at, said in words if at <= reply.at]
    since = [said for at, said in words if at > reply.at]
    if until and until[-1] and all(said == until[-1] for said in since):
        return review
    return replace(review, reply=None, reply_before=reply)
