"""Experts and the worker's turns over them, at noon of the first day and so many days on."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.mail import Mail
from roster import staying
from roster.models import Expert
from tests.factories import make_expert

DAY = timedelta(days=1)


class Roster:
    """Experts in UTC and the worker's turns, at noon of the first day and any number of days on."""

    def __init__(self, session: Session) -> None:
        self.session = session
        present = clock.now(session)
        self.now = present.replace(hour=12, minute=0, second=0, microsecond=0)

    @property
    def today(self) -> date:
        return self.now.date()

    def expert(self, **columns: Any) -> Expert:
        usual = {
            "time_zone": "UTC", "language": "en", "validated_at": self.now - 20 * DAY,
            "phone_proved_at": self.now - DAY, "valid_until": self.today + 400 * DAY,
        }  # fmt: skip
        return make_expert(self.session, **(usual | columns))

    def turn(self, **later: float) -> int:
        self.now += timedelta(**later)
        self.session.rollback()
        return staying.remind(self.now) + staying.expire(self.now)

    def mails(self, to: str) -> list[str]:
        self.session.rollback()
        rows = self.session.scalars(select(Mail).where(Mail.to == to).order_by(Mail.id))
        return [f"{mail.subject}\n{mail.body}" for mail in rows]

    def all(self, table: Any) -> list[Any]:
        self.session.rollback()
        return list(self.session.scalars(select(table)))

    def fresh(self, expert: Expert) -> Expert:
        self.session.rollback()
        return self.session.get_one(Expert, expert.id, populate_existing=True)
