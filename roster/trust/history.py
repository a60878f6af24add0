"""Who saw and who changed one person's data: sightings and audit rows together, newest first.

Changes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.audit import AuditRow
from roster.models import Expert, Sighting
from roster.registrar.references import REFEREE
from roster.trust.sentences import done_words, seen_words

PAGE = 50
SAW, CHANGED = "saw", "changed"
SYSTEM, APPLICANT = "system", "applicant"
# Who acts without an account, as rows of the audit name them.
UNNAMED = {
    SYSTEM: _l("The system"),
    REFEREE: _l("A referee"),
    APPLICANT: _l("The applicant"),
}
# What vetters find and decide: the person is told it in the words of the case, and not by whom.
IN_CONFIDENCE = frozenset(
    f"expert.{verb}"
    for verb in (
        "step_recorded", "case_decided", "vetted", "renewed", "expired", "case_opened",
        "case_taken", "case_due", "case_dropped",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing that was seen or done: when (UTC), by whom, in words. `kind`: saw or changed."""

    at: datetime
    who: str
    kind: str
    what: str


@dataclass(frozen=True)
class Page:
    """One page of a history; `number` and `pages` count from 1."""

    entries: list[Entry]
    number: int
    pages: int
    total: int


def read_page(session: Session, expert: Expert, number: int = 1) -> Page:
    """Page `number` of what was seen and done, newest first."""
    total = sum(
        session.scalar(select(func.count()).select_from(table).where(condition)) or 0
        for table, condition in ((Sighting, _seen(expert)), (AuditRow, _done(expert)))
    )
    pages = max(1, -(-total // PAGE))
    number = min(max(number, 1), pages)
    newest = read_history(session, expert, limit=number * PAGE)
    return Page(newest[(number - 1) * PAGE :], number, pages, total)


def read_history(
    session: Session, expert: Expert, limit: int | None = None, *, for_themself: bool = False
) -> list[Entry]:
    """The newest `limit` entries, all without it.

    `for_themself`: as the expert may read them, without which vetter found or decided what.
    """
    seen = session.scalars(
        select(Sighting).where(_seen(expert)).order_by(Sighting.at.desc()).limit(limit)
    ).all()
    done = session.scalars(
        select(AuditRow).where(_done(expert)).order_by(AuditRow.id.desc()).limit(limit)
    ).all()
    names = _Names(session, {row.user_id for row in seen}, {row.actor for row in done})
    entries = [*_looks(seen, names), *_changes(done, names, for_themself=for_themself)]
    return sorted(entries, key=attrgetter("at"), reverse=True)[:limit]


def _seen(expert: Expert) -> ColumnElement[bool]:
    of_all = and_(Sighting.expert_id.is_(None), Sighting.at >= expert.identified_at)
    return or_(Sighting.expert_id == expert.id, of_all)


def _done(expert: Expert) -> ColumnElement[bool]:
    return AuditRow.subject == f"expert:{expert.public_id}"


def _looks(rows: Iterable[Sighting], names: "_Names") -> Iterator[Entry]:
    for row in rows:
        words = seen_words(row.what, everybody=row.expert_id is None)
        yield Entry(row.at, names.of_account(row.user_id), SAW, words)


def _changes(rows: Iterable[AuditRow], names: "_Names", *, for_themself: bool) -> Iterator[Entry]:
    for row in rows:
        who, told = names.of_actor(row.actor), row.payload
        if for_themself and row.action in IN_CONFIDENCE:
            who = names.of_vetter(row.actor)
            told = {name: said for name, said in (told or {}).items() if name != "result"}
        yield Entry(row.at, who, CHANGED, done_words(row.action, told))


class _Names:
    """The names of those who looked (accounts' numbers) or acted (accounts' public ids)."""

    def __init__(self, session: Session, looked: set[int | None], acted: set[str]) -> None:
        users = session.scalars(
            select(User).where(or_(User.id.in_(looked - {None}), User.public_id.in_(acted)))
        ).all()
        self._by_number = {user.id: user.name or user.email for user in users}
        self._by_id = {user.public_id: user.name or user.email for user in users}

    def of_account(self, number: int | None) -> str:
        if number is None:
            return str(_("Somebody with a signed link"))
        return self._by_number.get(number, "–")

    def of_actor(self, actor: str) -> str:
        if actor in UNNAMED:
            return str(UNNAMED[actor])
        if actor.startswith("expert:"):
            return str(_("The expert"))
        return self._by_id.get(actor, actor)

    def of_vetter(self, actor: str) -> str:
        """No name: only that it was a vetter, or what somebody without an account is."""
        is_no_account = actor in UNNAMED or actor.startswith("expert:")
        return self.of_actor(actor) if is_no_account else str(_("Vetter"))
