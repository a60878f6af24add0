"""Files that people handed in: where they lie, and how they go when no row keeps them.

A file goes after the transaction that let go of it; what could not be removed then is found and
removed by `sweep`, since no row names it any more, or only as infected. Reads no file.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from roster.models import Paper
from roster.papers import storage
from roster.rules import stages

GOING = "files_going"
# A file is written before its row: this long it may lie there without one.
YOUNG_S = 3600
AT_ONCE = 1000  # names in one statement: databases limit them
log = logging.getLogger(__name__)


def remove_after_commit(session: Session, names: Iterable[str]) -> None:
    """Removes these files when the transaction of `session` is kept."""
    session.info.setdefault(GOING, set()).update(map(storage.path_of, names))


def sweep(session: Session) -> int:
    """Removes the files that no row keeps and that are not just being handed in; how many."""
    names = [name for name in sorted(storage.names()) if storage.NAME.fullmatch(name)]
    portions = (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))
    return sum(_sweep_some(session, some) for some in portions)


def _sweep_some(session: Session, names: Sequence[str]) -> int:
    latest = time.time() - YOUNG_S
    old = [name for name in names if _is_older(storage.path_of(name), latest)]
    rows = select(Paper.stored_as).where(Paper.stored_as.in_(old))
    kept = set(session.scalars(rows.where(Paper.verdict != stages.INFECTED)))
    return sum(_remove(storage.path_of(name)) for name in old if name not in kept)


def _is_older(path: Path, latest: float) -> bool:
    try:
        return path.stat().st_mtime < latest
    except FileNotFoundError:
        return False  # another worker was faster


def _remove(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError as fault:
        log.warning("a file could not be removed", extra={"fault": type(fault).__name__})
        return False
    return True


@event.listens_for(Session, "after_commit")
def _go(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for path in session.info.pop(GOING, set()):
        _remove(path)


@event.listens_for(Session, "after_rollback")
def _stay(session: Session) -> None:
    session.info.pop(GOING, None)
