"""Where the content of papers lies: in the folder UPLOADS, under names that tell nothing.

Knows no row. A name given by a person never reaches the disk.
"""

import os
import re
import secrets
from pathlib import Path

from flask import current_app

from core.settings import Settings

NAME = re.compile(r"[0-9a-f]{32}")


def keep(content: bytes) -> str:
    """Stores `content` and returns the random name under which it lies."""
    name = secrets.token_hex(16)
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return name


def path_of(name: str) -> Path:
    """Where the content called `name` lies, if it is there. Raises ValueError for another name."""
    if not NAME.fullmatch(name):
        raise ValueError("not a name of ours")
    return _folder() / name


def names() -> set[str]:
    """The names of all contents that are stored."""
    folder = _folder()
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return Path(settings.uploads)
