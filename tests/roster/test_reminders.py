"""The roster's turn: who is told what, once, whatever the number of turns and workers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session

from core.db import db, writing
from roster import registrar, staying
from roster.models import (
    Certificate,
    Digest,
    Expert,
    Notice,
    PhoneProof,
    Reference,
    Reminder,
    RosterChange,
    VettingCase,
)
from roster.rules import stages, terms
from roster.staying.notices import link_of
from tests.factories import make_user
from tests.roster.turning import DAY, Roster
from tests.web.visitors import Visitor, words_of

IDLE = 5  # experts, referees, vetters, validity; and a pragma or a transaction


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The statements that the application sends meanwhile."""
    said: list[str] = []

    def note(*arguments: Any) -> None:
        said.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def roster(session: Session) -> Iterator[Roster]:
    return Roster(session)


def test_everything_of_one_day_is_one_mail_and_a_second_turn_says_nothing(roster: Roster) -> None:
    expert = roster.expert(valid_until=roster.today + 30 * DAY, validated_at=roster.now - 400 * DAY)
    with writing() as session:
        session.add(
            Certificate(expert_id=expert.id, name="CBCI", expires_on=roster.today + 7 * DAY)
        )
    assert roster.turn() == 1
    [mail] = roster.mails(expert.email)
    assert "Your time on the roster ends on" in mail
    assert "“CBCI” ends on" in mail
    assert "Once a year we ask" in mail
    [notice] = roster.all(Notice)
    assert notice.by_text
    assert link_of(notice) in mail
    assert {row.about for row in roster.all(Reminder)} >= {"validity", "reconfirmation", "renewal"}
    assert roster.turn() == 0
    assert roster.turn(hours=1) == 0
    assert len(roster.mails(expert.email)) == 1


def test_a_turn_that_finds_nothing_due_asks_little_of_the_database(roster: Roster) -> None:
    expert = roster.expert()
    assert roster.turn() == 0
    looked = roster.fresh(expert).look_at
    assert roster.now < looked <= roster.now + 8 * DAY
    roster.session.rollback()
    with counted_statements() as asked:
        assert roster.turn(hours=3) == 0
    assert len(asked) <= IDLE
    assert roster.fresh(expert).look_at == looked
    with writing() as session:
        registrar.add_absence(
            session, roster.fresh(expert), roster.today, None, actor="x", now=roster.now
        )
    assert roster.fresh(expert).look_at == roster.now, "every change asks for another look"


def test_a_renewal_case_is_opened_by_itself_once(roster: Roster) -> None:
    expert = roster.expert(valid_until=roster.today + 91 * DAY)
    roster.turn()
    assert not roster.all(VettingCase)
    roster.turn(days=1)
    [case] = roster.all(VettingCase)
    assert (case.kind, case.state, case.expert_id) == (stages.RENEWAL, stages.OPEN, expert.id)
    with writing() as session:
        registrar.drop_case(session, session.get_one(VettingCase, case.id), actor="x",
                            now=roster.now)  # fmt: skip
    roster.turn(days=1)
    assert len(roster.all(VettingCase)) == 1


def test_validity_ends_by_the_date_and_the_state_follows_with_audit_and_news(
    roster: Roster,
) -> None:
    listed = roster.expert(valid_until=roster.today)
    suspended = roster.expert(valid_until=roster.today, status=terms.SUSPENDED,
                              status_before=terms.QUALIFIED)  # fmt: skip
    roster.turn()
    assert roster.fresh(listed).status == terms.LISTED
    roster.turn(days=1)
    assert roster.fresh(listed).status == terms.EXPIRED
    assert (roster.fresh(suspended).status, roster.fresh(suspended).status_before) == (
        terms.SUSPENDED, terms.EXPIRED,
    )  # fmt: skip
    assert {row.expert_id for row in roster.all(RosterChange)} >= {listed.id, suspended.id}
    roster.turn(days=1)
    assert "ended on" in roster.mails(listed.email)[-1]
    assert staying.expire(roster.now) == 0


