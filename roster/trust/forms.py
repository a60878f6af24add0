"""Forms of trust: the last question before somebody is forgotten."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired


class EraseForm(FlaskForm):
    """It can't be undone, so it is asked."""

    sure = BooleanField(
        _l("Yes, erase everything that is stored of this person"),
        validators=[InputRequired(_l("Tick the box if you are sure."))],
    )
