"""Reference data as rows that an administrator can edit: what roster and dispatch both speak of.

Names come in six languages as `{"en": …, "fr": …}`; codes are those of CONTRACT.md.
"""

from typing import Any

import phonenumbers
from sqlalchemy import JSON, Boolean, Float, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base

NOWHERE = "ZZ"  # what the phone library says of a prefix that it does not know


class Editable:
    """Names of the columns that a person has edited: an upgrade leaves these alone."""

    edited: Mapped[list[str]] = mapped_column(JSON, default=list)


class Region(Editable, Base):
    """One of the five regional divisions."""

    __tablename__ = "region"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)


class Language(Editable, Base):
    """A language that an expert or an office may speak (BCP-47)."""

    __tablename__ = "language"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)


class Skill(Editable, Base):
    """One of the 18 skills an expert is examined for."""

    __tablename__ = "skill"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    position: Mapped[int] = mapped_column(Integer, default=0)


class CrisisKind(Editable, Base):
    """A kind of crisis. `lead_skill` is required when the office names none."""

    __tablename__ = "crisis_kind"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    hints: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    lead_skill: Mapped[str] = mapped_column(ForeignKey("skill.code"))
    position: Mapped[int] = mapped_column(Integer, default=0)
    # Where experts are not asked from, when the request says nothing: a circle round the place of
    # this many km, or the whole country of the seat.
    affected_radius_km: Mapped[float | None] = mapped_column(Float)
    affected_country: Mapped[bool] = mapped_column(Boolean, default=False)


class KindSkill(Base):
    """How much a kind of crisis wants a skill: `R` before `D`.

    Edits are noted on the kind, as `skills`.
    """

    __tablename__ = "kind_skill"

    kind: Mapped[str] = mapped_column(ForeignKey("crisis_kind.code"), primary_key=True)
    skill: Mapped[str] = mapped_column(ForeignKey("skill.code"), primary_key=True)
    weight: Mapped[str] = mapped_column(String(1))


class Service(Editable, Base):
    """A service of an office that may be down, and the unit that wants to know."""

    __tablename__ = "service"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    unit: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Skills that become desired when this service is affected; any one of them will do.
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(Integer, default=0)


class Office(Editable, Base):
    """A national or regional office (WIPO ST.3 code), as in the shipped offices.csv."""

    __tablename__ = "office"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    iso2: Mapped[str] = mapped_column(String(2), default="")
    st3: Mapped[str] = mapped_column(String(4))
    # The state, or for a regional office the organisation; `office_name` is what it calls itself.
    name_en: Mapped[str] = mapped_column(String(200))
    names: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    office_name: Mapped[str] = mapped_column(String(300), default="")
    office_acronym: Mapped[str] = mapped_column(String(60), default="")
    office_name_status: Mapped[str] = mapped_column(String(40), default="")
    seat_city: Mapped[str] = mapped_column(String(120))
    seat_source: Mapped[str] = mapped_column(String(60), default="")
    lat: Mapped[float] = mapped_column(Float)
    lon: Mapped[float] = mapped_column(Float)
    time_zone: Mapped[str] = mapped_column(String(60))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    region: Mapped[str] = mapped_column(ForeignKey("region.code"), index=True)
    cdip_group: Mapped[str] = mapped_column(String(20), default="")
    un_language: Mapped[str] = mapped_column(String(12))
    un_language_alt: Mapped[str] = mapped_column(String(12), default="")
    dial_prefix: Mapped[str] = mapped_column(String(10), default="")
    regional_offices: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(String(500), default="")
    # The office's own profile: edited by its focal points.
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(20), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    critical_services: Mapped[list[str]] = mapped_column(JSON, default=list)

    @property
    def spoken(self) -> list[str]:
        """The languages of a request that names none: its own, then its UN working languages."""
        wanted = [*self.languages, self.un_language, self.un_language_alt]
        return list(dict.fromkeys(code for code in wanted if code))

    @property
    def country(self) -> str:
        """Where the seat lies (ISO 3166-1): a regional office has no code, but a dial prefix."""
        digits = self.dial_prefix.removeprefix("+")
        if self.iso2 or not digits.isdigit():
            return self.iso2
        country = phonenumbers.region_code_for_country_code(int(digits))
        return country if country.isalpha() and country != NOWHERE else ""


class Place(Base):
    """A town of the offline gazetteer (GeoNames, CC BY 4.0)."""

    __tablename__ = "place"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str] = mapped_column(String(2))
    lat: Mapped[float] = mapped_column(Float, index=True)
    lon: Mapped[float] = mapped_column(Float)
    time_zone: Mapped[str] = mapped_column(String(60))
    population: Mapped[int] = mapped_column(Integer, default=0)


class PlaceName(Base):
    """One spelling of a place, folded for look-up: many scripts lead to one town."""

    __tablename__ = "place_name"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  the key is all there is

    folded: Mapped[str] = mapped_column(String(200), primary_key=True)
    # No foreign key: towns are loaded all at once, and checking it would take a minute each time.
    place_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class ReferenceStamp(Base):
    """What was last loaded from `core/data`, so that an upgrade without news is quick."""

    __tablename__ = "reference_stamp"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


def named(row: Any, language: str) -> str:
    """The name of a reference row in `language`, in English when it has none."""
    names: dict[str, str] = row.names
    return names.get(language) or names.get("en") or str(row.code)
