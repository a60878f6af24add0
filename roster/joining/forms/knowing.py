"""What an applicant can do: languages, skills, and how well, with what shows it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired

from core.forms import LongQuestion, OneQuestion, SomeQuestion, TextQuestion
from core.i18n import LANGUAGES
from core.typed import read_languages
from roster.joining.forms.step import StepForm, line_length, one_line, stripped, text_length
from roster.joining.known import Known

LEVELS = {
    "1": _l("I know it: training or theory"),
    "2": _l("I have practised it at work"),
    "3": _l("I have led it in a real crisis"),
}


class LanguagesForm(StepForm):
    """In which languages they can work with an office."""

    spoken = SelectMultipleField(
        _l("In which languages can you work with an office?"),
        widget=SomeQuestion(),
        choices=LANGUAGES,
    )
    others = StringField(
        _l("Other languages (optional)"),
        widget=TextQuestion(),
        description=_l("Write their names with commas between, such as Portuguese, Swahili."),
        filters=[one_line],
        validators=[line_length()],
    )

    def codes(self) -> list[str]:
        """The codes of all languages named."""
        others = read_languages(self.others.data or "", self.known.languages)
        return list(dict.fromkeys([*(self.spoken.data or []), *others]))

    def validate_spoken(self, field: Field) -> None:
        """At least one, of either list."""
        if not field.data and not (self.others.data or "").strip():
            raise ValidationError(_("Choose or write at least one language."))

    def validate_others(self, field: Field) -> None:
        """Each name is known."""
        for code in read_languages(field.data or "", self.known.languages):
            if code not in self.known.languages:
                raise ValidationError(_("We do not know the language “%(name)s”.", name=code))


class SkillsForm(StepForm):
    """Which skills they claim."""

    skills = SelectMultipleField(
        _l("What can you help an office with?"),
        widget=SomeQuestion(),
        description=_l("Choose only what you would do in a crisis. We ask for examples next."),
        validators=[DataRequired(_l("Choose at least one."))],
    )

    def offer(self, known: Known) -> None:
        """All skills, by name."""
        super().offer(known)
        self.skills.choices = dict(known.skills)


class LevelsForm(StepForm):
    """How well they know each skill they claim, and what shows it."""

    codes: Sequence[str] = ()

    def groups(self) -> list[tuple[str, list[Field]]]:
        """A group for each skill, under its name."""
        return [
            (self.known.skills.get(code, code), [self[f"level_{code}"], self[f"evidence_{code}"]])
            for code in self.codes
        ]

    def claims(self) -> dict[str, tuple[int, str]]:
        """Level and evidence by skill."""
        return {
            code: (int(self[f"level_{code}"].data), self[f"evidence_{code}"].data or "")
            for code in self.codes
        }


def levels_form(codes: Sequence[str]) -> type[LevelsForm]:
    """The form that asks about the skills `codes`."""
    fields: dict[str, Any] = {"codes": tuple(codes)}
    for code in codes:
        fields[f"level_{code}"] = RadioField(
            _l("How well do you know it?"), widget=OneQuestion(), choices=_levels,
            validators=[DataRequired(_l("Choose how well you know it."))],
        )  # fmt: skip
        fields[f"evidence_{code}"] = TextAreaField(
            _l("What shows it?"), widget=LongQuestion(), filters=[stripped],
            description=_l("Where and when you did it, in a sentence or two."),
            validators=[DataRequired(_l("Say in a sentence what shows it.")), text_length()],
        )  # fmt: skip
    return type("LevelsForm", (LevelsForm,), fields)


def _levels() -> dict[str, str]:
    return {level: str(words) for level, words in LEVELS.items()}
