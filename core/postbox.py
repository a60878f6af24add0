"""The ways a mail can leave: an SMTP server, or in demo the sandbox's page of mails.

Knows no row and no clock: it is handed letters.
"""

import smtplib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from http.client import HTTPConnection, HTTPException
from json import dumps
from ssl import create_default_context
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from core.settings import Settings

TIMEOUT_S = 20
# What a post raises when it could not send.
FAULTS = (OSError, smtplib.SMTPException, HTTPException, MessageError, ValueError)


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
    url, host = urlsplit(settings.mail_url), urlsplit(settings.public_url).hostname or "localhost"
    sender = parse_qs(url.query).get("from", [f"no-reply@{host}"])[0]
    with closing(_connect(url)) as smtp:
        _sign_in(smtp, url)
        yield SmtpPost(smtp, sender, host)


def _connect(url: SplitResult) -> smtplib.SMTP:
    server = url.hostname or "localhost"
    if url.scheme == "smtps":
        context = create_default_context()
        return smtplib.SMTP_SSL(server, url.port or 465, timeout=TIMEOUT_S, context=context)
    return smtplib.SMTP(server, url.port or 25, timeout=TIMEOUT_S)


def _sign_in(smtp: smtplib.SMTP, url: SplitResult) -> None:
    """With a login the connection is encrypted and the certificate checked, or nothing is sent."""
    if not url.username:
        return
    if url.scheme == "smtp":
        smtp.starttls(context=create_default_context())
    smtp.login(unquote(url.username), unquote(url.password or ""))


class SmtpPost:
    """An open connection to MAIL_URL: `smtp[s]://[user:password@]host[:port][?from=address]`."""

    def __init__(self, smtp: smtplib.SMTP, sender: str, host: str) -> None:
        self._smtp, self._sender, self._host = smtp, sender, host

    def send(self, letter: Letter) -> None:
        to = one_address(letter.to).addr_spec
        self._smtp.send_message(self.message(letter), from_addr=self._sender, to_addrs=[to])

    def message(self, letter: Letter) -> EmailMessage:
        """The letter as RFC 5322; the same Message-ID each time, so that a second copy is known."""
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self._sender, one_address(letter.to)
        message["Subject"], message["Date"] = letter.subject, letter.at
        message["Message-ID"] = f"<{letter.id}.{letter.at.timestamp():.0f}@{self._host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        return message


def one_address(text: str) -> Address:
    """`text` as a single mailbox, whatever it holds; its domain in ASCII (RFC 5890)."""
    name, _, domain = text.rpartition("@")
    return Address(username=name, domain=domain.encode("idna").decode())


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
