"""What Twilio checks before it accepts a text or a call.

Each check raises `RefusedError` with Twilio's own number. It must not change anything.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from sandbox.errors import RefusedError
from sandbox.records import LANDLINE, Phone

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}")
_SERVICE = re.compile(r"MG[0-9a-f]{32}")

BODY_LIMIT = 1600
LONGEST_VALIDITY_S = 36_000


def tidy_number(number: str) -> str:
    """A number without the marks that people put between digits; Twilio drops them too."""
    return re.sub(r"[\s().-]", "", number)


def is_e164(number: str) -> bool:
    """Whether it has the form of an international number."""
    return _E164.fullmatch(number) is not None


def read_recipient(form: Mapping[str, str], *, missing: int) -> str:
    """The `To` of a request. Raises RefusedError (`missing`, 21211)."""
    given = form.get("To", "")
    if not given.strip():
        raise RefusedError(missing)
    if not is_e164(tidy_number(given)):
        raise RefusedError(21211, detail=given)
    return tidy_number(given)


def read_sender(form: Mapping[str, str], default: str) -> tuple[str, str]:
    """Sender, and messaging service or nothing. Raises RefusedError (21603, 21212, 20404)."""
    service = form.get("MessagingServiceSid", "")
    given = form.get("From", "")
    if service and not _SERVICE.fullmatch(service):
        raise RefusedError(20404, detail=service)
    if not given.strip():
        if not service:
            raise RefusedError(21603)
        return default, service
    tidy = tidy_number(given)
    if is_e164(tidy) or _SHORT_CODE.fullmatch(tidy):
        return tidy, service
    if _ALPHANUMERIC.fullmatch(given):
        return given, service
    raise RefusedError(21212, detail=given)


def read_body(form: Mapping[str, str]) -> str:
    """The text. Raises RefusedError (21602, 21617)."""
    body = form.get("Body", "")
    if not body:
        raise RefusedError(21602)
    if len(body) > BODY_LIMIT:
        raise RefusedError(21617)
    return body


def read_validity_s(form: Mapping[str, str]) -> int:
    """The validity period in seconds. Raises RefusedError (21624)."""
    given = form.get("ValidityPeriod", str(LONGEST_VALIDITY_S))
    if not re.fullmatch(r"[0-9]{1,6}", given) or not 1 <= int(given) <= LONGEST_VALIDITY_S:
        raise RefusedError(21624, detail=given)
    return int(given)


def read_url(form: Mapping[str, str], field: str, *, code: int) -> str:
    """A URL or nothing. Raises RefusedError with that code when it is not http(s) with a host."""
    given = form.get(field, "")
    parts = urlsplit(given)
    if given and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise RefusedError(code, detail=given)
    return given


def check_reachable_by_text(phone: Phone, sender: str) -> None:
    """Whether a text may go there at all. Raises RefusedError (21266, 21614, 21610)."""
    if phone.number == sender:
        raise RefusedError(21266)
    if phone.kind == LANDLINE:
        raise RefusedError(21614, detail=phone.number)
    if phone.opted_out:
        raise RefusedError(21610)
