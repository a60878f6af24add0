"""Where to look for somebody: a row for every expert, skill, language and place they may be at.

Derived, and written anew in the transaction that changes what it follows from. It says only where
to look: whether somebody may be asked is read from the profile itself, so a row too many does no
harm, and none is ever missing.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    CompoundSelect,
    Connection,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    delete,
    event,
    insert,
    inspect,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from core.db import Base
from roster.models.experts import Expert, ExpertLanguage, SkillClaim

PLACE = ("lat", "lon", "present_lat", "present_lon")
STALE = "experts whose postings are stale"


class Posting(Base):
    """An expert in the list of one skill and one language, by the cell (rules.cells) of a place.

    `present`: the place is where they are for a while, else it is their base.
    """

    __tablename__ = "posting"
    # Kept in the order of its key, so that a range of cells lies together.
    __table_args__ = (Index("ix_posting_expert", "expert_id"), {"sqlite_with_rowid": False})

    skill: Mapped[str] = mapped_column(String(10), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    cell: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    expert_id: Mapped[int] = mapped_column(
        ForeignKey("expert.id", ondelete="CASCADE"), primary_key=True
    )
    present: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger)
    x: Mapped[float] = mapped_column(Float)
    y: Mapped[float] = mapped_column(Float)
    z: Mapped[float] = mapped_column(Float)


def post(connection: Connection, experts: Collection[int] | None = None) -> None:
    """Writes the postings of these `experts` anew; None: of everybody.

    Call it after writing claims, languages or places past the ORM, in the same transaction. Their
    rows are held first, so that of two who change one expert the later sees what the earlier did.
    """
    mine: list[ColumnElement[bool]] = []
    which: list[ColumnElement[bool]] = []
    if experts is not None:
        ids = sorted(experts)
        mine, which = [Posting.expert_id.in_(ids)], [Expert.id.in_(ids)]
        held = select(Expert.id).where(*which).order_by(Expert.id)
        connection.execute(held.with_for_update(key_share=True)).all()
    connection.execute(delete(Posting).where(*mine))
    columns = [column.name for column in Posting.__table__.columns]
    # In the order of the key, so that millions are written one after the other.
    rows = postings(*which).order_by("skill", "code", "cell")
    connection.execute(insert(Posting).from_select(columns, rows))


def postings(*which: ColumnElement[bool]) -> CompoundSelect[*tuple[Any, ...]]:
    """What the table holds, told from the profiles of the experts for whom `which` is true."""
    base = (
        Expert.cell.label("cell"),
        Expert.id,
        literal(False),
        SkillClaim.level,
        Expert.x,
        Expert.y,
        Expert.z,
    )
    present = (
        Expert.present_cell.label("cell"), Expert.id, literal(True), SkillClaim.level,
        Expert.present_x, Expert.present_y, Expert.present_z,
    )  # fmt: skip
    claims = [
        select(SkillClaim.skill, ExpertLanguage.code, *place)
        .join(ExpertLanguage, ExpertLanguage.expert_id == SkillClaim.expert_id)
        .join(Expert, Expert.id == SkillClaim.expert_id)
        .where(*which, *known)
        for place, known in ((base, ()), (present, (Expert.present_cell.is_not(None),)))
    ]
    return union_all(*claims)


@event.listens_for(SkillClaim, "after_insert")
@event.listens_for(SkillClaim, "after_update")
@event.listens_for(SkillClaim, "after_delete")
@event.listens_for(ExpertLanguage, "after_insert")
@event.listens_for(ExpertLanguage, "after_update")
@event.listens_for(ExpertLanguage, "after_delete")
def _note_list(_mapper: Any, _connection: Connection, row: SkillClaim | ExpertLanguage) -> None:
    _note(row, row.expert_id)


@event.listens_for(Expert, "after_update")
def _note_place(_mapper: Any, _connection: Connection, expert: Expert) -> None:
    attributes = inspect(expert).attrs  # made anew each time it is asked for
    if any(attributes[name].history.has_changes() for name in PLACE):
        _note(expert, expert.id)


def _note(row: Base, expert_id: int) -> None:
    session = object_session(row)
    if session is not None:
        session.info.setdefault(STALE, set()).add(expert_id)


@event.listens_for(Session, "after_flush")
def _post_noted(session: Session, _context: Any) -> None:
    if noted := session.info.pop(STALE, None):
        post(session.connection(), noted)
