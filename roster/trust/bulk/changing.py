"""A change of many: rehearsed and rolled back for the preview, then made, a portion at a time.

Each portion is a transaction, so that nobody else waits for all of it. What was done so far is
kept with it: when it stops in the middle, that is what can be undone, and the rest can go on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.accounts.models import User
from core.db import db, writing
from roster.interchange import Outcome, Row, Seen, import_rows
from roster.models import BulkChange
from roster.registrar.casefacts import person
from roster.rules.vetting import Person

EDIT, FILE = "edit", "import"
CHANGED = "changed_in_bulk"
PORTION = 50  # people in one transaction: some tenths of a second
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
    useless = {line for line, _why in outcome.refused}
    with writing() as session:
        change = BulkChange(by=by, kind=kind, made_at=now)
        change.wanted = _still_wanted([row for row in rows if row[0] not in useless])
        change.differences = _differences(outcome, ids=False)
        change.refused = _refused([*refused, *outcome.refused])
        session.add(change)
        session.flush()
        return change.public_id


def apply_next(session: Session, change: BulkChange, *, actor: str, now: datetime) -> bool:
    """Does the next portion of what was previewed; whether there is more to do.

    Raises StaleError, and OverError when there is nothing to do. The caller's transaction must be a
    `writing()` that holds `change`, and be undone when this raises.
    """
    rows = rows_of(change)
    if change.undone_at is not None or not rows:
        raise OverError
    part, rest = rows[:PORTION], rows[PORTION:]
    outcome = _run(part, actor, Seen())
    lines = {line for line, _cells in part}
    if _differences(outcome, ids=False) != [d for d in change.differences if d["line"] in lines]:
        raise StaleError
    done = {one["line"]: one for one in _differences(outcome, ids=True)}
    change.differences = [done.get(one["line"], one) for one in change.differences]
    change.applied_at, change.wanted = change.applied_at or now, _still_wanted(rest)
    audit.record(
        session, actor=actor, action="roster.changed_in_bulk", subject=f"bulk:{change.public_id}",
        now=now, kind=change.kind, people=len(done),
    )  # fmt: skip
    return bool(rest)


def stop(change: BulkChange) -> int:
    """Leaves `change`, held, at what was done of it; how many people that are."""
    if change.applied_at is not None:
        change.differences, change.wanted = done_of(change), {}
    return len(change.differences) if change.applied_at is not None else 0


def done_of(change: BulkChange) -> Rows:
    """The differences that `change` has made so far."""
    if change.applied_at is None:
        return []
    left = {line for line, _cells in rows_of(change)}
    return [one for one in change.differences if one["line"] not in left]


def rows_of(change: BulkChange) -> list[Row]:
    """The rows that are still to be applied; none once that was done."""
    return [(line, cells) for line, cells in change.wanted.get("rows", [])]


def person_of(actor: str) -> Person | None:
    """Whose public id `actor` is; None when it is nobody's."""
    user = db.session.scalar(select(User).where(User.public_id == actor))
    return person(user) if user else None


def _rehearse(rows: Sequence[Row], actor: str) -> Outcome:
    """What `rows` would do, each portion on its own, as it is done then; nothing of it stays."""
    outcome, seen = Outcome(), Seen()
    for part in _portions(rows):
        try:
            with writing():
                outcome.add(_run(part, actor, seen))
                raise _RehearsedError
        except _RehearsedError:
            pass
    return outcome


def _portions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), PORTION):
        yield rows[start : start + PORTION]


def _run(rows: Sequence[Row], actor: str, seen: Seen) -> Outcome:
    outcome = Outcome()
    for _so_far in import_rows(
        rows, actor=actor, outcome=outcome, changing=CHANGED, watched=True,
        alone=person_of(actor), seen=seen,
    ):  # fmt: skip
        pass
    return outcome


def _still_wanted(rows: Sequence[Row]) -> dict[str, Any]:
    return {"rows": [[line, dict(cells)] for line, cells in rows]} if rows else {}


def _differences(outcome: Outcome, *, ids: bool) -> Rows:
    """As they are stored; newcomers get another id each time, so a preview has none."""
    found = [asdict(one) for one in outcome.differences]
    for row in found:
        if row["before"] is None and not ids:
            row["expert"] = ""
    return found


def _refused(lines: Sequence[tuple[int, str]]) -> Rows:
    return [{"line": line, "reason": reason} for line, reason in sorted(lines)]
