"""The call for help as a form: few questions are required, in the order in which people tell it.

What a report may contain is judged by `dispatch.reports.report`, for the API and the form alike;
here stands only how it is asked, and how what was typed is read.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
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

from core.forms import (
    ListQuestion,
    LongQuestion,
    OneQuestion,
    SomeQuestion,
    TextQuestion,
    YesQuestion,
)
from core.typed import read_languages, show_languages
from dispatch.forms.choices import Choices
from dispatch.forms.typed import read_digits
from dispatch.models import CrisisRequest
from dispatch.reports.amending import filed_as
from dispatch.reports.report import CrisisReport, ReportError, read_report
from dispatch.wording.catalogue import _

NUMBERS = ("severity", "experts_needed", "affected_radius_km")
NOT_REPORTED = ("submission", "send", "csrf_token")


def impacts() -> dict[str, str]:
    """What a crisis does to an office."""
    return {
        "impaired_operations": _("Services to the public are disturbed"),
        "impaired_functioning": _("The office itself works badly"),
        "loss_of_potential": _("Plans and improvements are lost or delayed"),
    }


def severities() -> dict[str, str]:
    """How bad it is, in words that settle the number."""
    return {
        "1": _("Critical: all services stopped, records or staff in danger, or an attack"),
        "2": _("Major: a main service has stopped, and there is no other way"),
        "3": _("Moderate: services are slower or worse, but there is another way"),
        "4": _("Not yet: a threat, an exercise, or we want advice"),
    }


def modes() -> dict[str, str]:
    """How an expert can help."""
    return {
        "either": _("Whatever helps soonest"),
        "remote": _("By phone and network"),
        "on_site": _("Somebody must come to us"),
    }


class ExplainedField(RadioField):
    """One of a few, with a hint at each by its value."""

    hints: Mapping[str, str] = MappingProxyType({})


class CrisisForm(FlaskForm):
    """A call for help. What is left open follows from the office's profile and the kind."""

    submission = HiddenField()
    office = SelectField(
        _l("Which office needs help?"),
        widget=ListQuestion(),
        validators=[InputRequired(_l("Choose the office that needs help."))],
    )
    kind = ExplainedField(
        _l("What has happened?"),
        widget=OneQuestion(),
        validators=[InputRequired(_l("Choose what has happened. If unsure, choose the last one."))],
    )
    severity = RadioField(
        _l("How bad is it?"),
        widget=OneQuestion(),
        choices=severities,
        validators=[InputRequired(_l("Choose how bad it is. If unsure, choose the worse."))],
    )
    summary = TextAreaField(
        _l("Tell us in a few words"),
        widget=LongQuestion(),
        description=_l("What happened, when, and what you need most. One sentence is enough."),
        validators=[
            InputRequired(_l("Write in a few words what happened.")),
            Length(max=5000, message=_l("Use at most 5,000 characters.")),
        ],
    )
    contact_name = StringField(
        _l("Your name"),
        widget=TextQuestion(autocomplete="name"),
        validators=[InputRequired(_l("Enter the name that the expert should ask for."))],
    )
    contact_phone = StringField(
        _l("Your phone number"),
        widget=TextQuestion(
            "tel", autocomplete="tel", inputmode="tel", classes="govuk-input--width-20"
        ),
        description=_l("With the country code, such as +41 22 555 01 00. We will call or text it."),
        validators=[InputRequired(_l("Enter a phone number on which we reach you."))],
    )
    contact_email = StringField(
        _l("An e-mail address that works (optional)"),
        widget=TextQuestion("email", autocomplete="email", spellcheck="false"),
        description=_l("It need not be the office's own."),
    )
    place = StringField(
        _l("Where is it, if not at the office's seat?"),
        widget=TextQuestion(),
        description=_l("A town, or coordinates such as 12.37, -1.53."),
    )
    services = SelectMultipleField(_l("Which services have stopped?"), widget=SomeQuestion())
    impact = SelectMultipleField(
        _l("What does it do to your work?"), widget=SomeQuestion(), choices=impacts
    )
    mode = RadioField(
        _l("How can an expert help?"), widget=OneQuestion(), choices=modes, default="either"
    )
    experts_needed = StringField(
        _l("How many experts do you need?"),
        widget=TextQuestion(inputmode="numeric", classes="govuk-input--width-2"),
        default="1",
    )
    skills = SelectMultipleField(
        _l("Skills that the expert must have"),
        widget=SomeQuestion(),
        description=_l("Leave this empty if you are not sure: we choose by what has happened."),
    )
    languages = StringField(
        _l("Languages that the expert should speak"),
        widget=TextQuestion(),
        description=_l("One of them is enough. Leave this empty for your office's own languages."),
    )
    affected_radius_km = StringField(
        _l("How far around are people affected themselves? (km)"),
        widget=TextQuestion(inputmode="decimal", classes="govuk-input--width-5"),
        description=_l("Nobody who lives within this distance is asked."),
    )
    local_experts_safe = BooleanField(
        _l("Experts who live nearby are safe and may be asked"), widget=YesQuestion()
    )
    exercise = BooleanField(_l("This is an exercise"), widget=YesQuestion())
    send = SubmitField(_l("Ask for help"), widget=GovSubmitInput())

    def offer(self, choices: Choices) -> None:
        """Fills in what can be chosen."""
        self.known_languages = choices.languages
        if self.office is not None:
            self.office.choices = {"": _("Choose an office"), **choices.offices}
        self.kind.choices, self.kind.hints = choices.kinds, choices.kind_hints
        self.services.choices = choices.services
        self.skills.choices = choices.skills

    def read(self, language: str) -> CrisisReport | None:
        """The report, or None with a sentence at each field that needs another answer."""
        try:
            report = read_report({**self.answers(), "language": language})
        except ReportError as error:
            self.take(error.errors)
            return None
        return report if self.validate() else None

    def answers(self) -> dict[str, Any]:
        """What was answered, as `read_report` takes it; nothing for what was left empty."""
        given: dict[str, Any] = {
            name: field.data
            for name, field in self._fields.items()
            if name not in NOT_REPORTED and field.data not in (None, "", [], False)
        }
        for number in NUMBERS:
            if number in given:
                given[number] = read_digits(given[number])
        if "languages" in given:
            given["languages"] = read_languages(given["languages"], self.known_languages)
        return given

    def take(self, errors: Mapping[str, str]) -> None:
        """Shows the sentences of a ReportError, each at its field."""
        self.validate()
        for name, text in errors.items():
            field = self._fields.get(name, self.summary)
            if not field.errors:
                field.errors = [text]


