"""What follows from a filed request: required and desired skills, languages, the affected area."""

from dataclasses import replace
from typing import Any

import pytest

from dispatch.rules.need import (
    KindFacts,
    OfficeFacts,
    RequestFacts,
    affected_area,
    need_of,
    required_and_desired,
)
from roster.rules.terms import Area

CYB = KindFacts("CIR", (("BCP", "D"), ("CMT", "R"), ("DRB", "R"), ("CIR", "R"), ("LEG", "D")))
NAT = KindFacts("RRC", (("RRC", "R"),), affected_radius_km=50.0)
WAR = KindFacts("RRC", (("RRC", "R"),), affected_country=True)
OTH = KindFacts("BCP")
OFFICE = OfficeFacts("SN", "SN", ("fr", "wo", "en"))
REQUEST = RequestFacts(14.7, -17.4)
ICT, FEE = ("DRB", "CIR", "IPA"), ("FIN",)


def test_the_lead_skill_is_required_when_the_office_names_none() -> None:
    wanted = required_and_desired(CYB.skills, "CIR", [], [])
    assert wanted.required == (("CIR", 2),)
    assert wanted.desired == ("CMT", "DRB", "BCP", "LEG")


def test_what_the_office_names_is_required_and_the_lead_becomes_the_most_desired() -> None:
    wanted = required_and_desired(CYB.skills, "CIR", [("LEG", 3), ("COM", 1)], [])
    assert wanted.required == (("LEG", 3), ("COM", 1))
    assert wanted.desired == ("CIR", "CMT", "DRB", "BCP")


def test_a_skill_named_twice_is_required_at_its_higher_level() -> None:
    assert required_and_desired((), "BCP", [("LEG", 1), ("LEG", 3), ("LEG", 2)], []).required == (
        ("LEG", 3),
    )


def test_an_affected_service_adds_its_skills_before_the_merely_useful_ones() -> None:
    wanted = required_and_desired(CYB.skills, "CIR", [], [FEE, ICT])
    assert wanted.desired == ("CMT", "DRB", "FIN", "IPA", "BCP", "LEG")


def test_a_team_covers_each_r_and_one_of_those_that_a_service_takes() -> None:
    wanted = required_and_desired(CYB.skills, "CIR", [("BCP", 2)], [FEE, ICT])
    assert wanted.cover == (
        frozenset({"CIR"}),
        frozenset({"CMT"}),
        frozenset({"DRB"}),
        frozenset({"FIN"}),
        frozenset({"DRB", "CIR", "IPA"}),
    )


def test_what_everybody_must_have_need_not_be_covered() -> None:
    wanted = required_and_desired(CYB.skills, "CIR", [("DRB", 2)], [ICT])
    assert frozenset(ICT) not in wanted.cover
    assert frozenset({"DRB"}) not in wanted.cover


def test_an_emergency_of_another_kind_wants_continuity_planning() -> None:
    wanted = required_and_desired(OTH.skills, OTH.lead_skill, [], [])
    assert (wanted.required, wanted.desired, wanted.cover) == ((("BCP", 2),), (), ())


@pytest.mark.parametrize(
    ("kind", "changes", "area"),
    [
        (NAT, {}, Area(14.7, -17.4, 50.0)),
        (NAT, {"affected_radius_km": 200.0}, Area(14.7, -17.4, 200.0)),
        (NAT, {"affected_radius_km": 0.0}, None),
        (NAT, {"local_experts_safe": True}, None),
        (NAT, {"local_experts_safe": True, "affected_radius_km": 9.0}, None),
        (WAR, {}, Area(country="SN")),
        (WAR, {"affected_radius_km": 30.0}, Area(14.7, -17.4, 30.0)),
        (WAR, {"local_experts_safe": True}, None),
        (CYB, {}, None),
        (CYB, {"affected_radius_km": 5.0}, Area(14.7, -17.4, 5.0)),
    ],
)
def test_the_affected_area(kind: KindFacts, changes: dict[str, Any], area: Area | None) -> None:
    assert affected_area(kind, OFFICE, replace(REQUEST, **changes)) == area


def test_an_office_without_a_country_has_no_country_to_spare() -> None:
    assert affected_area(WAR, replace(OFFICE, country=""), REQUEST) is None


def test_a_need_takes_what_was_left_out_from_the_office() -> None:
    need, _ = need_of(REQUEST, OFFICE, NAT, "waking")
    assert need.languages == {"fr", "wo", "en"}
    assert (need.own_language, need.country, need.office) == ("fr", "SN", "SN")
    assert (need.mode, need.hours, need.skills) == ("either", "waking", (("RRC", 2),))
    assert need.affected == Area(14.7, -17.4, 50.0)


def test_languages_that_the_request_names_replace_those_of_the_office() -> None:
    need, _ = need_of(replace(REQUEST, languages=("es",)), OFFICE, NAT)
    assert need.languages == {"es"}
    assert need.own_language == "fr"
