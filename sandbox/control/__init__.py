"""The control interface, /sandbox/…: JSON for tests, scripts and the demo's loader."""

from flask import Flask, Response, jsonify

from sandbox.control import calls, faults, mails, phones, texts
from sandbox.control.bodies import BadBodyError
from sandbox.conversation import NotPossibleError
from sandbox.inbound import CannotAnswerError


def register_control(app: Flask) -> None:
    """Add every route of the control interface, and the sentences of its refusals."""
    for module in (texts, phones, calls, mails, faults):
        app.register_blueprint(module.bp)
    app.register_error_handler(BadBodyError, lambda problem: _refuse(problem, 400))
    app.register_error_handler(CannotAnswerError, lambda problem: _refuse(problem, 409))
    app.register_error_handler(NotPossibleError, lambda problem: _refuse(problem, 409))


def _refuse(problem: Exception, status: int) -> tuple[Response, int]:
    return jsonify(error=str(problem)), status
