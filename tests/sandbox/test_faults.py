"""Faults on request: refusals, broken connections, losses, late and doubled reports."""

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from sandbox.faults import ALL, READS, Fault, Kind
from sandbox.testing import RunningSandbox
from tests.sandbox.application import SENDER, STATUS_URL, Listener, client_for

AMINA = "+12025550101"
BORIS = "+12025550102"


def send(twilio: Client, to: str = AMINA, body: str = "Hi") -> str | None:
    return twilio.messages.create(to=to, from_=SENDER, body=body, status_callback=STATUS_URL).sid


@pytest.mark.parametrize(
    ("status", "code"), [(400, 21211), (401, 20003), (429, 20429), (500, 20500), (503, 20503)]
)
def test_the_next_requests_are_refused_and_no_more(
    sandbox: RunningSandbox, twilio: Client, status: int, code: int
) -> None:
    sandbox.add_fault(Fault(Kind.REJECT, times=2, code=code))
    for _ in range(2):
        with pytest.raises(TwilioRestException) as refused:
            send(twilio)
        assert (refused.value.status, refused.value.code) == (status, code)
    assert send(twilio)


def test_a_gateway_may_fail_without_twilios_document(
    sandbox: RunningSandbox, twilio: Client
) -> None:
    sandbox.add_fault(Fault(Kind.REJECT, status=502))
    with pytest.raises(TwilioRestException) as refused:
        send(twilio)
    assert (refused.value.status, refused.value.code) == (502, 502)


def test_a_fault_meets_only_its_phone(sandbox: RunningSandbox, twilio: Client) -> None:
    amina = sandbox.phone(AMINA)
    amina.refuse(21614)
    send(twilio, BORIS)
    with pytest.raises(TwilioRestException) as refused:
        send(twilio, AMINA)
    assert refused.value.code == 21614


def test_twilio_is_down_until_it_comes_back(sandbox: RunningSandbox, twilio: Client) -> None:
    sandbox.go_down()
    for request in (lambda: send(twilio), twilio.messages.list, twilio.calls.list):
        with pytest.raises(TwilioException):
            request()
    sandbox.come_back()
    assert send(twilio)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        (Kind.RESET_BEFORE, 0),
        (Kind.RESET_AFTER, 1),
        (Kind.HANG_BEFORE, 0),
        (Kind.HANG_AFTER, 1),
    ],
)
def test_a_lost_answer_leaves_the_caller_not_knowing(
    sandbox: RunningSandbox, kind: Kind, kept: int
) -> None:
    sandbox.add_fault(Fault(kind))
    expected = requests.ConnectionError if "reset" in kind else requests.ReadTimeout
    with client_for(sandbox, timeout=0.3) as hasty, pytest.raises(expected):
        send(hasty)
    assert len(sandbox.store.messages) == kept


def test_a_slow_answer_is_still_an_answer(sandbox: RunningSandbox, twilio: Client) -> None:
    sandbox.add_fault(Fault(Kind.SLOW, where=ALL, seconds=0.05))
    sandbox.add_fault(Fault(Kind.SLOW, where=READS, seconds=0.05))
    assert twilio.messages(send(twilio) or "").fetch().status == "queued"


@pytest.mark.parametrize(
    ("code", "status"), [(30003, "undelivered"), (30005, "undelivered"), (30001, "failed")]
)
def test_a_text_that_does_not_arrive_says_why(
    sandbox: RunningSandbox, twilio: Client, listener: Listener, code: int, status: str
) -> None:
    amina = sandbox.phone(AMINA)
    amina.reject(code)
    sid = send(twilio)
    amina.expect_nothing()
    assert listener.statuses()[-1] == status
    assert listener.posts[-1][1]["ErrorCode"] == str(code)
    fetched = twilio.messages(sid or "").fetch()
    assert (fetched.status, fetched.error_code) == (status, code)
    send(twilio)
    amina.expect_text("Hi")


def test_a_lost_text_stays_sent_for_ever(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    amina = sandbox.phone(AMINA)
    amina.fault(Kind.LOSE_TEXT)
    send(twilio)
    amina.expect_nothing()
    assert listener.statuses() == ["sent"]


def test_receipts_may_be_lost_while_the_text_arrives(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    amina = sandbox.phone(AMINA)
    amina.fault(Kind.LOSE_CALLBACKS)
    send(twilio)
    amina.expect_text("Hi")
    assert listener.statuses() == []


def test_a_delayed_text_arrives_when_its_time_has_come(
    sandbox: RunningSandbox, twilio: Client
) -> None:
    amina = sandbox.phone(AMINA)
    amina.fault(Kind.DELAY_TEXT, seconds=90)
    send(twilio)
    amina.expect_nothing()
    sandbox.pass_time(89)
    amina.expect_nothing()
    sandbox.pass_time(2)
    amina.expect_text("Hi")


def test_receipts_come_late_twice_and_backwards(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    amina = sandbox.phone(AMINA)
    for kind in (Kind.DUPLICATE_CALLBACKS, Kind.REVERSE_CALLBACKS):
        amina.fault(kind)
    amina.fault(Kind.DELAY_CALLBACKS, seconds=30)
    send(twilio)
    amina.expect_text("Hi")
    assert listener.statuses() == []
    sandbox.pass_time(31)
    assert listener.statuses() == ["delivered", "delivered", "sent", "sent"]


def test_a_receipt_may_overtake_the_answer_to_the_request(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    sandbox.phone(AMINA).fault(Kind.EARLY_CALLBACKS)
    sid = send(twilio)
    assert listener.statuses() == ["sent", "delivered"]
    assert listener.posts[0][1]["MessageSid"] == sid
