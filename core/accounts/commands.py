"""`flask users …` and `flask tokens …`, to the letter of CONTRACT.md.

Exit 0, 1 for refused rows or an account that cannot be, 2 for misuse.
"""

import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from core import clock
from core.accounts import people
from core.accounts.invitations import invite
from core.accounts.models import ROLES, User
from core.accounts.passwords import WeakPasswordError, hashed
from core.accounts.people import AccountError, Details
from core.accounts.second_factor import SecondStepError
from core.accounts.setting_up import reset
from core.accounts.tokens import create_token
from core.db import writing
from core.tables import TableError, read_table

ACTOR = "system"
COLUMNS = ("email", "name", "phone", "role", "office")

users = AppGroup("users", help="Accounts of people who sign in.")
tokens = AppGroup("tokens", help="Tokens for the API.")


@users.command("create")
@click.option("--email", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--name", default="")
@click.option("--office", default="", help="The office's code, for focal points.")
@click.option("--phone", default="")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_user(password_stdin: bool, **said: Any) -> None:
    """Makes an account, or gives an existing one more roles; without a password it is invited."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    details = Details(**said)
    try:
        with writing() as session:
            user = save(session, details, password)
            click.echo(f"{user.email}: {', '.join(sorted(role.name for role in user.roles))}")
    except (AccountError, WeakPasswordError) as error:
        raise click.ClickException(str(error)) from error


@users.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_users(file: Path) -> None:
    """Makes an account for each row of `email,name,phone,role,office` and mails invitations."""
    refused: list[tuple[int, str]] = []
    made = 0
    try:
        for line, row in read_table(
            file, COLUMNS, required=("email", "role"), refuse=lambda *why: refused.append(why)
        ):
            try:
                with writing() as session:
                    save(session, details_of(row))
                made += 1
            except AccountError as error:
                refused.append((line, str(error)))
    except TableError as error:
        raise click.UsageError(str(error)) from error
    for line, reason in sorted(refused):
        click.echo(f"line {line}: {reason}", err=True)
    click.echo(f"{made} accounts, {len(refused)} rows refused")
    if refused:
        raise SystemExit(1)


@users.command("reset-second-step")
@click.option("--email", required=True)
@click.option("--reason", required=True, help="How you know that it is really they who ask.")
def reset_second_step(email: str, reason: str) -> None:
    """Takes a lost phone's codes away from an account; it sets up new ones at its next sign-in."""
    try:
        with writing() as session:
            user = people.find(session, email)
            if user is None:
                raise click.ClickException("There is no account with this e-mail address.")
            reset(session, user, reason, actor=ACTOR, now=clock.now(session))
    except SecondStepError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{email}: the second step is reset")


@tokens.command("create")
@click.option("--email", required=True)
def create_api_token(email: str) -> None:
    """Prints a new API token of an account, on its own as the last line; it is shown only once."""
    with writing() as session:
        user = people.find(session, email)
        if user is None or not user.active:
            raise click.ClickException("There is no active account with this e-mail address.")
        token = create_token(session, user, actor=ACTOR, now=clock.now(session))
    click.echo("Keep this token. It is not shown again.", err=True)
    click.echo(token)


def details_of(row: dict[str, str]) -> Details:
    """One row of the file; several roles are separated by semicolons."""
    roles = tuple(role.strip() for role in row["role"].split(";") if role.strip())
    said = {name: row.get(name, "") for name in ("email", "name", "phone", "office")}
    return Details(roles=roles, **said)


def save(session: Session, details: Details, password: str | None = None) -> User:
    """Makes or extends the account of `details`, and invites whoever has no password yet.

    Raises AccountError or WeakPasswordError.
    """
    now = clock.now(session)
    user = people.find(session, details.email)
    if user is None:
        user = people.create(session, details, actor=ACTOR, now=now, password=password)
    else:
        people.extend(session, user, details, actor=ACTOR, now=now)
        if password is not None:
            user.password, user.confirmed_at = hashed(password, user), user.confirmed_at or now
            people.end_sessions(user)
    if user.password is None and user.invited_at is None:
        invite(session, user, now, ACTOR)
    return user
