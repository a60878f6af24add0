"""Records in the shape that Twilio's REST interface gives them.

Field names, SIDs, nulls and RFC 2822 dates as in https://www.twilio.com/docs/messaging/api and
https://www.twilio.com/docs/voice/api. It must not change anything.
"""

from datetime import datetime
from email.utils import format_datetime

from sandbox.errors import DELIVERY_ERRORS
from sandbox.records import Call, Message

API_VERSION = "2010-04-01"


def rfc2822(moment: datetime | None) -> str | None:
    """A UTC time as Twilio writes it, or null."""
    return format_datetime(moment) if moment else None


def account_uri(account_sid: str) -> str:
    """The path under which everything of the account lies."""
    return f"/{API_VERSION}/Accounts/{account_sid}"


def error_text(code: int | None) -> str | None:
    """What a delivery error's number means."""
    return DELIVERY_ERRORS.get(code, "Unknown error") if code else None


def message_json(message: Message, account_sid: str) -> dict[str, object]:
    """A Message resource."""
    uri = f"{account_uri(account_sid)}/Messages/{message.sid}"
    no_sender_yet = message.status == "accepted"
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created),
        "date_sent": rfc2822(message.sent),
        "date_updated": rfc2822(message.updated),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": error_text(message.error_code),
        "from": None if no_sender_yet else message.sender,
        "messaging_service_sid": message.service_sid or None,
        "num_media": "0",
        "num_segments": "0" if no_sender_yet else str(message.segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }


def call_json(call: Call, account_sid: str) -> dict[str, object]:
    """A Call resource."""
    uri = f"{account_uri(account_sid)}/Calls/{call.sid}"
    return {
        "account_sid": account_sid,
        "annotation": None,
        "answered_by": None,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.updated),
        "direction": "outbound-api",
        "duration": None if call.duration_s is None else str(call.duration_s),
        "end_time": rfc2822(call.ended),
        "forwarded_from": None,
        "from": call.sender,
        "from_formatted": call.sender,
        "group_sid": None,
        "parent_call_sid": None,
        "phone_number_sid": "",
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": rfc2822(call.started),
        "status": call.status,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }
