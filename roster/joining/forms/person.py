"""Who applies, how we reach them, and where they are based."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import HiddenField, RadioField, StringField, SubmitField, ValidationError
from wtforms.validators import DataRequired

from core.forms import OneQuestion, TextQuestion
from core.i18n import LANGUAGES
from core.mail import BadAddressError, to_address
from core.phone import BadPhoneError, to_e164
from roster.joining.forms.step import StepForm, needed, one_line


def check_address(_form: object, field: StringField) -> None:
    """Makes the one spelling of the e-mail address of the field, or says that it is none."""
    try:
        field.data = to_address(field.data or "")
    except BadAddressError:
        raise ValidationError(
            _("Enter an e-mail address in the correct format, like name@example.org")
        ) from None


class BeginForm(FlaskForm):
    """The beginning: an address for the link under which an application goes on."""

    nomination = HiddenField()
    email = StringField(
        _l("Your e-mail address"),
        widget=TextQuestion("email", autocomplete="email", spellcheck="false"),
        description=_l("We send a link to it, so that you can stop and go on later."),
        filters=[one_line],
        validators=[DataRequired(_l("Enter your e-mail address.")), check_address],
    )
    begin = SubmitField(_l("Start now"), widget=GovSubmitInput())


class PersonForm(StepForm):
    """Name, phone, and the language in which we write."""

    name = StringField(
        _l("Your full name"),
        widget=TextQuestion(autocomplete="name"),
        filters=[one_line],
        validators=needed(_l("Enter your full name.")),
    )
    phone = StringField(
        _l("Your mobile phone number"),
        widget=TextQuestion(
            "tel", autocomplete="tel", inputmode="tel", classes="govuk-input--width-20"
        ),
        description=_l(
            "With the country code, such as +41 22 555 01 00. Experts are asked by text message, "
            "so we send you a code to answer."
        ),
        filters=[one_line],
        validators=needed(_l("Enter your mobile phone number.")),
    )
    language = RadioField(
        _l("In which language shall we write to you?"),
        widget=OneQuestion(),
        choices=LANGUAGES,
        validators=[DataRequired(_l("Choose a language."))],
    )

    def validate_phone(self, field: StringField) -> None:
        """A number that may exist, with its country code."""
        try:
            self.e164 = to_e164(field.data or "")
        except BadPhoneError:
            raise ValidationError(
                _("Enter a phone number with its country code, like +41 22 555 01 00")
            ) from None


class BaseForm(StepForm):
    """The place from which they would set out, as typed; which one is meant is asked next."""

    place = StringField(
        _l("Where are you based?"),
        widget=TextQuestion(),
        description=_l(
            "The town and the country, such as Nairobi, Kenya. Coordinates such as 12.37, -1.53 "
            "are understood, too. No street is needed."
        ),
        filters=[one_line],
        validators=needed(_l("Enter the town where you are based.")),
    )


class WhichForm(FlaskForm):
    """Which of the places found is meant; `names` by the value that stands for each."""

    which = RadioField(
        _l("Is this the right place?"),
        widget=OneQuestion(),
        validators=[DataRequired(_l("Choose the place that you mean."))],
    )
    save = SubmitField(_l("Save and continue"), widget=GovSubmitInput())

    def offer(self, names: Mapping[str, str]) -> None:
        """Fills in the places."""
        self.which.choices = dict(names)
        if len(names) > 1:
            self.which.label.text = _("Which of these places is it?")
