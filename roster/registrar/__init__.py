"""The verbs of HR: every change of an expert's standing, presence or reach goes through these.

Each writes its audit row and leaves news for dispatch in the transaction of its caller.
"""

from roster.registrar.accounts import invite_expert, link_accepted, link_account
from roster.registrar.admission import (
    NotTwoPeopleError,
    check_not_themself,
    check_vetters,
    raise_to,
)
from roster.registrar.news import tell
from roster.registrar.presence import (
    add_absence,
    end_absence,
    end_absences,
    set_availability,
    set_away,
)
from roster.registrar.reach import mark_one_way, mark_sms_failed, opt_in, opt_out
from roster.registrar.standing import WrongStandingError, reinstate, suspend

__all__ = [
    "NotTwoPeopleError",
    "WrongStandingError",
    "add_absence",
    "check_not_themself",
    "check_vetters",
    "end_absence",
    "end_absences",
    "invite_expert",
    "link_accepted",
    "link_account",
    "mark_one_way",
    "mark_sms_failed",
    "opt_in",
    "opt_out",
    "raise_to",
    "reinstate",
    "set_availability",
    "set_away",
    "suspend",
    "tell",
]
