"""Puts one row that could be read onto the roster: a new person, or changes to one who is there.

Status, opt-out and validity of somebody who is there never change here, except that two vetters
raise an applicant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.accounts.models import User
from roster.interchange.alone import check_alone
from roster.interchange.cells import CellError
from roster.interchange.columns import Entry
from roster.interchange.whereabouts import Atlas
from roster.models import Conflict, Expert, ExpertLanguage, SkillClaim
from roster.models.postings import post
from roster.registrar import (
    CaseError,
    NotTwoPeopleError,
    check_approver,
    check_not_themself,
    drop_case,
    open_case_of,
    raise_to,
    set_availability,
    tell,
)
from roster.registrar.cases import hold
from roster.registrar.standing import hold_standing
from roster.rules import casework, terms
from roster.rules.vetting import Person

PLAIN = ("name", "phone", "language", "country", "region", "base", "lat", "lon", "time_zone",
         "max_missions")  # fmt: skip
NEEDED = ("name", "phone")
WHY_NOT = {
    casework.EXAMINED_IT: "has examined this person's open case",
    casework.VOUCHED: "has nominated this person or is their referee",
}


@dataclass(frozen=True)
class Context:
    """What holds for a whole batch: the transaction, the moment, who imports, who has vetted."""

    session: Session
    now: datetime
    atlas: Atlas
    actor: str
    vetters: tuple[User, ...] = ()
    evidence: str = ""
    # How the audit calls a change of somebody who is there.
    changing: str = "changed_by_import"
    # Whether what each person was like before and after is kept.
    watched: bool = False
    # Whose word alone it is, when nobody else has a say.
    alone: Person | None = None


@dataclass(frozen=True)
class Entered:
    """An expert as the row has left them; `before` is what they were like, None when new."""

    entry: Entry
    expert: Expert
    before: tuple[Any, ...] | None


def hold_raised(context: Context, entries: Iterable[Entry], present: dict[str, Expert]) -> None:
    """Holds the open case, then the person, of each applicant whom the file lets in.

    Before anything is changed, and in the order in which a decision does it: nobody waits in a
    circle. `present` are those on the roster by e-mail.
    """
    raised = [
        present[entry.email]
        for entry in entries
        if entry.email in present and is_raised(context, entry, present[entry.email], is_new=False)
    ]
    for expert in sorted(raised, key=lambda one: one.id):
        case = open_case_of(context.session, expert)
        if case is not None:
            hold(context.session, case)
        hold_standing(context.session, expert)


def enter(context: Context, entry: Entry, expert: Expert | None) -> Entered:
    """Makes of `expert` (None: a new one) what `entry` says; nothing is sent to the database yet.

    Raises CellError with the reason before anything is changed.
    """
    values = {column: entry.given[column] for column in PLAIN if column in entry.given}
    values |= context.atlas.whereabouts(entry.given, expert)
    for column in NEEDED:
        if not values.get(column) and (expert is None or column in values):
            raise CellError(f"{column} is missing")
    if context.alone is not None:
        check_alone(context.alone, entry, expert)
    before = _likeness(expert) if expert else None
    expert = expert or _newcomer(context, entry)
    if is_raised(context, entry, expert, is_new=before is None):
        _check_vetters(context, entry, expert, values, is_new=before is None)
    if before is not None and values.get("phone") not in (None, expert.phone):
        # What the old number did says nothing of the new one, and proves it not.
        expert.sms_failed_at, expert.two_way, expert.phone_proved_at = None, True, None
    for column, value in values.items():
        if value is not None and getattr(expert, column) != value:
            setattr(expert, column, value)
    if before is not None:
        _fill_lists(expert, entry.given)
    context.session.add(expert)
    return Entered(entry, expert, before)


def store_lists(session: Session, newcomers: Iterable[Entered]) -> None:
    """Languages, skills and conflicts of newcomers who are stored, past the ORM: they are many."""
    rows: dict[Any, list[dict[str, Any]]] = {ExpertLanguage: [], SkillClaim: [], Conflict: []}
    for one in newcomers:
        who, given = {"expert_id": one.expert.id}, one.entry.given
        rows[ExpertLanguage] += [{**who, "code": code} for code in given.get("languages", ())]
        rows[Conflict] += [{**who, "code": code} for code in given.get("conflicts", ())]
        rows[SkillClaim] += [
            {**who, "skill": skill, **claim._asdict()}
            for skill, claim in given.get("skills", {}).items()
        ]
    for table, values in rows.items():
        if values:
            session.execute(insert(table), values)
    post(session.connection(), {row["expert_id"] for row in rows[SkillClaim]})


def complete(context: Context, entered: Entered) -> bool:
    """Availability, vetting, audit and news of an expert who is stored; whether all that changed
    anything.
    """
    entry, expert, is_new = entered.entry, entered.expert, entered.before is None
    moved = set_availability(expert, entry.given.get("available"), context.now)
    raised = is_raised(context, entry, expert, is_new=is_new)
    if raised:
        _raise(context, entry, expert, is_new=is_new)
    is_changed = is_new or moved or raised or entered.before != _likeness(expert)
    if is_changed and not raised:
        action = "imported" if is_new else context.changing
        tell(context.session, expert, action, actor=context.actor, now=context.now, line=entry.line)
    return is_changed


def _newcomer(context: Context, entry: Entry) -> Expert:
    given = entry.given
    modes = given.get("modes") or terms.MODES
    return Expert(
        remote=terms.REMOTE in modes,
        on_site=terms.ON_SITE in modes,
        email=entry.email,
        status=terms.APPLICANT,
        valid_until=entry.given.get("valid_until"),
        identified_at=context.now,
        updated_at=context.now,
        languages=[], skills=[], conflicts=[], absences=[], weekly=[],
    )  # fmt: skip


def is_raised(context: Context, entry: Entry, expert: Expert, *, is_new: bool) -> bool:
    """Whether two vetters let this applicant onto the roster, and the row asks for it."""
    wanted = entry.given.get("status") or terms.QUALIFIED
    # What became of somebody elsewhere (suspended, removed) is told of newcomers only.
    is_wanted = wanted in terms.VETTED or (is_new and wanted != terms.APPLICANT)
    return bool(context.vetters) and expert.status == terms.APPLICANT and is_wanted


def _check_vetters(
    context: Context, entry: Entry, expert: Expert, values: dict[str, Any], *, is_new: bool
) -> None:
    themself = Person(expert.user_id, entry.email, values.get("phone") or expert.phone)
    try:
        check_not_themself(themself, *context.vetters)
        if not is_new:
            check_approver(context.session, expert, context.vetters[1])
    except NotTwoPeopleError as error:
        raise CellError(str(error)) from error
    except CaseError as error:
        raise CellError(f"who approves {WHY_NOT[error.reason]}") from error


def _raise(context: Context, entry: Entry, expert: Expert, *, is_new: bool) -> None:
    case = None if is_new else open_case_of(context.session, expert)
    raise_to(
        context.session, expert, entry.given.get("status") or terms.QUALIFIED,
        vetted_by=context.vetters[0], approved_by=context.vetters[1], evidence=context.evidence,
        valid_until=entry.given.get("valid_until"), actor=context.actor, now=context.now,
        line=entry.line,
    )  # fmt: skip
    if case is not None:
        drop_case(context.session, case, actor=context.actor, now=context.now,
                  comment=context.evidence)  # fmt: skip


def _fill_lists(expert: Expert, given: Any) -> None:
    """Languages, skills, conflicts and modes, as far as the file has these columns."""
    if "languages" in given:
        kept = {row.code: row for row in expert.languages}
        expert.languages = [kept.get(code) or ExpertLanguage(code=code)
                            for code in sorted(given["languages"])]  # fmt: skip
    if "skills" in given:
        claims = {row.skill: row for row in expert.skills}
        expert.skills = [claims.get(skill) or SkillClaim(skill=skill, **claim._asdict())
                         for skill, claim in sorted(given["skills"].items())]  # fmt: skip
        for claim in expert.skills:
            claim.level = given["skills"][claim.skill].level  # its last day is not a file's to move
    if "conflicts" in given:
        against = {row.code: row for row in expert.conflicts}
        expert.conflicts = [against.get(code) or Conflict(code=code)
                            for code in sorted(given["conflicts"])]  # fmt: skip
    if given.get("modes"):
        expert.remote, expert.on_site = (mode in given["modes"] for mode in terms.MODES)


def _likeness(expert: Expert) -> tuple[Any, ...]:
    """All that an import may change, to tell whether it did."""
    return (
        *(getattr(expert, column) for column in PLAIN),
        expert.remote,
        expert.on_site,
        sorted(row.code for row in expert.languages),
        sorted((row.skill, row.level) for row in expert.skills),
        sorted(row.code for row in expert.conflicts),
    )
