"""Texts through the real client: accepted, listed, delivered, refused."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from sandbox.testing import RunningSandbox
from tests.sandbox.application import SENDER, STATUS_URL, Listener, client_for

AMINA = "+12025550101"
BORIS = "+12025550102"


def test_a_text_is_queued_then_delivered_and_each_step_reported(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    made = twilio.messages.create(to=AMINA, from_=SENDER, body="Hello", status_callback=STATUS_URL)
    assert (made.status, made.direction, made.price, made.error_code) == (
        "queued", "outbound-api", None, None,
    )  # fmt: skip
    assert re.fullmatch(r"SM[0-9a-f]{32}", made.sid)
    assert made.date_sent is None
    assert abs(made.date_created - datetime.now(UTC)) < timedelta(seconds=10)
    assert sandbox.store.texts(AMINA) == []

    assert sandbox.phone(AMINA).expect_text("Hello").segments == 1
    fetched = twilio.messages(made.sid).fetch()
    assert (fetched.status, fetched.num_segments) == ("delivered", "1")
    assert fetched.date_sent is not None
    assert listener.statuses() == ["sent", "delivered"]
    url, fields = listener.posts[-1]
    assert url == STATUS_URL
    assert fields == {
        "AccountSid": made.account_sid,
        "ApiVersion": "2010-04-01",
        "From": SENDER,
        "MessageSid": made.sid,
        "MessageStatus": "delivered",
        "SmsSid": made.sid,
        "SmsStatus": "delivered",
        "To": AMINA,
    }


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": ""}, 21604),
        ({"to": "12"}, 21211),
        ({"to": "someone"}, 21211),
        ({"to": SENDER}, 21266),
        ({"from_": ""}, 21603),
        ({"from_": "this is no sender!"}, 21212),
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"validity_period": 0}, 21624),
        ({"validity_period": 36001}, 21624),
        ({"status_callback": "not a url"}, 21609),
    ],
)
def test_a_request_that_twilio_would_refuse_is_refused_with_its_number(
    sandbox: RunningSandbox, twilio: Client, fields: dict[str, object], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(**({"to": AMINA, "from_": SENDER, "body": "Hi"} | fields))
    assert (refused.value.status, refused.value.code) == (400, code)
    assert sandbox.store.messages == []


def test_a_wrong_token_is_refused_with_20003(sandbox: RunningSandbox) -> None:
    with (
        client_for(sandbox, token="a wrong token") as stranger,
        pytest.raises(TwilioRestException) as refused,
    ):
        stranger.messages.create(to=AMINA, from_=SENDER, body="Hi")
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_another_account_is_not_served(sandbox: RunningSandbox, twilio: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.api.v2010.accounts("AC" + "0" * 32).messages.create(
            to=AMINA, from_=SENDER, body="Hi"
        )
    assert refused.value.code == 20003


def test_an_unknown_message_is_404(twilio: Client) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages("SM" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_messaging_service_gets_its_sender_later(sandbox: RunningSandbox, twilio: Client) -> None:
    service = "MG" + "1" * 32
    made = twilio.messages.create(to=AMINA, messaging_service_sid=service, body="Hi")
    assert (made.status, made.from_, made.num_segments) == ("accepted", None, "0")
    sandbox.settle()
    sent = twilio.messages(made.sid).fetch()
    assert (sent.from_, sent.messaging_service_sid) == (SENDER, service)


def test_messages_are_listed_newest_first_over_many_pages(
    sandbox: RunningSandbox, twilio: Client
) -> None:
    for number in range(7):
        twilio.messages.create(to=AMINA, from_=SENDER, body=f"text {number}")
        twilio.messages.create(to=BORIS, from_=SENDER, body="another phone")
    sandbox.settle()
    bodies = [text.body for text in twilio.messages.list(to=AMINA, page_size=3)]
    assert bodies == [f"text {number}" for number in (6, 5, 4, 3, 2, 1, 0)]
    assert len(twilio.messages.list(page_size=4)) == 14
    page = twilio.messages.page(to=AMINA, from_=SENDER, page_size=3)
    assert len(list(page)) == 3
    assert page.next_page_url is not None


def test_messages_are_listed_by_the_time_they_were_sent(
    sandbox: RunningSandbox, twilio: Client
) -> None:
    early = datetime.now(UTC)
    twilio.messages.create(to=AMINA, from_=SENDER, body="early")
    sandbox.pass_time(3600)
    twilio.messages.create(to=AMINA, from_=SENDER, body="late, and still in the queue")
    middle = early + timedelta(minutes=30)
    later = [text.body for text in twilio.messages.list(date_sent_after=middle)]
    sooner = [text.body for text in twilio.messages.list(date_sent_before=middle)]
    assert later == ["late, and still in the queue"]
    assert sooner == ["early"]
    assert len(twilio.messages.list(date_sent_after=early.date().isoformat())) == 2


def test_replies_are_in_the_list_under_our_number(sandbox: RunningSandbox, twilio: Client) -> None:
    amina = sandbox.phone(AMINA)
    amina.reply("1 K7Q2")
    amina.reply("and more")
    listed = twilio.messages.list(to=SENDER)
    assert [(text.from_, text.body, text.direction, text.status) for text in listed] == [
        (AMINA, "and more", "inbound", "received"),
        (AMINA, "1 K7Q2", "inbound", "received"),
    ]


def test_a_text_whose_validity_ends_in_the_queue_fails_with_30036(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    amina = sandbox.phone(AMINA)
    twilio.messages.create(
        to=AMINA, from_=SENDER, body="soon", validity_period=60, status_callback=STATUS_URL
    )
    sandbox.store.agenda.pass_time(61)
    amina.expect_nothing()
    assert listener.statuses() == ["failed"]
    assert listener.posts[0][1]["ErrorCode"] == "30036"


def test_a_sandbox_that_delivers_by_itself_needs_no_push(
    lively: RunningSandbox, listener: Listener
) -> None:
    with client_for(lively) as client:
        for number in range(20):
            client.messages.create(
                to=AMINA, from_=SENDER, body=f"{number}", status_callback=STATUS_URL
            )
    lively.phone(AMINA).expect_text("19")
    lively.settle()
    assert len(lively.store.texts(AMINA)) == 20
    assert sorted(listener.statuses()) == ["delivered"] * 20 + ["sent"] * 20
