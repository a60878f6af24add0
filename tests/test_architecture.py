"""The house stands: floors, purity, open imports, sizes. Each check is also seen to catch."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.house_rules import (
    APART,
    FLOORS,
    MIDDLING_FILE,
    Module,
    floor_faults,
    hidden_import_faults,
    middling_size,
    naming_faults,
    purity_faults,
    read_modules,
    silencing_faults,
    size_faults,
)

Check = Callable[[Sequence[Module]], list[str]]

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def house() -> list[Module]:
    """All modules of the program; read here and not on import, which every process does."""
    return read_modules(ROOT, [*FLOORS, APART])


@pytest.fixture(scope="module")
def everything(house: list[Module]) -> list[Module]:
    """Those, and what stands around them."""
    return [*house, *read_modules(ROOT, ["bench", "scripts", "tests"])]


def test_nothing_imports_upward_and_the_sandbox_stands_apart(house: list[Module]) -> None:
    assert not floor_faults(house)


def test_rules_are_pure(house: list[Module]) -> None:
    assert any(module.is_pure for module in house)
    assert not purity_faults(house)


def test_no_import_is_hidden(house: list[Module]) -> None:
    assert not hidden_import_faults(house)


def test_no_file_and_no_function_is_too_long(everything: list[Module]) -> None:
    assert not size_faults(everything)


def test_half_of_the_files_are_short(house: list[Module]) -> None:
    assert middling_size(house) <= MIDDLING_FILE


def test_every_module_says_what_it_is_for(everything: list[Module]) -> None:
    assert not naming_faults(everything)


def test_nothing_is_silenced_or_put_off(everything: list[Module]) -> None:
    assert not silencing_faults(everything)


LONG_FUNCTION = "def f() -> None:\n" + "    g()\n" * 40
BROKEN: list[tuple[Check, str, str, str]] = [
    (floor_faults, "core/x.py", "from roster.models import Expert", "must not import roster"),
    (floor_faults, "core/x.py", "import dispatch", "must not import dispatch"),
    (floor_faults, "roster/x.py", "from dispatch.rules import terms", "must not import dispatch"),
    (floor_faults, "dispatch/x.py", "from exchange import library", "must not import exchange"),
    (floor_faults, "dispatch/x.py", "from wsgi import create_app", "must not import wsgi"),
    (floor_faults, "roster/x.py", "from .. import dispatch", "must not import ..dispatch"),
    (floor_faults, "roster/x.py", "if TYPE_CHECKING:\n    import dispatch", "import dispatch"),
    (floor_faults, "dispatch/x.py", "from sandbox.store import Store", "must not import sandbox"),
    (floor_faults, "wsgi.py", "import sandbox.app", "must not import sandbox"),
    (floor_faults, "sandbox/x.py", "from core.clock import now", "must not import core"),
    (purity_faults, "dispatch/rules/x.py", "import flask", "must not import flask"),
    (purity_faults, "roster/rules/x.py", "from sqlalchemy import select", "import sqlalchemy"),
    (purity_faults, "dispatch/rules/x.py", "from dispatch import models", "dispatch.models"),
    (purity_faults, "dispatch/rules/x.py", "from core import clock", "must not import core"),
    (purity_faults, "dispatch/rules/x.py", "import secrets", "must not import secrets"),
    (purity_faults, "dispatch/rules/deep/x.py", "import time", "must not import time"),
    (purity_faults, "dispatch/rules/x.py", "datetime.now()", "must not call datetime.now"),
    (purity_faults, "dispatch/rules/x.py", "date.today()", "must not call date.today"),
    (purity_faults, "dispatch/rules/x.py", "open('x')", "must not call open"),
    (hidden_import_faults, "core/x.py", "def f():\n    import json", "hidden"),
    (hidden_import_faults, "core/x.py", "class C:\n    from json import loads", "hidden"),
    (hidden_import_faults, "core/x.py", "async def f():\n    if g():\n        import j", "hidden"),
    (hidden_import_faults, "core/x.py", "importlib.import_module('dispatch')", "hidden"),
    (hidden_import_faults, "core/x.py", "__import__('dispatch')", "hidden"),
    (size_faults, "core/x.py", "g()\n" * 301, "301 lines, at most 300"),
    (size_faults, "core/x.py", LONG_FUNCTION, "f: 41 lines, at most 40"),
    (naming_faults, "core/utils.py", '"""Everything."""', "says nothing"),
    (naming_faults, "core/helpers/x.py", '"""Everything."""', "says nothing"),
    (naming_faults, "core/x.py", "import json", "no docstring"),
    (silencing_faults, "core/x.py", "x = 1  # type:" + " ignore[misc]", "core/x.py:1"),
    (silencing_faults, "core/x.py", "# TO" + "DO: later", "core/x.py:1"),
]


@pytest.mark.parametrize(("check", "place", "source", "said"), BROKEN)
def test_each_check_catches_what_is_wrong_on_purpose(
    tmp_path: Path, check: Check, place: str, source: str, said: str
) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    faults = check(read_modules(tmp_path, [*FLOORS, APART]))
    assert len(faults) == 1
    assert said in faults[0]


def test_what_is_allowed_is_not_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "dispatch" / "rules" / "x.py"
    path.parent.mkdir(parents=True)
    path.write_text(
        '"""Fine."""\nimport re\nfrom geographiclib.geodesic import Geodesic\n'
        "from roster.rules.terms import Need\nfrom dispatch.rules import terms\n"
        "def f(now: datetime) -> datetime:\n    return now\n",
        encoding="utf-8",
    )
    modules = read_modules(tmp_path, [*FLOORS, APART])
    checks: list[Check] = [
        floor_faults, purity_faults, hidden_import_faults, size_faults, naming_faults,
        silencing_faults,
    ]  # fmt: skip
    assert [fault for check in checks for fault in check(modules)] == []
