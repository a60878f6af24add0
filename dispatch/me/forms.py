"""The forms of the expert's own page. What they ask for is judged by the roster's verbs."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovSelect,
    GovTextInput,
)
from wtforms import BooleanField, DateField, Form, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from core.forms import SecretInput, TextInput
from core.i18n import LANGUAGES, nearest_language
from core.phone import BadPhoneError, to_e164
from dispatch.wording.catalogue import _
from roster.models import Expert
from roster.registrar.profile import MOST_MISSIONS
from roster.rules import terms
from roster.rules.month import FIRST_YEAR, LAST_YEAR

TOO_LONG = Length(max=200, message=_l("Use at most 200 characters."))


class LimitsForm(FlaskForm):
    """How many missions at a time, in which ways, and in which language we write."""

    limit = SelectField(
        _l("Missions at a time"),
        widget=GovSelect(),
        choices={str(number): str(number) for number in range(MOST_MISSIONS + 1)},
        description=_l("0 means that you are not asked at all."),
    )
    modes = SelectMultipleField(
        _l("How can you help?"),
        widget=GovCheckboxesInput(),
        choices=lambda: {
            terms.REMOTE: _("By phone and network"), terms.ON_SITE: _("By travelling there"),
        },
        validators=[InputRequired(_l("Choose at least one way in which you can help."))],
    )  # fmt: skip
    language = SelectField(
        _l("Language in which we write to you"), widget=GovSelect(), choices=LANGUAGES
    )

    def show(self, expert: Expert) -> None:
        """Fills in what is stored."""
        self.limit.data = shown_limit(expert)
        self.modes.data = [mode for mode in terms.MODES if getattr(expert, mode)]
        self.language.data = nearest_language(expert.language)


def check_year(_form: Form, field: DateField) -> None:
    """A year that was mistyped is no day of anybody's calendar."""
    if field.data and not FIRST_YEAR <= field.data.year < LAST_YEAR:
        raise ValidationError(_l("Check the year."))


def shown_limit(expert: Expert) -> str:
    """The limit as the list has it: HR may have set a higher one."""
    return str(min(expert.max_missions, MOST_MISSIONS))


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
