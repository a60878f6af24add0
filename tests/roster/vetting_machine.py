"""Random lives on the roster over a real database: people examine, decide, import, suspend, erase.

Hypothesis chooses who does what next, whatever their role. After each step nobody is deployable
but whom two different people have let in, after every stage, and for whom it still holds.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from roster import registrar
from roster.interchange import import_roster, read_vetting
from roster.models import Reference, SkillClaim, VettingCase, VettingStep
from roster.registrar.renewal import withdraw_expert
from roster.rules import stages, terms
from tests.roster import casebook
from tests.roster.vetting_oracle import check_decision, check_every_stage
from tests.roster.vetting_world import HUMANS, PEOPLE, World

PLAIN = casebook.PLAIN
FLAWS = ("phone", "skill_unseen", "skill_open", "one_interview", "low_score", "one_referee",
         "against", "late_failure", "late_score", *(f"no {stage}" for stage in PLAIN))  # fmt: skip
ODD_PAIRS = (("ann", "ann"), ("ann", "twin"), ("self", "bob"), ("bob", "half"))
# Who examines, what is wrong with it, who decides: one thing at a time, or nothing.
TRIALS = (
    *((("ann", "bob"), flaw, "cem") for flaw in FLAWS),
    *((pair, "", "dee") for pair in ODD_PAIRS),
    *((("ann", "bob"), "", who) for who in (*PEOPLE, "cem", "dee", "cem", "dee")),
    *((("ann", "bob"), "refused", who) for who in ("ann", "self", "officer", "gone")),
)
TRIAL = st.sampled_from(TRIALS)
Trial = tuple[tuple[str, str], str, str]
WHO = st.sampled_from(PEOPLE)
DECIDER = st.sampled_from((*("cem", "dee") * 5, *PEOPLE))
WHOM = st.sampled_from(("amal", "bela", "carl"))
RESULT = st.sampled_from((*stages.RESULTS, stages.PASSED))
NUMBER = st.integers(0, 6)  # a score or a level, possible or not
DAYS = st.sampled_from((0, 1, 30, 89, 91, 400, 1200))
STATUSES = st.sampled_from((terms.QUALIFIED, terms.LISTED, *terms.STATUSES))


class Lives(World):
    """Anybody does anything."""

    folder = Path()

    @initialize(whom=st.sampled_from(("amal", "bela")), trials=st.lists(TRIAL, min_size=5,
                max_size=5), deciders=st.tuples(DECIDER, DECIDER), status=STATUSES)  # fmt: skip
    def begin(self, whom: str, trials: list[Trial], deciders: tuple[str, str], status: str) -> None:
        """Several try to get one of the two in, one after the other; the other one is imported."""
        for trial in trials:
            self.try_once(whom, trial)
        self.import_file("bela" if whom == "amal" else "amal", *deciders, status)

    def try_once(self, whom: str, trial: Trial) -> None:
        """A case of its own from the opening to the decision."""
        pair, flaw, decider = trial
        case = self.case(whom)
        if case is not None:
            self.attempt(registrar.drop_case, case, actor="x", now=self.now)
        is_new = self.expert(whom).status == terms.APPLICANT
        self.examine(whom, pair, flaw, stages.APPLICATION if is_new else stages.RENEWAL)
        self.decide(whom, decider, flaw != "refused", 0)

    def open(self, whom: str, kind: str) -> None:
        """A case of any kind."""
        self.attempt(registrar.open_case, self.expert(whom), kind, actor="x", now=self.now)

    def examine(self, whom: str, pair: tuple[str, str], flaw: str, kind: str) -> None:
        """A whole examination by two, with one flaw at most; as rows, since it is many."""
        self.open(whom, kind)
        case = self.case(whom)
        if case is not None:
            self.attempt(lambda session: self.write(session, case, pair, flaw), below=True)
        self.expert(whom).phone_proved_at = None if flaw == "phone" else self.now

    def write(self, session: Session, case: VettingCase, pair: tuple[str, str], flaw: str) -> None:
        """The rows of an examination with this flaw."""
        first, second = (self.user(name) for name in pair)
        skills = [*case.expert.skills][flaw == "skill_unseen" :]
        result = stages.MORE_NEEDED if flaw == "skill_open" else stages.PASSED
        score = 2 if flaw == "low_score" else 3
        found: list[dict[str, Any]] = [{"stage": stage} for stage in PLAIN if flaw != f"no {stage}"]
        found += [{"stage": stages.TECHNICAL, "subject": claim.skill, "level": 3, "result": result}
                  for claim in skills]  # fmt: skip
        for who in (first, second)[: 1 if flaw == "one_interview" else 2]:
            found.append({"stage": stages.INTERVIEW, "score": score, "reviewer": who})
        if flaw == "late_failure":
            found.append({"stage": stages.CONFLICTS, "result": stages.FAILED, "reviewer": second})
        if flaw == "late_score":
            found.append({"stage": stages.INTERVIEW, "score": 1})
        usual = {"reviewer": first, "result": stages.PASSED, "evidence": "Seen.", "at": self.now}
        case.steps += [VettingStep(**(usual | row)) for row in found]
        asked = {reference.email for reference in case.references}
        case.references += [
            Reference(name="R", email=email, answered_at=self.now, recommends=flaw != "against")
            for email in casebook.REFEREES[: 1 if flaw == "one_referee" else 2]
            if email not in asked
        ]

    @rule(whom=WHOM, who=WHO, what=st.sampled_from((*PLAIN, "skill", "interview", "referee")),
          result=RESULT, number=NUMBER)  # fmt: skip
    def add(self, whom: str, who: str, what: str, result: str, number: int) -> None:
        """One thing more by anybody."""
        if what == "referee":
            email = (*casebook.REFEREES, "self@example.org")[number % 3]
            self.refer(whom, email, {stages.PASSED: True, stages.FAILED: False}.get(result))
        elif what == "interview":
            self.find(whom, who, stages.INTERVIEW, result, score=number)
        elif what == "skill":
            for claim in [*self.expert(whom).skills][:1]:
                self.find(whom, who, stages.TECHNICAL, result, subject=claim.skill, level=number)
        else:
            self.find(whom, who, what, result, comment="Weighed." if number % 2 else "")

    @rule(whom=WHOM, trial=TRIAL, is_over=st.booleans())
    def examine_and_decide(self, whom: str, trial: Trial, is_over: bool) -> None:
        """An applicant, or somebody whose time is over or soon will be, is examined."""
        if is_over:
            self.stand(whom, "expire")
        self.try_once(whom, trial)

    @rule(whom=WHOM, first=DECIDER, second=DECIDER)
    def refuse_and_think_again(self, whom: str, first: str, second: str) -> None:
        """A refusal, an appeal, and whatever comes of it."""
        self.decide(whom, first, False, 0)
        self.appeal(whom)
        self.decide(whom, second, True, 0)

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

    @rule(whom=WHOM, who=DECIDER, qualified=st.booleans(), days=st.sampled_from((0, 90, 400, 5000)))
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

    @rule(whom=WHOM, first=DECIDER, second=DECIDER, status=STATUSES)
    def import_file(self, whom: str, first: str, second: str, status: str) -> None:
        """A file with the three options says anything of somebody who is there."""
        before = self.expert(whom).status
        case = self.case(whom)
        examined = {step.reviewer_id for step in case.steps} if case else set()
        until = (self.now + timedelta(days=200)).date()
        path = self.folder / "roster.csv"
        path.write_text(f"email,status,valid_until\n{self.expert(whom).email},{status},{until}\n")

        def read(session: Session) -> None:
            one, other = (self.user(name).email for name in (first, second))
            vetting = read_vetting(session, one, other, "A panel elsewhere.")
            for _ in import_roster(path, vetting):
                pass

        self.attempt(read)
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
        expert = self.expert(whom)
        said: dict[str, Any] = {"actor": "x", "now": self.now}
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

    @rule(whom=WHOM, who=WHO, days=DAYS,
          what=st.sampled_from((*stages.CASE_KINDS, "claim", "link", *["time"] * 3)))  # fmt: skip
    def happen(self, whom: str, who: str, what: str, days: int) -> None:
        """What else may be: a case of any kind is opened, an account is theirs, time passes."""
        if what == "claim":
            self.claim(whom)
        elif what == "link":
            self.link(whom, who)
        elif what == "time":
            self.now += timedelta(days=days)
        else:
            self.open(whom, what)

    def claim(self, whom: str) -> None:
        """An applicant names one skill more; who is on the roster does not."""
        expert = self.expert(whom)
        if expert.status == terms.APPLICANT and len(expert.skills) < 3:
            free = {"LEG", "BCP", "CIR"} - {claim.skill for claim in expert.skills}
            expert.skills.append(SkillClaim(skill=min(free), level=3))
            self.session.flush()

    def link(self, whom: str, who: str) -> None:
        """An account turns out to be the expert's own."""
        expert, user = self.expert(whom), self.user(who)
        if expert.user_id is None and self.attempt(
            registrar.link_account, expert, user, actor="x", now=self.now, below=True
        ):
            self.humans.own[self.experts[whom]] |= {
                self.accounts[name] for name in PEOPLE if HUMANS[name] == HUMANS[who]
            }

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
