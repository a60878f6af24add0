"""What random histories of dispatch are made of, and how one leaves the database for the next."""

from datetime import UTC, datetime

from hypothesis import strategies as st
from sqlalchemy import update

from core.db import Base, writing
from dispatch.models import CrisisRequest

BEGIN = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
KEPT = {"audit_row", "office", "region", "language", "skill", "crisis_kind", "kind_skill",
        "service", "place", "place_name", "reference_stamp", "escalation_policy", "role",
        "user_account", "user_role"}  # fmt: skip
EXPERTS = st.integers(0, 3)
REQUESTS = st.integers(0, 3)
SEVERITIES = st.sampled_from((1, 1, 2, 3))
WORDS = ("AWAY 3", "BACK", "STOP", "START", "STATUS", "?", "maybe", "1 or 2", "YES", "DONE",
         "WITHDRAW")  # fmt: skip


def wipe() -> None:
    """Forgets all that earlier histories left, but for people, reference rows and the audit."""
    with writing() as session:
        session.execute(update(CrisisRequest).values(filed_by=None, confirmed_by=None))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in KEPT:
                session.execute(table.delete())
