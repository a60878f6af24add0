"""A request in memory on which decisions are carried out, for tests of the ladder alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dispatch.rules import lifecycle, terms
from dispatch.rules.escalation import (
    CHOSEN_WAVE,
    CaseView,
    Decision,
    OfferView,
    deadline_of,
    decide,
)
from dispatch.rules.policy import Policy

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
WINDOW = 600


def a_policy(**changes: Any) -> Policy:
    """Severity 1's policy, unless said otherwise."""
    policy = Policy(reply_window_s=WINDOW, waves=(1, 1, 3), duty_told_s=0, specialist_told_s=2700)
    return replace(policy, **changes)


def a_case(status: str = terms.SEARCHING, *, slots: int = 1, filled: int = 0) -> CaseView:
    """A request that began to search at START, without offers."""
    started = None if status == terms.AWAITING else START
    return CaseView(status, slots, filled, started)


def later(seconds: float) -> datetime:
    """So many seconds after START."""
    return START + timedelta(seconds=seconds)


class Ladder:
    """Runs decisions on one case, as dispatch does on rows."""

    def __init__(self, policy: Policy, case: CaseView, *, available: int = 100) -> None:
        self.policy, self.case, self.available = policy, case, available
        self.next_available: datetime | None = None
        self.wake_at: datetime | None = None
        self.told: list[str] = []

    def look(self, now: datetime) -> Decision:
        """The decision at `now`, not carried out."""
        return decide(
            self.policy,
            self.case,
            now,
            available=self.available,
            next_available=self.next_available,
        )

    def advance(self, now: datetime) -> Decision:
        """Decides and carries it out."""
        decision = self.look(now)
        for offer_id in decision.plan.expire:
            self.end(offer_id, terms.LAPSED)
        for offer_id in decision.plan.withdraw:
            self.end(offer_id, terms.WITHDRAWN)
        for _ in range(decision.made):
            self.offer(decision.plan.wave, now)
        self.available -= decision.made
        for status in decision.outcome.moves:
            self.move(status)
        steps = (*decision.plan.steps, *decision.outcome.steps)
        assert not set(steps) & self.case.steps, "a step was done twice"
        self.told += steps
        self.case = replace(self.case, steps=self.case.steps | set(steps))
        self.wake_at = decision.outcome.wake_at
        return decision

    def move(self, status: str) -> None:
        """Changes the request's state, if its table allows it."""
        lifecycle.check(lifecycle.REQUEST, self.case.status, status)
        self.case = replace(self.case, status=status)

    def offer(self, wave: int, now: datetime) -> int:
        """Adds an open offer; returns its id."""
        deadline = deadline_of(now, None, self.policy.reply_window_s)
        made = OfferView(len(self.case.offers) + 1, wave, terms.OPEN, now, deadline)
        self.case = replace(self.case, offers=(*self.case.offers, made))
        return made.id

    def choose(self, now: datetime) -> int:
        """A duty officer's own offer."""
        return self.offer(CHOSEN_WAVE, now)

    def end(self, offer_id: int, status: str) -> None:
        """Ends an open offer; an acceptance fills a slot."""
        offers = list(self.case.offers)
        lifecycle.check(lifecycle.OFFER, offers[offer_id - 1].status, status)
        offers[offer_id - 1] = replace(offers[offer_id - 1], status=status)
        filled = self.case.filled + (status == terms.ACCEPTED)
        self.case = replace(self.case, offers=tuple(offers), filled=filled)

    def open_ids(self) -> list[int]:
        """The ids of open offers, oldest first."""
        return [offer.id for offer in self.case.offers if offer.status == terms.OPEN]

    def waves(self) -> list[int]:
        """The wave of every offer ever made, oldest first."""
        return [offer.wave for offer in self.case.offers]
