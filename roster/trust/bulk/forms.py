"""Forms for changes of many: a file, or what is to become of everybody who matches."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import Length

from roster.trust.bulk.choosing import Edit

KEEP = ("", _l("Leave as it is"))


class FileForm(FlaskForm):
    """A roster file."""

    file = FileField(_l("Roster file (CSV)"), validators=[FileRequired(_l("Choose a file."))])


class EditForm(FlaskForm):
    """What is to change; what is left empty stays."""

    max_missions = StringField(_l("Missions at a time"), validators=[Length(max=2)])
    modes = SelectField(_l("Modes"), choices=[])
    language = SelectField(_l("Is written to in"), choices=[])
    add_language = SelectField(_l("Add a language"), choices=[])
    remove_language = SelectField(_l("Take a language away"), choices=[])
    add_conflict = StringField(
        _l("Add a conflict of interest (country code)"), validators=[Length(max=2)]
    )
    remove_conflict = StringField(
        _l("Take a conflict of interest away (country code)"), validators=[Length(max=2)]
    )

    @property
    def edit(self) -> Edit:
        """As it was filled in."""
        names = Edit.__dataclass_fields__
        return Edit(**{name: (self[name].data or "").strip() for name in names})


def edit_form(languages: Mapping[str, str], **more: Any) -> EditForm:
    """The form, with the languages that there are."""
    form = EditForm(**more)
    keep = (KEEP[0], str(KEEP[1]))
    for name in ("language", "add_language", "remove_language"):
        form[name].choices = [keep, *languages.items()]
    form.modes.choices = [
        keep,
        ("remote;on_site", str(_("Remote and on site"))),
        ("remote", str(_("Remote only"))),
        ("on_site", str(_("On site only"))),
    ]
    return form
