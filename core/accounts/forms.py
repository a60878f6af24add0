"""The forms of our own pages: an invitation, one's own account, anybody's account, a code."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovSelect,
    GovSubmitInput,
)
from wtforms import SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from core.accounts.models import User
from core.accounts.passwords import fault_of
from core.accounts.people import AccountError, Details, phone_of
from core.accounts.setting_up import LONGEST_REASON
from core.accounts.sign_in import new_password, repeated
from core.forms import LongQuestion, TextInput
from core.i18n import LANGUAGES, current_language

SAVE = _l("Save")


def role_names() -> dict[str, str]:
    """The six roles in the reader's words."""
    return {
        "focal_point": str(_("Focal point of an office")),
        "duty_officer": str(_("Duty officer")),
        "expert": str(_("Expert")),
        "vetter": str(_("Vetter")),
        "admin": str(_("Administrator")),
        "auditor": str(_("Auditor")),
    }


def _text(
    label: str, longest: int, *validators: Any, kind: str = "text", **said: Any
) -> StringField:
    too_long = Length(max=longest, message=_l("Use fewer characters."))
    return StringField(
        label, widget=TextInput(kind), validators=[*validators, too_long], render_kw=said
    )


class InvitationForm(FlaskForm):
    """The first password of an account."""

    password = new_password()
    password_confirm = repeated("password")
    send = SubmitField(_l("Set the password and sign in"), widget=GovSubmitInput())

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def validate_password(self, field: Any) -> None:
        """Says why a password is too weak."""
        if fault := fault_of(field.data or "", self._user):
            raise ValidationError(fault)


class OwnForm(FlaskForm):
    """What people may change of their own account."""

    name = _text(_l("Name"), 200, autocomplete="name")
    phone = _text(_l("Mobile phone, with its country code"), 40, kind="tel", autocomplete="tel")
    language = SelectField(
        _l("Language in which we write to you"), widget=GovSelect(), choices=LANGUAGES
    )
    send = SubmitField(SAVE, widget=GovSubmitInput())

    def validate_phone(self, field: Any) -> None:
        """Says when it cannot be a phone number."""
        try:
            phone_of(field.data or "")
        except AccountError as error:
            raise ValidationError(str(error)) from error


class AccountForm(OwnForm):
    """What administrators may change of anybody's account."""

    # Not the first of the list: whoever invites and does not look would write in Arabic.
    language = SelectField(
        _l("Language in which we write to them"), widget=GovSelect(), choices=LANGUAGES,
        default=current_language,
    )  # fmt: skip
    office = _text(_l("Office (its code; for focal points)"), 10)
    roles = SelectMultipleField(
        _l("Roles"),
        widget=GovCheckboxesInput(),
        choices=role_names,
        validators=[InputRequired(_l("Choose at least one role."))],
    )

    def details(self, email: str) -> Details:
        """What was typed, for the verbs."""
        return Details(
            email=email, roles=tuple(self.roles.data or ()), name=self.name.data or "",
            phone=self.phone.data or "", office=self.office.data or "",
            language=self.language.data or "",
        )  # fmt: skip


class NewAccountForm(AccountForm):
    """An account that does not exist yet."""

    email = _text(
        _l("E-mail address"), 254, InputRequired(_l("Enter the e-mail address.")), kind="email"
    )
    send = SubmitField(_l("Make the account and send the invitation"), widget=GovSubmitInput())


class ActionForm(FlaskForm):
    """A button and its CSRF token."""


class CodeForm(FlaskForm):
    """Six digits of the app, or a recovery code."""

    code = StringField(
        _l("Code"),
        widget=TextInput(),
        validators=[
            InputRequired(_l("Enter a code.")),
            Length(max=100, message=_l("Use fewer characters.")),
        ],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false"},
    )

    def say(self, fault: object) -> None:
        """Shows `fault` at the code; what was typed is of no more use."""
        self.code.errors = [*self.code.errors, str(fault)]
        self.code.data = ""


class ResetForm(FlaskForm):
    """Why an administrator takes somebody's second step away."""

    reason = TextAreaField(
        _l("How do you know that it is really they who ask?"),
        widget=LongQuestion(),
        description=_l("For example: called back on the number that we know. It stays on record."),
        validators=[
            InputRequired(_l("Say how you know that it is really they who ask.")),
            Length(max=LONGEST_REASON, message=_l("Use fewer characters.")),
        ],
    )

    def say(self, fault: object) -> None:
        """Shows `fault` at the reason."""
        self.reason.errors = [*self.reason.errors, str(fault)]
