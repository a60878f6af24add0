"""A pretend antivirus for the demo: it knows one virus, the harmless one of EICAR.

`python -m sandbox.antivirus FILE` exits 0 when the file is clean, 1 when it is infected, 2 when it
cannot be read. See https://www.eicar.org/download-anti-malware-testfile/.
"""

import sys
import zipfile
from pathlib import Path

# In two pieces, so that a real antivirus does not take this file for the virus.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLEAN, INFECTED, UNREADABLE = 0, 1, 2
MOST_READ = 64 * 1024 * 1024


def examine(path: Path) -> int:
    """The exit code for the file at `path`; archives are looked into, one level deep."""
    try:
        if EICAR in path.read_bytes():
            return INFECTED
        if not zipfile.is_zipfile(path):
            return CLEAN
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as part:
                    if EICAR in part.read(MOST_READ):
                        return INFECTED
    except (OSError, zipfile.BadZipFile, RuntimeError):
        return UNREADABLE
    return CLEAN


if __name__ == "__main__":
    sys.exit(examine(Path(sys.argv[-1])) if len(sys.argv) == 2 else UNREADABLE)
