"""What experts fill in to say whether they stay."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from roster.registrar.renewal import LONGEST_WHY

STAY, LEAVE = "stay", "leave"


def _answers() -> dict[str, str]:
    return {STAY: _("Yes, I stay"), LEAVE: _("No, take me off the roster for good")}


class StayForm(FlaskForm):
    """Whether somebody stays on the roster."""

    answer = RadioField(
        _l("May we still call on you in a crisis?"),
        choices=_answers,
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose yes or no."))],
    )
    why = TextAreaField(
        _l("If you leave: is there anything that we should know?"),
        description=_l("You may leave this empty."),
        widget=GovTextArea(),
        validators=[
            Optional(),
            Length(max=LONGEST_WHY, message=_l("Use at most 500 characters.")),
        ],
    )
    send = SubmitField(_l("Send my answer"), widget=GovSubmitInput())
