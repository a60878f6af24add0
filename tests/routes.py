"""Every route of the URL map with addresses of things that are really there."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule

from core.db import db
from dispatch.me.feed_address import address_of
from dispatch.models import CrisisRequest, Offer
from dispatch.offer_link import link_of

QUIET = {"HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Things:
    """What the addresses lead to: a case with an open offer, an expert, an account."""

    request: CrisisRequest
    offer: Offer
    account: str

    def value(self, endpoint: str, name: str) -> object:
        """What stands for the variable part `name` of the address of `endpoint`."""
        if name == "token" and endpoint.startswith("offer."):
            return urlsplit(link_of(self.offer)).path.rsplit("/", 1)[1]
        if endpoint == "me.show_feed":
            address = urlsplit(address_of(db.session(), self.offer.expert)).path
            public_id, token = address.removesuffix(".ics").rsplit("/", 2)[1:]
            return {"public_id": public_id, "token": token}[name]
        if name == "public_id":
            room = endpoint.split(".", maxsplit=1)[0]
            if room in {"roster", "standing", "trust"}:
                return self.offer.expert.public_id
            return self.account if room == "admin" else self.offer.public_id
        known = {
            "ref": self.request.ref,
            "filename": "icon.svg",
            "number": 1,
            "move": "pause",
            "verb": "enable",
            "code": "UA" if endpoint.startswith("offices.") else "BCP",
            "table": "skills",
            "sheet": "single-points",
        }
        return known.get(name, "x" * 26)


def routes(app: Flask, things: Things) -> Iterator[tuple[str, Rule, str, str]]:
    """`METHOD endpoint`, the rule, the method and a path, for every method of every rule."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: things.value(rule.endpoint, name) for name in rule.arguments}
        for method in sorted((rule.methods or set()) - QUIET):
            path = adapter.build(rule.endpoint, values, method=method)
            yield f"{method} {rule.endpoint}", rule, method, path
