"""Databases with rosters: `python -m bench.filling URL SIZE [URL SIZE …]` makes them.

A process of its own, so that several databases are filled at once.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import plain_environment
from bench.rosters import QUALIFIED, fill
from core import upgrading
from core.db import db
from core.settings import read_settings
from wsgi import create_app


@contextmanager
def opened(url: str, *, is_new: bool = False) -> Iterator[None]:
    """An application context on the database at `url`; migrated first when it `is_new`."""
    app = create_app(read_settings(plain_environment(url), Path()))
    if is_new:
        upgrading.upgrade(app)
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


@contextmanager
def prepared(url: str, size: int, qualified: float = QUALIFIED) -> Iterator[None]:
    """An application context on the new database at `url`, with a roster of `size`."""
    with opened(url, is_new=True):
        fill(db.session(), size, qualified)
        sys.stderr.write(f"… {db.engine.dialect.name}: {size:,} people\n")
        yield


if __name__ == "__main__":
    for url, size in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        with prepared(url, int(size)):
            pass
