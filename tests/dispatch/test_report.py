"""What a crisis report may say: the same for form, API and texts, limits held on the server."""

import contextlib
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.reference.models import Office
from dispatch.fields import BadFieldError, read_flag, read_number, read_text, read_whole
from dispatch.reports.report import READERS, CrisisReport, ReportError, read_report
from tests.dispatch.world import SEAT, report

REFUSED: list[tuple[str, Any]] = [
    ("office", "ZZ"), ("office", 7), ("office", ["UA"]), ("office", "UA\x00"),
    ("kind", "WAR;"), ("severity", 0), ("severity", 5), ("severity", 1.5), ("severity", True),
    ("severity", "one"), ("severity", float("nan")), ("severity", 10**400),
    ("summary", "x" * 5001), ("summary", "a\x00b"), ("summary", {"a": 1}),
    ("skills", ["NONE"]), ("skills", ["BCP:4"]), ("skills", ["BCP:"]), ("skills", [1]),
    ("languages", ["klingon"]), ("mode", "by_boat"), ("experts_needed", 0),
    ("experts_needed", 51), ("lat", 1), ("lon", 1), ("affected_radius_km", -1),
    ("affected_radius_km", float("inf")), ("exercise", "perhaps"), ("contact_phone", "12"),
    ("contact_email", "nobody"), ("contact_email", "a@b.c\r\nBcc: x@y.z"),
    ("contact_name", "two\nlines"), ("place", "Atlantis-on-Sea"), ("services", ["PAT", "X"]),
    ("impact", ["x" * 501]), ("impact", ["x"] * 11),
]  # fmt: skip
OFF_THE_EARTH: list[tuple[Any, Any]] = [(91, 0), (0, 181), (-90.01, 0), ("north", 0)]
NASTY = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=60),
    st.lists(st.one_of(st.text(max_size=8), st.integers(), st.none()), max_size=4),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)  # fmt: skip
AT_ONCE = settings(max_examples=60, suppress_health_check=list(HealthCheck))

pytestmark = pytest.mark.usefixtures("session")


def _errors(**changes: Any) -> dict[str, str]:
    with pytest.raises(ReportError) as refused:
        read_report({**report(), **changes})
    return refused.value.errors


def test_the_least_that_is_needed_is_enough_and_the_rest_follows() -> None:
    read = read_report({"office": "UA", "kind": "CYB", "severity": 1, "summary": " Help. "})
    assert read == CrisisReport(
        office="UA", kind="CYB", severity=1, summary="Help.", lat=SEAT[0], lon=SEAT[1]
    )


def test_what_is_required_and_missing_is_named() -> None:
    for name in ("office", "kind", "severity", "summary"):
        for value in (None, "", "   "):
            assert list(_errors(**{name: value})) == [name], (name, value)


def test_unknown_fields_are_refused_by_name() -> None:
    assert set(_errors(colour="red", status="assigned", ref="x")) == {"colour", "status", "ref"}


def test_what_cannot_be_used_is_refused_at_its_field() -> None:
    for name, value in REFUSED:
        expected = {"lat": "lon", "lon": "lat"}.get(name, name)
        assert list(_errors(**{name: value})) == [expected], (name, value)


def test_coordinates_off_the_earth_are_refused() -> None:
    for lat, lon in OFF_THE_EARTH:
        assert _errors(lat=lat, lon=lon).keys() <= {"lat", "lon"}


def test_a_forms_texts_are_read_like_the_apis_values() -> None:
    typed = read_report(report(severity="2", experts_needed="3", lat="1.5", lon="-2", exercise="y",
                               skills="BCP", services=["PAT", "PAT"]))  # fmt: skip
    sent = read_report(report(severity=2, experts_needed=3, lat=1.5, lon=-2, exercise=True,
                              skills=["BCP:2"], services=["PAT"]))  # fmt: skip
    assert typed == sent
    assert typed.digest() == sent.digest()


def test_skills_have_levels_and_the_last_one_counts() -> None:
    assert read_report(report(skills=["CIR", "BCP:3", "BCP:1"])).skills == (("CIR", 2), ("BCP", 1))


def test_languages_are_known_whatever_their_case() -> None:
    assert read_report(report(languages=["FR", "en-GB", "fr"])).languages == ("fr", "en")


def test_a_place_is_a_town_or_coordinates() -> None:
    for place, lat, lon in (("Lviv", 50, 24), ("12.37, -1.53", 12, -2)):
        read = read_report(report(place=place))
        assert (round(read.lat), round(read.lon), read.place) == (lat, lon, place)


def test_coordinates_win_over_the_place() -> None:
    read = read_report(report(place="Lviv", lat=1, lon=2))
    assert (read.lat, read.lon, read.place) == (1, 2, "Lviv")


def test_a_national_phone_number_is_read_as_the_offices_country_writes_it(
    session: Session,
) -> None:
    assert session.get_one(Office, "FR").iso2 == "FR"
    read = read_report(report(office="FR", contact_phone="01 99 00 12 34"))
    assert read.contact_phone == "+33199001234"


def test_the_language_of_the_page_makes_no_other_report() -> None:
    in_french, in_arabic = (read_report(report(language=code)) for code in ("fr", "ar"))
    assert in_french.digest() == in_arabic.digest()
    assert read_report(report()).digest() != read_report(report(severity=2)).digest()


@AT_ONCE
@given(st.dictionaries(st.sampled_from(sorted(READERS)), NASTY))
def test_nothing_that_is_sent_breaks_the_reader(app: Flask, data: dict[str, Any]) -> None:
    with contextlib.suppress(ReportError):
        assert 1 <= read_report(report(**data)).severity <= 4


@AT_ONCE
@given(NASTY)
def test_each_reader_returns_or_says_why(app: Flask, value: Any) -> None:
    for read in (
        lambda v: read_text(v, longest=10),
        lambda v: read_whole(v, least=0, most=9),
        lambda v: read_number(v, least=0, most=9),
        read_flag,
    ):
        with contextlib.suppress(BadFieldError):
            assert read(value) is not None
