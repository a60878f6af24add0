"""A sandbox that is served in the background, on 127.0.0.1 and nowhere else."""

import threading
from types import TracebackType

from flask import Flask

from sandbox.app import store_of
from sandbox.serving import LoopbackServer

HOST = "127.0.0.1"


class SandboxServer:
    """Serves a sandbox in the background from `start` to `close`; a context manager does both.

    `port` 0 takes a free one. Raises OSError when the port is taken.
    """

    def __init__(self, app: Flask, port: int = 0) -> None:
        self._store = store_of(app)
        self._server = LoopbackServer((HOST, port), app)
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="sandbox-server",
            daemon=True,
        )
        self.port = self._server.server_port
        self.url = f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and delivering, and let go of held requests and of the port."""
        self._store.close()
        self._server.shutdown()
        self._thread.join()
        self._server.close_all()

    def __enter__(self) -> "SandboxServer":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
