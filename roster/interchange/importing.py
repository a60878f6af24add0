"""Brings a roster file into the database: bad rows named by line and reason, good ones kept.

In batches of one transaction each, so that a large file neither fills the memory nor holds others
up. Reading the same file twice changes nothing the second time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.accounts.people import find
from core.db import db, writing
from core.tables import read_table
from roster.interchange.cells import CellError
from roster.interchange.columns import COLUMNS, KEY, Entry, read_entry, read_known
from roster.interchange.differences import Difference, difference_of
from roster.interchange.entering import (
    Context,
    complete,
    enter,
    hold_raised,
    is_raised,
    store_lists,
)
from roster.interchange.exporting import row_of
from roster.interchange.whereabouts import Atlas
from roster.models import Expert
from roster.registrar import NotTwoPeopleError, check_vetters
from roster.registrar.phones import holders_of
from roster.rules.vetting import Person

AT_ONCE = 500
LONGEST_EVIDENCE = 5000
Row = tuple[int, Mapping[str, str]]


class VettingError(ValueError):
    """The three options do not name two different vetters and evidence; nothing is imported."""


@dataclass(frozen=True)
class Vetting:
    """Who has examined and who has approved everybody in a file, and where that is written."""

    vetted_by: User
    approved_by: User
    evidence: str


@dataclass
class Outcome:
    """What became of the rows; `refused` are (line, reason)."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)

    def refuse(self, line: int, why: str) -> None:
        """The row on `line` cannot be used."""
        self.refused.append((line, why))

    def add(self, more: "Outcome") -> None:
        """Counts `more` in."""
        self.added += more.added
        self.changed += more.changed
        self.unchanged += more.unchanged
        self.refused += more.refused
        self.differences += more.differences


class Seen:
    """On which line each e-mail and phone of this file was entered: nobody is in it twice."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}

    def check(self, entry: Entry) -> None:
        """Raises CellError when another line had this e-mail or this phone."""
        for column, key in _keys(entry):
            line = self._lines.get(key, entry.line)
            if line != entry.line:
                raise CellError(f"{column} {key} is on line {line} already")

    def note(self, entry: Entry) -> None:
        """`entry` is on the roster now. A refused line takes nobody's place."""
        self._lines.update({key: entry.line for _, key in _keys(entry)})


def read_vetting(session: Session, vetted_by: str, approved_by: str, evidence: str) -> Vetting:
    """The two accounts and the evidence. Raises VettingError with a sentence."""
    if not evidence.strip() or len(evidence) > LONGEST_EVIDENCE:
        raise VettingError("--evidence must say, in a few words, where the examination is written.")
    people: list[User] = []
    for option, email in (("--vetted-by", vetted_by), ("--approved-by", approved_by)):
        user = find(session, email)
        if user is None or not user.is_a("vetter"):
            raise VettingError(f"{option}: {email!r} is no active account with the role vetter.")
        people.append(user)
    try:
        check_vetters(*people)
    except NotTwoPeopleError as error:
        raise VettingError("--vetted-by and --approved-by must be two different people.") from error
    return Vetting(people[0], people[1], evidence.strip())


def import_roster(
    path: Path, vetting: Vetting | None = None, *, actor: str = "system"
) -> Iterator[Outcome]:
    """Imports the file, yielding the outcome so far after each batch; the last one is final.

    Without `vetting` everybody new arrives as an applicant. Opens its own transactions. Raises
    core.tables.TableError before anything is changed when the file cannot be read.
    """
    outcome = Outcome()
    rows = read_table(path, COLUMNS, required=(KEY,), refuse=outcome.refuse)
    yield from import_rows(rows, vetting, actor=actor, outcome=outcome)


