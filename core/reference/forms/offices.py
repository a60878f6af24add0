"""The administrator's form for an office: what it is, besides what it says of itself."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import FloatField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp, ValidationError

from core.forms import TextInput
from core.i18n import LANGUAGES, current_language
from core.offices.forms import ProfileForm
from core.reference.forms.rows import RowForm, one_line
from core.reference.models import Office, Region
from core.reference.office_rows import ZONES
from core.reference.queries import names


def _degrees(label: Any, most: int) -> FloatField:
    between = _l("Enter a number from -%(most)d to %(most)d.", most=most)
    return FloatField(
        label,
        widget=TextInput(),
        validators=[InputRequired(between), NumberRange(-most, most, message=between)],
    )


class OfficeForm(RowForm, ProfileForm):
    """All of an office but its code, its kind and the codes of its state."""

    plain = (
        "office_name", "office_acronym", "seat_city", "lat", "lon", "time_zone", "region",
        "un_language", "un_language_alt", "cdip_group", "dial_prefix", "note",
    )  # fmt: skip
    office_name = one_line(_l("What the office calls itself"))
    office_acronym = one_line(_l("Acronym"), longest=60)
    seat_city = one_line(_l("City of the seat"), InputRequired(_l("Enter the city.")), longest=120)
    lat = _degrees(_l("Latitude, in degrees"), 90)
    lon = _degrees(_l("Longitude, in degrees"), 180)
    time_zone = one_line(_l("Time zone, such as Africa/Nairobi"), longest=60)
    region = SelectField(_l("Region"), widget=GovSelect())
    un_language = SelectField(_l("Language in which we write to it"), widget=GovSelect())
    un_language_alt = SelectField(_l("Another of the six that it works in"), widget=GovSelect())
    cdip_group = one_line(_l("Group of member states"), longest=20)
    dial_prefix = one_line(
        _l("Dial prefix"),
        Regexp(r"^(\+[0-9]{1,7})?$", message=_l("Write a plus sign and digits, such as +254.")),
    )
    note = one_line(_l("Note"), Length(max=500), longest=500)

    def __init__(self, office: Office, *args: Any, **kwargs: Any) -> None:
        super().__init__(office, *args, **kwargs)
        self.un_language.choices = list(LANGUAGES.items())
        self.un_language_alt.choices = [("", _("None")), *LANGUAGES.items()]
        self.region.choices = list(names(Region, current_language()).items())

    @classmethod
    def of(cls, row: Office) -> "OfficeForm":
        """The form with what is stored of the office `row`."""
        texts = {f"names_{language}": row.names.get(language, "") for language in LANGUAGES}
        return cls(row, obj=row, data=texts)

    def columns(self) -> dict[str, Any]:
        """What was typed, by column."""
        named = RowForm.columns(self)
        return ProfileForm.columns(self) | named | {"name_en": named["names"]["en"]}

    def validate_time_zone(self, field: Any) -> None:
        """Says when there is no such time zone."""
        if field.data not in ZONES:
            raise ValidationError(_("There is no such time zone. Write it like Africa/Nairobi."))
