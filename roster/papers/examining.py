"""Hands papers in quarantine to the antivirus command, and notes what it says.

Runs as a turn of the worker. Nothing of the database is held while the command works.
"""

import logging
import shlex
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import or_, select, update

from core import audit
from core.db import db, writing
from core.settings import Settings
from roster.models import Paper
from roster.papers import storage
from roster.registrar.files import remove_after_commit
from roster.rules import stages

TIME_LIMIT_S = 60
AT_ONCE = 10
AGAIN_AFTER = timedelta(minutes=5)
VERDICT_OF_EXIT = {0: stages.CLEAN, 1: stages.INFECTED}
log = logging.getLogger(__name__)


def examine_papers(now: datetime) -> int:
    """Examines papers that wait; returns how many got a verdict. Without a command: none.

    Several workers may do so at once: the same paper then gets the same verdict twice.
    """
    settings: Settings = current_app.extensions["settings"]
    command = shlex.split(settings.antivirus)
    found = 0
    for paper_id, name in _waiting(now) if command else []:
        verdict = _ask(command, storage.path_of(name))
        _note(paper_id, name, verdict, now)
        found += verdict != stages.QUARANTINED
    return found


def _waiting(now: datetime) -> list[tuple[int, str]]:
    session = db.session()
    query = (
        select(Paper.id, Paper.stored_as)
        .where(Paper.verdict == stages.QUARANTINED)
        .where(or_(Paper.examined_at.is_(None), Paper.examined_at < now - AGAIN_AFTER))
        .order_by(Paper.examined_at.is_not(None), Paper.id)
        .limit(AT_ONCE)
    )
    rows = [(row[0], row[1]) for row in session.execute(query)]
    session.commit()
    return rows


def _ask(command: list[str], path: Path) -> str:
    """The verdict on the file there; still in quarantine when the command says nothing usable."""
    try:
        done = subprocess.run(  # noqa: S603  the operator's own command, and a path of our making
            [*command, str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, timeout=TIME_LIMIT_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("a paper was not examined", extra={"fault": type(error).__name__})
        return stages.QUARANTINED
    if done.returncode not in VERDICT_OF_EXIT:
        log.warning("a paper was not examined", extra={"exit": done.returncode})
    if not path.exists():
        return stages.QUARANTINED  # removed meanwhile: an exit code says nothing of it
    return VERDICT_OF_EXIT.get(done.returncode, stages.QUARANTINED)


def _note(paper_id: int, name: str, verdict: str, now: datetime) -> None:
    """Keeps the verdict; an infected file goes with it, or by the next sweep."""
    with writing() as session:
        if verdict == stages.INFECTED:
            remove_after_commit(session, [name])
        changed = session.execute(
            update(Paper)
            .where(Paper.id == paper_id, Paper.verdict == stages.QUARANTINED)
            .values(verdict=verdict, examined_at=now)
            .returning(Paper.public_id)
        ).scalar_one_or_none()
        if changed is not None and verdict != stages.QUARANTINED:
            audit.record(session, actor="system", action=f"paper.{verdict}",
                         subject=f"paper:{changed}", now=now)  # fmt: skip
