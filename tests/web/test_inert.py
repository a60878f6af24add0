"""Script, markup and template text, typed into any field, is shown as typed and does nothing."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from markupsafe import escape

from core.clock import now
from core.db import writing
from dispatch.models import InboundMessage
from dispatch.offer_link import link_of
from roster.models import Expert
from tests.dispatch.world import World
from tests.web.conftest import Call, Visit

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</textarea><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "]]><!--",
    "%(number)s %s {0}",
)
TEXTS = ("summary", "contact_name", "place", "contact_email")
FIELDS = (*TEXTS, "contact_phone", "experts_needed", "languages", "affected_radius_km", "office",
          "kind", "severity", "mode", "services", "submission")  # fmt: skip


class _Watch(HTMLParser):
    """Notes whatever a payload could have become."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        handlers = [
            name for name in given if name.startswith("on") or name in {"style", "autofocus"}
        ]
        foreign = tag == "script" and not given.get("src", "").startswith("/static/")
        lead = given.get("href", "") + given.get("src", "") + given.get("action", "")
        if handlers or foreign or lead.startswith("javascript:"):
            self.faults.append(f"<{tag} {given}>")
        if tag == "img" or (tag == "svg" and "viewbox" not in given and "class" not in given):
            self.faults.append(f"<{tag}>")


def faults(page: str) -> list[str]:
    watch = _Watch()
    watch.feed(page)
    return [*watch.faults, *re.findall(r">\s*49\s*<|\b49\{% raw", page)]


@pytest.fixture
def cases(world: World) -> list[tuple[str, str]]:
    """The paths of every page that shows what was typed, for each payload."""
    world.expert(1, name=PAYLOADS[1][:60], base=PAYLOADS[0])
    shown = []
    for payload in PAYLOADS:
        request = world.file(
            summary=payload * 3, contact_name=payload, contact_phone="+380441234567",
            lat=50.0, lon=30.0, place=payload,
        )  # fmt: skip
        shown.append((request.ref, payload))
    return shown


def test_payloads_are_inert_wherever_a_case_is_shown(
    world: World, visit: Visit, cases: list[tuple[str, str]]
) -> None:
    officer, focal = visit(world.officer()), visit(world.focal_point())
    for ref, payload in cases:
        for page in (
            focal.get(f"/crisis/{ref}"), focal.get(f"/crisis/{ref}/change"),
            officer.get(f"/desk/{ref}"), officer.get(f"/crisis/{ref}/cancel"),
        ):  # fmt: skip
            assert page.status_code == 200
            assert faults(page.text) == [], (payload, page.request.path)
            if page.request.path != f"/crisis/{ref}/cancel":
                assert payload not in page.text or "<" not in payload
    assert faults(officer.get("/desk/").text) == []
    assert faults(officer.get("/roster/").text) == []


def test_payloads_are_inert_on_the_offer_page(
    world: World, visit: Visit, cases: list[tuple[str, str]]
) -> None:
    [expert] = world.session.query(Expert).all()
    page = visit().get(urlsplit(link_of(world.offer_to(expert))).path)
    assert page.status_code == 200
    assert faults(page.text) == []
    assert "&lt;script&gt;" in page.text


def test_payloads_are_inert_in_the_form_itself(world: World, visit: Visit) -> None:
    for payload in PAYLOADS:
        page = visit().file(**dict.fromkeys(FIELDS, payload))
        assert page.status_code == 422, payload
        assert faults(page.text) == [], payload
        assert page.text.count(escape(payload)) >= len(TEXTS), payload


def test_payloads_in_texts_and_reasons_are_inert_on_the_board(world: World, visit: Visit) -> None:
    first, _second = world.expert(1), world.expert(2)
    request = world.file()
    officer = visit(world.officer())
    page = f"/desk/{request.ref}"
    with writing() as session:
        for number, payload in enumerate(PAYLOADS):
            session.add(
                InboundMessage(
                    sid=f"SM{number}",
                    sender="<b>+1</b>",
                    body=payload,
                    received_at=now(),
                    outcome="unclear",
                )
            )
    path = f"/desk/offers/{world.offer_to(first).public_id}/withdraw"
    officer.post(path, page=page, reason="".join(PAYLOADS))
    for shown in (officer.get("/desk/"), officer.get(page)):
        assert faults(shown.text) == []
        assert "&lt;script&gt;" in shown.text
    bad = officer.post(f"{page}/extend", page=page, experts_needed=PAYLOADS[1])
    assert bad.status_code == 422
    assert faults(bad.text) == []


def test_what_was_typed_leads_nowhere(world: World, visit: Visit) -> None:
    for address in ("//evil.example", "https://evil.example", "/\\evil.example"):
        answer = visit().file(submission=address, next=address)
        assert answer.status_code == 303
        assert answer.location.startswith("/crisis/")


def test_the_api_gives_back_what_it_was_given(world: World, call: Call) -> None:
    focal = call(world.focal_point())
    for payload in PAYLOADS:
        report = {"office": "UA", "kind": "CYB", "severity": 1, "summary": payload}
        answer = focal.post("/crises", report)
        assert answer.mimetype == "application/json"
        assert (answer.json or {})["summary"] == payload
