"""`flask demo load` and `flask demo phones`: the demonstration, refused outside DEMO=1."""

import click
import requests
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from core.accounts.models import User
from core.clock import now
from core.db import db, writing
from core.settings import Settings
from dispatch.demo import applicants
from dispatch.demo import loading as demo
from roster.interchange import import_roster, read_vetting
from roster.models import Expert

group = AppGroup("demo", help="The demonstration: fictional people and cases.")
TIMEOUT_S = 5


@group.command("load")
def load() -> None:
    """Loads the demo roster, people and cases; its severity 1 waits 60 s for an answer."""
    _settings()
    if demo.is_loaded(db.session()):
        load_applicants()
        click.echo("The demonstration is loaded already.")
        return
    with writing() as session:
        moment = now(session)
        demo.shorten_waits(session)
        demo.load_people(session, moment)
    vetting = read_vetting(db.session(), *demo.VETTERS, demo.EVIDENCE)
    for outcome in import_roster(demo.ROSTER, vetting):
        refused = outcome.refused
    if refused:
        raise click.ClickException(f"The demo roster has a fault: {refused[0]}")
    with writing() as session:
        demo.load_absences(session, now(session))
    with writing() as session:
        demo.load_cases(session, now(session))
    load_applicants()
    click.echo("The demonstration is loaded: 60 experts, 3 applicants, 8 people, 3 cases.")


def load_applicants() -> None:
    """The applicants, once; a demonstration of an earlier version gets them, too."""
    if applicants.is_loaded(db.session()):
        return
    with writing() as session:
        applicants.load(session, now(session))


@group.command("phones")
def name_phones() -> None:
    """Tells the sandbox whose phone is whose."""
    settings = _settings()
    named = select(User.phone, User.name).where(User.phone.is_not(None))
    # What stands in place of the number of somebody erased is none.
    owners = [*db.session.execute(select(Expert.phone, Expert.name)), *db.session.execute(named)]
    phones = [{"number": phone, "label": name} for phone, name in owners if phone.startswith("+")]
    requests.post(
        f"{settings.twilio_api_url}/sandbox/api/phones", json=phones, timeout=TIMEOUT_S
    ).raise_for_status()


@group.command("people")
def list_people() -> None:
    """Prints the demo sign-ins."""
    _settings()
    for person in demo.PEOPLE:
        click.echo(f"  {person.email:24} {person.role.replace('_', ' '):14} {demo.PASSWORD}")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    if not settings.demo:
        raise click.ClickException("This is not a demonstration: set DEMO=1.")
    return settings
