"""Certificates, one at a time, and the CV. What a file is, is judged when it is taken in."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import (
    DateField,
    Field,
    FileField,
    SelectField,
    StringField,
    SubmitField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, Optional

from core.forms import FileQuestion, ListQuestion, TextQuestion
from roster.joining.forms.step import StepForm, one_line

ACCEPTED = ".pdf,.docx,.odt"
SHORT = "govuk-input--width-10"
LONGEST_NAME, LONGEST_NUMBER = 120, 60


def _at_most(characters: int) -> Length:
    sentence = _l("Use at most %(number)d characters.", number=characters)
    return Length(max=characters, message=sentence)


class CertificateForm(StepForm):
    """A certificate: what, by whom, until when, and its number or the paper itself."""

    name = StringField(
        _l("Name of the certificate"), widget=TextQuestion(), filters=[one_line],
        description=_l("Such as CBCI, ISO 22301 Lead Auditor, CISSP."),
        validators=[DataRequired(_l("Enter the name of the certificate.")),
                    _at_most(LONGEST_NAME)],
    )  # fmt: skip
    issuer = StringField(
        _l("Who issued it?"), widget=TextQuestion(), filters=[one_line],
        validators=[DataRequired(_l("Enter who issued it.")), _at_most(LONGEST_NAME)],
    )  # fmt: skip
    number = StringField(
        _l("Its number"), widget=TextQuestion(), filters=[one_line],
        description=_l("If you have no number, send a copy below."),
        validators=[_at_most(LONGEST_NUMBER)],
    )  # fmt: skip
    issued_on = DateField(
        _l("Issued on (optional)"),
        widget=TextQuestion("date", classes=SHORT),
        validators=[Optional()],
    )
    expires_on = DateField(
        _l("Valid until"), widget=TextQuestion("date", classes=SHORT),
        description=_l("Leave it empty if it does not expire."), validators=[Optional()],
    )  # fmt: skip
    skill = SelectField(
        _l("Which of your skills rests on it? (optional)"), widget=ListQuestion(), choices=[]
    )
    file = FileField(
        _l("A copy (optional)"), widget=FileQuestion(),
        description=_l("PDF, Word (.docx) or OpenDocument, 5 MB at most."),
        render_kw={"accept": ACCEPTED},
    )  # fmt: skip
    save = SubmitField(_l("Add this certificate"), widget=GovSubmitInput())

    def offer_skills(self, codes: Iterable[str], names: Mapping[str, str]) -> None:
        """The skills that were claimed."""
        self.skill.choices = {"": _("None of them")} | {c: names.get(c, c) for c in codes}

    def validate_number(self, field: Field) -> None:
        """The number or the paper."""
        sent = self.file.data
        if not field.data and not (sent and getattr(sent, "filename", "")):
            raise ValidationError(_("Enter the number, or send a copy."))

    def validate_expires_on(self, field: Field) -> None:
        """Not before it was issued."""
        if field.data and self.issued_on.data and field.data < self.issued_on.data:
            raise ValidationError(_("It cannot end before it was issued."))


class CvForm(FlaskForm):
    """The CV as a file."""

    file = FileField(
        _l("Your CV"), widget=FileQuestion(),
        description=_l("PDF, Word (.docx) or OpenDocument, 5 MB at most."),
        render_kw={"accept": ACCEPTED},
    )  # fmt: skip
    save = SubmitField(_l("Send this file"), widget=GovSubmitInput())

    def validate_file(self, field: Field) -> None:
        """Something was chosen."""
        if not (field.data and getattr(field.data, "filename", "")):
            raise ValidationError(_("Choose a file first."))


class RemoveForm(FlaskForm):
    """Takes back a paper or a certificate: a button."""
