"""HR's forms: the filters of the list; suspend, reinstate and absences of one expert."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput, GovTextInput
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, SelectField, StringField, SubmitField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from core.forms import TextInput
from roster.rules import terms
from roster.rules.month import FIRST_YEAR, LAST_YEAR


class FilterForm(Form):
    """Filters of the list; sent by GET, so that a filtered list has an address."""

    text = StringField()
    status = SelectField(choices=[])
    region = SelectField(choices=[])
    skill = SelectField(choices=[])
    language = SelectField(choices=[])
    available = SelectField(choices=[])


def filter_form(given: MultiDict[str, str], names: Mapping[str, Mapping[str, str]]) -> FilterForm:
    """The filters as `given` in the address; `names` by code of region, skill and language."""
    form, anything = FilterForm(given), ("", str(_("Any")))
    form.status.choices = [anything, *((status, status) for status in terms.STATUSES)]
    for field in (form.region, form.skill, form.language):
        field.choices = [anything, *names[field.name].items()]
    form.available.choices = [anything, ("yes", str(_("Here"))), ("no", str(_("Away")))]
    return form


class SuspendForm(FlaskForm):
    """Takes somebody out of service at once."""

    reason = StringField(
        _l("Reason for the suspension"),
        widget=GovTextInput(),
        description=_l("Open offers to this expert are withdrawn at once."),
        validators=[
            DataRequired(_l("Say why, in a few words.")),
            Length(max=500, message=_l("Use at most 500 characters.")),
        ],
    )
    suspend = SubmitField(_l("Suspend"), widget=GovSubmitInput())


class AbsenceForm(FlaskForm):
    """An absence by days, in the expert's own time zone."""

    first_day = DateField(
        _l("First day away"),
        widget=TextInput("date"),
        validators=[InputRequired(_l("Enter the first day away, such as 2027-01-15."))],
    )
    last_day = DateField(
        _l("Last day away"),
        widget=TextInput("date"),
        description=_l("Leave it empty if the end is not known."),
        validators=[Optional()],
    )
    why = StringField(
        _l("Reason, if it should be kept"),
        widget=GovTextInput(),
        validators=[Length(max=200, message=_l("Use at most 200 characters."))],
    )
    add = SubmitField(_l("Add the absence"), widget=GovSubmitInput())

    def validate_first_day(self, field: DateField) -> None:
        """A year that was mistyped is no day of anybody's calendar."""
        _check_year(field.data)

    def validate_last_day(self, field: DateField) -> None:
        """The last day must not come before the first."""
        _check_year(field.data)
        first: date | None = self.first_day.data
        if first and field.data and field.data < first:
            raise ValidationError(_l("The last day must not be before the first day."))


def _check_year(day: date | None) -> None:
    if day and not FIRST_YEAR <= day.year < LAST_YEAR:
        raise ValidationError(_l("Check the year."))


class MoveForm(FlaskForm):
    """A move without words: reinstate, end an absence, invite."""
