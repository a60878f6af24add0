"""Somebody is forgotten: a word in every text that was ever kept of them, and then none anywhere,
while the audit still holds. A new column that nobody empties fails here by itself.
"""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit, clock
from core.accounts.models import User
from core.accounts.tokens import create_token
from core.db import db, writing
from core.mail import queue_mail
from dispatch import incidents, intake
from dispatch.models import Offer
from dispatch.rules import terms
from dispatch.seats import take_seat
from roster import registrar
from roster.models import (
    Application,
    BulkChange,
    Certificate,
    Evaluation,
    Expert,
    Nomination,
    Paper,
    PhoneProof,
    Reminder,
    Sighting,
    VettingCase,
)
from roster.papers import storage
from roster.registrar.references import QUESTIONS
from roster.rules import stages
from roster.rules.terms import REMOVED
from sandbox.handset import Handset
from sandbox.testing import RunningSandbox
from tests.conftest import Command
from tests.dispatch.conftest import world
from tests.dispatch.messages.conftest import door, post, sandbox
from tests.dispatch.messages.post import Post
from tests.dispatch.world import SKILLS, World
from tests.factories import make_user, vetter
from tests.roster.canaries import APART, MARK, Found, plant, rows_of, texts_of, traces
from tests.roster.casebook import make_applicant, open_case
from tests.roster.files import VETTING, by_email, person, write
from tests.web.visitors import Program, Visitor

__all__ = ["door", "environment", "post", "sandbox", "world"]
NAME, EMAIL, PHONE = "Zq9xÅsa Öberg", "zq9x.asa@example.org", "+41225550177"
SECRETS = (MARK, "Öberg", "225550177", "22 555 01 77", "zq9xplace")
OFFICE_PHONE = "+380445550100"


@pytest.fixture
def environment(
    environment: dict[str, str], sandbox: RunningSandbox, tmp_path: Path
) -> dict[str, str]:
    ways = {"TWILIO_API_URL": sandbox.url, "MAIL_URL": "smtp://127.0.0.1:9"}
    return environment | ways | {"UPLOADS": str(tmp_path / "uploads")}


@pytest.fixture
def known(app: Flask, flask: Command, world: World, post: Post, tmp_path: Path) -> Expert:
    """Åsa, of whom everything is stored that can be, by the ways on which it comes in."""
    del app
    for email in ("first.vetter@example.org", "second.vetter@example.org"):
        vetter(world.session, email)
    asa = person(
        177, name=NAME, email=EMAIL, phone=PHONE, base="zq9xplace", lat="50.4", lon="31.0",
        time_zone="UTC", country="PL", language="en", languages="en;uk", conflicts="FR",
        skills=";".join(SKILLS), available="away until 2020-01-01",
    )  # fmt: skip
    assert flask("roster", "import", write(tmp_path / "r.csv", asa), *VETTING).exit_code == 0
    expert = by_email(world.session, EMAIL)
    _give_account(expert)
    _be_examined(expert)
    _hand_in(expert)
    _be_asked(world, post, expert)
    return by_email(world.session, EMAIL)


