"""Keeps the garbage collector away from what a process has built and keeps until its end.

A full collection walks half a million objects of loaded modules, mapped classes and templates: some
150 ms each time in the middle of somebody's request, and never finds anything there. Knows nothing
of what was built; to be called by a process that serves or works, not by what is built many times.
"""

import gc

from sqlalchemy.orm import configure_mappers

# Of new containers that may pile up before they are looked through: a request leaves a few hundred
# that only a collection frees, so a pile of this size is some megabytes.
PILE = 5_000
THRESHOLDS = (PILE, 10, 10)


def spare_what_stays() -> None:
    """Takes all that this process has built so far out of every collection to come."""
    configure_mappers()  # which else is left for the first request, too late to be spared
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
