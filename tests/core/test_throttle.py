"""Counting tries: together across connections, for a while, by digests."""

import threading

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.accounts.models import Throttle
from core.accounts.throttle import count_try, forget_tries, key_of, place_of, tries
from core.clock import now
from core.db import db, writing
from tests.conftest import Clock

WINDOW_S = 900


def count(key: str) -> int:
    with writing() as session:
        return count_try(session, key, now(session), WINDOW_S)


def counted(session: Session, key: str) -> int:
    session.rollback()
    return tries(session, key, now(session), WINDOW_S)


def test_tries_add_up_by_key(session: Session) -> None:
    assert [count("a"), count("a"), count("b"), count("a")] == [1, 2, 1, 3]
    assert counted(session, "a") == 3
    assert counted(session, "c") == 0


def test_they_are_forgotten_after_their_window(session: Session, clock: Clock) -> None:
    count("a")
    clock.forward(seconds=WINDOW_S - 120)
    assert count("a") == 2
    clock.forward(seconds=180)
    assert counted(session, "a") == 1
    clock.forward(seconds=WINDOW_S)
    assert counted(session, "a") == 0


def test_old_rows_are_cleared_away(session: Session, clock: Clock) -> None:
    count("a")
    clock.forward(days=2)
    count("b")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Throttle)) == 1


def test_forgetting_concerns_one_key(session: Session) -> None:
    count("a")
    count("b")
    with writing() as changing:
        forget_tries(changing, "a")
    assert (counted(session, "a"), counted(session, "b")) == (0, 1)


def test_no_try_is_lost_when_many_come_at_once(app: Flask, session: Session) -> None:
    start = threading.Barrier(4)

    def work() -> None:
        with app.app_context():
            start.wait(timeout=20)
            for _try in range(5):
                count("a")
            db.session.remove()

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert counted(session, "a") == 20


def test_keys_name_nobody_and_tell_their_parts_apart(session: Session) -> None:
    assert "ada" not in key_of("reset", "ada@office.test")
    assert key_of("reset", "ab", "c") != key_of("reset", "a", "bc")
    assert len(key_of("sign-in", "x" * 300)) <= 120


def test_all_addresses_of_one_subscriber_are_one_place() -> None:
    assert place_of("2001:db8:1:2::1") == place_of("2001:db8:1:2:ffff:1:2:3")
    assert place_of("2001:db8:1:2::1") != place_of("2001:db8:1:3::1")
    assert place_of("::ffff:192.0.2.7") == place_of("192.0.2.7") == "192.0.2.7"
    assert place_of("192.0.2.7") != place_of("192.0.2.8")
    assert (place_of(None), place_of("a socket")) == ("", "a socket")
