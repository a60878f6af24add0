"""Files that people handed in: where they lie, and how they go when nobody's row names them.

A file goes after the transaction that let go of it; what could not be removed then is found and
removed by `sweep`, since no row names it any more. Reads no file.
"""

import logging
import time
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from roster.joining import storage
from roster.models import Paper

GOING = "files_going"
# A file is written before its row: this long it may lie there without one.
YOUNG_S = 3600
log = logging.getLogger(__name__)


def remove_after_commit(session: Session, names: Iterable[str]) -> None:
    """Removes these files when the transaction of `session` is kept."""
    session.info.setdefault(GOING, set()).update(map(storage.path_of, names))


def sweep(session: Session) -> int:
    """Removes the files that no row names and that are not just being handed in; how many."""
    latest = time.time() - YOUNG_S
    paths = {
        name: storage.path_of(name) for name in storage.names() if storage.NAME.fullmatch(name)
    }
    old = {name: path for name, path in paths.items() if path.stat().st_mtime < latest}
    named = set(session.scalars(select(Paper.stored_as).where(Paper.stored_as.in_(old))))
    return sum(_remove(path) for name, path in old.items() if name not in named)


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