def import_rows(
    rows: Iterable[Row],
    vetting: Vetting | None = None,
    *,
    actor: str,
    outcome: Outcome,
    changing: str = "changed_by_import",
    watched: bool = False,
    alone: Person | None = None,
    seen: Seen | None = None,
) -> Iterator[Outcome]:
    """The same for rows of (line, cells by column) that were read already; adds to `outcome`.

    `watched` keeps what each person was like before and after. Joins an open `writing()`: then all
    is one transaction. `changing` names a change of somebody who is there in the audit; `alone` is
    whose word alone it is (`interchange.alone`). `seen` is what other parts of the same file held.
    """
    known = read_known(db.session())
    seen, atlas = seen or Seen(), Atlas(db.session(), known.region_of)
    who = (vetting.vetted_by.id, vetting.approved_by.id) if vetting else None
    is_alone = not db.session().info.get("writing")
    yield outcome
    left = iter(rows)
    while lines := list(islice(left, AT_ONCE)):
        entries = []
        for line, row in lines:
            try:
                entries.append(read_entry(line, row, known))
            except CellError as reason:
                outcome.refused.append((line, str(reason)))
        with writing() as session:
            vetters = [session.get_one(User, number) for number in who or ()]
            context = Context(
                session, clock.now(session), atlas, actor, tuple(vetters),
                vetting.evidence if vetting else "", changing, watched, alone,
            )  # fmt: skip
            _enter_batch(context, entries, seen, outcome)
        if is_alone:
            db.session.expunge_all()
        yield outcome


def _keys(entry: Entry) -> Iterator[tuple[str, str]]:
    yield KEY, entry.email
    if entry.given.get("phone"):
        yield "phone", entry.given["phone"]


def _enter_batch(context: Context, entries: Sequence[Entry], seen: Seen, outcome: Outcome) -> None:
    """Enters all together; one by one when somebody else has just taken an e-mail or a phone."""
    try:
        with context.session.begin_nested():
            counted = _enter_all(context, entries, seen)
    except IntegrityError:
        for entry in entries:
            _enter_alone(context, entry, seen, outcome)
        return
    outcome.add(counted)


def _enter_alone(context: Context, entry: Entry, seen: Seen, outcome: Outcome) -> None:
    try:
        with context.session.begin_nested():
            counted = _enter_all(context, [entry], seen)
    except IntegrityError:
        outcome.refused.append((entry.line, "this e-mail or phone was added just now; retry"))
        return
    outcome.add(counted)


def _enter_all(context: Context, entries: Sequence[Entry], seen: Seen) -> Outcome:
    counted = Outcome()
    by_email, owner_of = _present(context.session, entries)
    hold_raised(context, entries, by_email)
    entered = []
    for entry in entries:
        try:
            expert = by_email.get(entry.email)
            _check_phone(context, entry, expert, owner_of)
            seen.check(entry)
            was = row_of(expert, context.now) if expert and context.watched else None
            with context.session.no_autoflush:  # looking a place up must not store row by row
                entered.append((enter(context, entry, expert), was))
            seen.note(entry)
        except CellError as reason:
            counted.refused.append((entry.line, str(reason)))
    context.session.flush()
    store_lists(context.session, [one for one, _was in entered if one.before is None])
    for one, was in entered:
        is_changed = complete(context, one)
        if is_changed and context.watched:
            counted.differences.append(difference_of(context, one, was))
        if one.before is None:
            counted.added += 1
        elif is_changed:
            counted.changed += 1
        else:
            counted.unchanged += 1
    context.session.flush()
    return counted


def _check_phone(
    context: Context, entry: Entry, expert: Expert | None, owner_of: dict[str, str]
) -> None:
    """Raises CellError when the row gives somebody a phone that another one holds."""
    typed = expert.phone if expert else ""
    phone = entry.given.get("phone") or typed
    if phone == typed and not (expert and is_raised(context, entry, expert, is_new=False)):
        return  # it gives them nothing that they had not typed themselves
    if owner_of.get(phone, entry.email) != entry.email:
        raise CellError(f"phone {phone} belongs to somebody else already")


def _present(
    session: Session, entries: Sequence[Entry]
) -> tuple[dict[str, Expert], dict[str, str]]:
    """Who is on the roster already, by e-mail; and who holds each phone."""
    emails = [entry.email for entry in entries]
    rows = session.scalars(select(Expert).where(Expert.email.in_(emails))).all()
    phones = {entry.given["phone"] for entry in entries if entry.given.get("phone")}
    holders = holders_of(session, phones | {row.phone for row in rows})
    return {row.email: row for row in rows}, holders
