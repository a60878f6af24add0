"""The control interface, over HTTP as scripts use it."""

import threading
from collections.abc import Iterator

import pytest
import requests
from twilio.rest import Client

from sandbox.testing import MailMissingError, RunningSandbox
from tests.sandbox.application import SENDER, STATUS_URL, Listener, client_for

AMINA = "+12025550101"


@pytest.fixture
def http() -> Iterator[requests.Session]:
    """A plain HTTP client."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def api(sandbox: RunningSandbox, path: str) -> str:
    return f"{sandbox.url}/sandbox/{path}"


def test_texts_are_waited_for_and_read_on_from_a_cursor(
    lively: RunningSandbox, http: requests.Session
) -> None:
    def send() -> None:
        with client_for(lively) as client:
            client.messages.create(to=AMINA, from_=SENDER, body="1 K7Q2 or 2 K7Q2")

    sender = threading.Thread(target=send)
    sender.start()
    query = {"phone": AMINA, "wait_s": "5"}
    found = http.get(api(lively, "api/texts"), params=query, timeout=10).json()
    sender.join()
    assert [(text["body"], text["code"], text["status"]) for text in found["texts"]] == [
        ("1 K7Q2 or 2 K7Q2", "K7Q2", "delivered")
    ]
    plain = http.get(api(lively, f"api/texts?phone={AMINA}"), timeout=10).json()
    assert plain == found, "a plus that was not encoded is meant as one"
    query = {"after": str(found["cursor"])}
    assert http.get(api(lively, "api/texts"), params=query, timeout=10).json()["texts"] == []
    made = http.get(api(lively, "api/messages"), timeout=10).json()
    assert [text["to"] for text in made["messages"]] == [AMINA]


def test_a_phone_writes_and_the_webhooks_answer_is_known(
    lively: RunningSandbox, http: requests.Session, listener: Listener
) -> None:
    listener.answers[lively.store.config.sms_url] = "<Response><Message>Ok</Message></Response>"
    body = {"phone": AMINA, "body": "1 K7Q2", "wait_s": 5}
    written = http.post(api(lively, "api/texts"), json=body, timeout=10)
    assert (written.status_code, written.json()["answers"]) == (201, ["Ok"])
    posted = http.get(api(lively, "api/webhooks"), timeout=10).json()["webhooks"]
    assert posted[0]["fields"]["Body"] == "1 K7Q2"


def test_phones_get_names_and_kinds(sandbox: RunningSandbox, http: requests.Session) -> None:
    directory = [
        {"number": AMINA, "label": "Amina"},
        {"number": "+1 (202) 555-0102", "kind": "one_way"},
    ]
    named = http.post(api(sandbox, "api/phones"), json=directory, timeout=10)
    assert named.status_code == 201
    http.post(api(sandbox, "api/phones"), json={"number": AMINA, "kind": "landline"}, timeout=10)
    assert http.get(api(sandbox, "api/phones"), timeout=10).json()["phones"] == [
        {"number": AMINA, "label": "Amina", "kind": "landline", "opted_out": False},
        {"number": "+12025550102", "label": "", "kind": "one_way", "opted_out": False},
    ]
    refused = http.post(
        api(sandbox, "api/texts"), json={"phone": "+12025550102", "body": "1"}, timeout=10
    )
    assert refused.status_code == 409


def test_faults_are_added_listed_and_cleared(
    sandbox: RunningSandbox, http: requests.Session, twilio: Client, listener: Listener
) -> None:
    fault = {"kind": "fail_delivery", "phone": AMINA, "code": 30005, "times": None}
    added = http.post(api(sandbox, "api/faults"), json=fault, timeout=10)
    assert added.status_code == 201
    twilio.messages.create(to=AMINA, from_=SENDER, body="Hi", status_callback=STATUS_URL)
    assert http.post(api(sandbox, "api/deliver"), timeout=10).json()["steps"] == 2
    assert listener.statuses() == ["sent", "undelivered"]
    waiting = http.get(api(sandbox, "api/faults"), timeout=10).json()["faults"]
    assert [(one["kind"], one["phone"], one["times"]) for one in waiting] == [
        ("fail_delivery", AMINA, None)
    ]
    http.delete(api(sandbox, f"api/faults/{added.json()['id']}"), timeout=10)
    http.post(api(sandbox, "api/faults"), json={"kind": "slow", "seconds": 1}, timeout=10)
    http.delete(api(sandbox, "api/faults"), timeout=10)
    assert sandbox.store.faults.all() == []


def test_calls_are_seen_and_taken(
    sandbox: RunningSandbox, http: requests.Session, twilio: Client
) -> None:
    twiml = '<Response><Gather numDigits="1"><Say>1 or 2?</Say></Gather></Response>'
    sid = twilio.calls.create(to=AMINA, from_=SENDER, twiml=twiml).sid
    http.post(api(sandbox, "api/deliver"), timeout=10)
    for act, keys in (("answer", None), ("press", {"keys": "1"})):
        answer = http.post(api(sandbox, f"api/calls/{sid}/{act}"), json=keys, timeout=10)
        assert answer.status_code == 200
        http.post(api(sandbox, "api/deliver"), timeout=10)
    calls = http.get(api(sandbox, "api/calls"), params={"phone": AMINA}, timeout=10).json()
    assert calls["calls"][0]["heard"][0] == "1 or 2?"
    assert calls["calls"][0]["pressed"] == "1"
    assert http.post(api(sandbox, f"api/calls/{sid}/decline"), timeout=10).status_code == 409
    assert http.post(api(sandbox, f"api/calls/{sid}/sing"), timeout=10).status_code == 400
    assert http.post(api(sandbox, "api/calls/CA0/answer"), timeout=10).status_code == 404


def test_mails_are_kept_and_expected(sandbox: RunningSandbox, http: requests.Session) -> None:
    mail = {
        "to": "amina@example.org",
        "subject": "Your invitation",
        "body": "Open http://localhost:5000/invite/abc.",
        "at": "2027-01-05T10:00:00+00:00",
    }
    assert http.post(api(sandbox, "mails"), json=mail, timeout=10).status_code == 201
    box = sandbox.mailbox("amina@example.org")
    assert box.expect_mail("invitation").link == "http://localhost:5000/invite/abc"
    with pytest.raises(MailMissingError):
        box.expect_mail(timeout_s=0)
    found = http.get(api(sandbox, "api/mails"), params={"to": mail["to"]}, timeout=10).json()
    assert [one["subject"] for one in found["mails"]] == ["Your invitation"]
    assert found["mails"][0]["at"] == mail["at"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("api/texts", None),
        ("api/texts", []),
        ("api/texts", {"phone": "12", "body": "x"}),
        ("api/texts", {"phone": AMINA}),
        ("api/phones", ["x"]),
        ("api/phones", {"number": AMINA, "kind": "spaceship"}),
        ("api/faults", {"kind": "earthquake"}),
        ("api/faults", {"kind": "slow", "where": "everywhere"}),
        ("api/faults", {"kind": "slow", "seconds": "long"}),
        ("api/time", {"seconds": -1}),
        ("mails", {"subject": "to nobody"}),
    ],
)
def test_a_request_that_is_not_as_it_must_be_is_told_so(
    sandbox: RunningSandbox, http: requests.Session, path: str, body: object
) -> None:
    refused = http.post(api(sandbox, path), json=body, timeout=10)
    assert refused.status_code == 400
    assert refused.json()["error"]


def test_time_passes_and_everything_is_forgotten_on_request(
    sandbox: RunningSandbox, http: requests.Session, twilio: Client
) -> None:
    before = sandbox.store.now()
    http.post(api(sandbox, "api/time"), json={"seconds": 600}, timeout=10)
    assert (sandbox.store.now() - before).total_seconds() >= 600
    twilio.messages.create(to=AMINA, from_=SENDER, body="Hi")
    http.post(api(sandbox, "api/reset"), timeout=10)
    assert twilio.messages.list() == []
    health = http.get(api(sandbox, "api/health"), timeout=10).json()
    assert (health["status"], health["messages"], health["arrived"]) == ("ok", 0, 0)
