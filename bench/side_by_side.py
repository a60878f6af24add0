"""Runs what takes no time figure on all databases at once, in a process for each."""

import subprocess
import sys
from collections.abc import Mapping, Sequence

from bench.processes import ROOT


def at_once(module: str, words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Runs a module of ours with the words for each database; what each has said.

    Raises RuntimeError, when all have ended, if one has failed.
    """
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", module, *its], cwd=ROOT, text=True, stdout=subprocess.PIPE
        )
        for name, its in words.items()
    }
    said = {name: process.communicate()[0] for name, process in running.items()}
    failed = [name for name, process in running.items() if process.returncode]
    if failed:
        raise RuntimeError(f"{module} has failed on {', '.join(failed)}")
    return said
