"""The forms of my hours: each weekday as people write it, quiet hours, and whose clock counts."""

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from core.forms import TextInput
from dispatch.me.forms.lengths import TOO_LONG
from dispatch.wording.catalogue import _
from roster.models import Expert
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


def _day() -> StringField:
    return StringField(widget=TextInput(), validators=[TOO_LONG], render_kw={"dir": "ltr"})


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
        good = bool(super().validate(extra_validators))
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
    return _("Write hours like this: %(hours)s. We could not read “%(said)s”.",
             hours="09:00–12:30, 14:00–18:00", said=error.said)  # fmt: skip


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

    time_zone = SelectField(_l("Time zone"), widget=GovSelect())

    def offer(self, present: str) -> None:
        """Lets one choose among the zones that are places, and the `present` one."""
        self.time_zone.choices = {zone: zone for zone in sorted({*zones(), present})}


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The zones that are places, and UTC."""
    named = (zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    return (*sorted(named), "UTC")
