"""How long a piece of work takes, and how much the times differ."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Milliseconds that `work` takes, and what it returns."""
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


def spread_of(times: Sequence[float]) -> dict[str, float]:
    """Milliseconds: the median, the quarters, and the slowest twentieth and hundredth."""
    parts = statistics.quantiles(times, n=100)
    return {f"p{part}_ms": parts[part - 1] for part in (25, 50, 75, 95, 99)}
