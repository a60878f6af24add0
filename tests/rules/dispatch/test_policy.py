"""Policies: the four that are shipped, the sizes of waves, the order of channels."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.rules.policy import Policy

SHIPPED = Path(__file__).parents[3] / "dispatch" / "data" / "policies.json"
MINUTE, HOUR = 60, 3600


def a_policy(row: dict[str, Any]) -> Policy:
    return Policy(**row | {name: tuple(row[name]) for name in ("waves", "channels")})


def shipped() -> dict[int, Policy]:
    rows: list[dict[str, Any]] = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return {row.pop("severity"): a_policy(row) for row in rows}


def test_the_shipped_policies_are_those_of_the_taxonomy() -> None:
    policies = {
        severity: (p.reply_window_s, p.waves, p.duty_told_s, p.specialist_told_s, p.hours)
        for severity, p in shipped().items()
    }
    assert policies == {
        1: (10 * MINUTE, (1, 1, 3), 0, 45 * MINUTE, "any"),
        2: (20 * MINUTE, (1, 1, 2), 30 * MINUTE, 2 * HOUR, "any"),
        3: (60 * MINUTE, (1,), 4 * HOUR, 24 * HOUR, "waking"),
        4: (24 * HOUR, (1,), 0, None, "working"),
    }


def test_every_shipped_policy_uses_its_channels_inside_its_window() -> None:
    for policy in shipped().values():
        delays = [delay for _, delay in policy.hand_overs(policy.channels)]
        assert delays == sorted(set(delays))
        assert max(delays) < policy.reply_window_s


def test_the_last_wave_size_repeats() -> None:
    assert [shipped()[1].wave_size(wave) for wave in range(1, 7)] == [1, 1, 3, 3, 3, 3]


@pytest.mark.parametrize(
    ("usable", "expected"),
    [
        (["sms", "voice", "email"], (("sms", 0), ("voice", 200), ("email", 400))),
        (["email", "sms"], (("sms", 0), ("email", 200))),
        (["voice"], (("voice", 0),)),
        ([], ()),
    ],
)
def test_the_second_channel_follows_the_first(
    usable: list[str], expected: tuple[tuple[str, int], ...]
) -> None:
    assert shipped()[1].hand_overs(usable) == expected


def test_a_shortened_window_still_leaves_room_for_every_channel() -> None:
    policy = replace(shipped()[1], reply_window_s=60)
    assert policy.hand_overs(policy.channels) == (("sms", 0), ("voice", 20), ("email", 40))


def test_a_policy_that_would_ask_nobody_is_refused() -> None:
    for waves, window in [((), 600), ((1, 0), 600), ((1,), 0)]:
        with pytest.raises(ValueError, match="asks somebody"):
            replace(shipped()[1], waves=waves, reply_window_s=window)
