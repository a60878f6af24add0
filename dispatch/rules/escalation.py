"""The ladder: what one request needs done now, decided here and nowhere else.

Knows no database and no clock; it looks at a frozen view of the case and says what to do. Since
candidates are fetched in between, the decision has two halves:

1. `plan(policy, case, now)`: which open offers end (expire, withdraw), which steps are due, and
   how many new offers of which wave are wanted.
2. The caller ends those offers, does the steps, fetches at most `wanted` candidates and makes as
   many offers as it can, each with `wave=plan.wave` and the deadline `deadline_of(now, None, …)`.
3. `conclude(policy, case, plan, supply, now)`: the states the request goes through, the steps that
   follow from the outcome, and `wake_at`, which is stored as it is, None included.

Done twice in a row, the second time changes nothing: every offer that was made is seen again as
open, every step as done. `decide` does both halves at once, for simulations and tests.

What the page leaves open and is settled here:
- There is no replacement inside a wave: an offer that ends leaves its wave smaller, and when the
  last one has ended the next wave starts at once.
- Offers chosen by a duty officer have wave 0: they are answered like others, but no wave waits for
  them and they use none up.
- A paused request makes no offers and tells nobody; open offers keep their deadlines, and may
  still be accepted. It stays paused until resumed, even when its slots are all filled.
- The call-back at filing is the telling at filing: a policy with `duty_told_s` 0 does not ring
  again when the request that a duty officer has just confirmed begins to search.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.rules import terms
from dispatch.rules.policy import Policy

CHOSEN_WAVE = 0  # of an offer that a duty officer chose: outside the ladder

# Steps, each done once per search; the names are stored.
CALL_BACK = "call_back"  # duty officers: somebody unproven waits for confirmation
TELL_DUTY = "tell_duty"
TELL_SPECIALIST = "tell_specialist"
TELL_UNFILLED = "tell_unfilled"  # duty officers: nobody is left to ask
STEPS = (CALL_BACK, TELL_DUTY, TELL_SPECIALIST, TELL_UNFILLED)

LIVE = frozenset({terms.SEARCHING, terms.ASSIGNED, terms.UNFILLED})
ENDED = frozenset({terms.CLOSED, terms.CANCELLED})


@dataclass(frozen=True)
class OfferView:
    """One offer of the request, whatever its status. `wave` 0: chosen by a duty officer."""

    id: int
    wave: int
    status: str
    created_at: datetime
    deadline: datetime


@dataclass(frozen=True)
class CaseView:
    """All that a decision needs to know of one request.

    `filled` slots have a mission that is not withdrawn (in an exercise, which makes no missions, an
    accepted offer). `search_started_at` is when the present
    search began: filed or confirmed, or reopened since an expert dropped out or a slot was added;
    None while it awaits confirmation. `steps` are those done in the present search (`call_back`,
    done before any search, always counts).
    """

    status: str
    slots: int
    filled: int
    search_started_at: datetime | None
    offers: tuple[OfferView, ...] = ()
    steps: frozenset[str] = frozenset()

    @property
    def open_slots(self) -> int:
        """How many experts are still missing."""
        return max(0, self.slots - self.filled)


@dataclass(frozen=True)
class Plan:
    """The first half. `expire` and `withdraw` are offer ids; `wanted` new offers of `wave`."""

    expire: tuple[int, ...] = ()
    withdraw: tuple[int, ...] = ()
    steps: tuple[str, ...] = ()
    wanted: int = 0
    wave: int = 0


@dataclass(frozen=True)
class Supply:
    """What became of the plan: offers `made` (0 to `wanted`), and when it is worth trying again.

    `next_available` (UTC, after now) is the next moment at which somebody otherwise eligible
    becomes available; it is needed only when `made < plan.wanted`.
    """

    made: int = 0
    next_available: datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """The second half: states to go through in this order, more steps, and when to look again."""

    moves: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    wake_at: datetime | None = None


@dataclass(frozen=True)
class Decision:
    """Both halves together."""

    plan: Plan
    made: int
    outcome: Outcome

    @property
    def changes_nothing(self) -> bool:
        """Whether the case stays as it is (`wake_at` then equals the stored one)."""
        plan, outcome = self.plan, self.outcome
        ended = plan.expire or plan.withdraw
        return not (ended or plan.steps or self.made or outcome.moves or outcome.steps)


def deadline_of(created_at: datetime, handed_over_at: datetime | None, window_s: int) -> datetime:
    """When an offer expires: one window after its first hand-over to a provider, if there is one.

    Before that, or when the outcome of every hand-over is unknown, one window after creation.
    """
    return (handed_over_at or created_at) + timedelta(seconds=window_s)


def is_late(received_at: datetime, deadline: datetime) -> bool:
    """Whether an answer received then counts for nothing: at the deadline it is too late."""
    return received_at >= deadline


def plan(policy: Policy, case: CaseView, now: datetime) -> Plan:
    """What to end, to tell and to make now; see the module's text for what the caller does."""
    still_open = [offer for offer in case.offers if offer.status == terms.OPEN]
    expire = tuple(offer.id for offer in still_open if is_late(now, offer.deadline))
    staying = [offer for offer in still_open if offer.id not in expire]
    steps = _due_steps(policy, case, now)
    if case.status in ENDED or case.status == terms.AWAITING or case.open_slots == 0:
        return Plan(expire, tuple(offer.id for offer in staying), steps)
    if case.status == terms.PAUSED or any(offer.wave != CHOSEN_WAVE for offer in staying):
        return Plan(expire, (), steps)
    wave = 1 + max((offer.wave for offer in case.offers), default=0)
    return Plan(expire, (), steps, policy.wave_size(wave) * case.open_slots, wave)


