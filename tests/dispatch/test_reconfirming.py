"""The yearly question by text: sent once, answered by its code, and by nothing else."""

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.db import writing
from core.i18n import LANGUAGES
from dispatch.models import Attempt
from dispatch.reminding import STAY, send_notices
from dispatch.rules.segments import count
from dispatch.webhooks.inbound import Text, take_in
from dispatch.wording.staying import leave_text, stay_text
from dispatch.worker.turns import turns_of
from roster import registrar, staying
from roster.models import Expert, Notice
from roster.rules import terms
from tests.dispatch.world import World

DAY = timedelta(days=1)
_sids = itertools.count(1)


def asked(world: World, **columns: Any) -> Expert:
    """An expert who was validated a year ago, to whom the roster has left its notice."""
    noon = world.now.replace(hour=12, minute=0, second=0)
    world.forward(seconds=((noon - world.now) % DAY).total_seconds())
    expert = world.expert(1, validated_at=world.now - 366 * DAY, **columns)
    staying.remind(world.now)
    return expert


def texts(world: World, expert: Expert) -> list[Attempt]:
    query = select(Attempt).where(Attempt.expert_id == expert.id, Attempt.purpose == STAY)
    return list(world.session.scalars(query))


def notice_of(world: World, expert: Expert) -> Notice:
    return world.session.scalars(select(Notice).where(Notice.expert_id == expert.id)).one()


def say(world: World, expert: Expert, body: str) -> str | None:
    sid = f"SM{next(_sids):032}"
    return take_in(Text(sid, expert.phone, "+15005550006", body), world.now)


def confirmed(world: World, expert: Expert) -> bool:
    return world.session.get_one(Expert, expert.id).reconfirmed_at is not None


def just_now(world: World, at: datetime | None) -> bool:
    return at is not None and world.now - at < timedelta(minutes=1)


def test_the_question_leaves_once_last_of_all_and_with_a_code_of_its_own(world: World) -> None:
    expert = asked(world)
    assert send_notices(world.now) == 1
    assert send_notices(world.now) == 0
    [text] = texts(world, expert)
    code = notice_of(world, expert).code
    assert f"1 {code}" in text.body
    assert "/stay/" in text.body
    assert (text.status, text.priority, text.channel) == ("queued", 9, "sms")


@pytest.mark.parametrize("said", ["1 {code}", "accept {code}", "{code} 1", " 1{code}. "])
def test_a_yes_with_the_code_keeps_them_for_a_year_and_proves_the_phone(
    world: World, said: str
) -> None:
    expert = asked(world, two_way=False)
    send_notices(world.now)
    answer = say(world, expert, said.format(code=notice_of(world, expert).code))
    assert answer is not None
    assert "Thank you for staying" in answer
    assert confirmed(world, expert)
    stored = world.session.get_one(Expert, expert.id)
    assert just_now(world, stored.phone_proved_at)
    assert stored.two_way
    world.forward(days=8)
    staying.remind(world.now)
    assert notice_of(world, expert).answered_at is not None


def test_nothing_else_is_taken_for_an_answer(world: World) -> None:
    expert = asked(world)
    send_notices(world.now)
    code = notice_of(world, expert).code
    for said in ("1", "ok", "ok thanks", "accept", f"maybe {code}", code, "1 ZZ99"):
        say(world, expert, said)
        assert not confirmed(world, expert), said
    other = world.expert(2)
    say(world, other, f"1 {code}")
    assert not confirmed(world, expert)
    assert not confirmed(world, other)


def test_a_no_gets_the_link_and_takes_nobody_off_the_roster(world: World) -> None:
    expert = asked(world)
    send_notices(world.now)
    answer = say(world, expert, f"2 {notice_of(world, expert).code}")
    assert answer is not None
    assert "/stay/" in answer
    assert world.session.get_one(Expert, expert.id).status == terms.LISTED


def test_an_answer_to_an_offer_is_still_one_beside_the_question(world: World) -> None:
    expert = asked(world)
    send_notices(world.now)
    request = world.file()
    world.advance(request)
    offer = world.offer_to(expert)
    assert offer.code != notice_of(world, expert).code
    say(world, expert, "1")
    assert world.offer_to(expert).status == "accepted"
    assert not confirmed(world, expert)


@pytest.mark.parametrize("why", ["stop", "failed", "answered", "left", "late"])
def test_no_text_leaves_to_whom_it_no_longer_concerns(world: World, why: str) -> None:
    expert = asked(world)
    with writing() as session:
        held = session.get_one(Expert, expert.id)
        if why == "stop":
            registrar.opt_out(session, held, actor="x", now=world.now)
        elif why == "failed":
            registrar.mark_sms_failed(session, held, world.now)
        elif why == "answered":
            registrar.reconfirm(session, held, actor="x", now=world.now)
        elif why == "left":
            registrar.withdraw_expert(session, held, "", actor="x", now=world.now)
    if why == "late":
        world.forward(hours=7)
    assert send_notices(world.now) == 0
    assert not texts(world, expert)


def test_who_said_stop_is_asked_by_mail_alone(world: World) -> None:
    expert = asked(world, opted_out_at=world.now)
    assert not notice_of(world, expert).by_text
    assert send_notices(world.now) == 0


def test_whoever_writes_to_us_need_not_prove_their_phone_for_a_while(world: World) -> None:
    proved = world.expert(1, phone_proved_at=world.now - 80 * DAY)
    never = world.expert(2)
    for expert in (proved, never):
        say(world, expert, "STATUS")
    assert just_now(world, world.session.get_one(Expert, proved.id).phone_proved_at)
    assert world.session.get_one(Expert, never.id).phone_proved_at is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_takes_two_segments_at_most(language: str) -> None:
    link = "https://dispatch.iproc.example.org/stay/" + "x" * 22
    for body in (stay_text(language, "K7Q2", link), leave_text(language, link)):
        assert count(body).segments <= 2
        assert link in body


def test_the_worker_takes_these_turns() -> None:
    assert {"remind", "expire", "notices"} <= {turn.name for turn in turns_of("w", 1.0)}
