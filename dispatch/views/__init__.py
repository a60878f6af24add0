"""The pages of dispatch: the crisis form and its status, the offer page, the duty board."""

from flask import Flask

from dispatch.views import crisis, desk, moves, offer, status, words


def init_app(app: Flask) -> None:
    """Opens these pages in `app`."""
    for room in (crisis, status, offer, desk, moves):
        app.register_blueprint(room.bp)
    words.init_app(app)
