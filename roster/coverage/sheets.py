"""Every table of the coverage pages as a CSV file; who took one is audited.

Names of people and places come from outside: `core.tables` defuses what a spreadsheet would run.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import audit
from core.i18n import current_language
from core.reference.models import Office, named
from core.tables import csv_lines
from roster.coverage.alerts import open_alerts
from roster.coverage.counting import Count, Tally
from roster.coverage.naming import names_of, part_name
from roster.coverage.network import milestones, read_network, read_quarters
from roster.coverage.outlook import Outlook
from roster.models import Expert

COUNTS = ("deployable_now", "qualified", "expiring_90_days", "state")
Row = Mapping[str, object]


@dataclass(frozen=True)
class Source:
    """What a sheet may be made of; the tally and the outlook are read only when they are asked for.

    `experts` gives the rows of some ids.
    """

    session: Session
    now: datetime
    tally: Callable[[], Tally]
    outlook: Callable[[], Outlook]
    experts: Callable[[Iterable[int]], dict[int, Expert]]


@dataclass(frozen=True)
class Sheet:
    """One table: its columns, how its rows are made, and whether it names people."""

    columns: tuple[str, ...]
    rows: Callable[[Source], Iterable[Row]]
    names_people: bool = False


def sheet_lines(sheet: Sheet, source: Source) -> Iterator[str]:
    """The sheet line by line, marked as UTF-8 for spreadsheets that would guess otherwise."""
    rows = ({column: _cell(row[column]) for column in sheet.columns} for row in sheet.rows(source))
    yield "\ufeff"
    yield from csv_lines(sheet.columns, rows)


def note_export(session: Session, name: str, now: datetime, *, actor: str) -> None:
    """Notes that `actor` took the sheet `name`."""
    audit.record(
        session, actor=actor, action="coverage.exported", subject=f"coverage:{name}", now=now
    )


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return "" if value is None else str(value)


def _counts(count: Count) -> Row:
    return {column: getattr(count, column) for column in COUNTS}


def _parts(word: str) -> Callable[[Source], Iterable[Row]]:
    def rows(source: Source) -> Iterator[Row]:
        said = names_of(word)
        counts: dict[str, Count] = getattr(source.tally(), f"{word}s")
        for code, count in counts.items():
            yield {word: code, "name": said.get(code, code), **_counts(count)}

    return rows


def _matrix(source: Source) -> Iterator[Row]:
    for (region, kind), count in source.tally().matrix.items():
        yield {"region": region, "kind": kind, **_counts(count)}


def _office(outlook: Outlook, place: int) -> Row:
    office: Office = outlook.offices[place]
    return {"office": office.code, "office_name": named(office, current_language())}


def _gaps(source: Source) -> Iterator[Row]:
    outlook = source.outlook()
    for place, kind in outlook.gaps:
        yield {**_office(outlook, place), "kind": kind, "within_km": outlook.within_km}


def _single_points(source: Source) -> Iterator[Row]:
    outlook = source.outlook()
    experts = source.experts(one.expert for one in outlook.indispensable)
    for one in outlook.indispensable:
        expert = experts[one.expert]
        for place, kind in one.gaps:
            yield {
                "expert": expert.public_id, "name": expert.name, "base": expert.base,
                **_office(outlook, place), "kind": kind, "within_km": outlook.within_km,
            }  # fmt: skip


def _recruits(source: Source) -> Iterator[Row]:
    outlook = source.outlook()
    for number, pick in enumerate(outlook.picks, 1):
        town = outlook.towns[pick.town]
        for place, kind in pick.closes:
            yield {
                "pick": number, "town": town.seat_city, "country": town.country,
                "skills": ";".join(pick.skills), "languages": ";".join(pick.languages),
                **_office(outlook, place), "kind": kind, "within_km": outlook.within_km,
            }  # fmt: skip


def _alerts(source: Source) -> Iterator[Row]:
    for alert in open_alerts(source.session):
        yield {
            "part": alert.about, "name": part_name(alert.about), "gap_on": alert.gap_on,
            "there_now": alert.left, "raised_at": alert.raised_at,
        }  # fmt: skip


def _network(source: Source) -> Iterator[Row]:
    said = names_of("region")
    for code, (size, active) in read_network(source.session, source.now).regions.items():
        yield {"region": code, "name": said[code], "qualified": size, "active": active}


def _quarters(source: Source) -> Iterator[Row]:
    for one in read_quarters(source.session):
        yield {
            "quarter": f"{one.year}-Q{one.quarter}",
            "identified": one.identified, "validated": one.validated,
        }  # fmt: skip


def _milestones(source: Source) -> Iterator[Row]:
    for public_id, name, identified, validated in milestones(source.session):
        yield {
            "expert": public_id, "name": name,
            "identified_at": identified, "identified_in": _quarter(identified),
            "validated_at": validated, "validated_in": _quarter(validated),
        }  # fmt: skip


def _quarter(at: datetime | None) -> str:
    return f"{at.year}-Q{(at.month + 2) // 3}" if at else ""


GAP = ("office", "office_name", "kind", "within_km")
WHEN = ("identified_at", "identified_in", "validated_at", "validated_in")
SHEETS: dict[str, Sheet] = {
    "regions": Sheet(("region", "name", *COUNTS), _parts("region")),
    "kinds": Sheet(("kind", "name", *COUNTS), _parts("kind")),
    "languages": Sheet(("language", "name", *COUNTS), _parts("language")),
    "matrix": Sheet(("region", "kind", *COUNTS), _matrix),
    "gaps": Sheet(GAP, _gaps),
    "single-points": Sheet(("expert", "name", "base", *GAP), _single_points, names_people=True),
    "recruits": Sheet(("pick", "town", "country", "skills", "languages", *GAP), _recruits),
    "alerts": Sheet(("part", "name", "gap_on", "there_now", "raised_at"), _alerts),
    "network": Sheet(("region", "name", "qualified", "active"), _network),
    "quarters": Sheet(("quarter", "identified", "validated"), _quarters),
    "milestones": Sheet(("expert", "name", *WHEN), _milestones, names_people=True),
}
