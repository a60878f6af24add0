"""The form of what somebody takes on: how much, in which ways, and the language of our texts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovSelect
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from core.i18n import LANGUAGES, nearest_language
from dispatch.wording.catalogue import _
from roster.models import Expert
from roster.registrar.profile import MOST_MISSIONS
from roster.rules import terms


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


def shown_limit(expert: Expert) -> str:
    """The limit as the list has it: HR may have set a higher one."""
    return str(min(expert.max_missions, MOST_MISSIONS))
