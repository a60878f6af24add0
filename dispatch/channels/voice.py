"""Voice calls through Twilio: place one, and list what it holds. What is said is a webhook's."""

from typing import Any

from twilio.rest import Client

from dispatch.channels.handover import Held, Outgoing, Result
from dispatch.channels.provider import hand_over, read_time

RING_S = 30
EVENTS = ["initiated", "answered", "completed"]
PAGE = 50
MOST_HELD = 200


def call(client: Client, outgoing: Outgoing, sender: str, url: str, callback: str) -> Result:
    """Rings at `outgoing.to`; when answered, Twilio asks `url` what to say."""
    return hand_over(
        lambda: (
            client.calls.create(
                to=outgoing.to,
                from_=sender,
                url=url,
                method="POST",
                timeout=RING_S,
                status_callback=callback,
                status_callback_event=EVENTS,
                status_callback_method="POST",
            ).sid
        )
    )


def held_for(client: Client, to: str) -> list[Held]:
    """The newest calls that Twilio has to the number `to`, the newest first.

    Raises requests.RequestException and TwilioException.
    """
    calls = client.calls.stream(to=to, page_size=PAGE, limit=MOST_HELD)
    return [_held(each) for each in calls]


def state_of(client: Client, sid: str) -> Held:
    """One call as Twilio has it now; raises as above."""
    return _held(client.calls(sid).fetch())


def stop_ringing(client: Client, sid: str) -> Held:
    """Ends a call that nobody has picked up; one in progress goes on. The call as it is then.

    `canceled` of https://www.twilio.com/docs/voice/api/call-resource. Raises as above.
    """
    return _held(client.calls(sid).update(status="canceled"))


def _held(each: Any) -> Held:
    return Held(
        sid=str(each.sid),
        to=str(each.to),
        body="",
        status=str(each.status),
        error_code=None,
        created_at=read_time(each.date_created),
        inbound=str(each.direction) == "inbound",
        sender=str(vars(each)["_from"] or ""),
    )
