"""The provider's doors: signed or shut, never a 5xx for bad input, each text acts once."""

from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy import text as sql

from core.db import writing
from dispatch.models import InboundMessage
from dispatch.rules import terms
from roster.models import Expert
from sandbox.webhooks import sign
from tests.conftest import ENVIRONMENT
from tests.dispatch.messages.post import Post
from tests.dispatch.world import World

TOKEN, ACCOUNT = ENVIRONMENT["TWILIO_AUTH_TOKEN"], ENVIRONMENT["TWILIO_ACCOUNT_SID"]
SENDER, HOST = ENVIRONMENT["TWILIO_SENDER"], ENVIRONMENT["PUBLIC_URL"]
DOORS = ("/twilio/sms", "/twilio/status/" + "a" * 26, "/twilio/voice/" + "a" * 26,
         "/twilio/voice/" + "a" * 26 + "/gather")  # fmt: skip


@pytest.fixture
def expert(world: World, post: Post) -> Expert:
    """Somebody with an open offer."""
    found = world.expert(1)
    world.file()
    post.deliver()
    return found


def text(expert: Expert | None, body: str, number: int = 1, **changes: str) -> dict[str, str]:
    """The fields of a text as Twilio posts them."""
    return {
        "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "Body": body,
        "From": expert.phone if expert else "+41225559999", "MessageSid": f"SM{number:032x}",
        "NumMedia": "0", "NumSegments": "1", "SmsMessageSid": f"SM{number:032x}",
        "SmsSid": f"SM{number:032x}", "SmsStatus": "received", "To": SENDER,
    } | changes  # fmt: skip


def knock(
    client: FlaskClient,
    path: str,
    fields: Mapping[str, str],
    *,
    token: str = TOKEN,
    host: str = HOST,
) -> tuple[int, str]:
    """Posts signed fields; status and body of the answer."""
    signature = sign(token, host + path, dict(fields))
    answer = client.post(path, data=fields, headers={"X-Twilio-Signature": signature})
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("path", DOORS)
def test_unsigned_is_refused(client: FlaskClient, path: str) -> None:
    assert client.post(path, data=text(None, "1")).status_code == 403
    empty = client.post(path, data=text(None, "1"), headers={"X-Twilio-Signature": ""})
    assert empty.status_code == 403


@pytest.mark.parametrize("path", DOORS)
def test_a_wrong_signature_is_refused(client: FlaskClient, path: str) -> None:
    assert knock(client, path, text(None, "1"), token="another-token")[0] == 403
    assert knock(client, path, text(None, "1"), token="")[0] == 403
    assert knock(client, path, text(None, "1"), host="https://elsewhere.example")[0] == 403
    strange = client.post(path, data=text(None, "1"), headers={"X-Twilio-Signature": "é"})
    assert strange.status_code == 403


@pytest.mark.parametrize("path", DOORS)
def test_the_doors_are_for_posting_only(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 405


def test_a_signature_does_not_fit_other_fields_or_another_door(
    client: FlaskClient, expert: Expert, post: Post
) -> None:
    fields = text(expert, "2 " + post.offer(expert).code)
    signature = {"X-Twilio-Signature": sign(TOKEN, f"{HOST}/twilio/sms", fields)}
    accepted = fields | {"Body": "1 " + post.offer(expert).code}
    assert client.post("/twilio/sms", data=accepted, headers=signature).status_code == 403
    assert client.post(DOORS[1], data=fields, headers=signature).status_code == 403
    assert post.offer(expert).status == terms.OPEN


def test_fields_that_were_shifted_are_refused(client: FlaskClient, expert: Expert) -> None:
    """One signature fits several cuts of the same letters into names and values."""
    fields = text(expert, "1")
    for shifted in (
        {k: v for k, v in fields.items() if k != "Body"} | {"ApiVersion": "2010-04-01Body1"},
        {k: v for k, v in fields.items() if k != "Body"} | {"ApiVersion2010-04-01Body": "1"},
        {k: v for k, v in fields.items() if k != "MessageSid"}
        | {"From": f"{expert.phone}MessageSid{fields['MessageSid']}"},
    ):
        assert knock(client, "/twilio/sms", shifted)[0] == 403


def test_a_field_that_comes_twice_is_refused(client: FlaskClient, expert: Expert) -> None:
    fields = text(expert, "1")
    twice = fields | {"From": [expert.phone, "+41225550999"]}
    signature = sign(TOKEN, f"{HOST}/twilio/sms", fields | {
        "From": "From".join(sorted((expert.phone, "+41225550999")))})  # fmt: skip
    answer = client.post("/twilio/sms", data=twice, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"AccountSid": "AC" + "9" * 32},
        {"MessageSid": "SM1", "SmsSid": "SM1", "SmsMessageSid": "SM1"},
        {"SmsSid": "SM" + "9" * 32},
        {"From": "<script>alert(1)</script>"},
        {"NumMedia": "many"},
        {"From": ""},
    ],
)
def test_signed_nonsense_is_refused(client: FlaskClient, changes: dict[str, str]) -> None:
    assert knock(client, "/twilio/sms", text(None, "1") | changes)[0] == 403


