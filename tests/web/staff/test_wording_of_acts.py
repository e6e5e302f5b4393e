"""Each act on a visit has its words on staff pages, and stands in the document or is left out."""

import pytest

from questionnaire.domain.visit import Move
from questionnaire.journey.sealing import EVENT_WORDS
from questionnaire.web.staff.wording import ACTIONS

NOT_OF_THE_CONSENT = {
    "of somebody else": {"set_aside", "another_person_said", "not_me", "is_me", "doubt_confirmed"},
    "how a page is reached": {
        "code_given", "witness_code_given", "home_link_made", "home_link_revoked",
        "home_link_refused", "home_link_mail_sent", "home_link_mail_failed", "home_codes_guessed",
        "turn_ended", "turn_locked", "turn_handed_over", "turn_resumed", "resume_refused",
    },
    "counted under what came of it": {"page_saved", "quiz_try", "open_review"},
    "after the countersignature": {
        "seal", "seal_asked_again", "visit_read", "record_read", "readers_listed", "consent_read",
        "consent_downloaded", "consent_printed", "consent_handed_out", "consent_exported",
        "hold_placed", "hold_lifted", "disposed", "disposed_again", "copy_offered",
        "copy_accepted", "copy_declined", "file_verified", "exported",
    },
    "of the clinic and its staff": {
        "tablet_code_given", "tablet_enrolled", "tablet_revoked", "staff_door_refused", "pin_made",
        "approval_asked", "approval_approved", "approval_refused", "rules_signed", "keys_approved",
        "keys_changed_alone", "denied", "signed_in", "signed_out", "new_device", "notices_seen",
        "sign_in_refused", "confirmed", "factor_added", "factor_removed", "factor_refused",
        "factors_reset", "recovery_codes_made", "recovery_code_used", "staff_changed",
        "clinic_changed", "password_set", "password_changed", "password_link_given",
        "session_ended", "sessions_ended",
    },
}  # fmt: skip
"""Why an act is not printed under “How this record came about”."""
LEFT_OUT = frozenset[str]().union(*NOT_OF_THE_CONSENT.values())


def test_each_act_is_printed_or_left_out_for_a_reason() -> None:
    assert ACTIONS.keys() - EVENT_WORDS.keys() == LEFT_OUT
    assert EVENT_WORDS.keys() <= ACTIONS.keys()


@pytest.mark.parametrize("move", sorted(set(Move) - {Move.START, Move.MAKE_READY}))
def test_each_move_has_words_where_it_is_not_told_as_its_act(move: Move) -> None:
    assert move.value in ACTIONS
    assert (move.value in EVENT_WORDS) == (move not in {Move.OPEN_REVIEW, Move.SEAL})
