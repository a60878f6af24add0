"""Processes that are nobody's children here, such as a server that another process has started."""

import os
import select


def wait_for_end(process: int, within_s: float = 20.0) -> None:
    """Returns once `process` has ended; fails when it still runs after `within_s` seconds."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return
    ended, _, _ = select.select([handle], [], [], within_s)
    os.close(handle)
    assert ended, f"process {process} still runs"