@pytest.mark.parametrize("body", ["", "\x00", "1" * 9_000, "🆘" * 700, "'; DROP TABLE offer; --"])
def test_bad_input_is_never_a_5xx(client: FlaskClient, expert: Expert, body: str) -> None:
    status, answer = knock(client, "/twilio/sms", text(expert, body))
    assert status == 200
    assert answer.startswith("<?xml")


def test_what_is_no_form_is_refused(client: FlaskClient) -> None:
    signature = {"X-Twilio-Signature": sign(TOKEN, f"{HOST}/twilio/sms", {})}
    assert client.post("/twilio/sms", data=b"\xff\xfe", headers=signature).status_code == 403
    assert client.post("/twilio/sms", json={"Body": "1"}, headers=signature).status_code == 403


def test_the_same_text_acts_once_and_is_answered_again(
    client: FlaskClient, expert: Expert, post: Post, world: World
) -> None:
    fields = text(expert, "1")
    first = knock(client, "/twilio/sms", fields)
    second = knock(client, "/twilio/sms", fields)
    assert first == second
    assert "is yours" in first[1]
    assert len(list(world.session.scalars(select(InboundMessage)))) == 1


def test_a_stranger_gets_silence_and_is_recorded(client: FlaskClient, world: World) -> None:
    status, answer = knock(client, "/twilio/sms", text(None, "hello"))
    assert status == 200
    assert "<Message>" not in answer
    (kept,) = world.session.scalars(select(InboundMessage))
    assert kept.outcome == "unknown_sender"


def test_a_short_code_may_write_and_gets_silence(client: FlaskClient, world: World) -> None:
    assert knock(client, "/twilio/sms", text(None, "Buy now", From="12345"))[0] == 200
    assert knock(client, "/twilio/sms", text(None, "Buy now", 2, From="CARRIER"))[0] == 200


@pytest.mark.parametrize("attempt", ["a" * 26, "nonsense", "../../etc"])
def test_a_receipt_for_nobody_is_taken_quietly(client: FlaskClient, attempt: str) -> None:
    fields = {"AccountSid": ACCOUNT, "MessageSid": f"SM{1:032x}", "MessageStatus": "delivered"}
    assert knock(client, f"/twilio/status/{attempt}", fields)[0] in {200, 404}


@pytest.mark.parametrize("code", ["", "30003", "abc"])
def test_an_error_code_of_any_form_is_no_5xx(client: FlaskClient, code: str) -> None:
    fields = {"AccountSid": ACCOUNT, "MessageSid": f"SM{1:032x}", "MessageStatus": "failed",
              "ErrorCode": code}  # fmt: skip
    assert knock(client, DOORS[1], fields)[0] == (403 if code == "abc" else 200)


def call(expert: Expert, **changes: str) -> dict[str, str]:
    return {"AccountSid": ACCOUNT, "CallSid": f"CA{1:032x}", "CallStatus": "in-progress",
            "From": SENDER, "To": expert.phone} | changes  # fmt: skip


@pytest.fixture
def voice(post: Post, world: World, expert: Expert) -> str:
    """The door of a call that rings."""
    world.forward(seconds=200)
    post.deliver()
    (attempt,) = post.attempts(expert, "voice")
    return f"/twilio/voice/{attempt.public_id}"


def test_a_call_takes_no_and_says_so(
    client: FlaskClient, voice: str, expert: Expert, post: Post
) -> None:
    assert "Press 1" in knock(client, voice, call(expert))[1]
    assert "somebody else" in knock(client, f"{voice}/gather", call(expert, Digits="2"))[1]
    assert post.offer(expert).status == terms.DECLINED


def test_another_key_asks_again(
    client: FlaskClient, voice: str, expert: Expert, post: Post
) -> None:
    assert "Press 1" in knock(client, f"{voice}/gather", call(expert, Digits="7"))[1]
    assert "Press 1" in knock(client, f"{voice}/gather", call(expert))[1]
    assert post.offer(expert).status == terms.OPEN


def test_a_call_after_the_deadline_accepts_nothing(
    client: FlaskClient, voice: str, expert: Expert, post: Post, world: World
) -> None:
    world.forward(minutes=20)
    assert "settled" in knock(client, voice, call(expert))[1]
    assert "settled" in knock(client, f"{voice}/gather", call(expert, Digits="1"))[1]
    assert post.offer(expert).status != terms.ACCEPTED


def test_only_the_phone_that_was_called_may_answer(
    client: FlaskClient, voice: str, expert: Expert, post: Post
) -> None:
    other = call(expert, To="+41225550999", Digits="1")
    assert knock(client, f"{voice}/gather", other)[0] == 200
    assert post.offer(expert).status == terms.OPEN


def test_only_when_it_cannot_be_stored_the_answer_is_a_5xx(
    client: FlaskClient, world: World
) -> None:
    with writing() as session:
        session.execute(sql("ALTER TABLE inbound_message RENAME TO mislaid"))
    assert knock(client, "/twilio/sms", text(None, "1"))[0] == 500
    with writing() as session:
        session.execute(sql("ALTER TABLE mislaid RENAME TO inbound_message"))
    assert knock(client, "/twilio/sms", text(None, "1"))[0] == 200
