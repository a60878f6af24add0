"""Small forms: a yes or no to an offer, and the moves of a duty officer or an office."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, InputRequired, Length


class MoveForm(FlaskForm):
    """A move that needs no words: confirming, pausing, resuming, closing."""


class AnswerForm(FlaskForm):
    """Yes or no to an offer: two buttons."""


class ReasonForm(FlaskForm):
    """A move that is explained: cancelling, withdrawing, choosing."""

    reason = StringField(
        _l("Reason"),
        widget=GovTextInput(),
        filters=[lambda text: text.strip() if text else text],
        validators=[
            DataRequired(_l("Say why, in a few words.")),
            Length(max=500, message=_l("Use at most 500 characters.")),
        ],
    )


class ChoiceForm(ReasonForm):
    """A duty officer's own choice of an expert."""

    expert = HiddenField(validators=[InputRequired(_l("Choose an expert."))])
