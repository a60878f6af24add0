"""Where the person of a row is based: position, country, region and time zone, as given, else from
the gazetteer of towns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from core.place_query import Position
from core.places import PlaceFound, look_up, place_at
from roster.interchange.cells import CellError
from roster.models import Expert
from roster.rules.geodesy import geodesic_km

CLOSE_BY_KM = 50


@dataclass(frozen=True)
class Atlas:
    """The gazetteer, and what it has answered about each base and country."""

    session: Session
    region_of: Mapping[str, str]
    towns: dict[tuple[str, str], list[PlaceFound]] = field(default_factory=dict)

    def whereabouts(self, given: Mapping[str, Any], expert: Expert | None) -> dict[str, Any]:
        """The columns that follow from the place of a row; none when it says nothing new.

        Raises CellError when the place is not known.
        """
        country = given.get("country") or (expert.country if expert else "")
        place = self._place(given, country, expert)
        if place is None:
            return {}
        country = country or place.country
        region = given.get("region") or (expert and expert.region) or self.region_of.get(country)
        if not region:
            raise CellError("region is missing, and the country's office does not tell it")
        return {
            "lat": place.lat,
            "lon": place.lon,
            # Who has moved without a word for the new place is no longer at the old one.
            "base": given.get("base") or "",
            "country": country,
            "region": region,
            "time_zone": given.get("time_zone") or place.time_zone,
        }

    def _place(
        self, given: Mapping[str, Any], country: str, expert: Expert | None
    ) -> PlaceFound | None:
        lat, lon, base = given.get("lat"), given.get("lon"), given.get("base") or ""
        if lat is not None and lon is not None:
            if expert and (expert.lat, expert.lon) == (lat, lon):
                return None
            return self._at(Position(lat, lon), base, country, given.get("time_zone"))
        if expert and base in {"", expert.base}:
            return None
        if not base:
            raise CellError("base is missing, and so are lat and lon")
        towns = self._towns(base, country)
        if not towns or (country and towns[0].country != country):
            where = f" in {country}" if towns else ""
            raise CellError(
                f"base “{base}” is not in the gazetteer{where}; give lat and lon beside it"
            )
        return towns[0]

    def _at(self, position: Position, base: str, country: str, zone: str | None) -> PlaceFound:
        if zone and country:
            return PlaceFound("", country, position.lat, position.lon, zone)
        for town in self._towns(base, country):
            if geodesic_km(town.lat, town.lon, position.lat, position.lon) <= CLOSE_BY_KM:
                return replace(town, lat=position.lat, lon=position.lon)
        return place_at(self.session, position)

    def _towns(self, base: str, country: str) -> list[PlaceFound]:
        # Offline always: nobody's server is asked for a file of thousands.
        if (base, country) not in self.towns:
            self.towns[base, country] = look_up(self.session, base, country or None, 1)
        return self.towns[base, country]
