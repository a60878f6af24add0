"""Takes a change of many back, where nobody has changed the same since; says where not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from roster import registrar
from roster.interchange import Outcome, Row, import_rows
from roster.interchange.exporting import row_of
from roster.models import BulkChange, Expert, VettingCase
from roster.registrar.casefacts import themself
from roster.rules.terms import APPLICANT
from roster.rules.vetting import same_person
from roster.trust.bulk.changing import PORTION, OverError, done_of, person_of

# Where somebody is, is one thing: half of it taken back would be another place.
PLACE = frozenset({"base", "lat", "lon", "country", "region", "time_zone"})
UNDOING = "bulk_undone"
KEPT, BACK = "kept", "taken_back"  # whom it left as they are, and the last line that it has seen to


def undo_next(session: Session, change: BulkChange, *, actor: str, now: datetime) -> bool:
    """Undoes the next portion of what `change`, held, has done; whether there is more to undo.

    Whom it left as they are is in `change.wanted`: name, e-mail, why. Newcomers are erased again,
    unless something has begun with them. Raises OverError.
    """
    if change.applied_at is None or change.undone_at is not None:
        raise OverError
    if BACK not in change.wanted:  # what was not done before it began will not be done
        change.differences, change.wanted = done_of(change), {KEPT: [], BACK: -1}
    since: int = change.wanted[BACK]
    part = [one for one in change.differences if one["line"] > since][:PORTION]
    upto = part[-1]["line"] if part else since
    kept = change.wanted[KEPT] + _take_back(session, change, part, actor, now)
    # Looked for anew: whoever was erased is in the differences no more.
    is_over = not any(one["line"] > upto for one in change.differences)
    change.wanted = {KEPT: kept} if is_over else {KEPT: kept, BACK: upto}
    if is_over:
        change.undone_at = now
        audit.record(
            session, actor=actor, action="roster.bulk_undone", subject=f"bulk:{change.public_id}",
            now=now, kept=len(kept),
        )  # fmt: skip
    return not is_over


def _take_back(
    session: Session,
    change: BulkChange,
    differences: Sequence[Mapping[str, Any]],
    actor: str,
    now: datetime,
) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    rows: list[Row] = []
    who = person_of(actor)
    for number, row in enumerate(differences, 1):
        expert = registrar.find_erasable(session, row["expert"])
        if expert is None:
            continue  # forgotten meanwhile: there is nothing to take back
        if who is not None and same_person(who, themself(expert)):
            why = str(_("This is about you: somebody else has to look after it."))
        elif row["before"] is None:
            why = _take_out(session, expert, row["after"], actor, now)
        else:
            back, why = _way_back(row, row_of(expert, now), _examined_since(expert, change))
            rows += [(number, {"email": expert.email, **back})] if back else []
        kept += [_kept(row, why)] if why else []
    outcome = Outcome()
    for _so_far in import_rows(rows, actor=actor, outcome=outcome, changing=UNDOING):
        pass
    return kept + [_kept(differences[line - 1], why) for line, why in outcome.refused]


def _examined_since(expert: Expert, change: BulkChange) -> frozenset[str]:
    """The columns that an examination has settled after `change`."""
    validated, applied = expert.validated_at, change.applied_at
    is_later = validated is not None and applied is not None and validated >= applied
    return frozenset({"skills"} if is_later else ())


def _way_back(
    row: Mapping[str, Any], cells: Mapping[str, str], settled: frozenset[str]
) -> tuple[dict[str, str], str]:
    """The cells as they were, and what must stay because somebody has changed it since."""
    after: Mapping[str, str] = row["after"]
    moved = {column for column in after if cells[column] != after[column] or column in settled}
    if moved & PLACE:
        moved |= PLACE & set(after)
    back = {column: row["before"][column] for column in after if column not in moved}
    if not moved:
        return back, ""
    words = _("Changed again since: %(columns)s.", columns=", ".join(sorted(moved)))
    return back, str(words)


def _take_out(
    session: Session, expert: Expert, after: Mapping[str, str], actor: str, now: datetime
) -> str:
    cases = select(VettingCase.id).where(VettingCase.expert_id == expert.id).limit(1)
    begun = expert.status != APPLICANT or expert.user_id is not None
    if begun or session.scalar(cases) is not None:
        return str(_("Was new, and has an account or a case by now."))
    if row_of(expert, now) != after:
        return str(_("Was new, and has been changed since."))
    registrar.erase(session, expert, actor=actor, now=now)
    return ""


def _kept(row: Mapping[str, Any], why: str) -> dict[str, Any]:
    return {"name": row["name"], "email": row["email"], "why": why}