def test_a_silent_phone_is_proved_anew_and_not_asked_again_for_90_days(roster: Roster) -> None:
    expert = roster.expert(phone_proved_at=roster.now - 90 * DAY)
    failed = roster.expert(sms_failed_at=roster.now - DAY)
    opted_out = roster.expert(phone_proved_at=None, opted_out_at=roster.now)
    roster.turn()
    roster.turn(days=2)
    asked = [proof.expert_id for proof in roster.all(PhoneProof)]
    assert sorted(asked) == sorted([expert.id, failed.id])
    assert opted_out.id not in asked
    assert not roster.mails(expert.email)


def test_who_is_away_or_asleep_is_told_when_they_are_back(roster: Roster) -> None:
    away = roster.expert(
        valid_until=roster.today + 30 * DAY, away=[(roster.now - DAY, roster.now + 2 * DAY)]
    )
    tokyo = roster.expert(valid_until=roster.today + 30 * DAY, time_zone="Asia/Tokyo")
    roster.turn()
    assert not roster.mails(away.email)
    assert not roster.mails(tokyo.email), "it is nine in the evening there"
    roster.turn(hours=12)
    assert len(roster.mails(tokyo.email)) == 1
    roster.turn(hours=36)
    assert len(roster.mails(away.email)) == 1


def test_the_link_answers_whether_they_stay_and_nothing_else(app: Flask, roster: Roster) -> None:
    expert = roster.expert(
        validated_at=roster.now - 365 * DAY, valid_until=roster.today + 90 * DAY, language="fr"
    )
    roster.turn()
    [notice] = roster.all(Notice)
    path = "/stay/" + link_of(notice).rpartition("/")[2]
    visitor = Visitor(app)
    page = visitor.get(path + "?lang=en")
    assert "May we still call on you" in words_of(page)
    assert roster.fresh(expert).reconfirmed_at is None, "looking answers nothing"
    refused = visitor.post(path, page=path)
    assert refused.status_code == 422
    assert visitor.post(path, page=path, answer="stay").status_code == 303
    assert roster.fresh(expert).reconfirmed_at is not None
    answered = {row.about for row in roster.all(Reminder) if row.answered_at}
    assert answered == {"reconfirmation"}, "nothing was renewed by it"
    roster.turn(days=8)
    assert len(roster.mails(expert.email)) == 1
    roster.turn(days=52)
    assert len(roster.mails(expert.email)) == 2


def test_who_leaves_by_the_link_is_removed_and_their_case_dropped(
    app: Flask, roster: Roster
) -> None:
    expert = roster.expert(valid_until=roster.today + 30 * DAY)
    roster.turn()
    [notice] = roster.all(Notice)
    path = "/stay/" + link_of(notice).rpartition("/")[2]
    visitor = Visitor(app)
    assert visitor.post(path, page=path, answer="leave", why="moved").status_code == 303
    assert roster.fresh(expert).status == terms.REMOVED
    assert [case.state for case in roster.all(VettingCase)] == [stages.DROPPED]
    assert "You have left the roster" in words_of(visitor.get(path))
    assert visitor.get(path[:-1] + "x").status_code == 404


def test_a_link_is_of_use_for_60_days(app: Flask, roster: Roster) -> None:
    expert = roster.expert(valid_until=roster.today + 30 * DAY)
    roster.turn()
    [notice] = roster.all(Notice)
    path = "/stay/" + link_of(notice).rpartition("/")[2]
    visitor = Visitor(app)
    token = visitor.token(path)
    with writing() as session:
        session.execute(update(Notice).values(wanted_at=roster.now - 61 * DAY))
    answered = visitor.client.post(path, data={"csrf_token": token, "answer": "leave"})
    assert answered.status_code == 410
    assert roster.fresh(expert).status == terms.LISTED


