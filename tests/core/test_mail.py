"""Mails leave as rows said, once, to a real server on loopback; failures are tried again."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock as core_clock
from core.db import db, writing
from core.mail import BATCH, LEASE, MOST_TRIES, Mail, queue_mail, send_due
from tests.conftest import Clock
from tests.core.smtp import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def environment(environment: dict[str, str], server: MailServer) -> dict[str, str]:
    return environment | {"MAIL_URL": server.url, "PUBLIC_URL": "https://dispatch.example"}


def queue(to: str = "ada@office.test", subject: str = "Hello", body: str = "Words\n") -> None:
    with writing() as session:
        queue_mail(session, to=to, subject=subject, body=body, now=core_clock.now(session))


def send(clock: Clock) -> int:
    return send_due(clock.now())


def kept(session: Session) -> list[Mail]:
    session.rollback()
    return list(session.scalars(select(Mail).order_by(Mail.id)))


def test_a_mail_arrives_as_it_was_written_in_any_script(
    session: Session, server: MailServer, clock: Clock
) -> None:
    queue(subject="Ваш аккаунт", body="مرحبا\n.dot\n")
    assert send(clock) == 1
    arrived = server.received[0]
    assert arrived.recipients == ["ada@office.test"]
    assert arrived.sender == "no-reply@dispatch.example"
    assert arrived.message["Subject"] == "Ваш аккаунт"
    assert arrived.message["Auto-Submitted"] == "auto-generated"
    assert arrived.message["Message-ID"].endswith("@dispatch.example>")
    assert arrived.message.get_content().splitlines() == ["مرحبا", ".dot"]


def test_a_mail_that_has_left_is_not_sent_again_and_its_text_is_gone(
    session: Session, server: MailServer, clock: Clock
) -> None:
    queue(body="https://dispatch.example/invitation/secret")
    send(clock)
    assert send(clock) == 0
    assert len(server.received) == 1
    mail = kept(session)[0]
    assert mail.sent_at is not None
    assert mail.body == ""


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("a@office.test\r\nBcc: all@office.test", "x"),
        ("a@office.test", "x\nBcc: all@office.test"),
        ("a@office.test", "x\r\n\r\nbody"),
    ],
)
def test_a_line_break_forges_no_header(session: Session, to: str, subject: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        queue(to=to, subject=subject)
    assert kept(session) == []


@pytest.mark.parametrize("to", ["a@office.test, b@office.test", "a@office.test\vBcc: b", "<>", "x"])
def test_no_address_reaches_anybody_else(
    session: Session, server: MailServer, clock: Clock, to: str
) -> None:
    queue(to=to)
    send(clock)
    reached = [address for mail in server.received for address in mail.recipients]
    assert "b@office.test" not in reached


def test_an_address_in_another_script_is_reached(
    session: Session, server: MailServer, clock: Clock
) -> None:
    queue(to="بهية@office.test")
    assert send(clock) == 1
    assert server.received[0].recipients == ["بهية@office.test"]


def test_many_mails_leave_over_one_connection_in_their_order(
    session: Session, server: MailServer, clock: Clock
) -> None:
    for number in range(BATCH):
        queue(subject=str(number))
    assert send(clock) == BATCH
    order = [int(mail.message["Subject"]) for mail in server.received]
    assert order == list(range(BATCH))
    assert sum(command.startswith("ehlo") for command in server.commands) == 1


def test_all_that_is_due_leaves_at_once(session: Session, server: MailServer, clock: Clock) -> None:
    for number in range(2 * BATCH + 3):
        queue(subject=str(number))
    assert send(clock) == 2 * BATCH + 3


def test_one_refused_address_does_not_stop_the_others(
    session: Session, server: MailServer, clock: Clock
) -> None:
    server.refuse = {"gone@office.test"}
    for name in ("gone", "ada"):
        queue(to=f"{name}@office.test")
    assert send(clock) == 1
    gone, ada = kept(session)
    assert ada.sent_at is not None
    assert gone.sent_at is None
    assert gone.error == "SMTPRecipientsRefused"
    assert gone.body == "Words\n"


def test_a_failure_is_tried_again_later_and_later(
    session: Session, server: MailServer, clock: Clock
) -> None:
    server.after_data = "451 try later"
    queue()
    pauses = []
    for _try in range(5):
        now = clock.now()
        assert send_due(now) == 0
        due = kept(session)[0].due_at
        pauses.append((due - now).total_seconds())
        assert send_due(now) == 0
        clock.set(due + timedelta(seconds=1))
    assert kept(session)[0].tries == 5
    for number, pause in enumerate(pauses):
        assert 15 * 2**number <= pause <= 30 * 2**number
    server.after_data = "250 kept"
    assert send(clock) == 1


def test_in_the_end_it_is_given_up(session: Session, server: MailServer, clock: Clock) -> None:
    server.after_data = "554 never"
    queue()
    for _try in range(MOST_TRIES):
        send(clock)
        clock.forward(hours=2)
    mail = kept(session)[0]
    assert mail.tries == MOST_TRIES
    assert mail.given_up_at is not None
    server.after_data = "250 kept"
    assert send(clock) == 0


def test_what_the_server_says_is_not_written_down(
    session: Session, server: MailServer, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    server.after_data = "550 no ada@office.test here"
    queue()
    send(clock)
    assert "ada@office.test" not in kept(session)[0].error
    assert "ada@office.test" not in capsys.readouterr().err


def test_what_a_dead_worker_had_claimed_leaves_after_a_while(
    session: Session, server: MailServer, clock: Clock
) -> None:
    queue()
    claimed = clock.now()
    with writing():
        session.scalars(select(Mail)).one().claimed_at = claimed
    assert send(clock) == 0
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert send(clock) == 1


def test_two_workers_send_each_mail_once(
    app: Flask, session: Session, server: MailServer, clock: Clock
) -> None:
    for number in range(30):
        queue(subject=str(number))
    now = clock.now()

    def work() -> None:
        with app.app_context():
            while send_due(now):
                pass
            db.session.remove()

    threads = [threading.Thread(target=work) for _worker in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    subjects = sorted(int(mail.message["Subject"]) for mail in server.received)
    assert subjects == list(range(30))


def test_the_database_is_let_go_while_the_server_thinks(
    app: Flask, session: Session, server: MailServer, clock: Clock
) -> None:
    queue()
    seen: list[bool] = []

    class Slow(str):
        __slots__ = ()

        def startswith(self, *_prefix: object) -> bool:  # asked while the mail is on its way
            with app.app_context(), writing():
                seen.append(True)
            return True

    server.after_data = Slow("250 kept")
    assert send(clock) == 1
    assert seen == [True]
