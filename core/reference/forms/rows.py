"""What the forms of all reference rows have: names in six languages, and columns to store."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from wtforms import StringField, SubmitField
from wtforms.validators import Length, Optional, Regexp, ValidationError

from core.forms import TextInput
from core.i18n import LANGUAGES

LONG = 300
TOO_LONG = _l("Use fewer characters.")


def one_line(label: Any, *validators: Any, longest: int = LONG) -> StringField:
    """A line of text."""
    validators = (*validators, Length(max=longest, message=TOO_LONG))
    return StringField(label, widget=TextInput(), validators=validators, render_kw={"dir": "auto"})


def in_six(label: Any) -> tuple[StringField, ...]:
    """The same line in each of the six languages, in the order of LANGUAGES."""
    return tuple(one_line(label(name)) for name in LANGUAGES.values())


def _name(language: str) -> Any:
    return _l("Name: %(language)s", language=language)


class RowForm(FlaskForm):
    """What all reference rows have. `six` names the columns with a text per language, `plain` those
    whose field has the column's name and value."""

    six: ClassVar[tuple[str, ...]] = ("names",)
    plain: ClassVar[tuple[str, ...]] = ()

    # Typed for a new row only; a code never changes, since other rows hold it.
    code = one_line(
        _l("Code"), Optional(), Regexp("^[A-Za-z0-9-]{2,10}$", message=_l("Use 2 to 10 letters."))
    )
    names_ar, names_zh, names_en, names_fr, names_ru, names_es = in_six(_name)
    send = SubmitField(_l("Save"), widget=GovSubmitInput())

    @classmethod
    def of(cls, row: Any) -> Any:
        """The form with what is stored of `row`."""
        texts = {
            f"{column}_{language}": getattr(row, column).get(language, "")
            for column in cls.six
            for language in LANGUAGES
        }
        return cls(data=texts | {column: getattr(row, column) for column in cls.plain})

    def columns(self) -> dict[str, Any]:
        """What was typed, by column."""
        return {column: self._texts(column) for column in self.six} | {
            column: self[column].data for column in self.plain
        }

    def validate_names_en(self, field: Any) -> None:
        """English is what a reader gets whose language has no name."""
        if not (field.data or "").strip():
            raise ValidationError(_("Enter the English name."))

    def _texts(self, column: str) -> dict[str, str]:
        typed = {language: self[f"{column}_{language}"].data or "" for language in LANGUAGES}
        return {language: text.strip() for language, text in typed.items() if text.strip()}
