"""Every route of the URL map with addresses of things that are really there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule

QUIET = {"HEAD", "OPTIONS"}
Named = Mapping[str, Mapping[str, object]]
# For variable parts that name nothing of anybody.
ANYWHERE: Mapping[str, object] = {
    "filename": "icon.svg",
    "number": 1,
    "move": "pause",
    "verb": "renew",
    "code": "BCP",
    "table": "skills",
    "sheet": "single-points",
}


@dataclass(frozen=True)
class Things:
    """What the addresses lead to: for an endpoint or a whole room, its variable parts."""

    ref: str
    named: Named

    def value(self, endpoint: str, name: str) -> object:
        """What stands for the variable part `name` of the address of `endpoint`."""
        for place in (endpoint, endpoint.split(".", maxsplit=1)[0]):
            if name in self.named.get(place, {}):
                return self.named[place][name]
        return self.ref if name == "ref" else ANYWHERE.get(name, "x" * 26)

    def but(self, named: Named) -> "Things":
        """The same with other things at some places."""
        return replace(self, named={**self.named, **named})


def last_of(link: str) -> str:
    """The last part of the path of a link: its token."""
    return urlsplit(link).path.rstrip("/").rsplit("/", 1)[1]


def routes(app: Flask, things: Things) -> Iterator[tuple[str, Rule, str, str]]:
    """`METHOD endpoint`, the rule, the method and a path, for every method of every rule."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: things.value(rule.endpoint, name) for name in rule.arguments}
        for method in sorted((rule.methods or set()) - QUIET):
            path = adapter.build(rule.endpoint, values, method=method)
            yield f"{method} {rule.endpoint}", rule, method, path
