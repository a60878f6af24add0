"""Forms for skills, services and kinds of crisis."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovSelect
from wtforms import BooleanField, FloatField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from core.db import db
from core.forms import TextInput
from core.i18n import current_language
from core.reference.editing import skills_of
from core.reference.forms.rows import RowForm, in_six
from core.reference.models import CrisisKind, Skill
from core.reference.queries import names


def place_in_list() -> IntegerField:
    """Where the row stands among the others."""
    return IntegerField(
        _l("Place in lists"), widget=TextInput(), default=0,
        validators=[InputRequired(_l("Enter a whole number.")), NumberRange(0, 10_000)],
    )  # fmt: skip


def _hint(language: str) -> Any:
    return _l("Explanation: %(language)s", language=language)


def _unit(language: str) -> Any:
    return _l("Unit to notify: %(language)s", language=language)


class SkillForm(RowForm):
    """A skill."""

    plain = ("position",)
    position = place_in_list()


class ServiceForm(RowForm):
    """A service of an office."""

    six = ("names", "unit")
    plain = ("skills", "position")
    unit_ar, unit_zh, unit_en, unit_fr, unit_ru, unit_es = in_six(_unit)
    skills = SelectMultipleField(
        _l("Skills that become desired, any one of them"), widget=GovCheckboxesInput()
    )
    position = place_in_list()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.skills.choices = _skills()


class KindForm(RowForm):
    """A kind of crisis."""

    six = ("names", "hints")
    plain = ("lead_skill", "affected_radius_km", "affected_country", "position")
    hints_ar, hints_zh, hints_en, hints_fr, hints_ru, hints_es = in_six(_hint)
    lead_skill = SelectField(
        _l("Lead skill, required when the office names none"), widget=GovSelect()
    )
    first = SelectMultipleField(_l("Skills desired first"), widget=GovCheckboxesInput())
    then = SelectMultipleField(_l("Skills desired after these"), widget=GovCheckboxesInput())
    affected_radius_km = FloatField(
        _l("Experts nearer than this many kilometres are not asked"),
        widget=TextInput(),
        validators=[Optional(), NumberRange(0, 20_100)],
    )
    affected_country = BooleanField(
        _l("Experts in the country of the office’s seat are not asked"), widget=GovCheckboxInput()
    )
    position = place_in_list()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead_skill.choices = self.first.choices = self.then.choices = _skills()

    @classmethod
    def of(cls, row: Any) -> Any:
        """The form with what is stored of `row`."""
        form = super().of(row)
        if isinstance(row, CrisisKind) and row.code and not form.is_submitted():
            wanted = skills_of(db.session(), row.code)
            form.first.data, form.then.data = wanted["R"], wanted["D"]
        return form

    def columns(self) -> dict[str, Any]:
        """What was typed, by column, with the skills by weight."""
        wanted = {"R": sorted(self.first.data or ()), "D": sorted(self.then.data or ())}
        return super().columns() | {"skills": wanted}

    def validate_then(self, field: Any) -> None:
        """A skill has one weight."""
        twice = set(self.first.data or ()) & set(field.data or ())
        if twice:
            raise ValidationError(
                _(
                    "Chosen twice: %(skills)s. Choose each skill once.",
                    skills=", ".join(sorted(twice)),
                )
            )


def _skills() -> list[tuple[str, str]]:
    found = names(Skill, current_language())
    return [(code, f"{code} – {name}") for code, name in found.items()]
