"""Every text that leaves us, in the reader's language. Decides nothing and sends nothing."""

from dispatch.wording.duty import duty_subject, duty_text
from dispatch.wording.mails import notice_subject, offer_mail
from dispatch.wording.notices import NOTICES, others_told_text, trial_text, withdrawn_text
from dispatch.wording.offers import offer_text
from dispatch.wording.replies import (
    accepted_text,
    away_text,
    back_text,
    case_received_text,
    commands_text,
    declined_text,
    done_text,
    left_text,
    no_offer_text,
    not_available_text,
    opted_in_text,
    over_text,
    status_text,
    taken_text,
    too_late_text,
    unclear_text,
    wrong_code_text,
)
from dispatch.wording.voice import offer_call, outcome_call, over_call

__all__ = [
    "NOTICES",
    "accepted_text",
    "away_text",
    "back_text",
    "case_received_text",
    "commands_text",
    "declined_text",
    "done_text",
    "duty_subject",
    "duty_text",
    "left_text",
    "no_offer_text",
    "not_available_text",
    "notice_subject",
    "offer_call",
    "offer_mail",
    "offer_text",
    "opted_in_text",
    "others_told_text",
    "outcome_call",
    "over_call",
    "over_text",
    "status_text",
    "taken_text",
    "too_late_text",
    "trial_text",
    "unclear_text",
    "withdrawn_text",
    "wrong_code_text",
]
