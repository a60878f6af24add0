"""What a run of the bench is made of, by the words on its command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

SIZES = (10_000, 100_000, 1_000_000)
# Of the rosters that are judged, sorted whole, and copied for the toggles and for dispatch.
JUDGED, SORTED = SIZES[:2]
EXPERTS, APPLICANTS = 1_000, (1_000, *SIZES[:2])
PARTS = ("matching", "rooms", "dispatch")
# A run is to stay under ten minutes; the bursts, of which the more the better, take what is left.
ENOUGH_S, BESIDE_BURSTS_S, LEAST_S = 540.0, 55.0, 40.0


@dataclass(frozen=True)
class Plan:
    """The parts to measure, and the sizes that they are measured at."""

    parts: frozenset[str]
    sizes: tuple[int, ...]  # experts and applicants on the rosters that are matched on
    applicants: tuple[int, ...]  # of those that HR's pages are about

    def contents(self) -> list[str]:
        """All rosters that any part needs, each once, in the words of `bench.filling`."""
        matched = self.sizes if "matching" in self.parts else ()
        copied = (JUDGED,) if "dispatch" in self.parts else ()
        return [*map(str, sorted({*matched, *copied})), *self.rooms()]

    def rooms(self) -> list[str]:
        """The rosters with applicants, beside as many experts whatever their number."""
        return [f"{EXPERTS}+{applicants}" for applicants in self.applicants]


def bursting_s(passed_s: float, databases: int) -> float:
    """Seconds of bursts on the next of so many databases, `passed_s` after the start."""
    return max((ENOUGH_S - passed_s) / databases - BESIDE_BURSTS_S, LEAST_S)


def plan_of(words: Sequence[str]) -> Plan:
    """All parts when none is named; HR's pages at every size only when they are named."""
    told = argparse.ArgumentParser(prog="python -m bench")
    told.add_argument("--small", action="store_true", help="without a million experts")
    for part in PARTS:
        told.add_argument(f"--{part}", action="append_const", dest="parts", const=part)
    given = told.parse_args(words)
    parts = frozenset(given.parts or PARTS)
    rooms = APPLICANTS if given.parts else APPLICANTS[1:2]
    return Plan(
        parts=parts,
        sizes=SIZES[:-1] if given.small else SIZES,
        applicants=rooms if "rooms" in parts else (),
    )
