"""Small words that several pages need: the name of a kind, a moment in somebody's own zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import format_datetime

from core.db import db
from core.i18n import current_language
from core.reference.models import CrisisKind, named


def kind_name(code: str) -> str:
    """The kind of crisis in the reader's language."""
    row = db.session.get(CrisisKind, code)
    return named(row, current_language()) if row else code


def local_time(moment: datetime, zone: str) -> str:
    """`moment` (UTC) as the clock on the wall in `zone` shows it, with the zone named."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{format_datetime(local, 'EEE d MMM HH:mm', rebase=False)} ({zone})"
