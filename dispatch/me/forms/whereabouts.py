"""The forms of where somebody is just now: asking for a place, and choosing among those found."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import DateField, Form, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from core.forms import TextInput
from dispatch.me.forms.lengths import TOO_LONG
from roster.rules.month import FIRST_YEAR, LAST_YEAR


def check_year(_form: Form, field: DateField) -> None:
    """A year that was mistyped is no day of anybody's calendar."""
    if field.data and not FIRST_YEAR <= field.data.year < LAST_YEAR:
        raise ValidationError(_l("Check the year."))


class PlaceForm(Form):
    """Where somebody is just now; sent by GET, since looking changes nothing."""

    where = StringField(
        _l("Town, or coordinates"),
        widget=GovTextInput(),
        description=_l("Such as Nairobi, or -1.29, 36.82."),
        validators=[InputRequired(_l("Enter a town.")), TOO_LONG],
    )
    until = DateField(
        _l("Last day there"),
        widget=TextInput("date"),
        description=_l("Leave it empty for the next 14 days."),
        validators=[Optional(), check_year],
    )


class PlaceChoiceForm(FlaskForm):
    """Which of the places that were found it is."""

    where = StringField(validators=[InputRequired(), TOO_LONG])
    until = DateField(validators=[Optional(), check_year])
    chosen = StringField(validators=[InputRequired(_l("Choose the place."))])
