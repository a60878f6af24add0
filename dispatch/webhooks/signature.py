"""Whether a webhook is Twilio's, and whether its fields are what they should be.

Protocol: https://www.twilio.com/docs/usage/security. The signature joins names and values without a
mark between them, so that a signed request can be cut into other fields: each is checked by itself.
"""

import re
from collections.abc import Mapping

from flask import Request, abort
from twilio.request_validator import RequestValidator

from core.settings import Settings

HEADER = "X-Twilio-Signature"
PHONE = r"\+[1-9][0-9]{6,14}"
# Short codes and names may write to us, too; nobody is known by one.
WRITER = rf"{PHONE}|[0-9]{{3,8}}|[A-Za-z0-9 &_+-]{{1,11}}"
FORMS: Mapping[str, str] = {
    "ApiVersion": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "MessageSid": r"(SM|MM)[0-9a-f]{32}",
    "SmsSid": r"(SM|MM)[0-9a-f]{32}",
    "SmsMessageSid": r"(SM|MM)[0-9a-f]{32}",
    "CallSid": r"CA[0-9a-f]{32}",
    "MessagingServiceSid": r"MG[0-9a-f]{32}",
    "From": WRITER,
    "To": rf"{WRITER}|",
    "MessageStatus": r"[a-z-]{2,20}",
    "SmsStatus": r"[a-z-]{2,20}",
    "CallStatus": r"[a-z-]{2,20}",
    "ErrorCode": r"[0-9]{0,6}",
    "Digits": r"[0-9*#]{0,20}",
    "NumMedia": r"[0-9]{1,3}",
    "NumSegments": r"[0-9]{1,3}",
}
NAME = re.compile(r"[A-Za-z][A-Za-z_]{0,40}[0-9]{0,3}")
SAME = ("SmsSid", "SmsMessageSid")  # other names of MessageSid


def check_webhook(request: Request, settings: Settings, *needed: str) -> dict[str, str]:
    """The fields of a signed webhook that has all of `needed`; ends the request with 403 otherwise.

    The signature is checked against the address that the outside knows, not that of any header.
    """
    signature = request.headers.get(HEADER, "")
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    address = f"{settings.public_url}{request.path}{query}"
    # Without a token every signature would be right; without a header the library fails.
    if not settings.twilio_auth_token or not signature.isascii() or not signature:
        abort(403)
    validator = RequestValidator(settings.twilio_auth_token)
    if not validator.validate(address, request.form, signature):
        abort(403)
    fields = {name: values[0] for name, values in request.form.lists() if len(values) == 1}
    whole = len(fields) == len(request.form) and set(needed) <= set(fields)
    if not whole or not _fields_are_sound(fields, settings.twilio_account_sid):
        abort(403)
    return fields


def _fields_are_sound(fields: Mapping[str, str], account_sid: str) -> bool:
    if fields.get("AccountSid", account_sid) != account_sid:
        return False
    if any(fields[name] != fields.get("MessageSid") for name in SAME if name in fields):
        return False
    return all(
        NAME.fullmatch(name) and (name not in FORMS or re.fullmatch(FORMS[name], value))
        for name, value in fields.items()
    )
