"""A crisis filed by text, from a phone that we know: kept at once, confirmed by a call-back.

Whoever can forge a caller's number could write such a text, so it offers nothing to anybody.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.i18n import speaking
from dispatch import wording
from dispatch.answers.said import UNCLEAR, Said
from dispatch.intake import file_request
from dispatch.reports.known import read_known
from dispatch.reports.report import read_report

OTHER_KIND = "OTH"
GRAVEST = "1"
SEVERITIES = ("1", "2", "3", "4")
LONGEST = 1600


def file_by_text(session: Session, user: User, text: str, now: datetime) -> Said:
    """Files what follows CRISIS: a kind's code and a severity if they come first, then words.

    Answered with the case's number. What is left out is the gravest: somebody will call and ask.
    """
    if not user.office_code:
        return Said(UNCLEAR, wording.unclear_text(user.language))
    kind, severity, words = _read(session, text)
    with speaking(user.language):
        summary = words[:LONGEST] or _("Filed by text message, without a description.")
    report = read_report(
        {
            "office": user.office_code,
            "kind": kind,
            "severity": severity,
            "summary": summary,
            "contact_name": user.name,
            "contact_phone": user.phone,
            "contact_email": user.email,
            "language": user.language,
        }
    )
    filed = file_request(session, report, filer=None, through="sms", now=now)
    return Said("crisis", wording.case_received_text(user.language, filed.request.number))


def _read(session: Session, text: str) -> tuple[str, str, str]:
    kind, severity, words = OTHER_KIND, GRAVEST, text.split()
    if words and words[0].upper() in read_known(session).kinds:
        kind = words.pop(0).upper()
    if words and words[0] in SEVERITIES:
        severity = words.pop(0)
    return kind, severity, " ".join(words)
