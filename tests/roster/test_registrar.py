"""The verbs of HR: what each changes, and that each leaves an audit row and news for dispatch."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from core.accounts import invitations
from core.accounts.models import User
from core.audit import AuditRow, verify
from core.db import writing
from core.mail import Mail
from roster import registrar
from roster.models import Expert, RosterChange
from roster.rules import terms
from roster.rules.availability import available_text
from roster.rules.vetting import default_validity
from tests.factories import make_expert, make_user

ACTOR = "somebody"


def actions(session: Session, expert: Expert) -> list[str]:
    """What the audit says was done to `expert`; checks that each left news and the chain holds."""
    rows = session.scalars(
        select(AuditRow.action).where(AuditRow.subject == f"expert:{expert.public_id}")
        .order_by(AuditRow.id)
    ).all()  # fmt: skip
    news = select(func.count()).where(RosterChange.expert_id == expert.id)
    assert session.scalar(news) == len(rows)
    assert verify(session) is None
    return list(rows)


@pytest.fixture
def expert(session: Session) -> Expert:
    return make_expert(session, time_zone="Asia/Tokyo")


@pytest.fixture
def applicant(session: Session) -> Expert:
    return make_expert(
        session, status=terms.APPLICANT, vetted_by=None, approved_by=None, evidence="",
        valid_until=None, validated_at=None,
    )  # fmt: skip


def test_a_suspension_ends_with_the_state_before_it_and_no_other(
    session: Session, expert: Expert
) -> None:
    with writing():
        registrar.suspend(session, expert, " Left  ", actor=ACTOR, now=clock.now())
        assert (expert.status, expert.suspended_reason) == (terms.SUSPENDED, "Left")
    with writing():
        registrar.reinstate(session, expert, actor=ACTOR, now=clock.now())
        assert (expert.status, expert.suspended_reason) == (terms.LISTED, "")
    assert actions(session, expert) == ["expert.suspended", "expert.reinstated"]


def test_reinstating_an_applicant_does_not_make_them_qualified(
    session: Session, applicant: Expert
) -> None:
    with writing():
        registrar.suspend(session, applicant, "Doubts", actor=ACTOR, now=clock.now())
        registrar.reinstate(session, applicant, actor=ACTOR, now=clock.now())
    assert applicant.status == terms.APPLICANT


def test_what_the_state_does_not_allow_is_refused_and_leaves_nothing(
    session: Session, expert: Expert
) -> None:
    with pytest.raises(registrar.WrongStandingError), writing():
        registrar.reinstate(session, expert, actor=ACTOR, now=clock.now())
    assert actions(session, expert) == []
    with writing():
        registrar.suspend(session, expert, "Left", actor=ACTOR, now=clock.now())
    with pytest.raises(registrar.WrongStandingError), writing():
        registrar.suspend(session, expert, "Gone", actor=ACTOR, now=clock.now())
    assert expert.suspended_reason == "Left"
    assert actions(session, expert) == ["expert.suspended"]


def test_an_absence_lasts_whole_days_where_the_expert_lives(
    session: Session, expert: Expert
) -> None:
    now = clock.now()
    with writing():
        absence = registrar.add_absence(
            session, expert, date(2031, 5, 1), date(2031, 5, 2), " Leave ", actor=ACTOR, now=now
        )
    assert absence.starts_at.isoformat() == "2031-04-30T15:00:00+00:00"
    assert absence.ends_at is not None
    assert absence.ends_at.isoformat() == "2031-05-02T15:00:00+00:00"
    assert (absence.reason, available_text(expert, now)) == ("Leave", "yes")
    with pytest.raises(ValueError, match="before it begins"), writing():
        registrar.add_absence(
            session, expert, date(2031, 5, 2), date(2031, 5, 1), actor=ACTOR, now=now
        )


def test_away_replaces_what_was_said_and_back_ends_it(session: Session, expert: Expert) -> None:
    now = clock.now()
    with writing():
        registrar.set_away(session, expert, now + timedelta(days=9), actor=ACTOR, now=now)
    with writing():
        registrar.set_away(session, expert, None, actor=ACTOR, now=now + timedelta(hours=1))
    assert available_text(expert, now + timedelta(hours=2)) == "no"
    with writing():
        later = now + timedelta(hours=2)
        assert registrar.end_absences(session, expert, actor=ACTOR, now=later)
        assert not registrar.end_absences(session, expert, actor=ACTOR, now=later)
    assert available_text(expert, later) == "yes"
    assert actions(session, expert) == ["expert.away", "expert.away", "expert.back"]


def test_back_leaves_what_is_planned(session: Session, expert: Expert) -> None:
    now = clock.now()
    with writing():
        planned = (now + timedelta(days=30)).date()
        registrar.add_absence(session, expert, planned, None, actor=ACTOR, now=now)
        registrar.set_away(session, expert, None, actor=ACTOR, now=now)
        registrar.end_absences(session, expert, actor=ACTOR, now=now)
    assert available_text(expert, now + timedelta(days=32)) == "no"


def test_an_absence_that_has_not_begun_is_taken_back(session: Session, expert: Expert) -> None:
    now = clock.now()
    with writing():
        absence = registrar.add_absence(
            session, expert, date(2031, 5, 1), None, actor=ACTOR, now=now
        )
    with writing():
        registrar.end_absence(session, expert, absence, actor=ACTOR, now=now)
    assert expert.absences == []


def test_stop_and_start_are_noted_once(session: Session, expert: Expert) -> None:
    now = clock.now()
    with writing():
        for _ in range(2):
            registrar.opt_out(session, expert, actor=ACTOR, now=now)
    assert expert.opted_out_at == now
    with writing():
        registrar.mark_sms_failed(session, expert, now)
        registrar.mark_one_way(session, expert, now)
        registrar.opt_in(session, expert, actor=ACTOR, now=now)
    assert (expert.opted_out_at, expert.sms_failed_at, expert.two_way) == (None, None, False)
    assert actions(session, expert) == [
        "expert.opted_out", "expert.sms_failed", "expert.one_way", "expert.opted_in",
    ]  # fmt: skip


@pytest.fixture
def vetters(session: Session) -> tuple[User, User]:
    return make_user(session, "vetter"), make_user(session, "vetter")


def admit(session: Session, expert: Expert, first: User, second: User, **given: Any) -> None:
    """Lets `expert` in, as the two say."""
    with writing():
        facts = {"status": terms.QUALIFIED, "evidence": "Panel of 3 May"} | given
        registrar.raise_to(
            session, expert, vetted_by=first, approved_by=second, actor=ACTOR, now=clock.now(),
            **facts,
        )  # fmt: skip


def test_two_vetters_qualify_an_applicant_for_36_months(
    session: Session, applicant: Expert, vetters: tuple[User, User]
) -> None:
    admit(session, applicant, *vetters)
    assert applicant.status == terms.QUALIFIED
    assert (applicant.vetted_by, applicant.approved_by) == tuple(user.id for user in vetters)
    assert applicant.valid_until == default_validity(clock.now().date())
    assert applicant.validated_at is not None
    assert actions(session, applicant) == ["expert.vetted"]


def test_one_person_never_vets_and_approves(session: Session, applicant: Expert) -> None:
    one, other = make_user(session, "vetter"), make_user(session, "duty_officer")
    twin, neighbour = make_user(session, "vetter"), make_user(session, "vetter")
    with writing():
        twin.email = f" {one.email.upper()} "
        one.phone = neighbour.phone = "+15550104"
    for first, second in ((one, one), (one, other), (other, one), (one, twin), (one, neighbour)):
        with pytest.raises(registrar.NotTwoPeopleError):
            admit(session, applicant, first, second)
    assert applicant.status == terms.APPLICANT
    assert actions(session, applicant) == []


@pytest.mark.parametrize("tie", ["account", "email", "phone"])
@pytest.mark.parametrize("role", [0, 1])
def test_nobody_vets_or_approves_themself(
    session: Session, applicant: Expert, vetters: tuple[User, User], tie: str, role: int
) -> None:
    with writing():
        themself = vetters[role]
        if tie == "account":
            applicant.user_id = themself.id
        elif tie == "email":
            applicant.email = themself.email.upper()
        else:
            themself.phone = applicant.phone
    with pytest.raises(registrar.NotTwoPeopleError):
        admit(session, applicant, *vetters)


def test_a_vetter_who_was_disabled_vets_nobody(
    session: Session, applicant: Expert, vetters: tuple[User, User]
) -> None:
    with writing():
        vetters[1].active = False
    with pytest.raises(registrar.NotTwoPeopleError):
        admit(session, applicant, *vetters)


def test_nobody_is_qualified_without_evidence_or_a_second_time(
    session: Session, applicant: Expert, expert: Expert, vetters: tuple[User, User]
) -> None:
    with pytest.raises(ValueError, match="evidence"):
        admit(session, applicant, *vetters, evidence="  ")
    with pytest.raises(registrar.WrongStandingError):
        admit(session, expert, *vetters)
    with pytest.raises(registrar.WrongStandingError):
        admit(session, applicant, *vetters, status=terms.APPLICANT)


def test_the_database_itself_refuses_one_vetter_in_both_places(
    session: Session, applicant: Expert, vetters: tuple[User, User]
) -> None:
    one = vetters[0].id
    for first, second in ((one, one), (one, None), (None, None)):
        values = {"status": terms.LISTED, "vetted_by": first, "approved_by": second}
        with pytest.raises(IntegrityError), writing():
            session.execute(update(Expert).where(Expert.id == applicant.id).values(values))


def test_an_invited_expert_gets_their_entry_when_they_accept(
    session: Session, expert: Expert
) -> None:
    with writing():
        user = registrar.invite_expert(session, expert, actor=ACTOR, now=clock.now())
        assert user.is_a("expert")
    assert expert.user_id is None
    assert session.scalar(select(Mail.to)) == expert.email
    with writing():
        invitations.accept(session, user, "correct horse battery staple 47", clock.now())
    assert expert.user_id == user.id
    assert actions(session, expert) == ["expert.account_linked"]


def test_an_account_that_was_proved_before_is_linked_at_once(
    session: Session, expert: Expert
) -> None:
    user = make_user(
        session, "duty_officer", email=expert.email, password="correct horse battery staple 47"
    )
    with writing():
        registrar.invite_expert(session, expert, actor=ACTOR, now=clock.now())
    assert (expert.user_id, session.scalar(select(func.count()).select_from(Mail))) == (user.id, 0)
    assert user.is_a("expert")
    assert user.is_a("duty_officer")
