"""Many HTTP requests at once with as little work of our own as can be: two cores serve all."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.provider import length_of


@dataclass(frozen=True)
class Request:
    """One request to 127.0.0.1."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """As it goes over the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


def as_json(method: str, path: str, content: object, token: str) -> Request:
    """A call of our API."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    return Request(method, path, json.dumps(content).encode(), headers)


def ask_all(port: int, requests: Sequence[Request], connections: int) -> list[tuple[int, bytes]]:
    """Status and body of each of `requests`, over so many kept connections at once."""
    return asyncio.run(_ask_all(port, requests, connections))


async def _ask_all(
    port: int, requests: Sequence[Request], connections: int
) -> list[tuple[int, bytes]]:
    answers: dict[int, tuple[int, bytes]] = {}
    waiting = iter(enumerate(requests))

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number, request in waiting:
            writer.write(request.encoded())
            answers[number] = await _read(reader)
        writer.close()

    await asyncio.gather(*(work() for _ in range(min(connections, len(requests)))))
    return [answers[number] for number in range(len(requests))]


async def _read(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split()[1]), await reader.readexactly(length_of(head))
