"""What an applicant declares: conflicts of interest, and consent."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired

from core.forms import LongQuestion, TextQuestion, YesQuestion
from core.typed import BETWEEN, JOINED
from roster.joining.forms.step import StepForm, line_length, one_line, stripped, text_length


class ConflictsForm(StepForm):
    """For whom they must not work, and what else they do."""

    places = StringField(
        _l("Countries or offices for which you should not work (optional)"),
        widget=TextQuestion(),
        description=_l(
            "Such as one where you were employed, or have a case. Write their names with commas "
            "between."
        ),
        filters=[one_line],
        validators=[line_length()],
    )
    outside = TextAreaField(
        _l("Other work, and interests in intellectual property"),
        widget=LongQuestion(),
        description=_l(
            "Your employer, firms or applications in which you have an interest, close relatives "
            "who do. If there is nothing, write: none."
        ),
        filters=[stripped],
        validators=[
            DataRequired(_l("Name your other work and interests, or write: none.")),
            text_length(),
        ],
    )

    def codes(self) -> list[str]:
        """The codes of the countries and offices named."""
        found = map(self.known.conflict, self._names())
        return list(dict.fromkeys(code for code in found if code))

    def validate_places(self, _field: Field) -> None:
        """Each name is known."""
        for name in self._names():
            if not self.known.conflict(name):
                raise ValidationError(
                    _("We know no country and no office called “%(name)s”.", name=name)
                )

    def _names(self) -> list[str]:
        # "Bosnia and Herzegovina" is one: names are taken apart at "and" only when they must be.
        names: list[str] = []
        for part in BETWEEN.split(self.places.data or ""):
            whole = self.known.conflict(part.strip())
            names += [part] if whole else JOINED.sub(",", part).split(",")
        return [name.strip() for name in names if name.strip()]


class ConsentForm(StepForm):
    """Nothing is kept of somebody who does not agree."""

    data = BooleanField(
        _l(
            "My answers and papers may be stored and read by those who examine applications, and "
            "my referees may be asked about me."
        ),
        widget=YesQuestion(),
        validators=[DataRequired(_l("We can only go on if you agree to this."))],
    )
    conduct = BooleanField(
        _l(
            "What I wrote is true. I will keep confidential what I learn of an office, and say so "
            "at once if a conflict of interest arises."
        ),
        widget=YesQuestion(),
        validators=[DataRequired(_l("We can only go on if you declare this."))],
    )