def conclude(
    policy: Policy, case: CaseView, planned: Plan, supply: Supply, now: datetime
) -> Outcome:
    """The request's states, further steps and `wake_at`, once the plan has been carried out."""
    gone = {*planned.expire, *planned.withdraw}
    deadlines = [
        offer.deadline
        for offer in case.offers
        if offer.status == terms.OPEN and offer.id not in gone
    ]
    if supply.made:
        deadlines.append(deadline_of(now, None, policy.reply_window_s))
    target = _state(case, is_offered=bool(deadlines))
    steps = {*case.steps, *planned.steps}
    told = (TELL_UNFILLED,) if target == terms.UNFILLED and TELL_UNFILLED not in steps else ()
    moments = [*deadlines, *_coming_steps(policy, case, now)]
    if target in (terms.SEARCHING, terms.UNFILLED) and supply.next_available is not None:
        moments.append(supply.next_available)
    wake_at = min((moment for moment in moments if moment > now), default=None)
    return Outcome(_moves(case.status, target), told, wake_at)


def decide(
    policy: Policy,
    case: CaseView,
    now: datetime,
    *,
    available: int,
    next_available: datetime | None = None,
) -> Decision:
    """Plan and conclude at once, given how many candidates could be asked."""
    planned = plan(policy, case, now)
    made = min(planned.wanted, available)
    supply = Supply(made, next_available if made < planned.wanted else None)
    return Decision(planned, made, conclude(policy, case, planned, supply, now))


def _step_times(policy: Policy, case: CaseView) -> dict[str, datetime]:
    """When each step of the policy falls due that has not been done and still could be."""
    if case.status not in LIVE or case.open_slots == 0 or case.search_started_at is None:
        return {}
    after = {TELL_DUTY: policy.duty_told_s, TELL_SPECIALIST: policy.specialist_told_s}
    if policy.duty_told_s == 0 and CALL_BACK in case.steps:
        after[TELL_DUTY] = None
    return {
        step: case.search_started_at + timedelta(seconds=seconds)
        for step, seconds in after.items()
        if seconds is not None and step not in case.steps
    }


def _due_steps(policy: Policy, case: CaseView, now: datetime) -> tuple[str, ...]:
    if case.status == terms.AWAITING:
        return () if CALL_BACK in case.steps else (CALL_BACK,)
    return tuple(step for step, moment in _step_times(policy, case).items() if moment <= now)


def _coming_steps(policy: Policy, case: CaseView, now: datetime) -> list[datetime]:
    return [moment for moment in _step_times(policy, case).values() if moment > now]


def _state(case: CaseView, *, is_offered: bool) -> str:
    """The state that fits the facts; states that only people end are left alone."""
    if case.status not in LIVE:
        return case.status
    if case.open_slots == 0:
        return terms.ASSIGNED
    return terms.SEARCHING if is_offered else terms.UNFILLED


def _moves(old: str, new: str) -> tuple[str, ...]:
    """The allowed way from `old` to `new`: between assigned and unfilled it leads by searching."""
    if old == new:
        return ()
    return (new,) if terms.SEARCHING in (old, new) else (terms.SEARCHING, new)
