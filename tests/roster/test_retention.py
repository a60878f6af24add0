"""What nobody needs any more is forgotten when its time is over, not before, and once."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import audit, clock
from core.db import writing
from core.mail import queue_mail
from dispatch.models import Attempt, Decision, InboundMessage
from dispatch.personal_data.forgetting import forget_old
from dispatch.webhooks import inbound
from roster.models import (
    Application,
    BulkChange,
    Expert,
    Nomination,
    Paper,
    PhoneProof,
    Reminder,
    Sighting,
    VettingCase,
)
from roster.papers import storage
from tests.dispatch.conftest import world
from tests.dispatch.world import World
from tests.factories import vetter

__all__ = ["world"]
DAY = timedelta(days=1)


@pytest.fixture
def environment(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return environment | {"UPLOADS": str(tmp_path / "uploads")}


def paper(owner: dict[str, int], now: datetime) -> Paper:
    return Paper(**owner, file_name="cv.pdf", stored_as=storage.keep(b"%PDF"), size=4, sha256="0",
                 media_type="application/pdf", uploaded_at=now)  # fmt: skip


def fill(session: Session, expert: Expert, now: datetime) -> None:
    """One row of everything that is kept for a time."""
    hr = vetter(session, "first.vetter@example.org").id
    who: dict[str, Any] = {"expert_id": expert.id}
    draft = Application(email="d@example.org", started_at=now, updated_at=now)
    in_vain = Application(email="e@example.org", started_at=now, updated_at=now, sent_at=now)
    session.add_all([draft, in_vain])
    session.flush()
    session.add_all([
        paper({"application_id": draft.id}, now), paper(who, now),
        Sighting(user_id=hr, what="page", at=now, **who),
        Nomination(name="N", email="n@example.org", by=hr, at=now),
        PhoneProof(phone="+1", code="ABCDEF", wanted_at=now, expires_at=now, **who),
        Reminder(about="x", occasion=now.date(), sent_at=now, **who),
        BulkChange(by=hr, kind="edit", made_at=now),
        BulkChange(by=hr, kind="edit", made_at=now, applied_at=now),
        VettingCase(kind="application", state="refused", opened_at=now, due_on=now.date(),
                    decided_at=now, decided_by=hr, reasons="r", **who),
    ])  # fmt: skip
    queue_mail(session, to="x@example.org", subject="s", body="b", now=now)


def left(world: World) -> dict[str, int]:
    tables: tuple[Any, ...] = (
        Application, BulkChange, Nomination, Paper, PhoneProof, Reminder, Sighting,
    )  # fmt: skip
    found = {one.__name__: world.session.scalar(select(func.count()).select_from(one)) or 0
             for one in tables}  # fmt: skip
    texts = select(func.count()).where(InboundMessage.body > "")
    sent = select(func.count()).where(Attempt.body > "")
    found["texts"] = world.session.scalar(texts) or 0
    found["messages"] = int(bool(world.session.scalar(sent)))
    decisions = world.session.scalars(select(Decision)).all()
    found["decisions"] = sum(bool(one.candidates) for one in decisions)
    found["files"] = len(storage.names())
    return found


def test_each_kind_goes_after_its_own_time(world: World) -> None:
    [asked] = world.experts(1)
    with writing() as session:
        now = clock.now(session)
    applicant = world.expert(9.0, status="applicant", vetted_by=None, approved_by=None)
    with writing() as session:
        fill(session, applicant, now)
    world.file()
    code = world.offer_to(asked).code
    inbound.take_in(inbound.Text("SM1", asked.phone, "+1", f"2 {code}"), now)
    with writing() as session:
        session.execute(update(Attempt).values(status="sent"))
    everything = {
        "Application": 2, "BulkChange": 2, "Nomination": 1, "Paper": 2, "PhoneProof": 1,
        "Reminder": 1, "Sighting": 1, "texts": 1, "messages": 1, "decisions": 1, "files": 2,
    }  # fmt: skip
    assert left(world) == everything
    for days, gone in (
        (0.5, {}),
        (2, {"BulkChange": 1}),
        (89, {}),
        (91, {"Application": 0, "Paper": 1, "files": 1}),
        (364, {}),
        (367, {"BulkChange": 0, "Nomination": 0, "PhoneProof": 0, "Sighting": 0,
               "texts": 0, "messages": 0}),
        (399, {}),
        (401, {"Reminder": 0}),
        (732, {"Paper": 0, "files": 0, "decisions": 0}),
    ):  # fmt: skip
        moment = now + days * DAY
        everything |= gone
        assert bool(forget_old(moment)) is bool(gone), days
        assert left(world) == everything, days
        assert forget_old(moment) == 0
    assert audit.verify(world.session) is None


def test_who_left_the_roster_is_erased_after_two_years(world: World) -> None:
    gone, here = world.expert(1.0, status="removed"), world.expert(2.0)
    forget_old(world.now + 729 * DAY)
    assert world.session.get_one(Expert, gone.id).erased_at is None
    forget_old(world.now + 731 * DAY)
    assert world.session.get_one(Expert, gone.id).erased_at is not None
    assert world.session.get_one(Expert, here.id).erased_at is None


def test_a_turn_erases_few_and_the_oldest_first(world: World) -> None:
    for number in range(12):
        world.expert(1.0, status="removed", updated_at=world.now - number * DAY)
    moment = world.now + 800 * DAY
    query = select(Expert.id).where(Expert.erased_at.is_(None), Expert.status == "removed")
    forget_old(moment)
    assert len(left := world.session.scalars(query.order_by(Expert.id)).all()) == 2
    all_ids = select(Expert.id).where(Expert.status == "removed").order_by(Expert.id)
    assert left == world.session.scalars(all_ids).all()[:2]
    forget_old(moment)
    assert world.session.scalars(query).all() == []


def test_a_file_without_a_row_goes_when_it_is_old_enough(world: World) -> None:
    name = storage.keep(b"left behind")
    forget_old(world.now)
    assert name in storage.names()
    path = storage.path_of(name)
    an_hour_ago = path.stat().st_mtime - 4000
    os.utime(path, (an_hour_ago, an_hour_ago))
    forget_old(world.now)
    assert name not in storage.names()
