"""Voice calls through the real client: ringing, listening, pressing keys, hanging up."""

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.twiml.voice_response import Gather, VoiceResponse

from sandbox.conversation import NotPossibleError
from sandbox.handset import CallMissingError
from sandbox.testing import RunningSandbox
from tests.sandbox.application import SENDER, STATUS_URL, VOICE_URL, Listener

AMINA = "+12025550101"
GATHER_URL = VOICE_URL + "/gather"


def menu() -> str:
    """An offer as it is read out: 1 or 2, a second try, then good-bye."""
    answer = VoiceResponse()
    gather = Gather(num_digits=1, action="/twilio/voice/a1/gather", timeout=5)
    gather.say("Press 1 to accept or 2 to decline.", language="en-GB")
    answer.append(gather)
    answer.say("We heard nothing. Goodbye.")
    return str(answer)


def call(twilio: Client, **more: object) -> str:
    made = twilio.calls.create(
        to=AMINA,
        from_=SENDER,
        url=VOICE_URL,
        status_callback=STATUS_URL,
        status_callback_event=["initiated", "ringing", "answered", "completed"],
        **more,
    )
    assert made.status == "queued"
    return str(made.sid)


def reported(listener: Listener) -> list[str]:
    return [fields["CallStatus"] for url, fields in listener.posts if url == STATUS_URL]


def test_a_call_is_answered_heard_and_a_key_pressed(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    listener.answers[VOICE_URL] = menu()
    listener.answers[GATHER_URL] = "<Response><Say>Thank you.</Say><Hangup/></Response>"
    sid = call(twilio)
    ringing = sandbox.phone(AMINA).expect_call()
    assert twilio.calls(sid).fetch().status == "ringing"
    assert ringing.answer().heard == "Press 1 to accept or 2 to decline."
    assert twilio.calls(sid).fetch().status == "in-progress"
    ringing.press("1")
    assert ringing.heard.endswith("Thank you.")
    digits = [fields["Digits"] for url, fields in listener.posts if url == GATHER_URL]
    assert digits == ["1"]
    ended = twilio.calls(sid).fetch()
    assert (ended.status, ended.duration, ended.direction) == ("completed", "0", "outbound-api")
    assert reported(listener) == ["queued", "ringing", "in-progress", "completed"]


def test_silence_on_the_line_goes_on_behind_the_gather(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    listener.answers[VOICE_URL] = menu()
    call(twilio)
    answered = sandbox.phone(AMINA).expect_call().answer()
    sandbox.pass_time(61)
    assert answered.heard.endswith("We heard nothing. Goodbye.")
    assert answered.status == "completed"
    with pytest.raises(CallMissingError):
        answered.press("1")


def test_a_redirect_leads_to_another_document(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    listener.answers[VOICE_URL] = "<Response><Redirect>a1/gather</Redirect></Response>"
    listener.answers[GATHER_URL] = "<Response><Say>Elsewhere.</Say></Response>"
    call(twilio)
    assert sandbox.phone(AMINA).expect_call().answer().heard == "Elsewhere."


@pytest.mark.parametrize(("deed", "status"), [("decline", "busy"), ("ignore", "no-answer")])
def test_a_call_that_is_not_taken_says_how(
    sandbox: RunningSandbox, twilio: Client, listener: Listener, deed: str, status: str
) -> None:
    sid = call(twilio)
    ringing = sandbox.phone(AMINA).expect_call()
    getattr(ringing, deed)()
    assert twilio.calls(sid).fetch().status == status
    assert reported(listener)[-1] == status
    with pytest.raises(NotPossibleError):
        ringing.answer()


def test_a_call_rings_as_long_as_was_asked(sandbox: RunningSandbox, twilio: Client) -> None:
    sid = call(twilio, timeout=20)
    sandbox.pass_time(19)
    assert twilio.calls(sid).fetch().status == "ringing"
    sandbox.pass_time(2)
    assert twilio.calls(sid).fetch().status == "no-answer"


def test_a_call_can_fail_and_can_be_given_up(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    amina = sandbox.phone(AMINA)
    amina.fail_calls()
    failed = call(twilio)
    sandbox.settle()
    assert twilio.calls(failed).fetch().status == "failed"
    given_up = call(twilio)
    amina.expect_call()
    assert twilio.calls(given_up).update(status="canceled").status == "canceled"
    assert [made.sid for made in twilio.calls.list(to=AMINA)] == [given_up, failed]
    assert [made.sid for made in twilio.calls.list(status="failed")] == [failed]


def test_an_application_error_ends_the_call(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    listener.broken = True
    sid = call(twilio)
    assert "application error" in sandbox.phone(AMINA).expect_call().answer().heard
    assert twilio.calls(sid).fetch().status == "completed"


def test_a_call_without_instructions_or_numbers_is_refused(twilio: Client) -> None:
    for fields, code in (
        ({"to": AMINA, "from_": SENDER}, 21205),
        ({"to": "", "from_": SENDER, "url": VOICE_URL}, 21201),
        ({"to": "x", "from_": SENDER, "url": VOICE_URL}, 21211),
        ({"to": AMINA, "from_": "", "url": VOICE_URL}, 21213),
    ):
        with pytest.raises(TwilioRestException) as refused:
            twilio.calls.create(**fields)
        assert refused.value.code == code


def test_a_call_may_bring_its_own_document(sandbox: RunningSandbox, twilio: Client) -> None:
    twilio.calls.create(to=AMINA, from_=SENDER, twiml="<Response><Say>Hello</Say></Response>")
    assert sandbox.phone(AMINA).expect_call().answer().heard == "Hello"


def test_several_digits_are_sent_together(
    sandbox: RunningSandbox, twilio: Client, listener: Listener
) -> None:
    listener.answers[VOICE_URL] = (
        '<Response><Gather numDigits="4" action="a1/gather"><Say>Code?</Say></Gather></Response>'
    )
    call(twilio)
    listening = sandbox.phone(AMINA).expect_call().press("12")
    assert listening.status == "in-progress"
    listening.press("34")
    assert listener.posts[-2][1].get("Digits") == "1234"
