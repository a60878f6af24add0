"""What falls due when for one person: validity, reconfirmation, certificates, their phone.

Judges only: who is written to, and how, is `roster.staying`. All figures are in `rules.cadences`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from roster.rules import cadences
from roster.rules.terms import EXPIRED, VETTED, Rhythm
from roster.rules.vetting import months_after
from roster.rules.writing_times import is_away, local_day, may_write, next_hour

VALIDITY, RECONFIRMATION, CERTIFICATE = "validity", "reconfirmation", "certificate"
RENEWAL = "renewal"  # a case was opened; nobody is written to about it
Occasion = tuple[str, date]


@dataclass(frozen=True)
class Told:
    """How often somebody was reminded of one occasion, when last (UTC), and whether it is over."""

    times: int
    last: datetime
    answered: bool = False


@dataclass(frozen=True)
class Paper:
    """A certificate that ends after `last_day`; `skill` rests on it, if any."""

    id: int
    name: str
    last_day: date
    skill: str = ""


@dataclass(frozen=True)
class Member:
    """All that decides what falls due for one person.

    `confirmed_at` is when they last said, or were found, to be ready; `heard_at` when their phone
    last answered; `noticed_on` their own day of the latest notice. `told` is by (about, occasion).
    """

    status: str
    rhythm: Rhythm
    valid_until: date | None = None
    confirmed_at: datetime | None = None
    heard_at: datetime | None = None
    failed_at: datetime | None = None
    proof_at: datetime | None = None
    has_phone: bool = True
    opted_out: bool = False
    papers: tuple[Paper, ...] = ()
    told: Mapping[Occasion, Told] = field(default_factory=dict)
    noticed_on: date | None = None
    case_open: bool = False


@dataclass(frozen=True)
class Matter:
    """Something to be said: of what, which occasion, for the how manieth time. `name` of a paper.

    `about` of a certificate ends in its number: one person may have several.
    """

    about: str
    occasion: date
    times: int
    urgent: bool = False
    name: str = ""

    @property
    def kind(self) -> str:
        """VALIDITY, RECONFIRMATION or CERTIFICATE."""
        return self.about.partition(":")[0]


def matters(member: Member, now: datetime) -> list[Matter]:
    """Everything that should be said to `member`, whatever hour it is where they are."""
    today = now.astimezone(UTC).date()
    found = [*_validity(member, today), *_papers(member, today), *_confirmation(member, today)]
    return sorted(found, key=lambda one: (one.occasion, one.about))


def sayable(member: Member, now: datetime) -> list[Matter]:
    """What of `matters` may be said at `now`: once a day, in writing hours, urgent ones if away."""
    if not may_write(member.rhythm, now) or member.noticed_on == local_day(member.rhythm, now):
        return []
    away = is_away(member.rhythm, now)
    return [one for one in matters(member, now) if one.urgent or not away]


def by_text(member: Member, told: list[Matter], now: datetime) -> bool:
    """Whether `told` goes by text as well: when an answer is asked for, one text a day at most."""
    asked = any(one.kind == RECONFIRMATION for one in told)
    return (
        asked
        and _takes_texts(member)
        and not is_away(member.rhythm, now)
        and not _proving(member, now)
    )


def wants_renewal(member: Member, now: datetime) -> bool:
    """Whether a renewal case should be opened now: in time before the end, once for each end."""
    end = member.valid_until
    if end is None or member.status not in VETTED or member.case_open:
        return False
    return _left(end, now) <= cadences.RENEWAL_DAYS and (RENEWAL, end) not in member.told


def wants_proof(member: Member, now: datetime) -> bool:
    """Whether the phone should be proved anew, at this hour: silent for long, or refused for good.

    An answer to a reconfirmation proves it, too, so that nobody is asked both at once.
    """
    if (
        not _proof_due(member, now)
        or not may_write(member.rhythm, now)
        or is_away(member.rhythm, now)
    ):
        return False
    return member.noticed_on != local_day(member.rhythm, now)


def next_look(member: Member, now: datetime) -> datetime:
    """When to look at `member` again (UTC, after `now`): nothing falls due any earlier."""
    waiting = matters(member, now)
    days = [day for day in _days(member) if day > now.astimezone(UTC).date()]
    moments = [datetime.combine(day, time(), UTC) for day in days]
    if waiting or _proof_due(member, now):
        held_up = is_away(member.rhythm, now) and not any(one.urgent for one in waiting)
        told = member.noticed_on == local_day(member.rhythm, now)
        hour = next_hour(member.rhythm, now, told_today=told, held_up=held_up)
        return min([hour, *moments])  # what waits may become urgent, and more may fall due
    return min([*moments, now + timedelta(days=cadences.LOOK_AGAIN_DAYS)])


def confirm_on(member: Member) -> date | None:
    """The day from which they are asked whether they stay; None before they were validated."""
    since = member.confirmed_at
    if since is None or member.status not in VETTED:
        return None
    return months_after(since.astimezone(UTC).date(), cadences.RECONFIRM_MONTHS)


def _validity(member: Member, today: date) -> Iterator[Matter]:
    end = member.valid_until
    if end is None or member.status not in {*VETTED, EXPIRED}:
        return
    if member.status in VETTED or end < today:
        yield from _before(member, VALIDITY, end, today, cadences.VALIDITY_DAYS)


def _papers(member: Member, today: date) -> Iterator[Matter]:
    if member.status not in VETTED:
        return
    for paper in member.papers:
        if not any(_replaces(other, paper) for other in member.papers):
            about = f"{CERTIFICATE}:{paper.id}"
            days = cadences.CERTIFICATE_DAYS
            yield from _before(member, about, paper.last_day, today, days, name=paper.name)


def _confirmation(member: Member, today: date) -> Iterator[Matter]:
    day, asks = confirm_on(member), cadences.RECONFIRM_DAYS
    if day is None or today < day:
        return
    told = member.told.get((RECONFIRMATION, day))
    if told is None:
        yield Matter(RECONFIRMATION, day, 1)
    elif not told.answered and told.times < len(asks) and _again_on(told) <= today:
        yield Matter(RECONFIRMATION, day, told.times + 1)


def _before(
    member: Member, about: str, end: date, today: date, days: tuple[int, ...], *, name: str = ""
) -> Iterator[Matter]:
    """A reminder for the latest of `days` that has passed, unless it was given, or answered."""
    left = (end - today).days
    told = member.told.get((about, end))
    passed = sum(left <= before for before in days)
    if left < -cadences.STALE_DAYS or passed <= (told.times if told else 0):
        return
    if told and told.answered and left >= 0:
        return  # but that it has ended is told to everybody
    yield Matter(about, end, passed, urgent=left <= cadences.URGENT_DAYS, name=name)


def _again_on(told: Told) -> date:
    asks = cadences.RECONFIRM_DAYS
    pause = asks[told.times] - asks[told.times - 1]
    return told.last.astimezone(UTC).date() + timedelta(days=pause)


def _replaces(other: Paper, paper: Paper) -> bool:
    alike = other.skill == paper.skill if paper.skill else other.name == paper.name
    return alike and other.last_day > paper.last_day


def _takes_texts(member: Member) -> bool:
    return member.has_phone and not member.opted_out and member.failed_at is None


def _proof_due(member: Member, now: datetime) -> bool:
    if member.status not in VETTED or not member.has_phone or member.opted_out:
        return False
    tried, failed = member.proof_at, member.failed_at
    if _is_asked(member, now):
        return False
    if failed is not None and (tried is None or tried < failed):
        return True
    heard = max((at for at in (member.heard_at, tried) if at), default=member.confirmed_at)
    silent = timedelta(days=cadences.PHONE_DAYS)
    return heard is not None and now.astimezone(UTC).date() >= (heard + silent).date()


def _is_asked(member: Member, now: datetime) -> bool:
    """Whether they are being asked whether they stay, by texts that their phone takes."""
    day, today = confirm_on(member), now.astimezone(UTC).date()
    if day is None or today < day or not _takes_texts(member):
        return False
    told = member.told.get((RECONFIRMATION, day))
    last = told.last.astimezone(UTC).date() if told else today
    return today < last + timedelta(days=cadences.RECONFIRM_TELL_DAYS)


def _proving(member: Member, now: datetime) -> bool:
    """Whether another text was sent on this day of theirs."""
    at, rhythm = member.proof_at, member.rhythm
    return at is not None and local_day(rhythm, at) == local_day(rhythm, now)


def _left(end: date, now: datetime) -> int:
    return (end - now.astimezone(UTC).date()).days


def _days(member: Member) -> Iterator[date]:
    """The days on which something may fall due; those that have passed do no harm."""
    if member.valid_until is not None:
        for before in (*cadences.VALIDITY_DAYS, cadences.RENEWAL_DAYS):
            yield member.valid_until - timedelta(days=before)
    for paper in member.papers:
        for before in cadences.CERTIFICATE_DAYS:
            yield paper.last_day - timedelta(days=before)
    if day := confirm_on(member):
        yield day
        told = member.told.get((RECONFIRMATION, day))
        if told and not told.answered and told.times < len(cadences.RECONFIRM_DAYS):
            yield _again_on(told)
        last = told.last.date() if told else day
        yield last + timedelta(days=cadences.RECONFIRM_TELL_DAYS)
    phone = timedelta(days=cadences.PHONE_DAYS)
    for at in (member.heard_at, member.proof_at, member.confirmed_at):
        if at is not None:
            yield (at + phone).date()
