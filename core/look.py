"""How every page looks: where the templates come from and where the built assets are.

Knows no page of any room; templates/layout.html is what it serves.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.lists import format_list
from flask import Flask, current_app, request, url_for
from flask_babel import format_datetime, get_locale
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from core.countries import country_name
from core.i18n import current_language
from core.settings import Settings

# Macros of GOV.UK Frontend that templates call without importing them.
MACROS = {"govukErrorSummary": "error-summary", "govukPagination": "pagination"}


def init_app(app: Flask) -> None:
    """Finds GOV.UK's templates beside ours and gives every template what the layout asks for."""
    settings: Settings = app.extensions["settings"]
    packages = ("govuk_frontend_jinja", "govuk_frontend_wtf")
    theirs = PrefixLoader({package: PackageLoader(package) for package in packages})
    ours = app.jinja_loader
    app.jinja_loader = ChoiceLoader([ours, theirs] if ours else [theirs])
    WTFormsHelpers(app)
    for name, component in MACROS.items():
        app.jinja_env.globals[name] = partial(_call_macro, app, component, name)
    digests = read_digests(Path(app.static_folder or "static") / "build")

    def asset(name: str) -> str:
        version = digests.get(name)
        return url_for("static", filename=f"build/{name}", v=version)

    app.jinja_env.globals.update(
        asset=asset, in_language=in_language, is_served=is_served, local_time=local_time,
        with_arguments=with_arguments,
    )  # fmt: skip
    app.jinja_env.globals["demo"] = settings.demo
    app.jinja_env.filters.update(country=country, listed=listed)


def listed(words: Iterable[str]) -> str:
    """`words` as a list in a sentence of the reader's language: “a, b and c”."""
    said: str = format_list([*words], locale=get_locale())
    return said


def country(code: str) -> str:
    """What the country with this ISO 3166-1 code is called in the reader's language."""
    return country_name(code, current_language())


def local_time(moment: datetime, zone: str, pattern: str = "EEE d MMM HH:mm") -> str:
    """`moment` (UTC) as the clock on the wall in the IANA `zone` shows it, with the zone named."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{format_datetime(local, pattern, rebase=False)} ({zone})"


def _call_macro(app: Flask, component: str, name: str, *args: object) -> object:
    # Compiled when a page first asks for it: most commands and workers show no page at all.
    template = app.jinja_env.get_template(f"govuk_frontend_jinja/components/{component}/macro.html")
    return getattr(template.module, name)(*args)


def read_digests(build: Path) -> dict[str, str]:
    """The digest of each built asset by name; empty where nothing was built."""
    manifest = build / "manifest.json"
    if not manifest.is_file():
        return {}
    digests: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
    return digests


def with_arguments(**changed: str | int) -> str:
    """The address of the page being shown with some arguments changed, relative to that page."""
    arguments = request.args.to_dict(flat=False)
    return "?" + urlencode(
        arguments | {name: [str(value)] for name, value in changed.items()}, True
    )


def in_language(language: str) -> str:
    """The address of the page being shown, in `language`, everything else kept.

    Relative to that page, so that no path can lead elsewhere; a page that only answers POST has
    no address to come back to, and leads home.
    """
    query = with_arguments(lang=language)
    if request.method in {"GET", "HEAD"}:
        return query
    adapter = current_app.create_url_adapter(request)
    can_return = adapter is not None and "GET" in adapter.allowed_methods(request.path)
    return query if can_return else "/?" + urlencode({"lang": language})


def is_served(endpoint: str) -> bool:
    """Whether the application has a page of that name: the layout links to no other."""
    return endpoint in current_app.view_functions
