"""The form in which an office or a duty officer says how a mission went."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional


def _ratings() -> dict[str, str]:
    return {
        "5": _("5 – excellent"),
        "4": _("4 – good"),
        "3": _("3 – as expected"),
        "2": _("2 – less than we needed"),
        "1": _("1 – poor"),
    }


class EvaluationForm(FlaskForm):
    """A number from 1 to 5, and words if there are any."""

    rating = RadioField(
        _l("How did it go?"),
        choices=_ratings,
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose a number from 1 to 5."))],
    )
    comment = TextAreaField(
        _l("What should we know?"),
        description=_l("You may leave this empty. Those who examine experts read it."),
        widget=GovTextArea(),
        validators=[
            Optional(),
            Length(max=4000, message=_l("Use at most 4,000 characters.")),
        ],
    )
    send = SubmitField(_l("Send"), widget=GovSubmitInput())
