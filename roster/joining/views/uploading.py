"""How the pages of an application take in a file, and give one back."""

from datetime import datetime

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from core.accounts.throttle import place_of
from roster.joining.limits import TooManyError, count_upload
from roster.models import Application, Paper
from roster.papers.kinds import BadFileError
from roster.papers.quarantine import hand_in, paper_of, throw_away

APPLICANT = "applicant"


def take_in(
    session: Session, application: Application, file: FileStorage, kind: str, now: datetime
) -> Paper:
    """Keeps `file`, a paper of `kind` (rules.stages.PAPER_KINDS), for the draft.

    Raises BadFileError, and then the transaction must not be kept.
    """
    content = file.read()
    try:
        count_upload(session, place_of(request.remote_addr), len(content), now)
    except TooManyError:
        raise BadFileError(
            _(
                "Very many files were sent to us today, so we cannot take this one. What you "
                "typed is kept. Send the file tomorrow, or go on without it."
            )
        ) from None
    return hand_in(
        session, content, file.filename or "", kind=kind, owner=application, actor=APPLICANT,
        now=now,
    )  # fmt: skip


def give_back(
    session: Session, application: Application, public_id: str, kind: str, now: datetime
) -> None:
    """Removes a paper of `kind` of the draft, if there is such a one."""
    paper = paper_of(session, application, public_id)
    if paper is not None and paper.kind == kind:
        throw_away(session, paper, actor=APPLICANT, now=now)