def test_nothing_is_left_of_somebody_who_was_erased_but_what_is_counted(
    known: Expert, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _everything_of(world.session, known)
    assert _able_to_hold_words() - set(found) - APART == set()
    with writing() as session:
        planted = plant(session, found)
    assert len(planted) > 20
    assert len(traces(world.session, SECRETS)) > 20
    offers = select(Offer.status).where(Offer.expert_id == known.id).order_by(Offer.id)
    assert world.session.scalars(offers).all()[:2] == [terms.DECLINED, terms.ACCEPTED]
    _erase(world, known)
    assert traces(world.session, SECRETS) == []
    assert audit.verify(world.session) is None
    assert [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()] == []
    said = capsys.readouterr()
    assert not [secret for secret in SECRETS if secret in said.err + said.out]
    after = world.session.scalars(offers).all()
    assert after == [terms.DECLINED, terms.ACCEPTED, terms.WITHDRAWN]
    expert = world.session.get_one(Expert, known.id)
    assert (expert.public_id, expert.status, expert.name) == (known.public_id, REMOVED, "–")
    assert world.session.scalars(select(VettingCase.state)).all() == [stages.DROPPED]
    assert _in_the_file(world.session) == []


def test_the_next_one_is_asked_and_the_account_and_the_phone_are_left_alone(
    known: Expert, app: Flask, world: World, post: Post
) -> None:
    user = world.session.get_one(User, known.user_id)
    program, visitor = Program(app, user), Visitor(app, user)
    assert visitor.get("/account/").status_code == 200
    other, held = world.expert(3.0), len(post.sandbox.store.messages)
    _erase(world, known)
    assert visitor.get("/account/").status_code == 302
    assert program.ask("GET", "/offices").status_code == 401
    assert not world.session.get_one(User, user.id).active
    world.tick()
    assert world.offer_to(other).status == terms.OPEN
    post.deliver()
    assert [text for text in post.sandbox.store.messages[held:] if text.to == PHONE] == []


def test_nobody_is_erased_while_on_a_mission(world: World) -> None:
    [expert] = world.experts(1)
    world.file()
    offer = world.offer_to(expert)
    with writing() as session:
        row = session.get_one(Offer, offer.id)
        row.status = terms.ACCEPTED
        assert take_seat(session, row, clock.now(session))
    with pytest.raises(registrar.ErasureRefusedError, match="end the mission first"):
        _erase(world, expert)
    assert world.session.get_one(Expert, expert.id).name == expert.name


def test_who_was_a_referee_leaves_their_words_and_not_their_name(world: World) -> None:
    referee, applicant = world.experts(1)[0], make_applicant(world.session)
    case, said = open_case(world.session, applicant), dict.fromkeys(QUESTIONS, "Good")
    with writing() as session:
        asked = registrar.ask_reference(
            session, case, "Zq", referee.email.upper(), actor="hr", now=world.now
        )
        registrar.record_reference(session, asked, True, said, world.now)
    _erase(world, referee)
    assert (asked.name, asked.recommends, asked.answers) == ("–", True, said)
    assert asked.email.endswith("@erased.invalid")


def test_an_account_with_other_work_is_kept_for_that(world: World) -> None:
    officer = make_user(world.session, "duty_officer", "expert", email="zq@example.org")
    [expert] = world.experts(1, user_id=officer.id)
    _erase(world, expert)
    kept = world.session.get_one(User, officer.id)
    assert (kept.email, kept.active) == ("zq@example.org", True)
    assert [role.name for role in kept.roles] == ["duty_officer"]


def _able_to_hold_words() -> set[str]:
    """The tables with a key to somebody and a column for words."""
    near = {"expert", "user_account", "vetting_case", "offer", "attempt", "application", "paper"}
    return {
        table.name
        for table in db.metadata.sorted_tables
        if any(key.column.table.name in near for key in table.foreign_keys)
        and any(True for _column in texts_of(table))
        and table.name not in {"crisis_request", "office"}  # the office's own words
    }


def _erase(world: World, expert: Expert) -> None:
    with writing() as session:
        row = session.get_one(Expert, expert.id)
        registrar.erase(session, row, actor="hr", now=clock.now(session))
    world.session.expire_all()


def _everything_of(session: Session, expert: Expert) -> Found:
    nominations = session.scalars(select(Nomination.id)).all()
    starts = [("expert", expert.id), ("user_account", expert.user_id)]
    starts += [("nomination", number) for number in nominations]
    return rows_of(session, starts)


def _give_account(expert: Expert) -> None:
    with writing() as session:
        now = clock.now(session)
        row = session.get_one(Expert, expert.id)
        user = registrar.invite_expert(session, row, actor="hr", now=now)
        user.confirmed_at = now
        registrar.link_account(session, row, user, actor="hr", now=now)
        create_token(session, user, actor="hr", now=now)
        session.add(Sighting(expert_id=row.id, user_id=user.id, what="page", at=now))


def _be_examined(expert: Expert) -> None:
    first = vetter(db.session(), "first.vetter@example.org")
    with writing() as session:
        now, row = clock.now(session), session.get_one(Expert, expert.id)
        reviewer = session.get_one(User, first.id)
        case = registrar.open_case(session, row, stages.REVIEW, actor="hr", now=now)
        registrar.record_step(
            session, case, stages.COMPLETENESS, stages.PASSED, reviewer=reviewer, now=now,
            evidence="zq9xevidence", comment="zq9xcomment",
        )  # fmt: skip
        referee = registrar.ask_reference(
            session, case, "Zq9x Referee", "zq9x.referee@example.org", actor="hr", now=now
        )
        words = {"strengths": "zq9xstrengths"}
        registrar.record_reference(session, referee, True, words, now)
        registrar.suspend(session, row, "zq9xreason", actor="hr", now=now)
        registrar.reinstate(session, row, actor="hr", now=now)
        registrar.add_absence(
            session, row, date(2020, 1, 1), date(2020, 1, 2), "zq9xaway", actor="hr", now=now
        )
        session.add(Evaluation(expert_id=row.id, mission="m" * 26, by="x", rating=5, at=now,
                               comment="zq9xgood"))  # fmt: skip
        session.add(Reminder(expert_id=row.id, about="x", occasion=now.date(), sent_at=now))


def _hand_in(expert: Expert) -> None:
    with writing() as session:
        now = clock.now(session)
        nomination = Nomination(name=NAME, email=EMAIL, reason="zq9xwhy", at=now,
                                by=vetter(session, "first.vetter@example.org").id)  # fmt: skip
        session.add(nomination)
        session.flush()
        draft = Application(email=EMAIL, answers={"name": NAME}, nomination_id=nomination.id,
                            started_at=now, updated_at=now, expert_id=expert.id)  # fmt: skip
        session.add(draft)
        session.flush()
        for owner in ({"expert_id": expert.id}, {"application_id": draft.id}):
            name = storage.keep(b"%PDF zq9xcontent")
            session.add(Paper(**owner, file_name="zq9x.pdf", stored_as=name, size=9, sha256="0",
                              media_type="application/pdf", uploaded_at=now))  # fmt: skip
        session.add(Certificate(expert_id=expert.id, name="zq9xcert"))
        session.add(PhoneProof(expert_id=expert.id, phone=PHONE, code="ABCDEF", wanted_at=now,
                               expires_at=now))  # fmt: skip
        session.add(
            BulkChange(
                by=1, kind="import", made_at=now, wanted={"rows": [{"email": EMAIL}]},
                differences=[{"expert": expert.public_id, "before": {"name": NAME}}],
                refused=[{"line": 2, "reason": f"phone {PHONE} belongs to somebody else"}],
            )
        )  # fmt: skip
        queue_mail(session, to="hr@example.org", subject=f"About {NAME}", body=PHONE, now=now)


def _be_asked(world: World, post: Post, expert: Expert) -> None:
    """One request declined, one accepted and done, one open; the office was told of the second."""
    filer = world.focal_point(phone=OFFICE_PHONE)
    phone = _phone(post)
    world.file(filer)
    post.deliver()
    phone.reply("zq9xwhat is this")
    post.sandbox.settle()
    phone.expect_text()
    phone.decline()
    post.sandbox.settle()
    taken = world.file(filer)
    post.deliver()
    phone.expect_text("cyberattack")
    phone.accept()
    post.sandbox.settle()
    post.deliver()
    post.sandbox.phone(OFFICE_PHONE).expect_text(NAME)
    with writing() as session:
        intake.close(session, taken, actor="officer", now=clock.now(session))
    world.file(filer)
    post.deliver()
    phone.expect_text("cyberattack")
    offer = world.offer_to(expert)
    assert offer.status == terms.OPEN
    with writing() as session:
        incidents.record(
            session, "zq", "delivery", clock.now(session), attempt_id=offer.attempts[0].id, to=PHONE
        )  # fmt: skip


def _phone(post: Post) -> Handset:
    return post.sandbox.phone(PHONE)


def _in_the_file(session: Session) -> list[str]:
    """Words that stand in the file of the database itself, freed pages included (SQLite)."""
    bind = session.get_bind()
    if bind.dialect.name != "sqlite":
        return []
    path = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    content = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    return [secret for secret in SECRETS if secret.encode() in content]
