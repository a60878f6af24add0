"""`flask offices import`, to the letter of CONTRACT.md.

Exit 0, 1 for refused rows, 2 for misuse.
"""

from pathlib import Path

import click
from flask.cli import AppGroup

from core import clock
from core.db import writing
from core.reference.importing import import_offices
from core.tables import TableError

offices = AppGroup("offices", help="National and regional offices.")


@offices.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Adds or changes the offices of a CSV file with the columns of core/data/offices.csv."""
    try:
        with writing() as session:
            outcome = import_offices(session, file, actor="system", now=clock.now(session))
    except TableError as error:
        raise click.UsageError(str(error)) from error
    for line, reason in sorted(outcome.refused):
        click.echo(f"line {line}: {reason}", err=True)
    click.echo(
        f"{len(outcome.added)} added, {len(outcome.changed)} changed, "
        f"{len(outcome.unchanged)} unchanged, {len(outcome.refused)} rows refused"
    )
    if outcome.refused:
        raise SystemExit(1)
