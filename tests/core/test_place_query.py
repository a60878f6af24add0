"""What is typed as a place is taken apart: coordinates in many spellings, towns and countries."""

import pytest

from core.countries import country_code, country_name
from core.place_query import Position, Town, read_position, read_town
from core.spelling import fold


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("12.3, 45.6", 12.3, 45.6),
        ("-12.3 -45.6", -12.3, -45.6),
        ("12.3 S, 45.6 W", -12.3, -45.6),
        ("12.3;45.6", 12.3, 45.6),
        ("１２．３，４５．６", 12.3, 45.6),
        ("١٢.٣، ٤٥.٦", 12.3, 45.6),
        ("12°18'N 45°36'W", 12.3, -45.6),
        ("12° 18′ 36″ S 45° 36′ O", -12.31, -45.6),
        ("90, 180", 90, 180),
    ],
)
def test_coordinates_are_understood(text: str, lat: float, lon: float) -> None:
    position = read_position(text)
    assert position is not None
    assert (position.lat, position.lon) == pytest.approx((lat, lon))


@pytest.mark.parametrize(
    "text",
    ["", "Paris", "12", "91, 0", "0, 181", "nan, nan", "1e3, 4", "12.3, 45.6, 7", "1.2.3, 4",
     "12°18'E 45°36'N"],
)  # fmt: skip
def test_other_texts_are_no_coordinates(text: str) -> None:
    assert read_position(text) is None


def test_the_equator_has_no_side() -> None:
    assert read_position("0 S, 0 W") == Position(-0.0, -0.0) == Position(0.0, 0.0)


def test_a_country_is_read_from_the_end() -> None:
    assert read_town("Paris") == [Town("Paris")]
    assert read_town("Paris, France")[1:] == [Town("Paris", "FR")]
    assert read_town("New York, NY, USA")[1:] == [Town("New York", "US", within="NY")]
    assert read_town("Paris (Texas)") == [Town("Paris (Texas)")]


@pytest.mark.parametrize(
    ("name", "code"),
    [("France", "FR"), ("fr", "FR"), ("Côte d'Ivoire", "CI"), ("Ivory Coast", "CI"),
     ("U.S.A.", "US"), ("俄罗斯", "RU"), ("مصر", "EG"), ("Соединенные Штаты", "US"),
     ("Türkiye", "TR"), ("Turkey", "TR"), ("Atlantis", ""), ("", ""), ("ZZ", "")],
)  # fmt: skip
def test_countries_are_known_in_the_six_languages(name: str, code: str) -> None:
    assert country_code(name) == code


def test_a_country_has_a_name_in_each_language() -> None:
    assert country_name("DE", "fr") == "Allemagne"
    assert country_name("XX", "fr") == "XX"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Saint-Étienne", "SAINT  ETIENNE"), ("İstanbul", "istanbul"), ("Łódź", "lodz"),
     ("N’Djamena", "N'Djamena"), ("أبوظبي", "ابوظبي"),
     ("ﾄｳｷｮｳ", "トウキョウ"), ("Йошкар-Ола", "иошкар ола")],
)  # fmt: skip
def test_spellings_that_mean_the_same_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_vowel_signs_are_no_accents() -> None:
    assert fold("दिल्ली") != fold("दल्ला")
