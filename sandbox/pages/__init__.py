"""The pages that a person sees: the wall of phones, one phone, the mails, the faults."""

from flask import Flask

from sandbox.pages import faults, mails, phones, show, wall


def register_pages(app: Flask) -> None:
    """Add every page and what the templates need."""
    for module in (wall, phones, mails, faults):
        app.register_blueprint(module.bp)
    show.register_filters(app)
