"""Policies as data: the four that are shipped, the faults that are refused by field."""

import json
from pathlib import Path
from typing import Any

import pytest

from dispatch.rules.policy import Policy, PolicyError, as_row, read_policies, read_policy

DEFAULTS = Path(__file__).parents[3] / "dispatch" / "data" / "policies.json"
MINUTE, HOUR = 60, 3600


def defaults() -> dict[int, Policy]:
    return read_policies(json.loads(DEFAULTS.read_text(encoding="utf-8")))


def a_row(**changes: Any) -> dict[str, Any]:
    return as_row(1, defaults()[1]) | changes


def test_the_shipped_policies_are_those_of_the_taxonomy() -> None:
    shipped = {
        severity: (p.reply_window_s, p.waves, p.duty_told_s, p.specialist_told_s, p.hours)
        for severity, p in defaults().items()
    }
    assert shipped == {
        1: (10 * MINUTE, (1, 1, 3), 0, 45 * MINUTE, "any"),
        2: (20 * MINUTE, (1, 1, 2), 30 * MINUTE, 2 * HOUR, "any"),
        3: (60 * MINUTE, (1,), 4 * HOUR, 24 * HOUR, "waking"),
        4: (24 * HOUR, (1,), 0, None, "working"),
    }


def test_every_shipped_policy_uses_its_channels_inside_its_window() -> None:
    for policy in defaults().values():
        delays = [delay for _, delay in policy.hand_overs(policy.channels)]
        assert delays == sorted(set(delays))
        assert max(delays) < policy.reply_window_s


def test_policies_round_trip_through_their_rows() -> None:
    policies = defaults()
    rows = [as_row(severity, policy) for severity, policy in policies.items()]
    assert read_policies(json.loads(json.dumps(rows))) == policies


def test_the_last_wave_size_repeats() -> None:
    policy = defaults()[1]
    assert [policy.wave_size(wave) for wave in range(1, 7)] == [1, 1, 3, 3, 3, 3]


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
    assert defaults()[1].hand_overs(usable) == expected


def test_a_shortened_window_still_leaves_room_for_every_channel() -> None:
    _, policy = read_policy(a_row(reply_window_s=60))
    assert policy.hand_overs(policy.channels) == (("sms", 0), ("voice", 20), ("email", 40))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reply_window_s", 0), ("reply_window_s", -5), ("reply_window_s", 1.5),
        ("reply_window_s", "600"), ("reply_window_s", True), ("reply_window_s", None),
        ("reply_window_s", 10**12), ("waves", []), ("waves", [0]), ("waves", [1, -1]),
        ("waves", "113"), ("waves", 3), ("waves", [51]), ("waves", [None]), ("waves", [True]),
        ("duty_told_s", -1), ("duty_told_s", "0"), ("specialist_told_s", 0.5),
        ("hours", "night"), ("hours", None), ("channels", []), ("channels", ["fax"]),
        ("channels", ["sms", "sms"]), ("channels", "sms"), ("second_channel_s", -1),
        ("severity", 0), ("severity", 5), ("severity", "1"), ("colour", "red"),
    ],
)  # fmt: skip
def test_a_policy_that_cannot_work_is_refused_by_field(field: str, value: object) -> None:
    with pytest.raises(PolicyError) as refused:
        read_policies([a_row(**{field: value})])
    assert refused.value.field == field


def test_a_missing_field_is_named() -> None:
    row = a_row()
    del row["hours"]
    with pytest.raises(PolicyError, match="hours: is missing"):
        read_policies([row])


def test_two_policies_for_one_severity_are_refused() -> None:
    with pytest.raises(PolicyError, match="twice"):
        read_policies([a_row(), a_row()])


@pytest.mark.parametrize("rows", [{}, None, "policies", [1], [[1]]])
def test_anything_but_a_list_of_objects_is_refused(rows: object) -> None:
    with pytest.raises(PolicyError):
        read_policies(rows)
