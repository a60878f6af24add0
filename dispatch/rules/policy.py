"""An escalation policy: how long to wait, how many to ask, whom to tell and over which channels.

Knows neither rows nor files; dispatch.policies reads them and refuses bad ones in words.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from dispatch.rules import terms

Hours = Literal["any", "waking", "working"]


@dataclass(frozen=True)
class Policy:
    """The rules of one severity; all times in seconds.

    `waves` are sizes per open slot, the last one repeats. `duty_told_s` and `specialist_told_s`
    count from the start of the search while slots are open; None is never. `hours` says when
    experts may be asked (see roster.rules.terms.Need). `channels` are tried in this order, each
    `second_channel_s` after the one before it. Raises ValueError when it would ask nobody.
    """

    reply_window_s: int
    waves: tuple[int, ...]
    duty_told_s: int | None
    specialist_told_s: int | None
    hours: Hours = "any"
    channels: tuple[str, ...] = terms.CHANNELS
    second_channel_s: int = 200

    def __post_init__(self) -> None:
        if not self.waves or min(self.waves) < 1 or self.reply_window_s < 1:
            raise ValueError("a policy asks somebody in each wave and leaves time to answer")

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
