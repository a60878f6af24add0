"""The ways a mail can leave: an SMTP server, or in demo the sandbox's page of mails.

Knows no row and no clock: it is handed letters.
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from http.client import HTTPConnection, HTTPException
from json import dumps
from ssl import create_default_context
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from core.settings import Settings

TIMEOUT_S = 20
# What a post raises when it could not send.
FAULTS = (OSError, smtplib.SMTPException, HTTPException, ValueError)


@dataclass(frozen=True)
class Letter:
    """A mail as it leaves: plain values, so that the database can be let go."""

    id: int
    to: str
    subject: str
    body: str
    at: datetime


class Post(Protocol):
    """A way out. `send` raises one of FAULTS when it fails."""

    def send(self, letter: Letter) -> None: ...


def leads_out(settings: Settings) -> bool:
    """Whether there is any way for a mail to leave."""
    return bool(settings.mail_url) or settings.demo


@contextmanager
def open_post(settings: Settings) -> Iterator[Post]:
    """The way out that `settings` name. Raises one of FAULTS when the server is not reached."""
    if not settings.mail_url:
        yield SandboxPost(settings.twilio_api_url)
        return
    with SmtpPost(settings.mail_url, urlsplit(settings.public_url).hostname or "localhost") as post:
        yield post


class SmtpPost:
    """A connection to MAIL_URL: `smtp://[user:password@]host[:port][?from=address]`, or `smtps`.

    With a login the connection is encrypted and the certificate checked, or nothing is sent.
    """

    def __init__(self, url: str, host: str) -> None:
        self._url, self._host = urlsplit(url), host
        self._from = parse_qs(self._url.query).get("from", [f"no-reply@{host}"])[0]

    def __enter__(self) -> "SmtpPost":
        server, login = self._url.hostname or "localhost", self._url.username
        if self._url.scheme == "smtps":
            context = create_default_context()
            port = self._url.port or 465
            self._smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                server, port, timeout=TIMEOUT_S, context=context
            )
        else:
            self._smtp = smtplib.SMTP(server, self._url.port or 25, timeout=TIMEOUT_S)
            if login:
                self._smtp.starttls(context=create_default_context())
        if login:
            self._smtp.login(unquote(login), unquote(self._url.password or ""))
        return self

    def __exit__(self, *_error: object) -> None:
        self._smtp.close()

    def send(self, letter: Letter) -> None:
        self._smtp.send_message(self.message(letter))

    def message(self, letter: Letter) -> EmailMessage:
        """The letter as RFC 5322; the same Message-ID each time, so that a second copy is known."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self._from, letter.to
        message["Subject"], message["Date"] = letter.subject, letter.at
        message["Message-ID"] = f"<{letter.id}.{letter.at.timestamp():.0f}@{self._host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        return message


class SandboxPost:
    """The page of mails of the sandbox, on this machine."""

    def __init__(self, url: str) -> None:
        self._netloc = urlsplit(url).netloc

    def send(self, letter: Letter) -> None:
        connection = HTTPConnection(self._netloc, timeout=TIMEOUT_S)
        try:
            body = {"to": letter.to, "subject": letter.subject, "body": letter.body}
            body["at"] = letter.at.isoformat()
            headers = {"Content-Type": "application/json"}
            connection.request("POST", "/sandbox/mails", dumps(body), headers)
            status = connection.getresponse().status
            if status >= 300:
                raise HTTPException(f"the sandbox answered {status}")
        finally:
            connection.close()
