"""The pages of dispatch: the crisis form and its status, offers, the duty board, coverage."""

from flask import Flask

from dispatch.views import coverage, crisis, desk, evaluation, moves, offer, status, words


def init_app(app: Flask) -> None:
    """Opens these pages in `app`."""
    for room in (crisis, status, evaluation, offer, desk, moves, coverage):
        app.register_blueprint(room.bp)
    words.init_app(app)
