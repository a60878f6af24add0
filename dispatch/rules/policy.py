"""An escalation policy: how long to wait, how many to ask, whom to tell and over which channels.

Reads policies from plain data and writes them back; knows neither rows nor files.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Literal, get_args

from dispatch.rules import terms

Hours = Literal["any", "waking", "working"]
HOURS: tuple[Hours, ...] = get_args(Hours)
LONGEST_S = 366 * 86_400
MOST_AT_ONCE = 50


class PolicyError(ValueError):
    """A policy that cannot work; `field` says where, the text says why."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


@dataclass(frozen=True)
class Policy:
    """The rules of one severity; all times in seconds. Raises PolicyError when made wrongly.

    `waves` are sizes per open slot, the last one repeats. `duty_told_s` and `specialist_told_s`
    count from the start of the search while slots are open; None is never. `hours` says when
    experts may be asked (see roster.rules.terms.Need). `channels` are tried in this order, each
    `second_channel_s` after the one before it.
    """

    reply_window_s: int
    waves: tuple[int, ...]
    duty_told_s: int | None
    specialist_told_s: int | None
    hours: Hours = "any"
    channels: tuple[str, ...] = terms.CHANNELS
    second_channel_s: int = 200

    def __post_init__(self) -> None:
        _whole("reply_window_s", self.reply_window_s, least=1)
        _whole("second_channel_s", self.second_channel_s, least=0)
        for name in ("duty_told_s", "specialist_told_s"):
            _whole(name, getattr(self, name) or 0, least=0)
        if not self.waves:
            raise PolicyError("waves", "name at least one size")
        for size in self.waves:
            _whole("waves", size, least=1, most=MOST_AT_ONCE)
        if self.hours not in HOURS:
            raise PolicyError("hours", f"one of {', '.join(HOURS)}")
        if not self.channels or not set(self.channels) <= set(terms.CHANNELS):
            raise PolicyError("channels", f"some of {', '.join(terms.CHANNELS)}")
        if len(set(self.channels)) < len(self.channels):
            raise PolicyError("channels", "each channel once")

    def wave_size(self, wave: int) -> int:
        """How many are asked per open slot in wave 1, 2, …"""
        return self.waves[min(wave, len(self.waves)) - 1]

    def hand_overs(self, usable: Collection[str]) -> tuple[tuple[str, int], ...]:
        """Which of the `usable` channels to use, in order, and how many seconds after creation.

        A window shorter than the policy's steps is shared evenly, so that no channel is left out.
        """
        channels = [channel for channel in self.channels if channel in usable]
        step = min(self.second_channel_s, self.reply_window_s // max(1, len(channels)))
        return tuple((channel, place * step) for place, channel in enumerate(channels))


def _whole(field: str, number: object, *, least: int, most: int = LONGEST_S) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise PolicyError(field, f"a whole number from {least} to {most}")
    return number


def _listed(row: Mapping[str, object], field: str) -> list[object]:
    entries = row[field]
    if not isinstance(entries, list | tuple):
        raise PolicyError(field, "a list")
    return list(entries)


def _optional(row: Mapping[str, object], field: str) -> int | None:
    return None if row[field] is None else _whole(field, row[field], least=0)


def _hours(asked: object) -> Hours:
    for hours in HOURS:
        if hours == asked:
            return hours
    raise PolicyError("hours", f"one of {', '.join(HOURS)}")


def read_policy(row: Mapping[str, object]) -> tuple[int, Policy]:
    """The severity and the policy of one JSON object; raises PolicyError naming the field."""
    names = {"severity"} | {field.name for field in fields(Policy)}
    if missing := sorted(names - set(row)):
        raise PolicyError(missing[0], "is missing")
    if unknown := sorted(set(row) - names):
        raise PolicyError(unknown[0], "is not known")
    policy = Policy(
        reply_window_s=_whole("reply_window_s", row["reply_window_s"], least=1),
        waves=tuple(_whole("waves", size, least=1) for size in _listed(row, "waves")),
        duty_told_s=_optional(row, "duty_told_s"),
        specialist_told_s=_optional(row, "specialist_told_s"),
        hours=_hours(row["hours"]),
        channels=tuple(str(channel) for channel in _listed(row, "channels")),
        second_channel_s=_whole("second_channel_s", row["second_channel_s"], least=0),
    )
    return _whole("severity", row["severity"], least=1, most=len(terms.SEVERITIES)), policy


def read_policies(rows: object) -> dict[int, Policy]:
    """Policies by severity from a JSON list of objects; raises PolicyError, also for doubles."""
    if not isinstance(rows, list):
        raise PolicyError("policies", "a list of objects")
    policies: dict[int, Policy] = {}
    for row in rows:
        if not isinstance(row, dict):
            raise PolicyError("policies", "a list of objects")
        severity, policy = read_policy(row)
        if severity in policies:
            raise PolicyError("severity", f"{severity} comes twice")
        policies[severity] = policy
    return policies


def as_row(severity: int, policy: Policy) -> dict[str, object]:
    """The JSON object that `read_policy` reads back."""
    row: dict[str, object] = {"severity": severity} | asdict(policy)
    return row | {"waves": list(policy.waves), "channels": list(policy.channels)}
