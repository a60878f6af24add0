"""Where random lives on the roster happen: ten accounts, three experts, one transaction.

The transaction is taken back at the end of each life; each step is a savepoint of its own.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import Select, false, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.db import writing
from roster import registrar
from roster.directory import is_deployable
from roster.models import Expert, VettingCase
from roster.rules import terms
from tests.factories import make_expert
from tests.roster import casebook
from tests.roster.vetting_oracle import Humans

ANYTHING = terms.Need(lat=0.0, lon=0.0, skills=())
# Which account is which human; "twin" is a second account with the phone of "ann".
PEOPLE = ("ann", "bob", "cem", "dee", "twin", "self", "half", "officer", "admin", "gone")
HUMANS = {name: "ann" if name == "twin" else name for name in PEOPLE}
# CaseError and the registrar's others are ValueErrors. What only the database refuses has got past
# the verbs, and is allowed where a step says so.
REFUSED, REFUSED_BELOW = (ValueError,), (ValueError, IntegrityError)
Row = TypeVar("Row", User, Expert, VettingCase)


class UndoneError(Exception):
    """Ends a life, so that nothing of it is kept."""


class World(RuleBasedStateMachine):
    """Amal and Bela have applied, Carl is on the roster; two accounts are the applicants' own."""

    tally: dict[str, int] = {}  # noqa: RUF012  what was reached, over all lives

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, tuple[Any, ...]] = {}
        self.kept: dict[Any, Any] = {}
        self.outer = writing()
        self.session: Session = self.outer.__enter__()
        self.now: datetime = clock.now(self.session)
        rows = self.session.scalars(select(User).where(User.name.in_(PEOPLE)))
        self.accounts = {user.name: user.id for user in rows}
        self.humans = Humans({self.accounts[name]: human for name, human in HUMANS.items()})
        own, half = self.user("self"), self.user("half")
        assert half.phone
        made = {
            "amal": casebook.make_applicant(self.session, phone=half.phone, user_id=own.id,
                                            phone_proved_at=None),
            "bela": casebook.make_applicant(self.session, email=own.email, phone_proved_at=None,
                                            skills={"BCP": 1, "CIR": 1}),
            "carl": make_expert(self.session, status=terms.QUALIFIED,
                                valid_until=(self.now + timedelta(days=40)).date()),
        }  # fmt: skip
        self.experts = {name: expert.id for name, expert in made.items()}
        self.humans.own = {made["amal"].id: {own.id, half.id}, made["bela"].id: {own.id},
                           made["carl"].id: set()}  # fmt: skip
        # What the promises rest on: the last day of whoever was rightly let in, and the rest.
        self.granted: dict[str, date | None] = dict.fromkeys(made)
        self.granted["carl"] = made["carl"].valid_until
        self.suspended: set[str] = set()
        self.listed: set[str] = set()
        self.panel: set[str] = set()

    def teardown(self) -> None:
        self.outer.__exit__(UndoneError, UndoneError(), None)

    def attempt(
        self, verb: Callable[..., Any], *args: Any, below: bool = False, **given: Any
    ) -> bool:
        """Does it, or leaves no trace of it; whether it was done.

        `below`: the database may refuse it, too.
        """
        refused = REFUSED_BELOW if below else REFUSED
        self.session.flush()
        try:
            with self.session.begin_nested():
                verb(self.session, *args, **given)
                self.session.flush()
        except refused:
            return False
        return True

    def find(self, whom: str, who: str, stage: str, result: str, **given: Any) -> None:
        """One finding, as far as it is allowed."""
        case = self.case(whom)
        if case is not None:
            self.attempt(
                registrar.record_step,
                case,
                stage,
                result,
                reviewer=self.user(who),
                now=self.now,
                **({"evidence": "Seen."} | given),
            )

    def user(self, name: str) -> User:
        return self.keep(self.session.get_one(User, self.accounts[name]))

    def expert(self, name: str) -> Expert:
        return self.keep(self.session.get_one(Expert, self.experts[name]))

    def case(self, whom: str) -> VettingCase | None:
        """The open case."""
        case = registrar.open_case_of(self.session, self.expert(whom))
        return case and self.keep(case)

    def keep(self, row: Row) -> Row:
        """Rows that nobody holds are forgotten and read again, ten times a step."""
        self.kept[type(row), row.id] = row
        return row

    def count(self, what: str) -> None:
        self.tally[what] = self.tally.get(what, 0) + 1

    def is_deployable(self, whom: str) -> bool:
        """Whether dispatch would ask them; looked up anew only when something has changed."""
        expert = self.expert(whom)
        self.session.flush()
        known = (expert.status, expert.valid_until, expert.updated_at, self.now.date())
        if self.known.get(whom, ())[1:] != known:
            why = is_deployable(self.session, expert.id, ANYTHING, self.now, busy=nobody(),
                                load=no_load())  # fmt: skip
            self.known[whom] = (why is None, *known)
        return bool(self.known[whom][0])


def nobody() -> Select[int]:
    """Nobody has a live offer."""
    return select(Expert.id).where(false())


def no_load() -> Select[int, int]:
    """Nobody is on a mission."""
    return select(Expert.id, literal(0)).where(false())