def test_referees_are_reminded_after_five_and_ten_days_and_then_left_alone(
    roster: Roster,
) -> None:
    expert = roster.expert(status=terms.APPLICANT)
    with writing() as session:
        case = registrar.open_case(session, roster.fresh(expert), stages.APPLICATION, actor="x",
                                   now=roster.now)  # fmt: skip
        registrar.ask_reference(session, case, "R", "referee@example.org", actor="x",
                                now=roster.now)  # fmt: skip
    sent = [len(roster.mails("referee@example.org"))]
    for days in (4, 1, 0, 4, 1, 1, 20):
        roster.turn(days=days)
        sent.append(len(roster.mails("referee@example.org")))
    assert sent == [1, 1, 2, 2, 2, 3, 3, 3]
    assert roster.all(Reference)[0].reminders == 2


def test_hr_is_told_once_of_who_is_silent_however_late_they_were_asked(roster: Roster) -> None:
    make_user(
        roster.session, "vetter", email="hr@example.org", password="four words apart tulip gravel"
    )
    roster.expert(
        validated_at=roster.now - 366 * DAY, name="Silent Sam",
        away=[(roster.now - DAY, roster.now + 39 * DAY)],
    )  # fmt: skip
    told = []
    for days in (0, 30, 10, 7, 7, 15, 1, 1, 30):
        roster.turn(days=days)
        told.append(len([one for one in roster.mails("hr@example.org") if "Silent Sam" in one]))
    assert told == [0, 0, 0, 0, 0, 0, 1, 1, 1]


def test_each_vetter_gets_one_digest_a_day_with_what_is_new_and_what_is_late(
    roster: Roster,
) -> None:
    vetter = make_user(
        roster.session, "vetter", email="hr@example.org", password="four words apart tulip gravel"
    )
    expert = roster.expert(valid_until=roster.today + 90 * DAY, name="Amina Said")
    waiting = roster.expert(status=terms.APPLICANT, name="Late Larry")
    with writing() as session:
        case = registrar.open_case(
            session, roster.fresh(waiting), stages.APPLICATION, actor="x", now=roster.now,
            due_on=roster.today - DAY,
        )  # fmt: skip
        registrar.take_case(session, case, vetter, actor="x", now=roster.now)
    assert roster.turn() >= 2
    [digest] = roster.mails("hr@example.org")
    assert "Your cases that are late: 1" in digest
    assert "Late Larry" in digest
    assert f"Amina Said · http://localhost/roster/{expert.public_id}" in digest
    roster.turn(hours=1)
    assert len(roster.mails("hr@example.org")) == 1
    roster.turn(days=1)
    second = roster.mails("hr@example.org")[1]
    assert "Late Larry" in second
    assert "Amina Said" not in second
    roster.session.rollback()
    assert roster.session.scalar(select(func.count()).select_from(Digest)) >= 2


def test_evaluations_count_once_and_poor_work_opens_a_review(roster: Roster) -> None:
    expert = roster.expert()

    def rate(mission: str, rating: int) -> bool:
        with writing() as session:
            held = session.get_one(Expert, expert.id)
            done = registrar.record_evaluation(
                session, held, mission, rating, " Good. ", by="office:UA", now=roster.now
            )
            return done is not None

    assert rate("m1", 3)
    assert not roster.all(VettingCase)
    assert rate("m2", 2)
    assert not rate("m2", 5)
    assert rate("m3", 1)
    assert [case.kind for case in roster.all(VettingCase)] == [stages.REVIEW]
    with pytest.raises(ValueError, match="rating"):
        rate("m4", 6)


def test_three_workers_at_once_tell_everybody_once(app: Flask, roster: Roster) -> None:
    people = [roster.expert(valid_until=roster.today + 30 * DAY).email for _ in range(8)]
    roster.session.rollback()

    def work(_number: int) -> int:
        with app.app_context():
            return staying.remind(roster.now)

    with ThreadPoolExecutor(3) as workers:
        told = sum(workers.map(work, range(3)))
    assert told == len(people)
    assert [len(roster.mails(email)) for email in people] == [1] * len(people)
    assert len(roster.all(VettingCase)) == len(people)
