"""What our texts say, in six languages: code and link whole, two segments at most."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import LANGUAGES, speaking
from core.reference.models import Office
from dispatch import wording
from dispatch.rules.segments import GSM_7, count
from dispatch.wording.names import SHORT_KINDS, distance_text, local_deadline, office_name
from dispatch.wording.offers import Asking, compose_offer
from dispatch.wording.shape import LEFT_TO_RIGHT, make_lean

pytestmark = [
    pytest.mark.usefixtures("session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

CODE = "K7Q2"
LINK = "https://iproc.example/offer/" + "W" * 22
# What a carrier obeys when it is a whole text; we never ask for them, nor use them ourselves.
CARRIER_WORDS = {
    *("YES", "START", "UNSTOP", "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"),
    *("REVOKE", "OPTOUT", "ARRET", "HELP", "INFO"),
}
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def offices(session: Session) -> list[Office]:
    return list(session.scalars(select(Office).order_by(Office.code)))


def every_offer(offices: list[Office], *, exercise: bool, place: str = "") -> Iterator[str]:
    """The text for each office and kind, in the language that is spoken."""
    for office, kind in itertools.product(offices, SHORT_KINDS.values()):
        distance = distance_text(19_999.0)
        asked = Asking(
            kind(), office_name(office), place, distance, "Wed 14:30 UTC+5:45", CODE, LINK, exercise
        )
        yield compose_offer(asked)


@pytest.mark.parametrize("exercise", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_offer_fits_two_segments(
    offices: list[Office], language: str, exercise: bool
) -> None:
    with speaking(language):
        texts = list(every_offer(offices, exercise=exercise))
    assert len(texts) == 200 * 8
    assert max(count(text).segments for text in texts) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_and_link_are_whole_in_every_offer(offices: list[Office], language: str) -> None:
    with speaking(language):
        texts = list(every_offer(offices, exercise=True, place="Saint-Vincent-de-la-Montagne"))
    for text in texts:
        assert re.search(rf"(?:^|\s){LEFT_TO_RIGHT}?1 {CODE}\s", text)
        assert re.search(rf"(?:^|\s){LEFT_TO_RIGHT}?2 {CODE}\s", text)
        assert re.search(rf"\s{re.escape(LINK)}(?: |$)", text)


def test_most_offers_in_the_latin_alphabet_fit_one_segment(offices: list[Office]) -> None:
    for language in ("en", "fr", "es"):
        with speaking(language):
            texts = list(every_offer(offices, exercise=False))
        assert {count(text).encoding for text in texts} == {GSM_7}
        assert sum(count(text).segments == 1 for text in texts) > 0.8 * len(texts)


def test_the_place_is_told_when_it_costs_no_segment() -> None:
    asked = Asking("war", "Ukraine", "Lviv", "71 km", "14:30", CODE, LINK)
    with speaking("en"):
        assert "Lviv (Ukraine)" in compose_offer(asked)


def test_a_long_place_gives_way_to_the_office() -> None:
    asked = Asking("war", "Ukraine", "L" * 60, "71 km", "14:30", CODE, LINK)
    with speaking("en"):
        text = compose_offer(asked)
    assert "Ukraine" in text
    assert "LLL" not in text


def test_a_long_address_cuts_names_and_nothing_else() -> None:
    link = "https://dispatch.iproc.example/offer/" + "W" * 22
    asked = Asking("стихийное бедствие", "Центральноафриканская Республика", "", "19999 км",
                   "14:30", CODE, link)  # fmt: skip
    with speaking("ru"):
        text = compose_offer(asked)
    assert count(text).segments == 2
    assert f" 1 {CODE} " in text
    assert text.endswith(link)


def test_an_arabic_line_keeps_code_and_phone_in_order() -> None:
    asked = Asking("حرب", "أوكرانيا", "", "71 كم", "14:30", CODE, LINK)
    with speaking("ar"):
        text = compose_offer(asked)
    assert f" {LEFT_TO_RIGHT}1 {CODE} " in text
    assert f" {LEFT_TO_RIGHT}2 {CODE} " in text


def test_who_asks_is_told_as_long_as_two_segments_hold_it() -> None:
    link = "https://desk.iproc.example/" + "W" * 22
    asked = Asking("هجوم سيبراني", "المغرب", "", "86 كم", "21:17:49", CODE, link)
    with speaking("ar"):
        text = compose_offer(asked)
    assert text.startswith("من IP-ROC: هجوم")  # a Latin word in front would turn the whole line


def test_letters_become_plainer_only_where_that_saves_a_segment() -> None:
    long = "Côte d’Ivoire, São Tomé " * 5
    assert make_lean("Côte d’Ivoire") == "Côte d’Ivoire"
    assert make_lean(long) == "Cote d'Ivoire, Sao Tomé " * 5
    assert make_lean("Кибератака " * 9) == "Кибератака " * 9


@pytest.mark.parametrize(
    ("later", "window_s", "shown"),
    [
        (timedelta(minutes=10), 600, "13:10 UTC+1"),
        (timedelta(seconds=61), 61, "13:01:01 UTC+1"),
        (timedelta(hours=24), 86_400, "Mon 13:00 UTC+1"),
        (timedelta(days=20), 86_400, "12 Dec 13:00 UTC+1"),
    ],
)
def test_the_deadline_is_told_on_the_readers_clock(
    later: timedelta, window_s: int, shown: str
) -> None:
    with speaking("en"):
        assert local_deadline(NOW + later, "Africa/Lagos", NOW, window_s) == shown


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("UTC", "12:10 UTC"),
        ("Asia/Kathmandu", "17:55 UTC+5:45"),
        ("America/St_Johns", "08:40 UTC-3:30"),
        ("America/New_York", "07:10 UTC-5"),
    ],
)
def test_the_deadline_says_which_clock_is_meant(zone: str, shown: str) -> None:
    deadline = NOW + timedelta(minutes=10)
    with speaking("en"):
        assert local_deadline(deadline, zone, NOW, 600) == shown
        assert f" {shown}." in wording.away_text("en", deadline, zone)


def test_fewer_words_are_made_when_they_save_a_segment() -> None:
    short = Asking("war", "Chad", "", "71 km", "14:30 UTC+1", CODE, LINK)
    long = replace(short, kind="natural disaster", office="Trinidad and Tobago", exercise=True)
    with speaking("en"):
        assert "send 1 K7Q2 to accept" in compose_offer(short)
        terse = compose_offer(long)
    assert terse.startswith("EXERCISE. IP-ROC: natural disaster, Trinidad and Tobago, 71 km. 1 K7")
    assert count(terse).segments == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_to_an_expert_asks_for_a_word_of_the_carriers(language: str) -> None:
    asked = Asking("war", "Ukraine", "", "71 km", "14:30", CODE, LINK)
    with speaking(language):
        texts = [compose_offer(asked)]
    texts += [
        wording.declined_text(language), wording.too_late_text(language),
        wording.taken_text(language), wording.over_text(language),
        wording.not_available_text(language), wording.unclear_text(language),
        wording.unclear_text(language, CODE), wording.no_offer_text(language),
        wording.wrong_code_text(language), wording.commands_text(language),
        wording.away_text(language, None, "UTC"), wording.away_text(language, NOW, "UTC"),
        wording.back_text(language), wording.done_text(language, "26-0001"),
        wording.left_text(language, "26-0001"), wording.opted_in_text(language),
        wording.case_received_text(language, "26-0001"), wording.trial_text(language, "1"),
        wording.status_text(language, "UTC", NOW),
        wording.status_text(language, "UTC", NOW, away=True, away_until=NOW),
    ]  # fmt: skip
    for text in texts:
        assert not CARRIER_WORDS & set(re.findall(r"\w+", text.upper())), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_to_a_text_fit_two_segments(language: str) -> None:
    for text in (
        wording.declined_text(language), wording.too_late_text(language),
        wording.taken_text(language), wording.over_text(language),
        wording.not_available_text(language), wording.unclear_text(language, CODE),
    ):  # fmt: skip
        assert count(text).segments <= 2, text
