"""Random histories of dispatch over a real database: people file, answer, go away; time passes.

Hypothesis chooses what happens next; after each step the promises are looked up in the rows.
"""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.accounts.models import User
from core.db import db, writing
from dispatch import answers, intake, missions
from dispatch.advance import NotDeployableError, advance, advance_due, delivery_failed, offer_to
from dispatch.channels.handover import Taken
from dispatch.models import CrisisRequest, Mission, Offer
from dispatch.outbox.claim import claim_due
from dispatch.outbox.settle import store
from dispatch.reports.report import read_report
from dispatch.rules.lifecycle import MoveNotAllowedError
from roster.models import Expert, RosterChange
from roster.registrar import WrongStandingError
from tests.dispatch import promises
from tests.dispatch.chances import (
    BEGIN,
    EXPERTS,
    REQUESTS,
    SEVERITIES,
    TRUSTED,
    VERBS,
    WORDS,
    change,
    last_code,
    wipe,
    words_of,
)
from tests.dispatch.world import World, report

_sids = count(1)


class Histories(RuleBasedStateMachine):
    """Four experts, two offices, and whatever may happen to them."""

    def __init__(self) -> None:
        super().__init__()
        wipe()
        self.now = BEGIN
        world = World()
        self.filer = self._user(world, "focal_point")
        self.officer = self._user(world, "duty_officer")
        for east, limit in ((1.0, 2), (2.0, 1), (3.0, 1), (4.0, 1)):
            world.expert(east, max_missions=limit, valid_until=date(2040, 1, 1))
        self.experts = list(self._session().scalars(select(Expert.id).order_by(Expert.id)))
        self.offers_seen = 0

    @initialize(severity=SEVERITIES)
    def begin(self, severity: int) -> None:
        """Two offices ask at once."""
        self.file(severity, 2, True)
        self.file(1, 1, True)

    @rule(severity=SEVERITIES, slots=st.integers(1, 2), trusted=TRUSTED)
    def file(self, severity: int, slots: int, trusted: bool) -> None:
        """An office calls for help; the same call again is the same request."""
        given = read_report(report(severity=severity, experts_needed=slots))
        key = ("history", f"k{next(_sids)}")
        with writing() as session:
            filer = session.get_one(User, self.filer) if trusted else None
            filed = [
                intake.file_request(session, given, filer=filer, through="form", now=self.now,
                                    idempotency=key)
                for _ in range(2)
            ]  # fmt: skip
            assert [one.created for one in filed] == [True, False]
            assert filed[0].request.id == filed[1].request.id

    @rule(which=REQUESTS, move=st.sampled_from(("pause", "resume", "close", "cancel", "confirm")))
    def move(self, which: int, move: str) -> None:
        """A duty officer decides something, allowed or not."""
        request = self._request(which)
        if request is None:
            return
        actor: dict[str, Any] = {"actor": "somebody"}
        reason = ["no longer needed"] if move == "cancel" else []
        try:
            with writing() as session:
                if move == "confirm":
                    actor = {"officer": session.get_one(User, self.officer)}
                getattr(intake, move)(session, request, *reason, now=self.now, **actor)
        except MoveNotAllowedError:
            db.session.rollback()

    @rule(which=REQUESTS, changes=st.sampled_from((
        {"summary": "It is worse."}, {"skills": ["LEG"]}, {"skills": []}, {"mode": "on_site"},
        {"experts_needed": 2}, {"severity": 1},
    )))  # fmt: skip
    def amend(self, which: int, changes: dict[str, Any]) -> None:
        """The office changes what it asked for."""
        request = self._request(which)
        if request is None or request.status in {"cancelled", "closed"}:
            return
        with writing() as session:
            intake.amend(session, request, changes, actor="office", now=self.now)

    @rule(seconds=st.sampled_from((0, 1, 59, 300, 599, 600, 601, 1201, 3601, 90_000)))
    def pass_time_and_work(self, seconds: int) -> None:
        """Time passes, and the worker looks; looking again changes nothing."""
        self.now += timedelta(seconds=seconds)
        self._work()
        self._advance_all(but_for="wake_at")  # a deadline that has moved lets it sleep longer
        self._advance_all()

    @rule(seconds=st.sampled_from((1, 120, 599, 601)))
    def pass_time(self, seconds: int) -> None:
        """Time passes while no worker is there."""
        self.now += timedelta(seconds=seconds)

    @rule()
    def send(self) -> None:
        """What may leave, leaves; I9: nothing that is over does."""
        for outgoing in claim_due(self.now, 50).outgoing:
            with writing() as session:
                offer = session.scalar(
                    select(Offer).where(Offer.attempts.any(id=outgoing.id))
                ) if " 1 " in outgoing.body else None  # fmt: skip
                if offer is not None and offer.status != "accepted":
                    assert offer.status == "open", f"I9: left for an offer that is {offer.status}"
                    assert self.now < offer.deadline, "I9: left after its deadline"
                store(session, [(outgoing, Taken(f"SM{next(_sids)}"))], self.now)

    @rule(who=EXPERTS, accept=st.booleans(), form=st.sampled_from(("code", "bare", "old", "other")),
          late=st.sampled_from((0, 0, 0, 30, 700)), again=st.booleans())  # fmt: skip
    def reply(self, who: int, accept: bool, form: str, late: int, again: bool) -> None:
        """Somebody answers: rightly, with an old code, with a code of somebody else's, late."""
        received_at = max(BEGIN, self.now - timedelta(seconds=late))
        expert = self._expert(who)
        body = words_of(self._session(), expert, accept, form)
        counts = accept and form in {"code", "bare"} and self._counts(expert, received_at)
        before = set(self._session().scalars(select(Mission.id)))
        sid = f"IN{next(_sids)}"
        answer = self._text(sid, expert.phone, body, received_at)
        made = set(self._session().scalars(select(Mission.id))) - before
        assert bool(made) == counts, f"I7: {form} {accept} at {received_at}: {made}"
        if again:
            state = promises.everything(self._session())
            assert self._text(sid, expert.phone, body, received_at) == answer, "I8"
            changed = promises.changed(state, promises.everything(self._session()))
            assert not changed, f"I8: acted twice: {changed}"

    @precondition(lambda self: self._open_offers())
    @rule(which=REQUESTS, accept=st.booleans(), after=st.sampled_from((0, 0, 0, 60, 601)))
    def answer(self, which: int, accept: bool, after: int) -> None:
        """Somebody who was asked answers after a while, with the code, while no worker is there."""
        self.now += timedelta(seconds=after)
        waiting = self._open_offers()
        asked = self._session().get_one(Offer, waiting[which % len(waiting)]).expert_id
        self.reply(self.experts.index(asked), accept, "code", 0, False)

    @rule()
    def everybody_says_yes(self) -> None:
        """All four text a bare yes, asked or not."""
        for who in range(len(self.experts)):
            self.reply(who, True, "bare", 0, False)

    @rule(who=EXPERTS, word=st.sampled_from(WORDS))
    def say(self, who: int, word: str) -> None:
        """Somebody texts something else; it makes no mission."""
        expert = self._expert(who)
        before = set(self._session().scalars(select(Mission.id)))
        last = last_code(self._session(), expert)
        body = f"{word} {last or 'A2B3'}" if word in {"DONE", "WITHDRAW"} else word
        self._text(f"IN{next(_sids)}", expert.phone, body, self.now)
        assert set(self._session().scalars(select(Mission.id))) == before

    @rule(who=EXPERTS, verb=VERBS)
    def change_roster(self, who: int, verb: str) -> None:
        """HR or the expert changes what the roster says; dispatch hears of it later."""
        try:
            with writing() as session:
                change(session, session.get_one(Expert, self.experts[who]), verb, self.now)
        except WrongStandingError:
            db.session.rollback()

    @rule()
    def mend(self) -> None:
        """HR puts everybody right again, so that histories do not run dry."""
        for who in range(len(self.experts)):
            for verb in ("reinstate", "renew", "back", "opt_in"):
                self.change_roster(who, verb)

    @rule(which=REQUESTS, who=EXPERTS)
    def choose(self, which: int, who: int) -> None:
        """A duty officer's own choice: never against a hard filter."""
        request = self._request(which)
        if request is None:
            return
        try:
            with writing() as session:
                expert = session.get_one(Expert, self.experts[who])
                offer_to(session, request, expert, actor="officer", reason="known", now=self.now)
        except (NotDeployableError, MoveNotAllowedError):
            db.session.rollback()

    @precondition(lambda self: self._open_offers())
    @rule(which=REQUESTS, how=st.sampled_from(("withdraw", "undeliverable")))
    def end_offer(self, which: int, how: str) -> None:
        """An offer is taken back, or cannot be delivered."""
        waiting = self._open_offers()
        with writing() as session:
            offer = session.get_one(Offer, waiting[which % len(waiting)])
            if how == "withdraw":
                answers.withdraw_offer(session, offer, actor="x", reason="ill", now=self.now)
            else:
                delivery_failed(session, offer, self.now)

    @rule(which=REQUESTS)
    def release(self, which: int) -> None:
        """A duty officer ends a mission."""
        running = list(self._session().scalars(
            select(Mission.id).where(Mission.status.in_(promises.RUNNING)).order_by(Mission.id)
        ))  # fmt: skip
        if running:
            with writing() as session:
                mission = session.get_one(Mission, running[which % len(running)])
                missions.release(session, mission, actor="x", reason="ill", now=self.now)

    @invariant()
    def the_promises_hold(self) -> None:
        """All promises, and I10 for whoever was asked in this step."""
        session = self._session()
        promises.check(session, self.now)
        new = session.execute(
            select(Offer.id, Offer.expert_id).where(Offer.id > self.offers_seen)
        ).all()
        for number, expert_id in new:
            self.offers_seen = max(self.offers_seen, number)
            assert promises.may_be_asked(session, expert_id, self.now), f"I10: {expert_id}"

    def _work(self) -> None:
        """What the worker does until there is nothing left to do; and there is an end to it."""
        for _ in range(50):
            news = self._session().scalar(select(RosterChange.id).limit(1))
            if advance_due(self.now) == 0 and news is None:
                return
        raise AssertionError("the worker never comes to rest")

    def _advance_all(self, but_for: str = "") -> None:
        """Advances every request once more: nothing changes."""
        before = promises.everything(self._session(), but_for)
        for request in self._session().scalars(select(CrisisRequest)).unique().all():
            with writing() as session:
                advance(session, request, self.now)
        changed = promises.changed(before, promises.everything(self._session(), but_for))
        assert not changed, f"advancing again changes something: {changed}"

    def _counts(self, expert: Expert, received_at: datetime) -> bool:
        """I7, from the rows: whether a yes of this phone received then must make a mission."""
        session = self._session()
        offer = session.scalar(
            select(Offer).where(Offer.expert_id == expert.id, Offer.status == "open")
        )
        if offer is None or received_at >= offer.deadline:
            return False
        need = {skill[0] for skill in offer.request.skills} or {"CIR"}
        has = {claim.skill for claim in expert.skills if claim.level >= 2}
        return need <= has and promises.may_be_asked(session, expert.id, received_at)

    def _text(self, sid: str, phone: str, body: str, received_at: datetime) -> str | None:
        with writing() as session:
            return answers.record_reply(
                session, sid, phone, "+15005550006", body, received_at=received_at
            )

    @staticmethod
    def _session() -> Session:
        db.session.rollback()
        return db.session()

    def _user(self, world: World, role: str) -> int:
        email = f"{role}@history.example.org"
        known = self._session().scalar(select(User.id).where(User.email == email))
        return known or world.person(role, email=email).id

    def _expert(self, who: int) -> Expert:
        return self._session().get_one(Expert, self.experts[who])

    def _request(self, which: int) -> CrisisRequest | None:
        query = select(CrisisRequest).order_by(CrisisRequest.id.desc()).offset(which).limit(1)
        return self._session().scalars(query).unique().one_or_none()

    def _open_offers(self) -> list[int]:
        query = select(Offer.id).where(Offer.status == "open").order_by(Offer.id)
        return list(self._session().scalars(query))
