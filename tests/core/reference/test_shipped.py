"""What ships is complete, says what the taxonomy says, and is in six languages."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.i18n import LANGUAGES
from core.reference import queries, shipped
from core.reference.models import CrisisKind, KindSkill, Language, Office, Region, Service, Skill
from core.reference.office_rows import COLUMNS
from core.tables import read_table

SIX = set(LANGUAGES)
TABLES = ("regions", "languages", "skills", "kinds", "services", "office_names")
MATRIX = """
     PAND NAT WAR POL CYB ECO OPS
BCP  R    R   R   R   D   R   R
CMT  D    R   R   D   R   D   D
DRB  D    R   D   -   R   -   R
CIR  -    -   D   -   R   -   D
ONL  R    D   D   D   D   -   D
IPA  D    D   D   -   D   -   R
RRC  -    R   R   D   D   -   D
LEG  R    R   R   R   D   D   D
COM  R    R   R   R   R   R   R
HRW  R    D   R   D   -   D   -
FIN  D    D   D   D   -   R   D
GOV  D    R   R   R   R   D   -
TRN  D    D   D   D   D   D   D
"""
LEADS = {"PAND": "BCP", "NAT": "RRC", "WAR": "RRC", "POL": "LEG", "CYB": "CIR", "ECO": "FIN",
         "OPS": "DRB", "OTH": "BCP"}  # fmt: skip
ADDED = {"PAT": ["PCT"], "TM": ["MAD"], "DES": ["HAG"], "COP": ["CPR"], "ENF": ["ENC"],
         "SME": [], "ICT": ["DRB", "CIR", "IPA"], "PUB": ["COM"], "FEE": ["FIN"],
         "REC": ["RRC"]}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_name_in_each_language(table: str) -> None:
    for row in shipped.rows(table):
        for column in {"names", "hints", "unit"} & row.keys():
            assert set(row[column]) == SIX, row["code"]
            assert all(text == text.strip() and text for text in row[column].values()), row["code"]


@pytest.mark.parametrize("table", TABLES)
def test_each_language_is_in_its_own_script(table: str) -> None:
    """A name in the wrong column would be in the wrong script."""
    scripts = {"ar": "[\u0600-\u06ff]", "zh": "[\u4e00-\u9fff]", "ru": "[\u0400-\u04ff]"}
    for row in shipped.rows(table):
        for language, letters in scripts.items():
            assert re.search(letters, row["names"][language]), (row["code"], language)


def test_the_rows_are_those_of_the_taxonomy(session: Session) -> None:
    counts = {Region: 5, Skill: 18, CrisisKind: 8, Service: 10, Office: 200}
    for model, count in counts.items():
        assert len(session.scalars(select(model)).all()) == count
    kinds = {kind.code: kind for kind in session.scalars(select(CrisisKind))}
    assert {code: kind.lead_skill for code, kind in kinds.items()} == LEADS
    assert {c: k.affected_radius_km for c, k in kinds.items() if k.affected_radius_km} == {
        "NAT": 50
    }
    assert [code for code, kind in kinds.items() if kind.affected_country] == ["WAR"]
    services = session.execute(select(Service.code, Service.skills).order_by(Service.position))
    assert dict(map(tuple, services)) == ADDED


def test_each_kind_wants_the_skills_of_the_matrix(session: Session) -> None:
    header, *lines = [line.split() for line in MATRIX.strip().splitlines()]
    expected = {
        (kind, skill): weight
        for skill, *weights in lines
        for kind, weight in zip(header, weights, strict=True)
        if weight != "-"
    }
    rows = session.execute(select(KindSkill.kind, KindSkill.skill, KindSkill.weight))
    assert {(kind, skill): weight for kind, skill, weight in rows} == expected


def test_every_office_speaks_languages_that_are_known(session: Session) -> None:
    known = set(session.scalars(select(Language.code)))
    for office in session.scalars(select(Office)):
        assert office.languages
        assert set(office.spoken) <= known


def test_regional_offices_have_the_country_of_their_seat(session: Session) -> None:
    regional = session.scalars(select(Office).where(Office.kind == "regional"))
    assert {office.code: office.country for office in regional} == {
        "AP": "ZW", "BX": "NL", "EA": "RU", "EM": "ES", "EP": "DE", "GC": "SA", "OA": "CM",
    }  # fmt: skip


def test_the_shipped_file_has_the_columns_it_should() -> None:
    rows = list(read_table(shipped.DATA / "offices.csv", COLUMNS, required=COLUMNS, refuse=print))
    assert len(rows) == 200


def test_names_come_in_the_readers_language_and_in_order(session: Session) -> None:
    assert list(queries.names(Skill, "fr"))[:3] == ["BCP", "CMT", "DRB"]
    assert queries.names(CrisisKind, "es")["WAR"] == "Guerra o conflicto"
    named = list(queries.names(Language, "en").values())
    assert named == sorted(named, key=str.casefold)
    assert queries.names(Language, "xx")["fr"] == "French"
    kenya = queries.office("KE")
    assert kenya is not None
    assert queries.office_name(kenya, "fr") == f"Kenya ({kenya.office_acronym})"
    assert queries.office("XX") is None
