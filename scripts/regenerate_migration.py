"""Writes migrations/versions/0001_initial.py anew from the models; until the first release only.

Usage: .venv/bin/python scripts/regenerate_migration.py. After a release, a change of a model gets
a migration of its own (`flask db migrate -m "…"`), and this script has done its work.
"""

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask_migrate import revision  # noqa: E402  the repository's root had to be found first

from core.settings import read_settings  # noqa: E402
from wsgi import create_app  # noqa: E402

DOCSTRING = "All tables as of the first release, written by scripts/regenerate_migration.py."
TARGET = ROOT / "migrations" / "versions" / "0001_initial.py"


def written_anew() -> str:
    """Autogenerates against an empty SQLite file, next to a copy of the migration environment."""
    with tempfile.TemporaryDirectory() as folder:
        workshop = Path(folder) / "migrations"
        shutil.copytree(TARGET.parent.parent, workshop, ignore=shutil.ignore_patterns("*.py[co]"))
        for old in (workshop / "versions").glob("*.py"):
            old.unlink()
        url = f"sqlite:///{folder}/empty.sqlite3"
        app = create_app(read_settings({"DEMO": "1", "DATABASE_URL": url}, Path(folder)))
        with app.app_context():
            revision(directory=workshop, message="initial", autogenerate=True, rev_id="0001")
        written = (workshop / "versions" / TARGET.name).read_text("utf-8")
    lines = written.replace('"""initial\n', f'"""{DOCSTRING}\n').splitlines(keepends=True)
    return "".join(line for line in lines if "# ###" not in line)


if __name__ == "__main__":
    TARGET.write_text(written_anew(), "utf-8")
    sys.stdout.write(f"{TARGET.relative_to(ROOT)} is written anew.\n")
