"""The rules of the house as checks over source text: floors, purity, open imports, sizes.

Each takes modules and returns one sentence per fault; test_architecture runs them on the tree,
and on small trees that are wrong on purpose.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

FLOORS = ("core", "roster", "dispatch", "exchange", "wsgi")
APART = "sandbox"
LONGEST_FILE, LONGEST_FUNCTION, MIDDLING_FILE = 300, 40, 100

# Besides the standard library, pure modules may use these.
PURE = frozenset({"geographiclib", "geopy", "numpy", "scipy"})
# What of the standard library knows the clock, the dice, the disk, the network or other threads.
IMPURE = frozenset(
    {"asyncio", "concurrent", "ctypes", "http", "importlib", "io", "logging", "multiprocessing",
     "os", "pathlib", "random", "secrets", "select", "shutil", "signal", "smtplib", "socket",
     "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid"}
)  # fmt: skip
CLOCKS = frozenset({"now", "utcnow", "today"})
DOORS = frozenset({"open", "print", "input", "exec", "eval", "__import__"})
NAMELESS = frozenset({"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"})
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One source file, its dotted name and its syntax tree."""

    name: str
    path: str
    text: str
    tree: ast.Module

    @property
    def floor(self) -> str:
        """The package it belongs to."""
        return self.name.partition(".")[0]

    @property
    def is_pure(self) -> bool:
        """Whether it is one of the rules."""
        return is_rules(self.name)


def is_rules(name: str) -> bool:
    """Whether this module or package is inside a `rules` package, or is it."""
    return name.split(".")[1:2] == ["rules"]


def read_modules(root: Path, folders: Sequence[str]) -> list[Module]:
    """All Python files in `folders` of `root`; a name may also be that of one file (wsgi)."""
    paths: list[Path] = []
    for folder in folders:
        paths += sorted((root / folder).rglob("*.py"))
        paths += [path for path in [root / f"{folder}.py"] if path.exists()]
    return [_read(path, path.relative_to(root)) for path in paths]


def _read(path: Path, place: Path) -> Module:
    parts = [*place.with_suffix("").parts]
    if parts[-1] == "__init__":
        parts.pop()
    text = path.read_text(encoding="utf-8")
    return Module(".".join(parts), str(place), text, ast.parse(text, str(place)))


def imports(module: Module) -> Iterator[tuple[str, int]]:
    """Every module or name that is imported anywhere, in full, and the line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (f"{node.module}." if node.module else "")
            yield from ((source + alias.name, node.lineno) for alias in node.names)


def floor_faults(modules: Sequence[Module]) -> list[str]:
    """Imports of a higher floor, of the sandbox, or by the sandbox of any floor."""
    return [
        f"{module.path}:{line}: {module.floor} must not import {name}"
        for module in modules
        for name, line in imports(module)
        if not _may_import(module.floor, name.partition(".")[0])
    ]


def _may_import(floor: str, other: str) -> bool:
    if floor == APART:
        return other not in FLOORS
    if floor not in FLOORS:
        return True
    # An empty name is a relative import, which hides where it leads.
    return bool(other) and other != APART and (
        other not in FLOORS or FLOORS.index(other) <= FLOORS.index(floor)
    )  # fmt: skip


def purity_faults(modules: Sequence[Module]) -> list[str]:
    """Rules that import more than they may, or that look at the clock or the disk."""
    faults = []
    for module in (module for module in modules if module.is_pure):
        faults += [
            f"{module.path}:{line}: rules must not import {name}"
            for name, line in imports(module)
            if not _is_harmless(name)
        ]
        faults += [
            f"{module.path}:{node.lineno}: rules must not call {called}"
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and (called := _forbidden_call(node.func))
        ]
    return faults


def _is_harmless(name: str) -> bool:
    package = name.partition(".")[0]
    if package in FLOORS:
        return is_rules(name)
    return package in PURE or (package in sys.stdlib_module_names and package not in IMPURE)


def _forbidden_call(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute) and called.attr in CLOCKS:
        return ast.unparse(called)
    return called.id if isinstance(called, ast.Name) and called.id in DOORS else ""


def hidden_import_faults(modules: Sequence[Module]) -> list[str]:
    """Imports inside functions or classes, and imports by a string."""
    return [
        f"{module.path}:{line}: an import is hidden"
        for module in modules
        for line in sorted({*_nested_imports(module), *_dynamic_imports(module)})
    ]


def _nested_imports(module: Module) -> Iterator[int]:
    for node in ast.walk(module.tree):
        if isinstance(node, Function | ast.ClassDef):
            inside = (inner for inner in ast.walk(node) if isinstance(inner, ast.stmt))
            yield from (i.lineno for i in inside if isinstance(i, ast.Import | ast.ImportFrom))


def _dynamic_imports(module: Module) -> Iterator[int]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in ("__import__", "import_module", "import_string"):
                yield node.lineno


def size_faults(modules: Sequence[Module]) -> list[str]:
    """Files and functions that are too long."""
    faults = []
    for module in modules:
        if (lines := len(module.text.splitlines())) > LONGEST_FILE:
            faults.append(f"{module.path}: {lines} lines, at most {LONGEST_FILE}")
        for node in ast.walk(module.tree):
            if isinstance(node, Function):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    place = f"{module.path}:{node.lineno}: {node.name}"
                    faults.append(f"{place}: {length} lines, at most {LONGEST_FUNCTION}")
    return faults


def middling_size(modules: Sequence[Module]) -> float:
    """Half of the files that hold anything are no longer than this many lines."""
    return float(median(len(m.text.splitlines()) for m in modules if m.text.strip()))


def naming_faults(modules: Sequence[Module]) -> list[str]:
    """Modules that do not say what they are for, by name or in their first sentence."""
    faults = []
    for module in modules:
        if NAMELESS & set(module.name.split(".")):
            faults.append(f"{module.path}: a name that says nothing")
        if module.text.strip() and not ast.get_docstring(module.tree):
            faults.append(f"{module.path}: no docstring")
    return faults


def silencing_faults(modules: Sequence[Module]) -> list[str]:
    """Marks that switch the type checker off, and work that was put off."""
    marks = ("type:" + " ignore", "TO" + "DO", "FIX" + "ME")
    return [
        f"{module.path}:{number}: {mark}"
        for module in modules
        for number, line in enumerate(module.text.splitlines(), 1)
        for mark in marks
        if "#" in line and mark in line.partition("#")[2]
    ]
