"""What all pages of an application share: answers are kept as typed, and judged again later."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovSubmitInput
from werkzeug.datastructures import MultiDict
from wtforms import Field, FileField, SubmitField
from wtforms.validators import DataRequired, Length

from roster.joining.known import Known

Typed = Mapping[str, list[str]]
LONGEST_LINE, LONGEST_TEXT = 200, 3000
NOT_ASKED = ("csrf_token", "save")


def stripped(text: str | None) -> str | None:
    """What was typed without space around it, and without NUL, which no database takes."""
    return text.replace("\x00", "").strip() if text else text


def one_line(text: str | None) -> str | None:
    """The same on one line, with single spaces: it may come to stand in the subject of a mail."""
    return " ".join((stripped(text) or "").split()) if text else text


def needed(sentence: str) -> list[Callable[..., None]]:
    """The validators of one line that must be there, with `sentence` when it is not."""
    return [DataRequired(sentence), line_length()]


def line_length() -> Length:
    """One line is not longer than its column."""
    return Length(max=LONGEST_LINE, message=_l("Use at most 200 characters."))


def text_length() -> Length:
    """A text of some paragraphs."""
    return Length(max=LONGEST_TEXT, message=_l("Use at most 3,000 characters."))


class StepForm(FlaskForm):
    """One page of questions; what is asked may depend on `known`."""

    save = SubmitField(_l("Save and continue"), widget=GovSubmitInput())

    @classmethod
    def of(cls, typed: Typed | None, known: Known, **more: Any) -> "StepForm":
        """The form as it was filled in: by a POST (`typed` None), or as stored, without a token."""
        form = cls(**more) if typed is None else cls(MultiDict(dict(typed)), meta={"csrf": False})
        form.offer(known)
        return form

    def offer(self, known: Known) -> None:
        """Fills in what can be chosen."""
        self.known = known

    def questions(self) -> list[Field]:
        """The fields that ask something, in order."""
        return [field for name, field in self._fields.items() if name not in NOT_ASKED]

    def groups(self) -> list[tuple[str, list[Field]]]:
        """Legends with their fields; one group without a legend unless the page has several."""
        return [("", self.questions())]

    def typed(self) -> dict[str, list[str]]:
        """What was sent, word for word; no file, and nothing that was not asked."""
        asked = {field.name for field in self.questions() if not isinstance(field, FileField)}
        return {
            name: [value.replace("\x00", "")[: 2 * LONGEST_TEXT] for value in values]
            for name, values in request.form.lists()
            if name in asked
        }
