"""Which reference tables have pages, under which address and name, and with which form."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from core.reference.forms import KindForm, OfficeForm, RowForm, ServiceForm, SkillForm
from core.reference.models import CrisisKind, Language, Office, Region, Service, Skill


@dataclass(frozen=True)
class Table:
    """A reference table: its model, its form, its title, and whether rows can be added here."""

    model: type[Any]
    form: type[Any]
    title: Any
    grows: bool = True


TABLES = {
    # Offices come by import: a row has two dozen columns.
    "offices": Table(Office, OfficeForm, _l("Offices"), grows=False),
    "regions": Table(Region, RowForm, _l("Regions")),
    "languages": Table(Language, RowForm, _l("Languages")),
    "skills": Table(Skill, SkillForm, _l("Skills")),
    "kinds": Table(CrisisKind, KindForm, _l("Kinds of crisis")),
    "services": Table(Service, ServiceForm, _l("Services")),
}
