"""A threaded web server for the sandbox, on 127.0.0.1 and nowhere else."""

import socket
import threading
from types import TracebackType

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from sandbox.app import store_of

HOST = "127.0.0.1"


class _QuietHandler(WSGIRequestHandler):
    """Does not print a line for every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class SandboxServer:
    """Serves a sandbox in the background from `start` to `close`; a context manager does both.

    `port` 0 takes a free one. Raises OSError when the port is taken.
    """

    def __init__(self, app: Flask, port: int = 0) -> None:
        self._store = store_of(app)
        # Bound here, since werkzeug would end the whole program when the port is taken.
        with socket.create_server((HOST, port)) as bound:
            self._server = make_server(
                HOST, port, app, threaded=True, request_handler=_QuietHandler, fd=bound.fileno()
            )
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name="sandbox-server",
            daemon=True,
        )
        self.port = self._server.port
        self.url = f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and delivering, and let go of held requests and of the port."""
        self._store.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

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
