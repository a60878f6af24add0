"""Other limits than the usual ones, for the rest of one test."""

from dataclasses import replace

from flask import Flask

from core.settings import Settings


def limit(app: Flask, **limits: int) -> None:
    """Sets `limits` (fields of core.limits.Limits) over those that hold."""
    settings: Settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, limits=replace(settings.limits, **limits))
