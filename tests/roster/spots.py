"""People who differ in little but where they are, and in which order a search finds them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from roster import directory
from roster.directory.nearby import nearby
from roster.directory.order import FEW
from roster.directory.sieve import Sieve
from roster.rules.terms import Need
from tests.roster.rosters import NOW, Person, on_the_roster, selects

PLAIN = {
    "region": "TDC",
    "scope": "global",
    "status": "listed", "valid_until": date(2030, 1, 1), "opted_out_at": None,
    "sms_failed_at": None, "present_lat": None, "present_lon": None, "present_until": None,
    "country": "FR", "remote": True, "on_site": True, "max_missions": 2,
}  # fmt: skip
ON_LIST: dict[str, Any] = {"skills": {"BCP": (3, None)}, "languages": frozenset({"en"})}
FROM_LIST: dict[str, Any] = {"skills": (("BCP", 2),), "languages": frozenset({"en"})}


def at(place: tuple[float, float], **facts: Any) -> Person:
    """A deployable expert there."""
    return replace(Person({**PLAIN, "lat": place[0], "lon": place[1]}), **facts)


def free(place: tuple[float, float]) -> Person:
    """Somebody on the list of `FROM_LIST` who may be asked."""
    return at(place, **ON_LIST)


def full(place: tuple[float, float]) -> Person:
    """Somebody on the list of `FROM_LIST` who has as many missions as they take."""
    return at(place, missions=PLAIN["max_missions"], **ON_LIST)


def places_of(session: Session, roster: list[Person], need: Need, limit: int) -> list[int]:
    """The numbers in `roster` of the candidates, the first to ask first."""
    with on_the_roster(session, roster) as stored:
        return found_of(session, stored, need, limit)


def places_both_ways(
    session: Session, roster: list[Person], need: Need, limit: int, **asked: Any
) -> list[int]:
    """The same, by a look at everybody and from a list, which must agree. `need` names no skill
    and no language. Before anybody on the list comes a page of those who may not be asked.
    """
    page = [full((need.lat, need.lon)) for _ in range(FEW + 2 * limit)]
    crowd = [*(replace(one, **ON_LIST) for one in roster), *page]
    with on_the_roster(session, crowd) as stored:
        return found_both_ways(session, stored, need, limit, **asked)


def found_both_ways(
    session: Session, stored: Mapping[int, Person], need: Need, limit: int, **asked: Any
) -> list[int]:
    """The same of those who are on the roster already. `asked` are more arguments of `nearest`."""
    listed, taken = replace(need, **FROM_LIST), selects(stored)
    sieve = Sieve(session, listed, NOW, taken["busy"], taken["load"], asked.get("exclude", ()))
    assert nearby(sieve, limit, FEW + 2 * limit) is not None
    from_list, from_everybody = (
        found_of(session, stored, one, limit, **asked) for one in (listed, need)
    )
    assert from_list == from_everybody
    return from_list


def found_of(
    session: Session, stored: Mapping[int, Person], need: Need, limit: int, **asked: Any
) -> list[int]:
    """The numbers in `stored` of the candidates."""
    found = directory.nearest(session, need, NOW, limit, **selects(stored), **asked)
    return [list(stored).index(one.id) for one in found]
