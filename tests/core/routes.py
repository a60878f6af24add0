"""Every route of the URL map, with an address that fits it."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import AnyConverter, FloatConverter, IntegerConverter, Rule

SAMPLES = {"table": "skills", "code": "UA", "filename": "nothing.css"}
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


def addresses(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Each rule of `app` with a path that it matches."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: sample(rule, name) for name in rule.arguments}
        method = "GET" if "GET" in (rule.methods or ()) else max(rule.methods or ())
        yield rule, adapter.build(rule.endpoint, values, method=method)


def sample(rule: Rule, name: str) -> object:
    """A value for the variable part `name` of a rule: the shape of a public id, where it may be."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    if isinstance(converter, IntegerConverter | FloatConverter):
        return 1
    return SAMPLES.get(name, "x" * 26)
