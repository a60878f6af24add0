"""Places for whoever speaks geopy: our gazetteer as one of its geocoders, and Nominatim by setting.

The host of Nominatim is fixed and redirects are refused, so that no text that somebody typed can
make us ask anybody else.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask
from geopy.adapters import RequestsAdapter
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point

from core.db import db
from core.place_query import Position
from core.places import PlaceFound, find_place, nearest_town, place_at
from core.settings import Settings

HOST = "nominatim.openstreetmap.org"
TIMEOUT_S = 3.0
log = logging.getLogger(__name__)


class OfflineGeocoder(Geocoder):
    """The towns of the database as a geopy geocoder; needs an application context, no network."""

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        limit: int | None = None,
        country: str | None = None,
        timeout: float | None = None,
    ) -> Location | list[Location] | None:
        """The place that `query` means, or with `exactly_one=False` all it may mean; None if none.

        `country` (ISO 3166-1): towns there come first. `timeout` is there for geopy alone.
        """
        found = find_place(query, country, 1 if exactly_one else limit or 10)
        locations = [_location(place) for place in found]
        if exactly_one:
            return locations[0] if locations else None
        return locations or None

    def reverse(
        self,
        query: Point | str | tuple[float, float],
        *,
        exactly_one: bool = True,
        timeout: float | None = None,
    ) -> Location | list[Location] | None:
        """The town nearest to a point."""
        point = Point(query)
        town = nearest_town(db.session(), Position(point.latitude, point.longitude))
        if town is None:
            return None
        return _location(town) if exactly_one else [_location(town)]


def init_app(app: Flask) -> None:
    """Lets `core.places.find_place` ask Nominatim first when the settings say so."""
    settings: Settings = app.extensions["settings"]
    if settings.geocoder == "nominatim":
        app.extensions["geocoder"] = online(settings.public_url)


def online(
    public_url: str, host: str = HOST, scheme: str = "https", timeout_s: float = TIMEOUT_S
) -> Callable[[str, str | None, int], list[PlaceFound]]:
    """A look-up with Nominatim that finds nothing when Nominatim fails.

    `public_url` tells them who asks, as their terms of use want. Tests name another host.
    """
    nominatim = Nominatim(
        domain=host,
        scheme=scheme,
        timeout=timeout_s,
        user_agent=f"iproc-dispatch ({public_url})",
        adapter_factory=_adapter,
    )
    return partial(_ask, nominatim)


def _adapter(*, proxies: Any, ssl_context: Any) -> RequestsAdapter:
    adapter = RequestsAdapter(proxies=proxies, ssl_context=ssl_context, max_retries=0)
    adapter.session.max_redirects = 0
    return adapter


def _ask(nominatim: Nominatim, text: str, country: str | None, limit: int) -> list[PlaceFound]:
    try:
        found = nominatim.geocode(text, exactly_one=False, limit=limit, addressdetails=True)
        places = [_place(location) for location in found or []]
    except (GeopyError, AttributeError, KeyError, TypeError, ValueError) as error:
        # Time-outs, refusals and answers in another form: the gazetteer is there for that.
        log.warning("nominatim failed: %s", type(error).__name__)
        return []
    return sorted(places, key=lambda place: place.country != country)


def _place(location: Location) -> PlaceFound:
    at = place_at(db.session(), Position(location.latitude, location.longitude))
    country = str(location.raw["address"].get("country_code", "")).upper()
    name = str(location.raw.get("name") or location.address)
    return PlaceFound(name[:200], country or at.country, at.lat, at.lon, at.time_zone)


def _location(place: PlaceFound) -> Location:
    raw = {
        "name": place.name,
        "country": place.country,
        "time_zone": place.time_zone,
        "population": place.population,
    }
    return Location(f"{place.name}, {place.country}", Point(place.lat, place.lon), raw)
