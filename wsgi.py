"""The only wiring: builds the application from its settings and rooms."""

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from core import (
    access,
    audit_commands,
    audit_views,
    clock,
    db,
    geocoder,
    health,
    i18n,
    logs,
    look,
    mail,
    pages,
    transfer,
    upgrading,
    web,
)
from core.accounts import (
    admin,
    commands,
    invitations,
    own_sessions,
    people,
    second_step,
    security,
    views,
)
from core.gazetteer import load_places
from core.offices import views as office_views
from core.reference import commands as office_commands
from core.reference import views as reference_views
from core.reference.loading import load_reference
from core.settings import Settings, UnsafeSettingError, read_settings
from dispatch import api, me, policies
from dispatch import commands as dispatch_commands
from dispatch import views as dispatch_views
from dispatch.demo import commands as demo_commands
from dispatch.personal_data import collecting, erasing
from dispatch.webhooks import doors as webhooks
from dispatch.worker import command as worker_command
from dispatch.worker import turns
from roster import commands as roster_commands
from roster import oneself, registrar, trust
from roster import views as roster_views
from roster.joining import proof_views
from roster.joining import views as joining_views
from roster.joining.views import nominate
from roster.papers import views as paper_views
from roster.staying import views as staying_views
from roster.trust import views as trust_views
from roster.trust.bulk import views as bulk_views
from roster.vetting import appeals, listed, moves, referee, standing
from roster.vetting import views as vetting_views

migrate = Migrate()
# What ships as data, in the order in which it is loaded: people's roles before whoever has one.
LOADERS = (people.load_roles, load_reference, load_places, policies.load_defaults)
# The ground, in the order in which a request passes it.
GROUND = (clock, logs, i18n, web, security, access, look, transfer, geocoder)
DOORS = (
    pages, health, views, second_step, own_sessions, admin, audit_views, reference_views,
    office_views, roster_views, webhooks, api, paper_views, proof_views, joining_views, nominate,
    me,
    trust_views, bulk_views,
    vetting_views, moves, standing, listed, referee, appeals, staying_views,
)  # fmt: skip
COMMANDS = (
    commands.users, commands.tokens, audit_commands.audit, office_commands.offices,
    roster_commands.group, worker_command.group, dispatch_commands.policies, demo_commands.group,
)  # fmt: skip


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Without `settings`, those of the environment, checked.

    Ends the process with a sentence when one of those is unsafe.
    """
    app = Flask(__name__)
    instance = Path(app.instance_path)
    instance.mkdir(mode=0o700, exist_ok=True)
    settings = settings or _settings_of_the_environment(instance)
    app.extensions["settings"] = settings
    app.config["SECRET_KEY"] = settings.secret_key
    db.init_app(app, settings.database_url)
    migrate.init_app(app, db.db, directory=str(Path(app.root_path) / "migrations"))
    upgrading.init_app(app)
    for loader in LOADERS:
        upgrading.add_loader(app, loader)
    for part in GROUND:
        part.init_app(app)
    for room in DOORS:
        app.register_blueprint(room.bp)
    dispatch_views.init_app(app)
    for group in COMMANDS:
        app.cli.add_command(group)
    invitations.on_accepted(app, registrar.link_accepted)
    trust.init_app(app)
    oneself.init_app(app)
    registrar.on_erased(app, erasing.forget_expert)
    trust.add_collector(app, collecting.collect_of_expert)
    health.add_check(app, "worker", turns.missing_worker)
    mail.warn_when_mute(app)
    return app


def _settings_of_the_environment(instance: Path) -> Settings:
    try:
        return read_settings(os.environ, instance)
    except UnsafeSettingError as error:
        raise SystemExit(f"Not started. {error}") from None
