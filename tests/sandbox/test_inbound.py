"""Texts that phones write: posted, signed, answered; and the carrier's own words."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from sandbox.faults import Kind
from sandbox.inbound import CannotAnswerError
from sandbox.testing import RunningSandbox
from tests.sandbox.application import SENDER, SMS_URL, Listener

AMINA = "+12025550101"


def test_a_reply_is_posted_with_twilios_fields(sandbox: RunningSandbox, listener: Listener) -> None:
    sent = sandbox.phone(AMINA).reply("Я еду 🚗\n 1 K7Q2 ")
    assert listener.posts == [
        (
            SMS_URL,
            {
                "AccountSid": sandbox.store.config.account_sid,
                "ApiVersion": "2010-04-01",
                "Body": "Я еду 🚗\n 1 K7Q2 ",
                "From": AMINA,
                "FromCity": "",
                "FromCountry": "",
                "FromState": "",
                "FromZip": "",
                "MessageSid": sent.sid,
                "NumMedia": "0",
                "NumSegments": "1",
                "SmsMessageSid": sent.sid,
                "SmsSid": sent.sid,
                "SmsStatus": "received",
                "To": SENDER,
                "ToCity": "",
                "ToCountry": "",
                "ToState": "",
                "ToZip": "",
            },
        )
    ]


def test_the_answer_to_a_reply_arrives_as_a_text(
    sandbox: RunningSandbox, listener: Listener, twilio: Client
) -> None:
    answer = MessagingResponse()
    answer.message("Thank you & <good> luck")
    answer.message("شكرا")
    listener.answers[SMS_URL] = str(answer)
    amina = sandbox.phone(AMINA)
    assert amina.reply("1 K7Q2").answers == ["Thank you & <good> luck", "شكرا"]
    amina.expect_text("Thank you & <good> luck")
    amina.expect_text("شكرا")
    amina.expect_nothing()
    directions = [text.direction for text in twilio.messages.list(to=AMINA)]
    assert directions == ["outbound-reply"] * 2


def test_a_reply_goes_to_the_number_that_wrote_last(
    sandbox: RunningSandbox, listener: Listener, twilio: Client
) -> None:
    twilio.messages.create(to=AMINA, from_="+12025550199", body="Can you come?")
    sandbox.phone(AMINA).reply("1")
    assert listener.texts()[0]["To"] == "+12025550199"


def test_the_code_and_the_link_of_a_text_are_at_hand(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    body = "Flood in Suva. Reply 1 K7Q2 to accept or 2 K7Q2 to decline. http://localhost:5000/o/x."
    twilio.messages.create(to=AMINA, from_=SENDER, body=body)
    amina = sandbox.phone(AMINA)
    text = amina.expect_text("Flood", "Suva")
    assert (text.code, text.link) == ("K7Q2", "http://localhost:5000/o/x")
    amina.decline()
    amina.accept()
    assert [fields["Body"] for fields in listener.texts()] == ["2 K7Q2", "1 K7Q2"]


@pytest.mark.parametrize(
    "word",
    ["STOP", "stopall", "Unsubscribe", " cancel ", "END", "quit", "REVOKE", "OptOut", "arret"],
)
def test_an_opt_out_word_closes_the_phone_and_still_reaches_us(
    sandbox: RunningSandbox, twilio: Client, listener: Listener, word: str
) -> None:
    listener.answers[SMS_URL] = "<Response><Message>not heard</Message></Response>"
    amina = sandbox.phone(AMINA)
    amina.reply(word)
    amina.expect_text("successfully been unsubscribed")
    amina.expect_nothing()
    assert (listener.texts()[0]["Body"], listener.texts()[0]["OptOutType"]) == (word, "STOP")
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=AMINA, from_=SENDER, body="Hi")
    assert refused.value.code == 21610


@pytest.mark.parametrize("word", ["START", "yes", "Unstop"])
def test_an_opt_in_word_opens_it_again(
    sandbox: RunningSandbox, twilio: Client, listener: Listener, word: str
) -> None:
    amina = sandbox.phone(AMINA)
    amina.reply("STOP")
    amina.reply(word)
    amina.expect_text("re-subscribed")
    assert listener.texts()[1]["OptOutType"] == "START"
    twilio.messages.create(to=AMINA, from_=SENDER, body="Hi again")
    amina.expect_text("Hi again")


def test_an_opt_in_word_from_an_open_phone_is_only_posted(
    sandbox: RunningSandbox, listener: Listener
) -> None:
    amina = sandbox.phone(AMINA)
    amina.reply("YES")
    amina.expect_nothing()
    assert listener.texts()[0]["OptOutType"] == "START"


@pytest.mark.parametrize("word", ["HELP", "info"])
def test_the_carrier_answers_a_call_for_help_and_posts_it(
    sandbox: RunningSandbox, listener: Listener, word: str
) -> None:
    amina = sandbox.phone(AMINA)
    amina.reply(word)
    amina.expect_text("Reply STOP")
    assert listener.texts()[0]["OptOutType"] == "HELP"


def test_a_stop_within_a_sentence_is_a_text_like_others(
    sandbox: RunningSandbox, listener: Listener
) -> None:
    amina = sandbox.phone(AMINA)
    amina.reply("Stop please")
    amina.expect_nothing()
    assert "OptOutType" not in listener.texts()[0]


def test_the_carriers_own_texts_are_in_nobodys_list(
    sandbox: RunningSandbox, twilio: Client
) -> None:
    sandbox.phone(AMINA).reply("STOP")
    assert [text.direction for text in twilio.messages.list()] == ["inbound"]


def test_one_way_phones_landlines_and_named_senders_get_no_answer(
    sandbox: RunningSandbox, twilio: Client
) -> None:
    one_way, landline = sandbox.phone("+12025550111"), sandbox.phone("+12025550112")
    one_way.become_one_way()
    landline.become_landline()
    twilio.messages.create(to=one_way.number, from_=SENDER, body="Hi")
    one_way.expect_text("Hi")
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=landline.number, from_=SENDER, body="Hi")
    assert refused.value.code == 21614
    twilio.messages.create(to=AMINA, from_="IPROC", body="Hi")
    for phone in (one_way, landline, sandbox.phone(AMINA)):
        with pytest.raises(CannotAnswerError):
            phone.reply("1")


def test_a_text_may_be_posted_twice_or_not_at_all(
    sandbox: RunningSandbox, listener: Listener, twilio: Client
) -> None:
    amina = sandbox.phone(AMINA)
    amina.fault(Kind.DUPLICATE_INBOUND)
    amina.reply("1")
    amina.fault(Kind.LOSE_INBOUND)
    lost = amina.reply("2")
    assert [fields["Body"] for fields in listener.texts()] == ["1", "1"]
    assert len({fields["MessageSid"] for fields in listener.texts()}) == 1
    assert next(text.sid for text in twilio.messages.list(to=SENDER)) == lost.sid


def test_a_broken_application_is_noted_and_nothing_else_breaks(
    sandbox: RunningSandbox, listener: Listener
) -> None:
    amina = sandbox.phone(AMINA)
    listener.broken = True
    assert amina.reply("1").webhook_error == "the application is broken"
    listener.broken = False
    listener.answers[SMS_URL] = "<Response><Message>Hi</Message>"
    assert "not well-formed" in amina.reply("1").webhook_error
    assert [post.error != "" for post in sandbox.store.posts] == [True, False]
