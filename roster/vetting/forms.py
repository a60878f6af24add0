"""What vetters, referees and refused applicants fill in; here is said what is wrong with it."""

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSubmitInput, GovTextArea
from wtforms import (
    DateField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from core.i18n import LANGUAGES
from roster.registrar.cases import LONGEST_TEXT
from roster.registrar.references import LONGEST_ANSWER
from roster.rules import stages

Fault = dict[str, object]
SHORT = Length(max=200, message=_l("Use at most 200 characters."))
YES, NO = "yes", "no"
ANSWER = Length(max=LONGEST_ANSWER, message=_l("Use at most 4,000 characters."))
LONG = Length(max=LONGEST_TEXT, message=_l("Use at most 10,000 characters."))


class QueueForm(Form):
    """Filters of the queue; sent by GET, so that a filtered queue has an address."""

    text = StringField()
    state = SelectField(choices=[])
    kind = SelectField(choices=[])
    owner = SelectField(choices=[])
    region = SelectField(choices=[])
    stage = SelectField(choices=[])
    overdue = SelectField(choices=[])


class StepForm(FlaskForm):
    """A finding."""

    stage = StringField()
    subject = StringField()
    result = RadioField(
        choices={result: result for result in stages.RESULTS},
        validators=[InputRequired(_l("Say what the result is."))],
    )
    level = IntegerField(
        validators=[Optional(), NumberRange(1, 3, _l("Say which level you found: 1, 2 or 3."))]
    )
    score = IntegerField(
        validators=[Optional(), NumberRange(1, 5, _l("Give the interview a score from 1 to 5."))]
    )
    evidence = StringField(validators=[DataRequired(_l("Say what the finding rests on.")), LONG])
    comment = StringField(validators=[Optional(), LONG])


class OwnerForm(FlaskForm):
    """Who sees to the case: the public id of a vetter's account, or nobody."""

    owner = StringField(validators=[Optional(), SHORT])


class DueForm(FlaskForm):
    """The day by which the case should be decided."""

    due_on = DateField(validators=[InputRequired(_l("Enter a day, such as 2027-01-15."))])


class RefereeForm(FlaskForm):
    """Somebody to be asked about the applicant."""

    name = StringField(validators=[DataRequired(_l("Enter the referee's name.")), SHORT])
    email = StringField(
        validators=[DataRequired(_l("Enter an e-mail address, such as a@b.org.")), SHORT]
    )
    organisation = StringField(validators=[Optional(), SHORT])
    relation = StringField(validators=[Optional(), SHORT])
    language = SelectField(choices=LANGUAGES)


class QualifyForm(FlaskForm):
    """A good decision."""

    valid_until = DateField(validators=[Optional()])
    comment = StringField(validators=[Optional(), LONG])


class RefuseForm(FlaskForm):
    """A refusal, whose reasons the applicant reads."""

    reasons = StringField(
        validators=[DataRequired(_l("Say why: the applicant reads it, and may appeal.")), LONG]
    )
    comment = StringField(validators=[Optional(), LONG])


class DropForm(FlaskForm):
    """An end without a decision."""

    comment = StringField(validators=[DataRequired(_l("Say why.")), LONG])


class OpenForm(FlaskForm):
    """A new case about an expert."""

    kind = SelectField(choices={one: one for one in stages.CASE_KINDS if one != stages.APPEAL})


class ListingForm(FlaskForm):
    """The listing of an expert in IP-ROC."""

    reference = StringField(
        validators=[
            DataRequired(_l("Give the reference in IP-ROC, in 60 characters at most.")),
            Length(max=60, message=_l("Give the reference in IP-ROC, in 60 characters at most.")),
        ]
    )
    listed_on = DateField(
        validators=[InputRequired(_l("Enter the day of the listing, such as 2027-01-15."))]
    )


def _yes_or_no() -> dict[str, str]:
    return {YES: _("Yes"), NO: _("No")}


class ReferenceForm(FlaskForm):
    """What a referee is asked."""

    known_for = TextAreaField(
        _l("How do you know this person, and since when?"),
        widget=GovTextArea(),
        validators=[DataRequired(_l("Say how you know this person.")), ANSWER],
    )
    role = TextAreaField(
        _l("What did they do when you worked together?"),
        widget=GovTextArea(),
        validators=[DataRequired(_l("Say what they did.")), ANSWER],
    )
    strengths = TextAreaField(
        _l("What are they good at?"),
        description=_l("An example of hard days helps us most."),
        widget=GovTextArea(),
        validators=[DataRequired(_l("Say what they are good at.")), ANSWER],
    )
    concerns = TextAreaField(
        _l("Is there anything that we should think of before we send them?"),
        description=_l("You may leave this empty."),
        widget=GovTextArea(),
        validators=[Optional(), ANSWER],
    )
    recommends = RadioField(
        _l("Would you want this person at your side in a crisis?"),
        choices=_yes_or_no,
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose yes or no."))],
    )
    send = SubmitField(_l("Send my answers"), widget=GovSubmitInput())


class AppealForm(FlaskForm):
    """What the applicant has against the decision."""

    words = TextAreaField(
        _l("Why should we look at it again?"),
        description=_l(
            "Say what we have overlooked or misjudged. Somebody who has had no part in your case "
            "decides."
        ),
        widget=GovTextArea(),
        validators=[
            DataRequired(_l("Say why we should look at it again.")),
            ANSWER,
        ],
    )
    send = SubmitField(_l("Send my appeal"), widget=GovSubmitInput())


def fault_of(at: str, form: FlaskForm) -> Fault:
    """What is wrong with the form that stands at `at` on the page, with all that was typed."""
    errors = {name: str(said[0]) for name, said in form.errors.items() if name and said}
    errors.pop("csrf_token", None)
    return {"at": at, "errors": errors, "typed": request.form.to_dict()}


def refused_at(at: str, sentence: str) -> Fault:
    """A refusal that concerns no single field, with all that was typed."""
    return {"at": at, "errors": {"": sentence}, "typed": request.form.to_dict()}
