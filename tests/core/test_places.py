"""Places: towns in many scripts, countries, coordinates, the nearest town, Nominatim by setting."""

import json
import random
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from geopy.distance import geodesic, great_circle
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import gazetteer, geocoder
from core.db import db, writing
from core.geocoder import OfflineGeocoder
from core.place_query import Position
from core.places import find_place, look_up, nearest_town
from core.reference.models import Place
from core.settings import read_settings
from core.spelling import fold
from tests import databases
from tests.conftest import ENVIRONMENT, TEMPLATES, migrate
from wsgi import create_app


@pytest.fixture(scope="module", params=TEMPLATES)
def towns(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application context with the towns; one for all tests that only look them up."""
    folder = tmp_path_factory.mktemp("towns")
    shared = databases.shared_folder(tmp_path_factory)
    url = databases.clone(TEMPLATES[request.param](shared, migrate), folder)
    app = create_app(read_settings(ENVIRONMENT | {"DATABASE_URL": url}, folder))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    databases.drop(url)


@pytest.mark.parametrize(
    "text",
    ["Geneva", "genève", "GENEVE", " Genf ", "جنيف", "日内瓦", "Женева", "ジュネーヴ", "Ginebra"],
)
def test_one_town_has_many_names(towns: Flask, text: str) -> None:
    best = find_place(text)[0]
    assert (best.name, best.country, best.time_zone) == ("Geneva", "CH", "Europe/Zurich")
    assert geodesic((best.lat, best.lon), (46.2044, 6.1432)).km < 2


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("London", "GB"),
        ("London, Canada", "CA"),
        ("London, ca", "CA"),
        ("London (Canada)", "CA"),
        ("Londres, Royaume-Uni", "GB"),
        ("London, UK", "GB"),
        ("لندن، المملكة المتحدة", "GB"),
        ("伦敦，英国", "GB"),
        ("Córdoba, España", "ES"),
        ("Cordoba", "AR"),
        ("New York, NY, USA", "US"),
    ],
)
def test_a_country_settles_which_town_is_meant(towns: Flask, text: str, country: str) -> None:
    assert {place.country for place in find_place(text)[:1]} == {country}


def test_the_largest_comes_first_and_the_likely_country_before_it(towns: Flask) -> None:
    found = find_place("Cordoba")
    assert [place.population for place in found] == sorted(
        (place.population for place in found), reverse=True
    )
    assert find_place("Cordoba", country="ES")[0].country == "ES"
    assert find_place("Cordoba", country="NO")[0].country == "AR"
    assert len(find_place("Cordoba", limit=1)) == 1


@pytest.mark.parametrize(
    "text",
    ["", "   ", "qqqqqq", "Paris, Germany", "x" * 5000, "Springfield, Illinois, USA", "91, 0",
     "0, 181", "nan, nan", "1e3, 4"],
)  # fmt: skip
def test_nothing_is_guessed(towns: Flask, text: str) -> None:
    assert find_place(text) == []


def test_coordinates_have_country_and_zone_of_the_nearest_town(towns: Flask) -> None:
    place = find_place("48.9, 2.4")[0]
    assert (place.country, place.time_zone, place.population) == ("FR", "Europe/Paris", 0)


def test_the_nearest_town_is_the_nearest_everywhere(towns: Flask) -> None:
    session = db.session()
    rows = session.execute(select(Place.lat, Place.lon)).all()
    rng = random.Random(7)
    points = [(89.9, 0.0), (-90.0, 0.0), (-17.0, 179.99)]
    points += [(rng.uniform(-90, 90), rng.uniform(-180, 180)) for _ in range(2)]
    for point in points:
        town = nearest_town(session, Position(*point))
        assert town is not None
        near = sorted(rows, key=lambda row: great_circle(point, tuple(row)).km)[:30]
        nearest = min(geodesic(point, tuple(row)).km for row in near)
        assert geodesic(point, (town.lat, town.lon)).km == nearest


def test_geopy_can_use_the_gazetteer(towns: Flask) -> None:
    geopys = OfflineGeocoder()
    geneva = geopys.geocode("Genève")
    assert geneva.address == "Geneva, CH"
    assert geneva.raw["time_zone"] == "Europe/Zurich"
    assert len(geopys.geocode("Cordoba", exactly_one=False, limit=2)) == 2
    assert geopys.geocode("Cordoba", country="ES").raw["country"] == "ES"
    assert geopys.geocode("qqqqqq") is None
    assert geopys.reverse("46.2, 6.15").raw["country"] == "CH"
    assert geopys.reverse((46.2, 6.15), exactly_one=False)[0].raw["country"] == "CH"


def test_all_shipped_towns_load_and_a_second_time_is_nothing(session: Session) -> None:
    with writing():
        assert "34006 towns" in gazetteer.load_places(session, None)
    assert session.scalar(select(func.count()).select_from(Place)) == 34006
    assert look_up(session, "Funafuti")[0].country == "TV"
    with writing():
        assert gazetteer.load_places(session, None) == ""


def test_names_in_the_file_are_folded_as_queries_are() -> None:
    count = 0
    for _, spellings in gazetteer.read(gazetteer.PLACES.read_bytes()):
        assert spellings == {fold(name) for name in spellings}
        count += len(spellings)
    assert count > 250_000


class FakeNominatim(BaseHTTPRequestHandler):
    """Answers as Nominatim would; `answer` and `status` say how, `asked` keeps the queries."""

    answer: object = []
    status = 200
    asked: list[dict[str, list[str]]]
    agents: list[str]

    def do_GET(self) -> None:
        self.asked.append(parse_qs(urlsplit(self.path).query))
        self.agents.append(self.headers["User-Agent"])
        self.send_response(self.status)
        if 300 <= self.status < 400:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(json.dumps(self.answer).encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def nominatim() -> Iterator[type[FakeNominatim]]:
    """A pretend Nominatim on loopback."""
    handler = type("Handler", (FakeNominatim,), {"asked": [], "agents": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.address = f"127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def asking(app: Flask, session: Session, nominatim: type[FakeNominatim]) -> type[FakeNominatim]:
    """The application asks the pretend Nominatim first."""
    app.extensions["geocoder"] = geocoder.online(
        "https://dispatch.example.org", nominatim.address, "http", timeout_s=0.5
    )
    return nominatim


VILLAGE = {
    "lat": "46.3", "lon": "6.2", "name": "Chambésy-Test", "display_name": "Chambésy-Test, Suisse",
    "address": {"country_code": "ch"},
}  # fmt: skip


def test_nominatim_is_asked_first_and_told_who_asks(asking: type[FakeNominatim]) -> None:
    asking.answer = [VILLAGE]
    place = find_place("Chambésy-Test", limit=3)[0]
    assert (place.name, place.country, place.lat, place.lon) == ("Chambésy-Test", "CH", 46.3, 6.2)
    assert place.time_zone == "Europe/Zurich"
    assert asking.asked[0]["q"] == ["Chambésy-Test"]
    assert "https://dispatch.example.org" in asking.agents[0]


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, []), (429, []), (403, []), (200, "nonsense"), (200, [{"lat": "x"}]), (200, []),
     (302, []), (200, [{"lat": "46.3", "lon": "6.2"}])],
)  # fmt: skip
def test_the_gazetteer_answers_when_nominatim_does_not(
    asking: type[FakeNominatim], status: int, answer: object
) -> None:
    asking.status, asking.answer = status, answer
    assert find_place("Geneva")[0].name == "Geneva"
    assert len(asking.asked) == 1


def test_the_gazetteer_answers_when_nobody_listens(app: Flask, session: Session) -> None:
    app.extensions["geocoder"] = geocoder.online("https://x.example", "127.0.0.1:9", "http")
    assert find_place("Geneva")[0].country == "CH"


def test_coordinates_are_nobody_elses_business(asking: type[FakeNominatim]) -> None:
    assert find_place("12.3, 45.6")[0].lat == 12.3
    assert asking.asked == []


def test_the_setting_decides_who_is_asked(database_url: str, tmp_path: Path) -> None:
    for value, asked in (("offline", False), ("nominatim", True)):
        environment = ENVIRONMENT | {"DATABASE_URL": database_url, "GEOCODER": value}
        app = create_app(read_settings(environment, tmp_path))
        assert ("geocoder" in app.extensions) == asked
        with app.app_context():
            db.engine.dispose()