class AmendForm(CrisisForm):
    """The same questions about a request that was filed: what changed since?"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fixed in ("submission", "office", "exercise"):
            del self[fixed]
        # Programs and texts file without them.
        self.contact_name.validators = self.contact_phone.validators = ()
        self.send.label.text = _l("Save the changes")

    def show(self, request: CrisisRequest, language: str) -> None:
        """Fills in what is known of `request`."""
        filed = filed_as(request)
        for name, field in self._fields.items():
            if name in filed and name not in {"skills", "languages"}:
                field.data = filed[name] if filed[name] is not None else ""
        self.severity.data = str(request.severity)
        self.skills.data = [code for code, _level in request.skills]
        self.languages.data = show_languages(request.languages, self.known_languages, language)

    def changes(self, request: CrisisRequest) -> dict[str, Any]:
        """What differs from `request`, as `intake.amend` takes it."""
        filed, given = filed_as(request), self.answers()
        levels = dict(request.skills)
        given["skills"] = [
            f"{code}:{levels[code]}" if code in levels else code for code in given.get("skills", [])
        ]
        asked = impacts()
        given["impact"] = [one for one in request.impact if one not in asked] + given.get(
            "impact", []
        )
        names = [name for name in self._fields if name not in NOT_REPORTED]
        found = {name: given.get(name) for name in names if given.get(name) != filed[name]}
        changes = {name: value for name, value in found.items() if value or filed[name]}
        if "place" in changes and not changes["place"]:
            changes |= {"lat": None, "lon": None}
        return changes
