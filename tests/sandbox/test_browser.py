"""The wall of phones in a real browser: it refreshes itself and never takes a typed word away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.testing import RunningSandbox
from tests.sandbox.application import SENDER, SMS_URL, Listener, client_for

pytestmark = pytest.mark.browser

AMINA = "+12025550101"
BORIS = "+12025550102"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when the browser complains about anything."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


def send(sandbox: RunningSandbox, number: str, body: str) -> None:
    with client_for(sandbox) as client:
        client.messages.create(to=number, from_=SENDER, body=body)
    sandbox.settle()


def test_a_text_appears_by_itself_and_is_answered_with_one_press(
    lively: RunningSandbox, page: Page, listener: Listener
) -> None:
    listener.answers[SMS_URL] = "<Response><Message>Thank you</Message></Response>"
    page.goto(lively.url)
    send(lively, AMINA, "Can you come? 1 K7Q2 yes, 2 K7Q2 no")
    phone = page.locator("#p12025550101")
    phone.get_by_role("button", name="1 K7Q2").click()
    expect(phone.get_by_text("Thank you")).to_be_visible()
    expect(phone.get_by_role("button", name="1 K7Q2")).to_have_count(0)
    assert [fields["Body"] for fields in listener.texts()] == ["1 K7Q2"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_what_is_being_typed_stays_while_others_get_texts(
    lively: RunningSandbox, page: Page, listener: Listener
) -> None:
    send(lively, AMINA, "Can you come? 1 K7Q2 yes, 2 K7Q2 no")
    page.goto(lively.url)
    box = page.get_by_label(f"Answer as {AMINA}")
    box.fill("I will think ab")
    send(lively, BORIS, "And you?")
    send(lively, AMINA, "Please answer")
    expect(page.locator("#p12025550102").get_by_text("And you?")).to_be_visible()
    expect(page.locator("#p12025550101").get_by_text("Please answer")).to_be_visible()
    expect(box).to_have_value("I will think ab")
    expect(box).to_be_focused()
    box.press_sequentially("out it")
    box.press("Enter")
    expect(box).to_have_value("")
    lively.settle()
    assert listener.texts()[-1]["Body"] == "I will think about it"


def test_a_call_rings_is_taken_and_a_key_pressed(
    lively: RunningSandbox, page: Page, listener: Listener
) -> None:
    page.goto(lively.url)
    action = "http://localhost:5000/twilio/voice/a1/gather"
    listener.answers[action] = "<Response><Say>Thank you.</Say></Response>"
    with client_for(lively) as client:
        client.calls.create(
            to=AMINA,
            from_=SENDER,
            twiml=f'<Response><Gather numDigits="1" action="{action}"><Say>1 or 2?</Say></Gather>'
            "</Response>",
        )
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("1 or 2?")).to_be_visible()
    page.get_by_role("button", name="1", exact=True).click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    assert listener.posts[-1][1]["Digits"] == "1"
