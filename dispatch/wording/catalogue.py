"""The catalogue's gettext with its type, which Flask-Babel does not give."""

from collections.abc import Callable

from flask_babel import gettext

_: Callable[..., str] = gettext
