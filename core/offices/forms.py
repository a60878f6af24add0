"""What an office says of itself: contacts, address, languages, critical services."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
)
from wtforms import SelectField, SelectMultipleField, StringField, SubmitField, TextAreaField
from wtforms.validators import Length, ValidationError

from core.forms import TextInput
from core.i18n import LANGUAGES, current_language
from core.mail import BadAddressError, to_address
from core.phone import BadPhoneError, to_e164
from core.reference.models import Language, Office, Service
from core.reference.queries import names

TOO_LONG = _l("Use fewer characters.")


class ProfileForm(FlaskForm):
    """What a focal point may change of the office."""

    contact_email = StringField(
        _l("E-mail address of the office"),
        description=_l("One that is read when the office’s own systems are down."),
        widget=TextInput("email"),
        render_kw={"dir": "ltr"},
        validators=[Length(max=254, message=TOO_LONG)],
    )
    contact_phone = StringField(
        _l("Phone of the office"),
        description=_l("With its country code, such as +41 22 555 01 00."),
        widget=TextInput("tel"),
        render_kw={"dir": "ltr"},
        validators=[Length(max=40, message=TOO_LONG)],
    )
    address = TextAreaField(
        _l("Address"),
        widget=GovTextArea(),
        render_kw={"dir": "auto"},
        validators=[Length(max=500, message=TOO_LONG)],
    )
    languages = SelectMultipleField(
        _l("Languages in which the office can work with an expert"),
        description=_l("A request that names no language takes these."),
        widget=GovCheckboxesInput(),
    )
    another_language = SelectField(_l("Another language"), widget=GovSelect())
    critical_services = SelectMultipleField(
        _l("Services that must not stop"),
        description=_l("A request that names no service takes these."),
        widget=GovCheckboxesInput(),
    )
    send = SubmitField(_l("Save"), widget=GovSubmitInput())

    def __init__(self, office: Office, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office
        known = names(Language, current_language())
        first = dict.fromkeys([*office.languages, *LANGUAGES])
        self.languages.choices = [(code, _begun(known.get(code, code))) for code in first]
        others = [(code, _begun(name)) for code, name in known.items() if code not in first]
        self.another_language.choices = [("", _("None")), *others]
        self.critical_services.choices = list(names(Service, current_language()).items())

    @classmethod
    def of(cls, office: Office) -> "ProfileForm":
        """The form with what is stored."""
        return cls(office, obj=office)

    def columns(self) -> dict[str, Any]:
        """What was typed, by column of the table `office`."""
        chosen = [*(self.languages.data or ()), self.another_language.data]
        return {
            "contact_email": (self.contact_email.data or "").strip(),
            "contact_phone": self._phone(),
            "address": (self.address.data or "").replace("\r\n", "\n").strip(),
            "languages": [code for code in chosen if code],
            "critical_services": list(self.critical_services.data or ()),
        }

    def validate_contact_email(self, field: Any) -> None:
        """Says when it is no e-mail address."""
        try:
            if field.data and field.data.strip():
                to_address(field.data)
        except BadAddressError as error:
            raise ValidationError(_("This is not an e-mail address.")) from error

    def validate_contact_phone(self, _field: Any) -> None:
        """Says when it cannot be a phone number."""
        try:
            self._phone()
        except BadPhoneError as error:
            raise ValidationError(
                _("This cannot be a phone number. Write it like this: +41 22 555 01 00.")
            ) from error

    def _phone(self) -> str:
        typed = (self.contact_phone.data or "").strip()
        return to_e164(typed, self.office.country) if typed else ""


def _begun(name: str) -> str:
    # Languages are written small in many languages, but a line of a list begins large.
    return name[:1].upper() + name[1:]
