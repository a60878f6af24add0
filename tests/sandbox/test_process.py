"""The sandbox as a process of its own: it serves, posts over real HTTP, and ends when told to."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from flask import Flask, request
from twilio.request_validator import RequestValidator
from werkzeug.serving import make_server

from sandbox.config import DEMO_AUTH_TOKEN
from sandbox.webhooks import WebhookError, post_form

ROOT = Path(__file__).parents[2]
AMINA = "+12025550101"


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """An application on a free port of loopback."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def sandbox_process(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`python -m sandbox` on a free port, and its address as it prints it."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", *arguments]
    environment = {"PATH": os.environ["PATH"]}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            assert select.select([process.stdout], [], [], 20)[0], "it printed nothing"
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


def listening_app(heard: list[bool]) -> Flask:
    """An application that checks the signature of each text and thanks for it."""
    app = Flask("listening")

    @app.post("/twilio/sms")
    def take() -> str:
        validator = RequestValidator(DEMO_AUTH_TOKEN)
        signature = request.headers["X-Twilio-Signature"]
        heard.append(validator.validate(request.url, request.form, signature))
        return f"<Response><Message>Thanks for {request.form['Body']}</Message></Response>"

    @app.post("/refusing")
    def refuse() -> tuple[str, int]:
        return "no", 403

    return app


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_ends_cleanly_when_told_to(number: int) -> None:
    heard: list[bool] = []
    with (
        serving(listening_app(heard)) as url,
        sandbox_process("--app-url", url) as (process, address),
        requests.Session() as http,
    ):
        body = {"phone": AMINA, "body": "Ça va? 1 K7Q2 é😀", "wait_s": 10}
        written = http.post(f"{address}sandbox/api/texts", json=body, timeout=15).json()
        assert written["answers"] == ["Thanks for Ça va? 1 K7Q2 é😀"]
        assert heard == [True]
        assert "Thanks for" in http.get(address, timeout=10).text
        process.send_signal(number)
        assert process.wait(10) == 0


def test_it_ends_with_its_parent_when_asked_to() -> None:
    parent = "import subprocess, sys; subprocess.Popen(sys.argv[1:]); sys.stdin.read()"
    sandbox = [sys.executable, "-m", "sandbox", "--port", "0", "--with-parent"]
    with subprocess.Popen(
        [sys.executable, "-c", parent, *sandbox],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert "phones" in process.stdout.readline()
        process.stdin.close()
        assert process.stdout.read() == "", "both hold it open until they end"


def test_a_refused_or_unreachable_webhook_is_an_error_that_says_so() -> None:
    with serving(listening_app([])) as url, pytest.raises(WebhookError, match="403"):
        post_form(f"{url}/refusing", {"a": "b"}, {})
    with pytest.raises(WebhookError, match="ConnectionError"):
        post_form(f"{url}/refusing", {"a": "b"}, {})


def test_a_taken_port_is_refused_with_a_sentence() -> None:
    with serving(listening_app([])) as url:
        port = url.rpartition(":")[2]
        ended = subprocess.run(
            [sys.executable, "-m", "sandbox", "--port", port],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert ended.returncode == 2
    assert "in use" in ended.stderr
