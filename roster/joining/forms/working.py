"""How an applicant wants to work: modes, how far from home, how many missions at a time."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired

from core.forms import OneQuestion, SomeQuestion
from roster.joining.forms.step import StepForm
from roster.rules import terms

MOST_MISSIONS = 3


def modes() -> dict[str, str]:
    """How an expert helps."""
    return {
        terms.REMOTE: _("By phone and network, from where I am"),
        terms.ON_SITE: _("On site: I can travel to the office"),
    }


def scopes() -> dict[str, str]:
    """How far from home."""
    return {
        terms.NATIONAL: _("In my own country only"),
        terms.REGIONAL: _("In my region"),
        terms.GLOBAL: _("Anywhere in the world"),
    }


class WorkForm(StepForm):
    """Modes, scope and limits."""

    modes = SelectMultipleField(
        _l("How can you help?"), widget=SomeQuestion(), choices=modes,
        validators=[DataRequired(_l("Choose at least one way to help."))],
    )  # fmt: skip
    scope = RadioField(
        _l("Where would you work?"), widget=OneQuestion(), choices=scopes,
        validators=[DataRequired(_l("Choose where you would work."))],
    )  # fmt: skip
    max_missions = RadioField(
        _l("How many missions can you take on at the same time?"), widget=OneQuestion(),
        choices={str(number): str(number) for number in range(1, MOST_MISSIONS + 1)},
        validators=[DataRequired(_l("Choose a number."))],
    )  # fmt: skip
