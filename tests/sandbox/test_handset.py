"""The phones of the tests: what they expect, and how they complain."""

import pytest
from twilio.rest import Client

from sandbox.handset import CallMissingError, UnexpectedTextError
from sandbox.store import TextMissingError
from sandbox.testing import RunningSandbox
from tests.sandbox.application import SENDER

AMINA = "+12025550101"


def test_a_text_is_expected_once_and_others_stay_unread(
    sandbox: RunningSandbox, twilio: Client
) -> None:
    for body in ("first", "second", "third"):
        twilio.messages.create(to=AMINA, from_=SENDER, body=body)
    amina = sandbox.phone(AMINA)
    assert amina.expect_text("second").body == "second"
    assert amina.expect_text().body == "first"
    with pytest.raises(UnexpectedTextError, match="third"):
        amina.expect_nothing()
    amina.expect_text("third")
    amina.expect_nothing()


def test_a_missing_text_is_told_with_what_came_instead(
    sandbox: RunningSandbox, twilio: Client
) -> None:
    twilio.messages.create(to=AMINA, from_=SENDER, body="something else")
    amina = sandbox.phone(AMINA)
    with pytest.raises(TextMissingError, match="something else"):
        amina.expect_text("flood", timeout_s=0)
    with pytest.raises(TextMissingError, match="code"):
        amina.accept()
    with pytest.raises(CallMissingError):
        amina.expect_call(timeout_s=0)


def test_the_store_wakes_whoever_waits_for_a_text(sandbox: RunningSandbox, twilio: Client) -> None:
    twilio.messages.create(to=AMINA, from_=SENDER, body="Hi")
    first = sandbox.store.wait_for_text(AMINA)
    assert (first.body, first.arrival) == ("Hi", 1)
    with pytest.raises(TextMissingError):
        sandbox.store.wait_for_text(AMINA, after=first.arrival, timeout_s=0)
