"""`flask audit verify`: walks the hash chain."""

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from core.audit import AuditRow, verify
from core.db import db

audit = AppGroup("audit", help="The record of who did what.")


@audit.command("verify")
def verify_chain() -> None:
    """Exit 0 when every row follows from the one before, else 1 and the first that does not."""
    fault = verify(db.session())
    if fault:
        raise click.ClickException(f"row {fault.row} {fault.why}")
    rows = db.session.scalar(select(func.count()).select_from(AuditRow))
    click.echo(f"{rows} rows, all in order")
