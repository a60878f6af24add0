"""`flask roster import` and `flask roster export`, to the letter of CONTRACT.md, and `check`.

Exit 0, 1 for refused rows or differences, 2 for misuse. Sends no message.
"""

import sys
from contextlib import nullcontext
from pathlib import Path

import click
from flask.cli import AppGroup

from core import clock
from core.db import db, writing
from core.tables import TableError
from roster.interchange import (
    Outcome,
    Vetting,
    VettingError,
    export_roster,
    import_roster,
    read_vetting,
)
from roster.posted import misplaced, misposted, put_right

group = AppGroup(
    "roster", help="The roster as a CSV file, in and out; whether its lists are right."
)
ACTOR = "system"
FILE = click.Path(dir_okay=False, path_type=Path)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--vetted-by", metavar="EMAIL", help="The vetter who examined everybody.")
@click.option("--approved-by", metavar="EMAIL", help="The other vetter, who approved them.")
@click.option("--evidence", metavar="TEXT", help="Where the examination is written.")
def import_file(
    file: Path, vetted_by: str | None, approved_by: str | None, evidence: str | None
) -> None:
    """Imports experts; with all three options as vetted, without them as applicants."""
    vetting = _vetting(vetted_by, approved_by, evidence)
    outcome = Outcome()
    try:
        lines = max(file.read_bytes().count(b"\n"), 1)
        with click.progressbar(length=lines, label="Importing", file=sys.stderr) as bar:
            done = 0
            for outcome in import_roster(file, vetting, actor=ACTOR):
                now_done = outcome.added + outcome.changed + outcome.unchanged
                bar.update(now_done + len(outcome.refused) - done)
                done = now_done + len(outcome.refused)
    except TableError as error:
        raise click.UsageError(str(error)) from error
    for line, reason in sorted(outcome.refused):
        click.echo(f"line {line}: {reason}", err=True)
    click.echo(
        f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged, "
        f"{len(outcome.refused)} rows refused"
    )
    if outcome.refused:
        raise SystemExit(1)


@group.command("export")
@click.argument("file", type=FILE)
def export_file(file: Path) -> None:
    """Writes the whole roster; what is written can be imported again."""
    with writing() as session:
        count = export_roster(session, file, clock.now(session), actor=ACTOR)
    click.echo(f"{count} experts written to {file.name}")


@group.command("check")
@click.option("--mend", is_flag=True, help="Put right what differs.")
def check(mend: bool) -> None:
    """Compares the lists by which experts are found with the profiles that they follow from."""
    with writing() if mend else nullcontext(db.session()) as session:
        places, lists = misplaced(session), misposted(session)
        if mend:
            put_right(session, places, lists)
    click.echo(f"{len(places)} experts are placed wrongly, {len(lists)} are listed wrongly")
    if places or lists:
        if not mend:
            raise SystemExit(1)
        click.echo("Put right.")


def _vetting(
    vetted_by: str | None, approved_by: str | None, evidence: str | None
) -> Vetting | None:
    given = [vetted_by, approved_by, evidence]
    if all(option is None for option in given):
        return None
    if vetted_by is None or approved_by is None or evidence is None:
        raise click.UsageError(
            "Give --vetted-by, --approved-by and --evidence together, or none of them."
        )
    try:
        return read_vetting(db.session(), vetted_by, approved_by, evidence)
    except VettingError as error:
        raise click.UsageError(str(error)) from error
