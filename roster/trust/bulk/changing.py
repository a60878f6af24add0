"""A change of many: rehearsed and rolled back for the preview, then made in one transaction.

What it did is kept, so that it can be undone where nobody has changed it since.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.accounts.models import User
from core.db import db, writing
from roster.interchange import Outcome, Row, import_rows
from roster.models import BulkChange
from roster.registrar.casefacts import person
from roster.rules.vetting import Person

EDIT, FILE = "edit", "import"
CHANGED = "changed_in_bulk"
Rows = list[dict[str, Any]]


class StaleError(Exception):
    """Somebody has changed the roster since the preview: it would do something else now."""


class OverError(Exception):
    """The change was applied, undone or emptied already."""


class _RehearsedError(Exception):
    """Ends a rehearsal: nothing of it stays."""


def preview(
    rows: Sequence[Row],
    refused: Sequence[tuple[int, str]] = (),
    *,
    kind: str,
    by: int,
    actor: str,
    now: datetime,
) -> str:
    """Rehearses `rows` and keeps what they would do; returns the public id of the change.

    `refused` are lines of the file that could not be read. Opens its own transactions.
    """
    outcome = _rehearse(rows, actor)
    with writing() as session:
        change = BulkChange(by=by, kind=kind, made_at=now)
        change.wanted = {"rows": [[line, dict(cells)] for line, cells in rows]}
        change.differences = _differences(outcome, ids=False)
        change.refused = _refused([*refused, *outcome.refused])
        session.add(change)
        session.flush()
        return change.public_id


def apply(session: Session, change: BulkChange, *, actor: str, now: datetime) -> None:
    """Does what was previewed. Raises StaleError, and OverError when there is nothing to do.

    The caller's transaction must be a `writing()`, and be undone when this raises.
    """
    if change.applied_at is not None or not rows_of(change):
        raise OverError
    outcome = _run(rows_of(change), actor)
    if _differences(outcome, ids=False) != change.differences:
        raise StaleError
    change.differences = _differences(outcome, ids=True)
    change.applied_at, change.wanted = now, {}
    audit.record(
        session, actor=actor, action="roster.changed_in_bulk", subject=f"bulk:{change.public_id}",
        now=now, kind=change.kind, people=len(change.differences),
    )  # fmt: skip


def rows_of(change: BulkChange) -> list[Row]:
    """The rows that are to be applied; none once that was done."""
    return [(line, cells) for line, cells in change.wanted.get("rows", [])]


def person_of(actor: str) -> Person | None:
    """Whose public id `actor` is; None when it is nobody's."""
    user = db.session.scalar(select(User).where(User.public_id == actor))
    return person(user) if user else None


def _rehearse(rows: Sequence[Row], actor: str) -> Outcome:
    outcome = Outcome()
    try:
        with writing():
            outcome = _run(rows, actor)
            raise _RehearsedError
    except _RehearsedError:
        return outcome


def _run(rows: Sequence[Row], actor: str) -> Outcome:
    outcome = Outcome()
    for _so_far in import_rows(
        rows, actor=actor, outcome=outcome, changing=CHANGED, watched=True, alone=person_of(actor)
    ):
        pass
    return outcome


def _differences(outcome: Outcome, *, ids: bool) -> Rows:
    """As they are stored; newcomers get another id each time, so a preview has none."""
    found = [asdict(one) for one in outcome.differences]
    for row in found:
        if row["before"] is None and not ids:
            row["expert"] = ""
    return found


def _refused(lines: Sequence[tuple[int, str]]) -> Rows:
    return [{"line": line, "reason": reason} for line, reason in sorted(lines)]
