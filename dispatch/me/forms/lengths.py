"""How long a line that somebody types on their own page may be."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

TOO_LONG = Length(max=200, message=_l("Use at most 200 characters."))
