"""The ledger's last mark by e-mail, once a day: a copy that who cuts the ledger cannot reach."""

import logging
import ssl
from datetime import timedelta

from questionnaire.journey.house import House
from questionnaire.journey.keeping import KEEPER, LEDGER, is_due
from questionnaire.mail import Letter, MailRefused, MailServer, send
from questionnaire.records.ledger import head
from questionnaire.records.tries import count_try

MAILED = "ledger_anchor_mailed"
AGAIN_AFTER = timedelta(minutes=15)
"""So long a server that refused is left in peace."""
log = logging.getLogger(__name__)


def mail_anchor(
    house: House, server: MailServer, to: str, trusted: ssl.SSLContext | None = None
) -> None:
    """Send the mark where it was not sent today; a server that refuses is asked again later.

    `trusted` is for `mail.send`.
    """
    if not is_due(house, LEDGER, MAILED):
        return
    now = house.clock()
    with house.database.write() as tx:
        seq, mac = head(tx)
        if seq == 0 or count_try(tx, "anchor-mail", now, AGAIN_AFTER) > 1:
            return
    text = (
        f"Keep this e-mail. It is the last mark of the ledger of {house.clinic.called} at "
        f"{now:%Y-%m-%d %H:%M} UTC:\n\n{seq}:{mac}\n\nTo compare the ledger with it later:\n\n"
        f"flask --app app ledger verify --anchor {seq}:{mac}\n"
    )
    letter = Letter(to, f"Ledger mark {now:%Y-%m-%d}, row {seq}", text, house.new_id())
    try:
        send(server, letter, now, trusted)
    except MailRefused as problem:
        log.warning("the e-mail with the ledger's mark was not taken: %s", problem)
        return
    with house.database.write() as tx:
        house.note(tx, KEEPER, MAILED, LEDGER, row=seq)
