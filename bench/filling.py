"""Databases with rosters: `python -m bench.filling EMPTY FOLDER CONTENT…` says where they are.

EMPTY is the address of a new database, which is migrated and then copied for each CONTENT: `10000`
is a roster of so many people, `1000+9000` one of a thousand experts and nine thousand applicants
with a case each. A process of its own, so that several sorts of databases are filled at once.
"""

import gc
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.processes import plain_environment
from bench.progress import say
from bench.rooms import fill_cases
from bench.rosters import QUALIFIED, fill
from core import upgrading
from core.db import db
from core.settings import read_settings
from tests.databases import clone
from wsgi import create_app


@contextmanager
def opened(url: str, *, is_new: bool = False) -> Iterator[None]:
    """An application context on the database at `url`; migrated first when it `is_new`."""
    logging.getLogger("core.mail").setLevel(logging.ERROR)  # no mail is to leave, as it would warn
    app = create_app(read_settings(plain_environment(url), Path()))
    if is_new:
        upgrading.upgrade(app)
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def fill_with(content: str) -> None:
    """Fills the present database, which is migrated, with what `content` says."""
    experts, _, applicants = content.partition("+")
    people = int(experts) + int(applicants or 0)
    fill(db.session(), people, int(experts) / people if applicants else QUALIFIED)
    if applicants:
        fill_cases(db.session())
    say(f"{db.engine.dialect.name}: {people:,} people")


def _stock(empty: str, folder: Path, contents: list[str]) -> dict[str, str]:
    with opened(empty, is_new=True):
        pass
    urls = {content: clone(empty, folder) for content in contents}
    for content, url in urls.items():
        with opened(url):
            fill_with(content)
    return urls


if __name__ == "__main__":
    gc.disable()  # the rows of a batch are many, and refer to nothing
    sys.stdout.write(json.dumps(_stock(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])))
