"""The sandbox as a Flask application: the only wiring."""

from flask import Flask

from sandbox import rest
from sandbox.config import SandboxConfig
from sandbox.control import register_control
from sandbox.guard import guard
from sandbox.pages import register_pages
from sandbox.store import Store


def create_sandbox(config: SandboxConfig | None = None) -> Flask:
    """A stand-alone pretend Twilio; its state is `store_of(app)`. Begins to deliver at once."""
    app = Flask(__name__)
    store = Store(config or SandboxConfig())
    app.extensions["sandbox"] = store
    guard(app)
    app.register_blueprint(rest.bp)
    register_control(app)
    register_pages(app)
    store.begin()
    return app


def store_of(app: Flask) -> Store:
    """The state behind a sandbox application."""
    store: Store = app.extensions["sandbox"]
    return store
