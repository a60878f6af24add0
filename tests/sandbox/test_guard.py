"""The sandbox stays on this machine: names, other sites, headers, targets of webhooks, hosts."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from sandbox.__main__ import main
from sandbox.app import create_sandbox, store_of
from sandbox.config import SandboxConfig, UnsafeConfigError
from sandbox.webhooks import WebhookError, is_loopback, post_form

LOCAL = "http://localhost:5001"


@pytest.fixture
def page() -> Iterator[FlaskClient]:
    """A browser's view of a sandbox, without a server."""
    app = create_sandbox(SandboxConfig(automatic=False))
    yield app.test_client()
    store_of(app).close()


@pytest.mark.parametrize(
    "path", ["/", "/mails", "/faults", "/sandbox/api/texts", "/static/phones.js"]
)
def test_another_host_name_is_refused(page: FlaskClient, path: str) -> None:  # fmt: skip
    for host, status in (("evil.example", 403), ("localhost", 200), ("127.0.0.1", 200)):
        with page.get(path, base_url=f"http://{host}:5001") as answer:
            assert answer.status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:5000"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/faults/clear", "/sandbox/api/reset", "/sandbox/mails"])
def test_a_post_from_another_site_is_refused(
    page: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    assert page.post(path, base_url=LOCAL, headers=headers).status_code == 403


def test_a_post_from_our_own_page_is_taken(page: FlaskClient) -> None:
    ours = {"Origin": LOCAL, "Sec-Fetch-Site": "same-origin"}
    assert page.post("/faults/clear", base_url=LOCAL, headers=ours).status_code == 303


@pytest.mark.parametrize("path", ["/", "/phones/12025550101", "/mails", "/faults", "/nowhere"])
def test_every_answer_has_a_strict_policy(page: FlaskClient, path: str) -> None:
    headers = page.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/twilio/sms", "https://example.org/", "ftp://localhost/", "localhost"]
)
def test_webhooks_never_leave_the_machine(url: str) -> None:
    assert not is_loopback(url)
    with pytest.raises(WebhookError, match="loopback only"):
        post_form(url, {}, {})


def test_an_account_without_a_proper_token_is_refused() -> None:
    with pytest.raises(UnsafeConfigError, match="8 characters"):
        SandboxConfig(auth_token="")
    with pytest.raises(UnsafeConfigError, match="hexadecimal"):
        SandboxConfig(account_sid="AC1")


@pytest.mark.parametrize(
    "arguments", [["--host", "192.0.2.8"], ["--host", "192.0.2.7"], ["--auth-token", "short"]]
)
def test_the_command_refuses_what_is_unsafe(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", *arguments]) == 2
    assert capsys.readouterr().err
