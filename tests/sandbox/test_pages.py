"""What a person sees: phones, the latest first, and what can be done with them."""

import re

import pytest
import requests
from twilio.rest import Client

from sandbox.faults import Kind
from sandbox.testing import RunningSandbox
from tests.sandbox.application import SENDER, VOICE_URL, Listener

AMINA = "+12025550101"
BORIS = "+12025550102"


def see(sandbox: RunningSandbox, path: str) -> str:
    answer = requests.get(sandbox.url + path, timeout=10)
    assert answer.status_code == 200
    return answer.text


def do(sandbox: RunningSandbox, path: str, **fields: str) -> requests.Response:
    return requests.post(sandbox.url + path, data=fields, timeout=10, allow_redirects=False)


def test_the_phone_that_was_busy_last_comes_first(sandbox: RunningSandbox, twilio: Client) -> None:
    sandbox.phone(AMINA, "Amina, Suva")
    for number in (AMINA, BORIS, AMINA):
        twilio.messages.create(to=number, from_=SENDER, body="Hi")
    sandbox.settle()
    assert re.findall(r'<article class="phone" id="p(\d+)"', see(sandbox, "/")) == [
        "12025550101",
        "12025550102",
    ]
    assert "Amina, Suva" in see(sandbox, "/")


def test_a_text_with_a_code_gets_buttons_until_it_is_answered(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    twilio.messages.create(to=AMINA, from_=SENDER, body="Come? 1 K7Q2 yes, 2 K7Q2 no")
    sandbox.settle()
    assert 'value="1 K7Q2"' in see(sandbox, "/")
    assert do(sandbox, "/phones/12025550101/text", body="1 K7Q2").headers["Location"] == "/"
    sandbox.settle()
    assert 'value="1 K7Q2"' not in see(sandbox, "/")
    assert listener.texts()[0]["Body"] == "1 K7Q2"


def test_what_others_wrote_stays_text(sandbox: RunningSandbox, twilio: Client) -> None:
    body = '<script>alert(1)</script> http://localhost:5000/o/x"onmouseover=y'
    twilio.messages.create(to=AMINA, from_=SENDER, body=body)
    sandbox.phone(AMINA, "<b>Amina</b>")
    sandbox.settle()
    page = see(sandbox, "/")
    assert "<script>alert" not in page
    assert "<b>Amina" not in page
    assert '<a href="http://localhost:5000/o/x" target="_blank" rel="noopener">' in page


def test_the_page_says_what_became_of_a_text(sandbox: RunningSandbox, twilio: Client) -> None:
    sandbox.phone(AMINA).reject(30005)
    twilio.messages.create(to=AMINA, from_=SENDER, body="x" * 161)
    assert "on its way · 2 segments" in see(sandbox, "/")
    sandbox.settle()
    assert "not delivered: 30005 Unknown destination handset" in see(sandbox, "/")


def test_the_script_gets_the_middle_only_when_something_is_new(
    sandbox: RunningSandbox,
) -> None:
    version = re.search(r'data-version="(\d+)"', see(sandbox, "/"))
    assert version
    same = requests.get(f"{sandbox.url}/?version={version[1]}", timeout=10)
    assert same.status_code == 204
    sandbox.phone(AMINA).reply("Hello")
    fresh = requests.get(f"{sandbox.url}/?version={version[1]}", timeout=10)
    assert fresh.status_code == 200
    assert int(fresh.headers["X-Version"]) > int(version[1])
    assert "<html" not in fresh.text
    assert "Hello" in fresh.text


def test_a_call_is_taken_on_the_page(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    twiml = (
        f'<Response><Gather numDigits="1" action="{VOICE_URL}">'
        '<Say language="ar">اضغط</Say></Gather></Response>'
    )
    twilio.calls.create(to=AMINA, from_=SENDER, twiml=twiml)
    sandbox.settle()
    answer = re.search(r'action="(/calls/CA\w+/answer)"', see(sandbox, "/"))
    assert answer
    assert do(sandbox, answer[1], back="phone").headers["Location"] == "/phones/12025550101"
    sandbox.settle()
    page = see(sandbox, "/phones/12025550101")
    assert 'lang="ar">اضغط' in page
    press = answer[1].replace("answer", "press")
    assert do(sandbox, press, keys="1").status_code == 303
    sandbox.settle()
    assert do(sandbox, press, keys="1").status_code == 409


def test_a_phone_that_cannot_answer_has_no_box(sandbox: RunningSandbox, twilio: Client) -> None:
    assert do(sandbox, "/phones/12025550101/kind", kind="one_way").status_code == 303
    page = see(sandbox, "/phones/+12025550101")
    assert "can't answer by text" in page
    assert 'class="answer"' not in page
    assert do(sandbox, "/phones/12025550101/text", body="1").status_code == 409


def test_anybody_may_write_first(sandbox: RunningSandbox, listener: Listener) -> None:
    written = do(sandbox, "/phones/text", number="+1 202 555 0103", body="CRISIS flood")
    assert written.status_code == 303
    sandbox.settle()
    assert listener.texts()[0]["From"] == "+12025550103"
    assert do(sandbox, "/phones/text", number="nobody", body="x").status_code == 404


def test_named_phones_without_texts_are_listed_apart(sandbox: RunningSandbox) -> None:
    for place, name in enumerate(("Boris", "Amina")):
        sandbox.phone(f"+1202555010{place}", name)
    page = see(sandbox, "/")
    assert "2 quiet phones" in page
    assert page.index("Amina") < page.index("Boris")
    assert "No phone has rung yet" in page


def test_mails_are_shown_latest_first(sandbox: RunningSandbox) -> None:
    for subject in ("first", "second"):
        sandbox.store.keep_mail("a@example.org", subject, "See http://localhost:5000/x", "now")
    page = see(sandbox, "/mails")
    assert page.index("second") < page.index("first")
    assert 'href="http://localhost:5000/x"' in page


def test_a_fault_is_chosen_seen_and_cleared(sandbox: RunningSandbox) -> None:
    added = do(sandbox, "/faults", choice="unreachable", phone="+1 202-555-0101")
    assert added.headers["Location"] == "/faults"
    (fault,) = sandbox.store.faults.all()
    assert (fault.kind, fault.phone, fault.code) == (Kind.FAIL_DELIVERY, AMINA, 30003)
    assert f"30003, {AMINA}, once" in see(sandbox, "/faults")
    do(sandbox, "/faults/clear", id=str(fault.id))
    assert "All is well" in see(sandbox, "/faults")
    assert do(sandbox, "/faults", choice="flood").status_code == 400


def test_the_faults_page_shows_what_was_posted(sandbox: RunningSandbox, listener: Listener) -> None:
    listener.broken = True
    sandbox.phone(AMINA).reply("1 K7Q2")
    page = see(sandbox, "/faults")
    assert "the application is broken" in page
    assert "1 K7Q2" in page


@pytest.mark.parametrize("path", ["/phones/nobody", "/phones/123", "/calls/CA0/answer"])
def test_what_is_not_there_is_404(sandbox: RunningSandbox, path: str) -> None:
    send = requests.post if "calls" in path else requests.get
    assert send(sandbox.url + path, timeout=10).status_code == 404
