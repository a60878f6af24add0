"""A change of many is made a portion at a time, and is honest when it stops in the middle."""

from pathlib import Path

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from core import clock
from core.accounts.models import User
from core.db import writing
from roster.models import BulkChange, Expert
from roster.trust.bulk import changing
from roster.trust.bulk.changing import PORTION
from tests.dispatch.conftest import world
from tests.dispatch.world import World
from tests.roster.casebook import make_applicant
from tests.roster.files import by_email, person
from tests.roster.test_bulk import hr, press, upload
from tests.web.conftest import visit
from tests.web.visitors import Visitor, words_of

__all__ = ["hr", "visit", "world"]
PEOPLE = PORTION + 3


@pytest.fixture
def people(world: World) -> None:
    for number in range(PEOPLE):
        mine = person(number)
        make_applicant(world.session, email=mine["email"], phone=mine["phone"])


def missions(session: Session, number: int) -> int:
    return by_email(session, f"p{number}@example.org").max_missions


def wanted(how_many: int = PEOPLE) -> list[dict[str, str]]:
    return [person(number, max_missions="9") for number in range(how_many)]


def first_portion(session: Session) -> BulkChange:
    """What a process had done of the change when it died."""
    by = session.scalars(select(User).limit(1)).one()
    with writing() as database:
        change = database.scalars(select(BulkChange).with_for_update()).one()
        assert changing.apply_next(database, change, actor=by.public_id, now=clock.now())
    return change


def test_no_transaction_of_it_holds_the_writer_for_more_than_a_portion(
    world: World, hr: Visitor, people: None, tmp_path: Path
) -> None:
    del people
    held: list[int] = []

    def count(session: Session, *_given: object) -> None:
        held.append(sum(isinstance(one, Expert) for one in session.dirty))

    event.listen(Session, "before_flush", count)
    try:
        shown = upload(hr, tmp_path, *wanted())
        done = press(hr, shown, "apply")
        assert "You can undo it here" in words_of(done)
        assert "Undone." in words_of(press(hr, done, "undo"))
    finally:
        event.remove(Session, "before_flush", count)
    assert PORTION // 2 < max(held) <= PORTION
    assert missions(world.session, 0) == missions(world.session, PEOPLE - 1) != 9


def test_when_the_roster_changes_in_the_middle_what_was_done_stays_and_the_rest_is_shown_anew(
    world: World, hr: Visitor, people: None, tmp_path: Path
) -> None:
    del people
    before, last = missions(world.session, 0), f"p{PEOPLE - 1}@example.org"
    shown = upload(hr, tmp_path, *wanted())
    change = first_portion(world.session)
    with writing():
        by_email(world.session, last).max_missions = 7
    stopped = press(hr, shown, "apply")
    assert f"{PORTION} people were changed, then somebody else" in words_of(stopped)
    assert "max_missions 7 9" in words_of(stopped)
    assert [missions(world.session, n) for n in (0, PORTION - 1, PORTION)] == [9, 9, before]
    assert len(world.session.get_one(BulkChange, change.id).differences) == PORTION
    press(hr, stopped, "apply")
    assert missions(world.session, PEOPLE - 1) == 9
    undone = hr.client.get(f"/roster/bulk/{change.public_id}")
    assert "Undone." in words_of(press(hr, undone, "undo"))
    assert [missions(world.session, n) for n in (0, PORTION)] == [before, 9]


@pytest.mark.parametrize("button", ["apply", "undo"])
def test_what_stopped_in_the_middle_says_so_and_goes_on_or_back(
    world: World, hr: Visitor, people: None, tmp_path: Path, button: str
) -> None:
    del people
    before = missions(world.session, 0)
    shown = upload(hr, tmp_path, *wanted())
    change = first_portion(world.session)
    page = hr.client.get(f"/roster/bulk/{change.public_id}")
    assert f"It stopped in the middle: {PORTION} of {PEOPLE} people were changed" in words_of(page)
    press(hr, page if button == "undo" else shown, button)
    numbers = [missions(world.session, n) for n in (0, PEOPLE - 1)]
    assert numbers == ([9, 9] if button == "apply" else [before, before])


def test_newcomers_in_several_portions_are_all_taken_out_again(
    world: World, hr: Visitor, tmp_path: Path
) -> None:
    rows = [person(number) for number in range(PEOPLE)]
    twice = person(PEOPLE, email=rows[0]["email"])
    shown = upload(hr, tmp_path, *rows, twice)
    assert "on line 2 already" in words_of(shown)
    done = press(hr, shown, "apply")
    assert world.session.scalar(select(func.count()).select_from(Expert)) == PEOPLE
    assert "Undone." in words_of(press(hr, done, "undo"))
    world.session.expire_all()
    left = select(func.count()).select_from(Expert).where(Expert.erased_at.is_(None))
    assert world.session.scalar(left) == 0
