"""The only wiring: builds the application from its settings and rooms."""

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from core import clock, db, i18n, look, transfer, upgrading
from core.settings import Settings, read_settings

migrate = Migrate()


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Without `settings`, those of the environment, checked.

    Raises core.settings.UnsafeSettingError with a sentence when a setting is unsafe.
    """
    app = Flask(__name__)
    instance = Path(app.instance_path)
    instance.mkdir(mode=0o700, exist_ok=True)
    settings = settings or read_settings(os.environ, instance)
    app.extensions["settings"] = settings
    app.config["SECRET_KEY"] = settings.secret_key
    db.init_app(app, settings.database_url)
    migrate.init_app(app, db.db, directory=str(Path(app.root_path) / "migrations"))
    upgrading.init_app(app)
    clock.init_app(app)
    i18n.init_app(app)
    look.init_app(app)
    transfer.init_app(app)
    return app
