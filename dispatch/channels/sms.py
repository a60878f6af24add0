"""Text messages through Twilio: hand one over, and list what it holds."""

from datetime import datetime
from itertools import takewhile
from typing import Any

from twilio.rest import Client

from dispatch.channels.handover import Held, Outgoing, Result
from dispatch.channels.provider import hand_over, read_time

PAGE = 50
MOST_HELD, MOST_RECEIVED = 200, 2000


def send(client: Client, outgoing: Outgoing, sender: str, callback: str) -> Result:
    """Hands `outgoing` over; receipts go to `callback`, which names the attempt."""
    origin = {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}
    limits = {} if outgoing.validity_s is None else {"validity_period": outgoing.validity_s}
    return hand_over(
        lambda: (
            client.messages.create(
                to=outgoing.to, body=outgoing.body, status_callback=callback, **origin, **limits
            ).sid
        )
    )


def held_for(client: Client, to: str) -> list[Held]:
    """The newest texts that Twilio holds for the number `to`, the newest first.

    Raises requests.RequestException and TwilioException. Listed without a date: a text that waits
    in the queue has none yet.
    """
    messages = client.messages.stream(to=to, page_size=PAGE, limit=MOST_HELD)
    return [_held(message) for message in messages]


def received(client: Client, sender: str, since: datetime | None) -> list[Held]:
    """The texts that came in for `sender` since then (the provider's clock), the newest first.

    None is only the newest page. Raises as above.
    """
    to = {} if sender.startswith("MG") else {"to": sender}
    limit = PAGE if since is None else MOST_RECEIVED
    messages = client.messages.stream(**to, page_size=PAGE, limit=limit)
    listed = (_held(message) for message in messages)
    return [held for held in takewhile(lambda held: _is_after(held, since), listed) if held.inbound]


def state_of(client: Client, sid: str) -> Held:
    """One message as Twilio has it now; raises as above."""
    return _held(client.messages(sid).fetch())


def _is_after(held: Held, since: datetime | None) -> bool:
    return since is None or held.created_at is None or held.created_at >= since


def _held(message: Any) -> Held:
    return Held(
        sid=str(message.sid),
        to=str(message.to),
        body=str(message.body or ""),
        status=str(message.status),
        error_code=int(message.error_code) if message.error_code else None,
        created_at=read_time(message.date_created),
        inbound=str(message.direction) == "inbound",
        sender=str(message.from_ or ""),
    )
