"""The form of another phone number, which counts once it has been proved."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from core.forms import TextInput
from core.phone import BadPhoneError, to_e164
from dispatch.me.forms.lengths import TOO_LONG


class PhoneForm(FlaskForm):
    """Another phone number, which counts once it has been proved."""

    phone = StringField(
        _l("New mobile number, with its country code"),
        widget=TextInput("tel"),
        render_kw={"autocomplete": "tel"},
        validators=[InputRequired(_l("Enter the new number.")), TOO_LONG],
    )

    def number(self) -> str:
        """The number as E.164. Raises BadPhoneError."""
        return to_e164(self.phone.data or "")

    def validate_phone(self, _field: StringField) -> None:
        """It can be a phone number."""
        try:
            self.number()
        except BadPhoneError as error:
            said = _l("This cannot be a phone number. Write it with its country code: "
                      "+41 22 555 01 00.")  # fmt: skip
            raise ValidationError(said) from error
