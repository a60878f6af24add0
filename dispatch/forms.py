"""The forms of dispatch: asking for help, answering an offer, and the duty officer's moves.

What a crisis report may contain is judged by `dispatch.report`, for the API and the form alike;
here stands only how it is asked.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from core.reference.models import CrisisKind, Office, Service, Skill, named
from dispatch.report import CrisisReport, ReportError, read_report

IMPACTS = [
    ("loss_of_potential", _l("We are losing what we could have done")),
    ("impaired_functioning", _l("The office works badly")),
    ("impaired_operations", _l("Services to the public are disturbed")),
]
SEVERITIES = [
    ("1", _l("Critical: all services stopped, records or staff at risk, or an attack under way")),
    ("2", _l("Major: a main service has stopped and there is no way round it")),
    ("3", _l("Moderate: services are degraded, but there is a way round")),
    ("4", _l("Preparedness: a threat, an exercise, or advice")),
]
MODES = [
    ("either", _l("Either: whatever helps soonest")),
    ("remote", _l("Remote: by phone and network")),
    ("on_site", _l("On site: somebody must come")),
]


class CrisisForm(FlaskForm):
    """A call for help. Few answers are required; the rest follows from the office's profile."""

    submission = HiddenField()
    office = SelectField(
        _l("Which office needs help?"),
        widget=GovSelect(),
        validators=[InputRequired(_l("Choose the office that needs help."))],
    )
    kind = RadioField(
        _l("What has happened?"),
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose what has happened. If unsure, choose the last one."))],
    )
    severity = RadioField(
        _l("How bad is it?"),
        widget=GovRadioInput(),
        choices=SEVERITIES,
        validators=[InputRequired(_l("Choose how bad it is."))],
    )
    summary = TextAreaField(
        _l("Describe it in a few words"),
        widget=GovTextArea(),
        description=_l("What happened, when, and what you need most. Two sentences are enough."),
        validators=[
            InputRequired(_l("Describe in a few words what happened.")),
            Length(max=5000, message=_l("Use at most 5,000 characters.")),
        ],
    )
    contact_name = StringField(
        _l("Your name"),
        widget=GovTextInput(),
        validators=[InputRequired(_l("Enter the name that the expert should ask for."))],
    )
    contact_phone = StringField(
        _l("Phone number where we reach you"),
        widget=GovTextInput(),
        description=_l("With the country code, such as +41 22 555 01 00."),
        validators=[InputRequired(_l("Enter a phone number: we will call or text it."))],
    )
    contact_email = StringField(
        _l("E-mail address, if one works"),
        widget=GovTextInput(),
        description=_l("It need not be the office's own."),
    )
    place = StringField(
        _l("Where, if not at the office's seat?"),
        widget=GovTextInput(),
        description=_l("A town, or coordinates such as 12.37, -1.53."),
    )
    services = SelectMultipleField(_l("Which services are affected?"), widget=GovCheckboxesInput())
    impact = SelectMultipleField(
        _l("What does it do to your work?"), widget=GovCheckboxesInput(), choices=IMPACTS
    )
    mode = RadioField(
        _l("How could an expert help?"), widget=GovRadioInput(), choices=MODES, default="either"
    )
    experts_needed = StringField(
        _l("How many experts do you need?"), widget=GovTextInput(), default="1"
    )
    skills = SelectMultipleField(
        _l("Skills that the expert must have"),
        widget=GovCheckboxesInput(),
        description=_l("Leave this empty if you are not sure: we choose by what has happened."),
    )
    languages = StringField(
        _l("Languages that the expert should speak"),
        widget=GovTextInput(),
        description=_l("Codes such as fr or ar, with spaces between; empty: your office's own."),
    )
    affected_radius_km = StringField(
        _l("How far round the place are people themselves affected? (km)"),
        widget=GovTextInput(),
        description=_l("Nobody within this distance is asked."),
    )
    local_experts_safe = BooleanField(
        _l("Experts who live nearby are safe and can be asked"), widget=GovCheckboxInput()
    )
    exercise = BooleanField(_l("This is an exercise"), widget=GovCheckboxInput())
    send = SubmitField(_l("Ask for help"), widget=GovSubmitInput())

    def offer_choices(
        self,
        language: str,
        offices: list[Office],
        kinds: list[CrisisKind],
        services: list[Service],
        skills: list[Skill],
    ) -> None:
        """Fills the lists from the reference rows, named in the reader's language."""
        self.office.choices = [
            ("", _l("Choose an office")),
            *((o.code, o.name_en) for o in offices),
        ]
        self.kind.choices = [(k.code, named(k, language)) for k in kinds]
        self.services.choices = [(s.code, named(s, language)) for s in services]
        self.skills.choices = [(s.code, named(s, language)) for s in skills]

    def read(self, language: str) -> CrisisReport | None:
        """The report, or None with a sentence at each field that needs another answer."""
        try:
            report = read_report({**self._answers(), "language": language})
        except ReportError as error:
            self._take(error.errors)
            return None
        return report if self.validate() else None

    def _answers(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            name: field.data
            for name, field in self._fields.items()
            if name not in {"submission", "send", "csrf_token"} and field.data not in (None, "", [])
        }
        for number in ("severity", "experts_needed", "affected_radius_km"):
            if number in given:
                given[number] = _number(given[number])
        if "languages" in given:
            given["languages"] = given["languages"].replace(",", " ").replace(";", " ").split()
        return given

    def _take(self, errors: Mapping[str, str]) -> None:
        self.validate()
        for name, text in errors.items():
            field = self._fields.get(name, self.summary)
            if not field.errors:
                field.errors = [text]


class AnswerForm(FlaskForm):
    """Yes or no to an offer: two buttons."""

    answer = HiddenField()


class ReasonForm(FlaskForm):
    """A move that is explained: cancelling, withdrawing, choosing."""

    reason = StringField(
        _l("Reason"),
        widget=GovTextInput(),
        validators=[
            InputRequired(_l("Say why, in a few words.")),
            Length(max=500, message=_l("Use at most 500 characters.")),
        ],
    )


class ChoiceForm(ReasonForm):
    """A duty officer's own choice of an expert."""

    expert = HiddenField(validators=[InputRequired(_l("Choose an expert."))])


class MoveForm(FlaskForm):
    """A move that needs no words: confirming, pausing, resuming, closing."""


def _number(text: str) -> Any:
    """`text` as the number it is; as it stands when it is none, so that the report says so."""
    digits = "".join(str(int(c)) if c.isdigit() else c for c in str(text).strip())
    try:
        return float(digits) if "." in digits else int(digits)
    except ValueError:
        return text
