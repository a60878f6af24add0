"""People who differ in little but where they are, and in which order a search finds them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from roster import directory
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


def found_of(session: Session, stored: Mapping[int, Person], need: Need, limit: int) -> list[int]:
    """The same of those who are on the roster already."""
    found = directory.nearest(session, need, NOW, limit, **selects(stored))
    return [list(stored).index(one.id) for one in found]
