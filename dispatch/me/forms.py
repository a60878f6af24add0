"""The forms of the expert's own page. What they ask for is judged by the roster's verbs."""

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from flask_babel import get_locale
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
from core.i18n import LANGUAGES
from core.phone import BadPhoneError, to_e164
from dispatch.wording.catalogue import _
from roster.models import Expert
from roster.registrar.profile import MOST_MISSIONS
from roster.rules import terms
from roster.rules.month import FIRST_YEAR, LAST_YEAR
from roster.rules.spans import (
    OVER_MIDNIGHT,
    TOO_MANY,
    SpanError,
    read_minute,
    read_spans,
    write_span,
)
from roster.rules.terms import Hours

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TOO_LONG = Length(max=200, message=_l("Use at most 200 characters."))


def _day() -> StringField:
    return StringField(widget=TextInput(), validators=[TOO_LONG])


class WeekForm(FlaskForm):
    """For each weekday the hours in which one may be asked, several with a comma between."""

    monday, tuesday, wednesday, thursday = _day(), _day(), _day(), _day()
    friday, saturday, sunday = _day(), _day(), _day()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = get_locale().days["stand-alone"]["wide"]
        for weekday, name in enumerate(DAYS):
            self[name].label.text = names[weekday]
        self.hours: list[Hours] = []

    def show(self, expert: Expert) -> None:
        """Fills in what `expert` has said before."""
        for weekday, name in enumerate(DAYS):
            spans = sorted((one.start, one.end) for one in expert.weekly if one.weekday == weekday)
            self[name].data = ", ".join(write_span(span) for span in spans)

    def validate(self, extra_validators: Any = None) -> bool:
        """Reads all days, and says at each what is wrong with it."""
        good = super().validate(extra_validators)
        self.hours = []
        for weekday, name in enumerate(DAYS):
            try:
                spans = read_spans(self[name].data or "")
            except SpanError as error:
                self[name].errors = [span_fault(error)]
                good = False
            else:
                self.hours += [Hours(weekday, start, end) for start, end in spans]
        return good


def span_fault(error: SpanError) -> str:
    """What is wrong with hours that were typed, and what to do about it."""
    if error.reason == OVER_MIDNIGHT:
        return _(
            "%(hours)s goes over midnight. Split it: one part until 24:00, and the rest from "
            "00:00 on the next day.", hours=error.said,
        )  # fmt: skip
    if error.reason == TOO_MANY:
        return _("Use at most six parts a day.")
    return _("Write hours like this: 09:00–12:30, 14:00–18:00. We could not read “%(said)s”.",
             said=error.said)  # fmt: skip


class QuietForm(FlaskForm):
    """The hours in which only the gravest cases may ring."""

    quiet_from = StringField(_l("From"), widget=TextInput(), validators=[TOO_LONG])
    quiet_until = StringField(_l("Until"), widget=TextInput(), validators=[TOO_LONG])

    def show(self, expert: Expert) -> None:
        """Fills in what `expert` has said before."""
        for field, minute in (
            (self.quiet_from, expert.quiet_from), (self.quiet_until, expert.quiet_until),
        ):  # fmt: skip
            field.data = "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"

    def quiet(self) -> tuple[int, int] | None:
        """The two moments as minutes since midnight; None when both are empty."""
        if not (self.quiet_from.data or self.quiet_until.data):
            return None
        return read_minute(self.quiet_from.data or ""), read_minute(self.quiet_until.data or "")

    def validate_quiet_from(self, field: StringField) -> None:
        """A time, or both empty."""
        self._check(field, self.quiet_until)

    def validate_quiet_until(self, field: StringField) -> None:
        """A time, or both empty."""
        self._check(field, self.quiet_from)

    @staticmethod
    def _check(field: StringField, other: StringField) -> None:
        try:
            if field.data or other.data:
                read_minute(field.data or "")
        except SpanError as error:
            said = _l("Enter a time such as 22:00, or leave both empty for no quiet hours.")
            raise ValidationError(said) from error


class ZoneForm(FlaskForm):
    """Whose clock counts."""

    time_zone = SelectField(
        _l("Time zone"), widget=GovSelect(), choices=lambda: {zone: zone for zone in zones()}
    )


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The zones that are places, and UTC."""
    named = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return (*sorted(named), "UTC")


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
        self.limit.data = str(min(expert.max_missions, MOST_MISSIONS))
        self.modes.data = [mode for mode in terms.MODES if getattr(expert, mode)]
        self.language.data = expert.language


def check_year(_form: Form, field: DateField) -> None:
    """A year that was mistyped is no day of anybody's calendar."""
    if field.data and not FIRST_YEAR <= field.data.year < LAST_YEAR:
        raise ValidationError(_l("Check the year."))


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
