"""Where mails go: to a server under protection, to the sandbox in demo, or nowhere and kept."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from core.mail import BadAddressError, send_due, to_address, warn_when_mute
from tests.conftest import Clock
from tests.core.smtp import MailServer, mail_server
from tests.core.test_mail import kept, queue


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


class TestWithALogin:
    """A server that offers no encryption gets neither the password nor the mail."""

    @pytest.fixture
    def environment(self, environment: dict[str, str], server: MailServer) -> dict[str, str]:
        return environment | {"MAIL_URL": f"smtp://ada:hunter22@127.0.0.1:{server.port}"}

    def test_nothing_is_sent_in_clear(
        self, session: Session, server: MailServer, clock: Clock
    ) -> None:
        queue()
        assert send_due(clock.now()) == 0
        assert server.received == []
        assert not any("AUTH" in command.upper() for command in server.commands)
        assert kept(session)[0].error


class TestUnreachable:
    """Nobody listens at MAIL_URL."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"MAIL_URL": "smtp://127.0.0.1:9"}

    def test_the_mail_is_kept_for_later(self, session: Session, clock: Clock) -> None:
        queue()
        assert send_due(clock.now()) == 0
        mail = kept(session)[0]
        assert (mail.error, mail.claimed_at) == ("ConnectionRefusedError", None)


class TestWithASenderOfItsOwn:
    """MAIL_URL may name the address that mails come from."""

    @pytest.fixture
    def environment(self, environment: dict[str, str], server: MailServer) -> dict[str, str]:
        return environment | {"MAIL_URL": f"{server.url}?from=desk@office.test"}

    def test_mails_come_from_it(self, session: Session, server: MailServer, clock: Clock) -> None:
        queue()
        assert send_due(clock.now()) == 1
        assert server.received[0].sender == "desk@office.test"
        assert server.received[0].message["From"] == "desk@office.test"


class Page(BaseHTTPRequestHandler):
    """The sandbox's page of mails."""

    posted: ClassVar[list[tuple[str, dict[str, Any]]]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.posted.append((self.path, json.loads(body)))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        return


class TestInDemo:
    """No mail leaves this machine; the sandbox shows them."""

    @pytest.fixture
    def page(self) -> Iterator[HTTPServer]:
        Page.posted.clear()
        with HTTPServer(("127.0.0.1", 0), Page) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            yield server
            server.shutdown()
            thread.join(timeout=5)

    @pytest.fixture
    def environment(self, database_url: str, page: HTTPServer) -> dict[str, str]:
        url = f"http://127.0.0.1:{page.server_port}"
        return {"DEMO": "1", "DATABASE_URL": database_url, "TWILIO_API_URL": url}

    def test_mails_go_to_the_sandbox(self, session: Session, clock: Clock) -> None:
        queue(body="مرحبا")
        assert send_due(clock.now()) == 1
        path, mail = Page.posted[0]
        assert path == "/sandbox/mails"
        assert mail["to"] == "ada@office.test"
        assert (mail["subject"], mail["body"]) == ("Hello", "مرحبا")
        assert mail["at"].endswith("+00:00")


class TestWithoutAServer:
    """Outside demo and without MAIL_URL."""

    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"MAIL_URL": ""}

    def test_mails_are_kept_and_the_start_warns(
        self, app: Flask, session: Session, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        queue()
        assert send_due(clock.now()) == 0
        assert kept(session)[0].tries == 0
        with caplog.at_level(logging.WARNING):
            warn_when_mute(app)
        assert "nobody gets them" in caplog.text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Ada@Office.TEST ", "ada@office.test"),
        ("a.b+c@x.example", "a.b+c@x.example"),
        ("Ünï@exämple.org", "ünï@exämple.org"),
        ("duty@demo.localhost", "duty@demo.localhost"),
    ],
)
def test_addresses_have_one_spelling(typed: str, stored: str) -> None:
    assert to_address(typed) == stored


@pytest.mark.parametrize(
    "text", ["", "x", "a@", "@b.org", "a b@c.org", "a@b.org\r\nBcc: c@d.org", "a@b.org,c@d.org",
             "\x00@b.org", "Ada <ada@b.org>", f"{'x' * 250}@b.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddressError):
        to_address(text)
