"""The queue of cases as vetters work through it: filtered, by due date, a page at a time.

Pages are found by key, not by number, so that the last costs what the first does. Changes nothing.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import Session, selectinload

from roster.models import Expert, VettingCase
from roster.rules import stages
from roster.searching import found_by
from roster.vetting.scarce import Scarce, look, of_examined, of_people
from roster.vetting.waiting import waits_for

PAGE = 50
MOST = 1000  # counted at most: beyond, nobody reads the number
PLENTY = Scarce()
MINE, NOBODYS = "mine", "nobody"
ANY = "any"
_NUMBER = re.compile(r"[0-9]{1,10}")  # no more than a database takes


@dataclass(frozen=True)
class Filters:
    """What a vetter looks for; empty means any. `state` empty: open cases; `any`: all of them."""

    text: str = ""
    state: str = ""
    kind: str = ""
    owner: str = ""
    region: str = ""
    stage: str = ""
    overdue: str = ""


@dataclass(frozen=True)
class Key:
    """Where a page begins or ends: a case's due date and number."""

    due_on: date
    id: int

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return f"{self.due_on.isoformat()}.{self.id}"


@dataclass(frozen=True)
class Page:
    """One page of the queue; `before` and `after` lead to its neighbours, None where none is."""

    cases: list[VettingCase]
    before: Key | None
    after: Key | None


def read_key(text: str) -> Key | None:
    """The key in an address; None for whatever is none."""
    day, _dot, number = text.partition(".")
    try:
        return Key(date.fromisoformat(day), int(number)) if _NUMBER.fullmatch(number) else None
    except ValueError:
        return None


def list_cases(
    session: Session,
    filters: Filters,
    *,
    me: int,
    today: date,
    after: Key | None = None,
    before: Key | None = None,
    size: int = PAGE,
) -> Page:
    """The page that follows `after` or precedes `before`, what falls due first at its top.

    `me` is the account of whoever looks; `today` is UTC.
    """
    back, key = before is not None, before or after
    scarce = look(session, region=filters.region, stage=filters.stage)
    query = page_query(filters, me=me, today=today, after=after, before=before, scarce=scarce)
    whose = selectinload(VettingCase.expert)
    shown = (
        whose.selectinload(Expert.skills),
        whose.lazyload("*"),
        selectinload(VettingCase.owner),
    )
    found = list(session.scalars(query.options(*shown).limit(size + 1)).unique())
    more, cases = len(found) > size, found[:size]
    if back:
        cases.reverse()
    first, last = (_key(cases[0]), _key(cases[-1])) if cases else (None, None)
    return Page(
        cases,
        before=first if (more if back else key is not None) else None,
        after=last if (more or back) else None,
    )


def page_query(
    filters: Filters,
    *,
    me: int,
    today: date,
    after: Key | None = None,
    before: Key | None = None,
    scarce: Scarce = PLENTY,
) -> Select[VettingCase]:
    """All that follow `after`, or precede `before` in the opposite order.

    `scarce` says where to begin, and changes nothing of what is found.
    """
    columns = (VettingCase.due_on, VettingCase.id)
    query = _matching(filters, me, today, scarce)
    if before is not None:
        there = tuple_(before.due_on, before.id)
        return query.where(tuple_(*columns) < there).order_by(*(one.desc() for one in columns))
    if after is not None:
        query = query.where(tuple_(*columns) > tuple_(after.due_on, after.id))
    return query.order_by(*columns)


def count_cases(session: Session, filters: Filters, *, me: int, today: date) -> int:
    """How many match, `MOST` + 1 at most."""
    scarce = look(session, region=filters.region, stage=filters.stage)
    some = _matching(filters, me, today, scarce).with_only_columns(VettingCase.id).limit(MOST + 1)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _key(case: VettingCase) -> Key:
    return Key(case.due_on, case.id)


def _matching(filters: Filters, me: int, today: date, scarce: Scarce) -> Select[VettingCase]:
    return select(VettingCase).where(*_conditions(filters, me, today, scarce))


def _conditions(
    filters: Filters, me: int, today: date, scarce: Scarce
) -> list[ColumnElement[bool]]:
    found = _of_the_row(filters, me, today, is_hidden=scarce != PLENTY)
    if filters.region:
        in_order = _expert_with(Expert.region == filters.region)
        found.append(of_people(filters.region) if scarce.people else in_order)
    if filters.text.strip():
        found.append(VettingCase.expert_id.in_(select(Expert.id).where(found_by(filters.text))))
    if scarce.examined:
        found.append(of_examined())
    if filters.stage:
        found.append(waits_for(filters.stage))
    return found


def _of_the_row(
    filters: Filters, me: int, today: date, *, is_hidden: bool
) -> list[ColumnElement[bool]]:
    """What the case's own columns say; `is_hidden` from the planner.

    Where few cases are looked up, it must not take an index over all of them for a better way.
    """
    found: list[ColumnElement[bool]] = []
    state: Any = VettingCase.state
    owner: Any = VettingCase.owner_id
    if is_hidden:
        state, owner = state + "", owner + 0
    if filters.state != ANY:
        found.append(state == (filters.state or stages.OPEN))
    if filters.kind:
        found.append(VettingCase.kind == filters.kind)
    if filters.owner == MINE:
        found.append(owner == me)
    elif filters.owner == NOBODYS:
        found.append(owner.is_(None))
    if filters.overdue:
        found.append(VettingCase.due_on < today)
    return found


def _expert_with(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    # For each case in the order of the queue, rather than all people of a region first.
    return exists().where(Expert.id == VettingCase.expert_id, condition)
