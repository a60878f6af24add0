"""Random lives on the roster over a real database: people examine, decide, import, suspend, erase.

Hypothesis chooses who does what next, whatever their role. After each step nobody is deployable
but whom two different people have let in, after every stage, and for whom it still holds. Each
life is one transaction that is taken back at its end; each step is a savepoint.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Select, false, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.db import writing
from roster import registrar
from roster.directory import is_deployable
from roster.interchange import VettingError, import_roster, read_vetting
from roster.models import Expert, SkillClaim, VettingCase
from roster.registrar.renewal import withdraw_expert
from roster.rules import stages, terms
from tests.factories import make_expert
from tests.roster import casebook
from tests.roster.vetting_oracle import Humans, check_decision, check_every_stage

ANYTHING = terms.Need(lat=0.0, lon=0.0, skills=())
# Which account is which human; "twin" is a second account with the phone of "ann".
PEOPLE = ("ann", "bob", "cem", "dee", "twin", "self", "half", "officer", "admin", "gone")
HUMANS = {name: "ann" if name == "twin" else name for name in PEOPLE}
WHO = st.sampled_from(PEOPLE)
VETTER = st.sampled_from(PEOPLE[:7])
WHOM = st.sampled_from(("amal", "amal", "bela", "carl"))
PLAIN = st.sampled_from(casebook.PLAIN)
RESULT = st.sampled_from((*stages.RESULTS, stages.PASSED))
FLAW = st.sampled_from((
    "", "", "", "", "phone", "skill_unseen", "skill_open", "one_interview", "low_score",
    "one_referee", "against", "late_failure", "late_score", *(f"no {s}" for s in casebook.PLAIN),
))  # fmt: skip
DAYS = st.sampled_from((0, 1, 30, 89, 91, 400, 1200))
REFUSALS = (ValueError, IntegrityError)  # CaseError and the registrar's others are ValueErrors


Row = TypeVar("Row", User, Expert, VettingCase)


class UndoneError(Exception):
    """Ends a life, so that nothing of it is kept."""


class Lives(RuleBasedStateMachine):
    """Amal and Bela have applied, Carl is on the roster; ten accounts do as they like."""

    folder = Path()
    tally: dict[str, int] = {}  # noqa: RUF012  what was reached, over all lives

    def __init__(self) -> None:
        super().__init__()
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
        self.known: dict[str, tuple[Any, ...]] = {}
        self.kept: dict[Any, Any] = {}

    @initialize(flaw=FLAW, decider=st.sampled_from(("cem", "dee", "cem", *PEOPLE)))
    def begin(self, flaw: str, decider: str) -> None:
        """Most lives start with an examination that lacks nothing, or just one thing."""
        self.examine("amal", "ann", "bob", flaw, stages.APPLICATION)
        self.decide("amal", decider, True, 400)

    @rule(whom=WHOM, kind=st.sampled_from(stages.CASE_KINDS))
    def open(self, whom: str, kind: str) -> None:
        """A case of any kind."""
        self.attempt(registrar.open_case, self.expert(whom), kind, actor="x", now=self.now)

    @rule(whom=WHOM, first=VETTER, second=VETTER, flaw=FLAW,
          kind=st.sampled_from((stages.APPLICATION, stages.RENEWAL)))  # fmt: skip
    def examine(self, whom: str, first: str, second: str, flaw: str, kind: str) -> None:
        """A whole examination by two, with one flaw at most."""
        self.open(whom, kind)
        for stage in casebook.PLAIN:
            if flaw != f"no {stage}":
                self.find(whom, first, stage, stages.PASSED)
        for claim in [*self.expert(whom).skills][flaw == "skill_unseen" :]:
            result = stages.MORE_NEEDED if flaw == "skill_open" else stages.PASSED
            self.find(whom, first, stages.TECHNICAL, result, subject=claim.skill, level=3)
        for who in (first, second)[: 1 if flaw == "one_interview" else 2]:
            score = 2 if flaw == "low_score" else 3
            self.find(whom, who, stages.INTERVIEW, stages.PASSED, score=score)
        for email in casebook.REFEREES[: 1 if flaw == "one_referee" else 2]:
            self.refer(whom, email, flaw != "against")
        if flaw != "phone":
            self.prove(whom)
        if flaw == "late_failure":
            self.find(whom, second, stages.CONFLICTS, stages.FAILED)
        if flaw == "late_score":
            self.find(whom, first, stages.INTERVIEW, stages.PASSED, score=1)

    @rule(whom=WHOM, who=WHO, stage=PLAIN, result=RESULT)
    def find_anything(self, whom: str, who: str, stage: str, result: str) -> None:
        """One more finding by anybody."""
        self.find(whom, who, stage, result)

    @rule(whom=WHOM, who=WHO, result=RESULT, level=st.integers(0, 4))
    def review_skill(self, whom: str, who: str, result: str, level: int) -> None:
        """One more review of a skill by anybody."""
        for claim in [*self.expert(whom).skills][:1]:
            self.find(whom, who, stages.TECHNICAL, result, subject=claim.skill, level=level)

    @rule(whom=WHOM, who=WHO, score=st.integers(0, 6))
    def interview(self, whom: str, who: str, score: int) -> None:
        """One more interview by anybody."""
        self.find(whom, who, stages.INTERVIEW, stages.PASSED, score=score)

    @rule(whom=WHOM, email=st.sampled_from((*casebook.REFEREES, "self@example.org")),
          recommends=st.sampled_from((True, False, None)))  # fmt: skip
    def refer(self, whom: str, email: str, recommends: bool | None) -> None:
        """A referee answers, or declines."""
        case = self.case(whom)
        if case is None:
            return

        def hear(session: Session) -> None:
            reference = registrar.name_reference(session, case, "Referee", email, actor="x",
                                                 now=self.now)  # fmt: skip
            registrar.record_reference(session, reference, recommends, {}, self.now)

        self.attempt(hear)

    @rule(whom=WHOM)
    def prove(self, whom: str) -> None:
        """The phone answers."""
        self.attempt(lambda session: registrar.prove_phone(
            session, registrar.want_proof(session, self.expert(whom), now=self.now),
            way=stages.BY_SMS, now=self.now))  # fmt: skip

    @rule(whom=WHOM, who=WHO, qualified=st.booleans(), days=st.sampled_from((0, 90, 400, 5000)))
    def decide(self, whom: str, who: str, qualified: bool, days: int) -> None:
        """Anybody decides the open case; what was decided must be right."""
        case = self.case(whom)
        if case is None:
            return
        number, kind = case.id, case.kind
        claimed = {claim.skill: claim.level for claim in case.expert.skills}
        until = (self.now + timedelta(days=days)).date() if days else None
        done = self.attempt(
            registrar.decide, case, qualified, decider=self.user(who), now=self.now,
            reasons="" if qualified else "No.", valid_until=until,
        )  # fmt: skip
        if not done:
            return
        check_decision(self.session, self.humans, number)
        if not qualified:
            self.granted[whom] = None if kind != stages.APPLICATION else self.granted[whom]
        elif kind != stages.REVIEW:
            check_every_stage(self.session, self.humans, number, claimed)
            self.granted[whom] = self.expert(whom).valid_until
            assert self.granted[whom] is not None
            self.count(kind)

    @rule(whom=WHOM)
    def appeal(self, whom: str) -> None:
        """Against the latest decision."""
        query = select(VettingCase).where(VettingCase.expert_id == self.experts[whom])
        latest = self.session.scalars(query.order_by(VettingCase.id.desc())).first()
        if latest is not None:
            self.attempt(registrar.appeal, latest, "Please.", actor="x", now=self.now)

    @rule(whom=WHOM, first=WHO, second=WHO, status=st.sampled_from(terms.STATUSES))
    def import_file(self, whom: str, first: str, second: str, status: str) -> None:
        """A file with the three options says anything of somebody who is there."""
        before = self.expert(whom).status
        case = self.case(whom)
        examined = {step.reviewer_id for step in case.steps} if case else set()
        until = (self.now + timedelta(days=200)).date()
        path = self.folder / "roster.csv"
        path.write_text(f"email,status,valid_until\n{self.expert(whom).email},{status},{until}\n")

        def read(session: Session) -> None:
            emails = [self.user(name).email for name in (first, second)]
            vetting = read_vetting(session, *emails, "A panel elsewhere.")
            for _ in import_roster(path, vetting):
                pass

        try:
            self.attempt(read)
        except VettingError:
            return
        if before == terms.APPLICANT and self.expert(whom).status in terms.VETTED:
            vetters = {self.accounts[first], self.accounts[second]}
            assert HUMANS[first] != HUMANS[second] or {first, second} == {"ann", "twin"}
            assert len(vetters) == 2
            assert not {first, second} & {"officer", "admin", "gone"}
            assert not vetters & self.humans.own[self.experts[whom]]
            assert self.accounts[second] not in examined, "an examiner approved by a file"
            self.granted[whom] = until
            self.listed |= {whom} if status == terms.LISTED else set()
            self.count("import")

    @rule(whom=WHOM, verb=st.sampled_from(("suspend", "reinstate", "expire", "reinstate")))
    def stand(self, whom: str, verb: str) -> None:
        """Suspended, brought back, expired."""
        words = [] if verb == "reinstate" else ["because"]
        if self.attempt(getattr(registrar, verb), self.expert(whom), *words, actor="x",
                        now=self.now):  # fmt: skip
            if verb == "expire":
                self.granted[whom] = None
                self.panel -= {whom}
            else:
                self.suspended ^= {whom}

    @rule(whom=WHOM, verb=st.sampled_from(("erase", "withdraw")), chance=st.integers(0, 3))
    def leave(self, whom: str, verb: str, chance: int) -> None:
        """They go for good; rarely, so that others have time to try."""
        if chance:
            return
        expert = self.expert(whom)
        if verb == "erase":
            self.attempt(registrar.erase, expert, actor="x", now=self.now)
        else:
            self.attempt(withdraw_expert, expert, "No more.", actor="x", now=self.now)
        if self.expert(whom).status == terms.REMOVED:
            self.granted[whom] = None

    @rule(whom=WHOM, verb=st.sampled_from(("list", "delist", "join", "leave")))
    def decorate(self, whom: str, verb: str) -> None:
        """Panel and IP-ROC."""
        expert, said = self.expert(whom), {"actor": "x", "now": self.now}
        if verb == "list":
            day = self.now.date()
            if self.attempt(registrar.list_in_iproc, expert, "C-1", day, **said):
                self.listed.add(whom)
        elif verb == "delist":
            self.attempt(registrar.delist, expert, **said)
        elif verb == "join":
            if self.attempt(registrar.join_panel, expert, **said):
                self.panel.add(whom)
        else:
            self.attempt(registrar.leave_panel, expert, **said)

    @rule(whom=WHOM)
    def claim(self, whom: str) -> None:
        """An applicant names one skill more; who is on the roster does not."""
        expert = self.expert(whom)
        if expert.status == terms.APPLICANT and len(expert.skills) < 3:
            free = {"LEG", "BCP", "CIR"} - {claim.skill for claim in expert.skills}
            expert.skills.append(SkillClaim(skill=min(free), level=3))
            self.session.flush()

    @rule(whom=WHOM, who=WHO)
    def link(self, whom: str, who: str) -> None:
        """An account turns out to be the expert's own."""
        expert, user = self.expert(whom), self.user(who)
        if expert.user_id is None and self.attempt(
            registrar.link_account, expert, user, actor="x", now=self.now
        ):
            self.humans.own[self.experts[whom]] |= {
                self.accounts[name] for name in PEOPLE if HUMANS[name] == HUMANS[who]
            }

    @rule(days=DAYS)
    def pass_time(self, days: int) -> None:
        """Nobody does anything, and no worker is there."""
        self.now += timedelta(days=days)

    @invariant()
    def nobody_is_deployable_whom_two_have_not_let_in(self) -> None:
        """For everybody: deployable only rightly, listed and on the panel only by those verbs."""
        for whom in self.experts:
            expert = self.expert(whom)
            assert expert.panel_since is None or whom in self.panel
            assert expert.status != terms.LISTED or whom in self.listed
            if self.is_deployable(whom):
                day = self.granted[whom]
                assert day is not None, f"{whom} is deployable, and nobody let them in"
                assert self.now.date() <= day, f"{whom} is deployable, and the time is over"
                assert whom not in self.suspended, f"{whom} is deployable, and suspended"

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

    def teardown(self) -> None:
        self.outer.__exit__(UndoneError, UndoneError(), None)

    def attempt(self, verb: Callable[..., Any], *args: Any, **given: Any) -> bool:
        """Does it, or leaves no trace of it; whether it was done."""
        self.session.flush()
        try:
            with self.session.begin_nested():
                verb(self.session, *args, **given)
                self.session.flush()
        except REFUSALS:
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


def nobody() -> Select[Any]:
    """Nobody has a live offer."""
    return select(Expert.id).where(false())


def no_load() -> Select[Any]:
    """Nobody is on a mission."""
    return select(Expert.id, literal(0)).where(false())
