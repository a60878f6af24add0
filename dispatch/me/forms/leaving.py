"""The forms of leaving: a tick for the roster; a word and a password for being forgotten."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextInput
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, ValidationError

from core.forms import SecretInput, TextInput
from dispatch.me.forms.lengths import TOO_LONG
from dispatch.wording.catalogue import _


class WithdrawalForm(FlaskForm):
    """Leaving the roster: why, if one wants to say so, and a tick."""

    why = StringField(
        _l("Why, if you want to say so"), widget=GovTextInput(), validators=[TOO_LONG]
    )
    sure = BooleanField(
        _l("Yes, I leave the roster"),
        widget=GovCheckboxInput(),
        validators=[InputRequired(_l("Tick the box to leave the roster."))],
    )


class ErasureForm(FlaskForm):
    """A word and a password: nobody erases themself by mistake, nor anybody at an open phone."""

    word = StringField(widget=TextInput(), render_kw={"autocomplete": "off"})
    password = StringField(
        _l("Your password"),
        widget=SecretInput(),
        render_kw={"autocomplete": "current-password"},
        validators=[InputRequired(_l("Enter your password."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word.label.text = _("Type the word %(word)s", word=erasing_word())

    def validate_word(self, field: StringField) -> None:
        """The word was typed."""
        if (field.data or "").strip().casefold() != erasing_word().casefold():
            raise ValidationError(_("Type the word %(word)s.", word=erasing_word()))


def erasing_word() -> str:
    """The word that confirms an erasure, in the reader's language."""
    return _("ERASE")
