"""Papers that somebody hands in: stored outside the web root, in quarantine until examined.

Whether they are harmless is for `examining` to find out; who may have them, for the pages.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.settings import Settings
from roster.models import Application, Expert, Paper
from roster.papers import storage
from roster.papers.kinds import BadFileError, kind_of
from roster.papers.names import clean_name
from roster.registrar.files import remove_after_commit
from roster.rules import stages

MOST_PAPERS = 20  # of one applicant
BYTES_PER_MB = 1_000_000


def hand_in(
    session: Session,
    content: bytes,
    file_name: str,
    *,
    kind: str,
    owner: Application | Expert,
    actor: str,
    now: datetime,
) -> Paper:
    """Takes in a file for a draft or an expert. Raises BadFileError, and then nothing is kept."""
    found = kind_of(content)
    _check_room(papers_of(session, owner), len(content))
    is_draft = isinstance(owner, Application)
    paper = Paper(
        application_id=owner.id if is_draft else None, expert_id=None if is_draft else owner.id,
        kind=kind, file_name=clean_name(file_name, found.ending),
        stored_as=storage.keep(content), media_type=found.media_type, size=len(content),
        sha256=hashlib.sha256(content).hexdigest(), uploaded_at=now, verdict=stages.QUARANTINED,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    _note(session, paper, "handed_in", actor, now)
    return paper


def throw_away(session: Session, paper: Paper, *, actor: str, now: datetime) -> None:
    """Removes a paper, its content included."""
    _note(session, paper, "removed", actor, now)
    remove_after_commit(session, [paper.stored_as])
    session.delete(paper)


def papers_of(session: Session, owner: Application | Expert, kind: str = "") -> list[Paper]:
    """What somebody has handed in, in that order."""
    column = Paper.application_id if isinstance(owner, Application) else Paper.expert_id
    query = select(Paper).where(column == owner.id).order_by(Paper.id)
    return list(session.scalars(query.where(Paper.kind == kind) if kind else query))


def paper_of(session: Session, owner: Application, public_id: str) -> Paper | None:
    """One paper of a draft, None when it is not theirs."""
    query = select(Paper).where(Paper.application_id == owner.id, Paper.public_id == public_id)
    return session.scalar(query)


def why_held(paper: Paper) -> str:
    """Why nobody is given this paper, as a sentence; empty when it was found clean."""
    if paper.verdict == stages.CLEAN:
        return ""
    if paper.verdict == stages.INFECTED:
        return str(_("A virus was found in this file. Its content has been removed."))
    settings: Settings = current_app.extensions["settings"]
    if not settings.antivirus:
        said = _("In quarantine: no antivirus is set up here, so nobody can open this file.")
    elif paper.examined_at is not None:
        said = _("In quarantine: the antivirus could not examine it. It is tried again.")
    else:
        said = _("In quarantine: the antivirus examines it in a moment.")
    return str(said)


def _check_room(have: Sequence[Paper], size: int) -> None:
    if len(have) >= MOST_PAPERS:
        raise BadFileError(_("You have sent 20 files already. Remove one first."))
    settings: Settings = current_app.extensions["settings"]
    most = settings.limits.upload_mb_per_draft
    if sum(paper.size for paper in have) + size > most * BYTES_PER_MB:
        raise BadFileError(
            _(
                "Your files are larger than %(number)d MB together. Remove one first, or send a "
                "smaller one.",
                number=most,
            )
        )


def _note(session: Session, paper: Paper, what: str, actor: str, now: datetime) -> None:
    audit.record(
        session, actor=actor, action=f"paper.{what}", subject=f"paper:{paper.public_id}", now=now,
        kind=paper.kind, sha256=paper.sha256,
    )  # fmt: skip
