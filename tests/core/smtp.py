"""A small SMTP server on loopback that does as it is told (RFC 5321, as far as mails need it)."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Received:
    """A mail as it arrived."""

    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class MailServer:
    """What arrived, and how the server behaves: the reply to DATA, whom it refuses."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    after_data: str = "250 kept"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    books: MailServer
    timeout = 10

    def handle(self) -> None:
        self.sender, self.recipients = "", list[str]()
        self.say("220 test")
        while line := self.rfile.readline():
            command = line.decode("utf-8", "replace").rstrip("\r\n")
            self.books.commands.append(command)
            verb = command.split(":")[0].upper()
            if verb.startswith("EHLO"):
                self.say("250-test\r\n250 SMTPUTF8")
            elif verb == "MAIL FROM":
                self.sender, self.recipients = command[10:].split()[0].strip("<>"), []
                self.say("250 ok")
            elif verb == "RCPT TO":
                self.recipient(command[8:].split()[0].strip("<>"))
            elif verb == "DATA":
                self.data()
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok" if verb == "RSET" else "502 what?")

    def recipient(self, address: str) -> None:
        if address in self.books.refuse:
            self.say("550 nobody here")
            return
        self.recipients.append(address)
        self.say("250 ok")

    def data(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        if self.books.after_data.startswith("250"):
            message = message_from_bytes(b"".join(lines), policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.books.received.append(Received(self.sender, self.recipients, message))
        self.say(self.books.after_data)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Runs the server while the block lasts."""
    books = MailServer()
    handler = type("Bound", (Conversation,), {"books": books})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        books.port = server.server_address[1]
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield books
        server.shutdown()
        thread.join(timeout=5)
