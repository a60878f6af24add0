"""The verbs of HR: every change of an expert's standing, presence or reach goes through these.

Each writes its audit row and leaves news for dispatch in the transaction of its caller.
"""

from roster.registrar.accounts import invite_expert, link_accepted, link_account
from roster.registrar.admission import (
    NotTwoPeopleError,
    check_not_themself,
    check_vetters,
    raise_to,
    renew,
)
from roster.registrar.applying import (
    AlreadyOnRosterError,
    apply,
    close_draft,
    may_apply_again,
    set_aside,
)
from roster.registrar.casefacts import CaseError, facts_of, missing_in, objection_to
from roster.registrar.cases import (
    check_approver,
    drop_case,
    open_case,
    open_case_of,
    record_step,
    set_due,
    take_case,
)
from roster.registrar.decisions import appeal, decide
from roster.registrar.erasure import (
    ErasureRefusedError,
    erase,
    find_erasable,
    on_erased,
    refuse_on_mission,
)
from roster.registrar.news import tell
from roster.registrar.nominating import NominationError, nominate, nomination_of
from roster.registrar.panel import delist, join_panel, leave_panel, list_in_iproc
from roster.registrar.presence import (
    add_absence,
    end_absence,
    end_absences,
    set_availability,
    set_away,
)
from roster.registrar.proof import (
    answer_late,
    count_wrong,
    fail_proof,
    open_proofs,
    prove_phone,
    want_proof,
)
from roster.registrar.reach import mark_one_way, mark_sms_failed, opt_in, opt_out
from roster.registrar.references import (
    RefereeError,
    ask_reference,
    name_reference,
    record_reference,
    remind_reference,
)
from roster.registrar.renewal import (
    hear_phone,
    reconfirm,
    record_evaluation,
    withdraw_expert,
)
from roster.registrar.standing import WrongStandingError, expire, reinstate, suspend

__all__ = [
    "AlreadyOnRosterError",
    "CaseError",
    "ErasureRefusedError",
    "NominationError",
    "NotTwoPeopleError",
    "RefereeError",
    "WrongStandingError",
    "add_absence",
    "answer_late",
    "appeal",
    "apply",
    "ask_reference",
    "check_approver",
    "check_not_themself",
    "check_vetters",
    "close_draft",
    "count_wrong",
    "decide",
    "delist",
    "drop_case",
    "end_absence",
    "end_absences",
    "erase",
    "expire",
    "facts_of",
    "fail_proof",
    "find_erasable",
    "hear_phone",
    "invite_expert",
    "join_panel",
    "leave_panel",
    "link_accepted",
    "link_account",
    "list_in_iproc",
    "mark_one_way",
    "mark_sms_failed",
    "may_apply_again",
    "missing_in",
    "name_reference",
    "nominate",
    "nomination_of",
    "objection_to",
    "on_erased",
    "open_case",
    "open_case_of",
    "open_proofs",
    "opt_in",
    "opt_out",
    "prove_phone",
    "raise_to",
    "reconfirm",
    "record_evaluation",
    "record_reference",
    "record_step",
    "refuse_on_mission",
    "reinstate",
    "remind_reference",
    "renew",
    "set_aside",
    "set_availability",
    "set_away",
    "set_due",
    "suspend",
    "take_case",
    "tell",
    "want_proof",
    "withdraw_expert",
]
