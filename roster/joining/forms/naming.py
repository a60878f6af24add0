"""People whom somebody names: an applicant's referees, and whom a coordinator nominates."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import Field, RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired

from core.forms import LongQuestion, OneQuestion, TextQuestion
from core.i18n import LANGUAGES
from core.mail import BadAddressError, to_address
from roster.joining.forms.person import check_address
from roster.joining.forms.step import StepForm, line_length, needed, one_line, stripped, text_length
from roster.rules.stages import REFEREES

MOST_REFEREES = 3
PARTS = ("name", "email", "organisation", "relation")


class _RefereesForm(StepForm):
    """Two people or three who know the applicant's work; the third may be left out."""

    applicant = ""

    def groups(self) -> list[tuple[str, list[Field]]]:
        """A group for each of them."""
        legends = (_("First referee"), _("Second referee"), _("Third referee (optional)"))
        return [
            (legend, [self[f"{part}_{number}"] for part in PARTS])
            for number, legend in enumerate(legends, 1)
        ]

    def people(self) -> list[dict[str, str]]:
        """Those who were named, part by part."""
        rows = [
            {part: (self[f"{part}_{number}"].data or "").strip() for part in PARTS}
            for number in range(1, MOST_REFEREES + 1)
        ]
        return [row for row in rows if any(row.values())]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: whole, with addresses, no two the same, and not the applicant."""
        fine = bool(super().validate(extra_validators))
        taken = {self.applicant}
        for number in range(1, MOST_REFEREES + 1):
            fields = {part: self[f"{part}_{number}"] for part in PARTS}
            if number <= REFEREES or any((field.data or "").strip() for field in fields.values()):
                fine &= _judge(fields, taken)
        return fine


def _judge(fields: dict[str, Field], taken: set[str]) -> bool:
    missing = {
        "name": _("Enter the referee's name."),
        "email": _("Enter the referee's e-mail address."),
        "organisation": _("Enter where the referee works."),
        "relation": _("Enter how the referee knows you."),
    }
    for part, field in fields.items():
        if not (field.data or "").strip():
            field.errors = [missing[part]]
    if not fields["email"].errors:
        _judge_address(fields["email"], taken)
    return not any(field.errors for field in fields.values())


def _judge_address(field: Field, taken: set[str]) -> None:
    try:
        address = to_address(field.data or "")
    except BadAddressError:
        field.errors = [_("Enter an e-mail address in the correct format, like name@example.org")]
        return
    if address in taken:
        field.errors = [_("Each referee must be another person, and not yourself.")]
    taken.add(address)


def _fields() -> dict[str, StringField]:
    asked: dict[str, tuple[Any, Any]] = {
        "name": (_l("Name"), TextQuestion(autocomplete="off")),
        "email": (_l("E-mail address"), TextQuestion("email", autocomplete="off")),
        "organisation": (_l("Organisation"), TextQuestion(autocomplete="off")),
        "relation": (_l("How do they know your work?"), TextQuestion(autocomplete="off")),
    }
    return {
        f"{part}_{number}": StringField(
            label, widget=widget, filters=[one_line], validators=[line_length()]
        )
        for number in range(1, MOST_REFEREES + 1)
        for part, (label, widget) in asked.items()
    }


RefereesForm: type[_RefereesForm] = type("RefereesForm", (_RefereesForm,), dict(_fields()))


class NominationForm(FlaskForm):
    """Whom a coordinator names, and why."""

    name = StringField(
        _l("Their name"), widget=TextQuestion(autocomplete="off"), filters=[one_line],
        validators=needed(_l("Enter their name.")),
    )  # fmt: skip
    email = StringField(
        _l("Their e-mail address"), widget=TextQuestion("email", autocomplete="off"),
        filters=[one_line],
        validators=[DataRequired(_l("Enter their e-mail address.")), check_address],
    )  # fmt: skip
    language = RadioField(
        _l("In which language shall we write to them?"), widget=OneQuestion(),
        choices=LANGUAGES, validators=[DataRequired(_l("Choose a language."))],
    )  # fmt: skip
    reason = TextAreaField(
        _l("Why should they be on the roster?"), widget=LongQuestion(), filters=[stripped],
        description=_l("Those who examine the application read this."),
        validators=[DataRequired(_l("Say in a few words why.")), text_length()],
    )  # fmt: skip
    send = SubmitField(_l("Send the invitation"), widget=GovSubmitInput())
