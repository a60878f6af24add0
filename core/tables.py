"""CSV files in and out: every import reads them here, so that all are as patient and as strict.

Knows no column itself. A bad row is handed to the caller by line and reason; the others go on.
"""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

Refuse = Callable[[int, str], None]

# What a spreadsheet takes for the beginning of a formula; plain numbers and phones are none.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_DEFUSED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
_NOT_UTF8 = re.compile("[\udc80-\udcff]")  # how "surrogateescape" keeps bytes that are not UTF-8
SAVE_AS_UTF8 = (
    "Save it again as “CSV UTF-8” (in LibreOffice: character set “Unicode (UTF-8)”) and retry."
)
# How the files of LibreOffice and of Excel begin: a ZIP archive, and what Excel wrote before.
SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class TableError(ValueError):
    """A file that cannot be read at all; its text says why and what to do."""


def read_table(
    path: Path, columns: Sequence[str], *, required: Collection[str] = (), refuse: Refuse
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of the CSV file `path` as `parse_table` reads its content."""
    return parse_table(path.name, path.read_bytes(), columns, required=required, refuse=refuse)


def parse_table(
    name: str,
    content: bytes,
    columns: Sequence[str],
    *,
    required: Collection[str] = (),
    refuse: Refuse,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a CSV file called `name` as (line number, cells by column), cells trimmed.

    Commas, semicolons and tabs are understood as separators. Columns may come in any order; those
    that the file leaves out are left out of the cells, too. A row that is broken in itself goes to
    `refuse(line, reason)` instead. Raises TableError before the first row when the file is not
    UTF-8, has no header, an unknown or repeated column, or lacks one of `required`.
    """
    lines = _lines_of(name, content)
    separator = _separator(lines[0], columns)
    first = next(csv.reader(lines[:1], delimiter=separator), [])
    header = [cell.strip() for cell in first]
    while header and not header[-1]:
        header.pop()
    _check_header(header, columns, required)
    return _rows(lines, separator, header, refuse)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Writes `rows` as CSV (UTF-8) that `read_table` reads back unchanged, readable by us alone.

    The file appears whole or not at all.
    """
    half_done = path.with_name(f".{path.name}.part")
    half_done.unlink(missing_ok=True)
    half_done.touch(mode=0o600, exist_ok=False)
    try:
        with half_done.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_lines(columns, rows))
        half_done.replace(path)
    finally:
        half_done.unlink(missing_ok=True)


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """The header and each row as a line of CSV, with formulas defused."""
    yield _line(columns)
    for row in rows:
        yield _line([defuse(row[column]) for column in columns])


def defuse(cell: str) -> str:
    """`cell` as a spreadsheet will not run it: `=1+1` becomes `'=1+1`."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def restore(cell: str) -> str:
    """What `defuse` was given."""
    return cell[1:] if _DEFUSED.match(cell) else cell


def _line(cells: Iterable[str]) -> str:
    buffer = StringIO(newline="")
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def _lines_of(name: str, content: bytes) -> list[str]:
    if content.startswith(SPREADSHEETS):
        raise TableError(f"{name} is a spreadsheet and no CSV file. {SAVE_AS_UTF8}")
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in content[:4]:
        raise TableError(f"{name} is UTF-16. {SAVE_AS_UTF8}")
    text = content.decode("utf-8-sig", errors="surrogateescape")
    lines = list(StringIO(text, newline=""))
    if not lines or not lines[0].strip():
        raise TableError(f"{name} has no header: its first line must name the columns.")
    if _NOT_UTF8.search(lines[0]):
        raise TableError(f"{name} is not UTF-8. {SAVE_AS_UTF8}")
    return lines


def _separator(header: str, columns: Sequence[str]) -> str:
    def known(separator: str) -> int:
        names = next(csv.reader([header], delimiter=separator), [])
        return sum(name.strip() in columns for name in names)

    return max(",;\t", key=known)


def _check_header(header: list[str], columns: Sequence[str], required: Collection[str]) -> None:
    unknown = [name or "(no name)" for name in header if name not in columns]
    if unknown:
        raise TableError(
            f"Unknown column{'s' if len(unknown) > 1 else ''}: {', '.join(unknown)}. "
            f"The columns are: {', '.join(columns)}."
        )
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        raise TableError(f"Named twice in the header: {', '.join(repeated)}.")
    missing = [name for name in columns if name in required and name not in header]
    if missing:
        raise TableError(f"Missing from the header: {', '.join(missing)}.")


def _rows(
    lines: list[str], separator: str, header: list[str], refuse: Refuse
) -> Iterator[tuple[int, dict[str, str]]]:
    position = 1
    while position < len(lines):
        rest = (lines[index] for index in range(position, len(lines)))
        reader = csv.reader(rest, delimiter=separator, strict=True)
        start = position
        for cells in _until_broken(reader):
            line, position = position + 1, start + reader.line_num
            if any(cell.strip() for cell in cells):
                fault = _fault(cells, header)
                if fault:
                    refuse(line, fault)
                else:
                    yield line, _named(header, cells)
        if position < len(lines):
            # The row that begins here has a quotation mark out of place, and may have swallowed
            # rows after it: refuse this line alone and begin again with the next.
            refuse(position + 1, "a quotation mark is out of place or never closed")
            position += 1


def _until_broken(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error:
        return


def _fault(cells: list[str], header: list[str]) -> str:
    text = "".join(cells)
    if _NOT_UTF8.search(text):
        return f"not UTF-8. {SAVE_AS_UTF8}"
    if "\0" in text:
        return "contains a NUL character"
    if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
        return f"has {len(cells)} cells where the header has {len(header)}"
    return ""


def _named(header: list[str], cells: list[str]) -> dict[str, str]:
    pairs = zip(header, cells, strict=False)  # a spreadsheet may add empty cells at the end
    return {name: restore(cell.strip()) for name, cell in pairs}
