"""`flask policies export/import` and `flask dispatch simulate`, to the letter of CONTRACT.md.

Exit 0, 1 for refused policies, 2 for misuse. Simulating changes nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from core import clock
from core.db import db, writing
from dispatch.choosing.simulation import Simulation, simulate
from dispatch.policies import export_policies, import_policies
from dispatch.policy_file import BadPoliciesError, NotPoliciesError
from dispatch.reports.report import ReportError, read_report
from dispatch.views.reasons import reason_sentence, reason_words
from dispatch.worker.command import group as dispatch_group

policies = AppGroup("policies", help="Escalation policies as JSON, windows in seconds.")
ACTOR = "system"


@policies.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_file(file: Path) -> None:
    """Writes all policies; what is written can be imported again."""
    file.write_text(export_policies(db.session()), "utf-8")
    click.echo(f"Policies written to {file.name}")


@policies.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Stores policies; later offers follow them, offers that are out keep their deadlines."""
    try:
        with writing() as session:
            changed = import_policies(
                session, file.read_text("utf-8-sig"), actor=ACTOR, now=clock.now(session)
            )
    except (NotPoliciesError, UnicodeDecodeError) as error:
        raise click.UsageError(str(error)) from error
    except BadPoliciesError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error
    click.echo(f"{changed} policies changed")


@dispatch_group.command("simulate")
@click.option("--office", required=True, metavar="CODE")
@click.option("--kind", required=True, metavar="KIND")
@click.option("--severity", type=int, default=2, show_default=True)
@click.option("--skill", "skills", multiple=True, metavar="CODE[:LEVEL]")
@click.option("--service", "services", multiple=True, metavar="CODE")
@click.option("--language", "languages", multiple=True, metavar="CODE")
@click.option("--mode", default="either", show_default=True)
@click.option("--experts-needed", type=int, default=1, show_default=True)
@click.option("--place", metavar="TOWN")
@click.option("--lat", type=float)
@click.option("--lon", type=float)
@click.option("--affected-radius-km", type=float)
@click.option("--local-experts-safe", is_flag=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
def simulate_dispatch(limit: int, **said: Any) -> None:
    """Prints who would be asked now, in which order, and why others would not."""
    given = {name: value for name, value in said.items() if value not in (None, ())}
    try:
        report = read_report({**given, "summary": "simulation"})
    except ReportError as error:
        faults = "\n".join(f"--{name}: {text}" for name, text in error.errors.items())
        raise click.UsageError(faults) from error
    session = db.session()
    seen = simulate(session, report, clock.now(session), limit)
    click.echo("\n".join(_lines(seen)))


def _lines(seen: Simulation) -> Sequence[str]:
    """The simulation as text, one expert a line."""
    lines = [seen.title, "", f"{'rank':>4}  {'km':>9}  expert"]
    asked = {candidate.id for candidate in seen.asked}
    for rank, candidate in enumerate(seen.look.candidates, 1):
        mark = "  <- asked first" if candidate.id in asked else ""
        place = candidate.facts.get("base") or candidate.facts.get("country", "")
        lines.append(
            f"{rank:>4}  {candidate.distance_km:>9,.1f}  {candidate.name}, {place}"
            f" ({candidate.public_id}){mark}"
        )
    if not seen.look.candidates:
        lines.append("Nobody qualifies just now.")
    if seen.next_available:
        lines.append(f"The next becomes available at {seen.next_available:%Y-%m-%d %H:%M} UTC.")
    lines += ["", "Not asked:"]
    lines += [f"{count:>6}  {reason_words(why)}" for why, count in seen.look.counts.items()]
    lines += ["", "The nearest of them:"]
    lines += [
        f"      {one.distance_km:>9,.1f}  {seen.names[one.id]}: "
        f"{reason_sentence(one.reason, one.detail)}"
        for one in seen.look.nearest
    ]
    return lines
