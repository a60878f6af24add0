"""Reads escalation policies from JSON, or says what is wrong with each. Knows no rows."""

import json
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from dispatch import fields
from dispatch.fields import BadFieldError
from dispatch.rules import terms

HOURS = ("any", "waking", "working")
A_MONTH_S = 30 * 86_400
MOST_IN_A_WAVE, MOST_WAVES = 50, 20
TOLD = ("duty_told_s", "specialist_told_s")
KEYS = (
    "severity", "reply_window_s", "waves", *TOLD, "hours", "channels", "second_channel_s",
)  # fmt: skip


class BadPoliciesError(ValueError):
    """Policies that cannot be used: `faults` says where and why, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class NotPoliciesError(BadPoliciesError):
    """A file that is none of ours at all."""


def read_policies(text: str) -> list[dict[str, Any]]:
    """The checked policies of `text`: an object with a list under `policies`, or that list.

    Times are in seconds. Raises BadPoliciesError with all faults.
    """
    try:
        given = json.loads(text)
    except ValueError as error:
        raise NotPoliciesError([_("This is not JSON: %(error)s", error=str(error))]) from None
    entries = given.get("policies") if isinstance(given, dict) else given
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise NotPoliciesError([_("Expected a list of policies under “policies”")])
    faults: list[str] = []
    rows = [_read_policy(entry, number, faults) for number, entry in enumerate(entries, 1)]
    if len({row.get("severity") for row in rows}) < len(rows):
        faults.append(_("A severity appears twice"))
    if faults:
        raise BadPoliciesError(faults)
    return rows


def _read_policy(entry: Mapping[str, Any], number: int, faults: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for key in dict.fromkeys((*KEYS, *entry)):
        try:
            row[key] = _read_value(key, entry)
        except BadFieldError as error:
            faults.append(
                _(
                    "Policy %(number)s, %(key)s: %(error)s",
                    number=number,
                    key=key,
                    error=str(error),
                )
            )
    return row


def _read_value(key: str, entry: Mapping[str, Any]) -> Any:
    value = entry.get(key)
    if key not in KEYS:
        raise BadFieldError(_("This key is not known"))
    if key in TOLD and key in entry and value is None:
        return None  # never
    if value is None:
        raise BadFieldError(_("This value is missing"))
    if key in READERS:
        return READERS[key](value)
    return fields.read_whole(value, least=0, most=A_MONTH_S)


def _read_waves(value: Any) -> list[int]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_WAVES:
        raise BadFieldError(_("Must be a list of wave sizes"))
    return [fields.read_whole(size, least=1, most=MOST_IN_A_WAVE) for size in value]


def _read_channels(value: Any) -> list[str]:
    channels = list(fields.read_choices(value, terms.CHANNELS))
    if not channels:
        raise BadFieldError(_("Must name at least one channel"))
    return channels


READERS = {
    "severity": lambda value: fields.read_whole(
        value, least=min(terms.SEVERITIES), most=max(terms.SEVERITIES)
    ),
    "reply_window_s": lambda value: fields.read_whole(value, least=1, most=A_MONTH_S),
    "waves": _read_waves,
    "hours": lambda value: fields.read_choice(value, HOURS),
    "channels": _read_channels,
}
