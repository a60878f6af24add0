"""`python -m bench.provider`: takes texts as Twilio does, after so many milliseconds, and no more.

Stands in for the sandbox where that would be the slowest part. GET / tells every text that it has:
when it was complete (seconds, time.time) and to whom. GET /delay/100 sets the milliseconds.
"""

import argparse
import asyncio
import json
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs


@dataclass
class Provider:
    """What has come in, and how long each caller waits."""

    delay_s: float = 0.0
    texts: list[tuple[float, str]] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One kept connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(length_of(head))
                writer.write(await self._answer(head, body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, head: bytes, body: bytes) -> bytes:
        path = head.split()[1].decode()
        if path.startswith("/delay/"):
            self.delay_s = float(path.rpartition("/")[2]) / 1000
        if head.startswith(b"GET"):
            return _response(200, self.texts)
        self.texts.append((time.time(), parse_qs(body.decode())["To"][0]))
        sid = f"SM{len(self.texts):032x}"
        await asyncio.sleep(self.delay_s)
        return _response(201, {"sid": sid, "status": "queued", "body": "", "num_segments": "1"})


def length_of(head: bytes) -> int:
    """The length of the body that follows the head of a request or an answer."""
    lines = head.lower().split(b"\r\n")
    return next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)


def _response(status: int, content: object) -> bytes:
    body = json.dumps(content).encode()
    lines = (
        f"HTTP/1.1 {status} OK",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _serve(port: int) -> None:
    server = await asyncio.start_server(Provider().talk, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    given = argparse.ArgumentParser()
    given.add_argument("--port", type=int, required=True)
    asyncio.run(_serve(given.parse_args().port))
