"""CSV files: what comes in, what is refused by line and reason, and the way out and back."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tables import TableError, csv_lines, defuse, read_table, restore, write_table

COLUMNS = ("code", "name", "note")


def read(
    path: Path, content: bytes | str, required: tuple[str, ...] = ("code",)
) -> tuple[list[tuple[int, dict[str, str]]], list[tuple[int, str]]]:
    """The rows that were kept and those that were refused."""
    path = path / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    refused: list[tuple[int, str]] = []
    kept = list(
        read_table(
            path, COLUMNS, required=required, refuse=lambda line, why: refused.append((line, why))
        )
    )
    return kept, refused


def test_rows_come_with_their_line_numbers_and_blank_ones_are_skipped(tmp_path: Path) -> None:
    kept, refused = read(tmp_path, "code,name\nA, one \n\n,,\nB,two\n")
    assert kept == [(2, {"code": "A", "name": "one"}), (5, {"code": "B", "name": "two"})]
    assert refused == []


def test_a_cell_may_run_over_several_lines(tmp_path: Path) -> None:
    kept, _ = read(tmp_path, 'code,name\nA,"one\ntwo"\nB,three\n')
    assert kept == [(2, {"code": "A", "name": "one\ntwo"}), (4, {"code": "B", "name": "three"})]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_spreadsheets_of_many_makers_are_understood(
    tmp_path: Path, separator: str, line_end: str, mark: str
) -> None:
    lines = [separator.join(cells) for cells in (("note", "code"), ("x y", "Ä"))]
    kept, refused = read(tmp_path, mark + line_end.join(lines) + line_end)
    assert kept == [(2, {"note": "x y", "code": "Ä"})]
    assert refused == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "has no header"),
        (b"\n\n", "has no header"),
        (b"code,nam\xe9\n", "not UTF-8"),
        ("code,name\nA,x\n".encode("utf-16"), "UTF-16"),
        (b"code,colour,size\n", "Unknown columns: colour, size"),
        (b"code,,name\n", r"\(no name\)"),
        (b"code,name,code\n", "Named twice in the header: code"),
        (b"name\n", "Missing from the header: code"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(TableError, match=says):
        read(tmp_path, content)


def test_bad_rows_are_named_and_good_ones_kept(tmp_path: Path) -> None:
    kept, refused = read(
        tmp_path,
        b"code,name\n"
        b"A,good\n"
        b"B,caf\xe9\n"  # 3: Latin-1
        b"C,nul\x00here\n"
        b"D\n"  # 5: too short
        b"E,one,two\n"
        b'F,"never closed\n'  # 7
        b"G,good too\n"
        b'H,"quoted" and more\n'  # 9
        b"I,good,\n",
    )
    assert [line for line, _ in kept] == [2, 8, 10]
    assert [line for line, _ in refused] == [3, 4, 5, 6, 7, 9]
    reasons = dict(refused)
    assert "CSV UTF-8" in reasons[3]
    assert "NUL" in reasons[4]
    assert "1 cells where the header has 2" in reasons[5]
    assert "quotation mark" in reasons[7]


@pytest.mark.parametrize(
    "formula", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"]
)
def test_formulas_leave_defused(formula: str) -> None:
    assert defuse(formula) == f"'{formula}"


@pytest.mark.parametrize("harmless", ["-12.3", "+41225550100", "a=b", "", "'tis", "O'Brien"])
def test_numbers_phones_and_words_leave_as_they_are(harmless: str) -> None:
    assert defuse(harmless) == harmless


@given(st.text(alphabet="'=+-@\t\r\n＝a1, \"", max_size=8))
def test_what_is_defused_comes_back_exactly(cell: str) -> None:
    assert restore(defuse(cell)) == cell


@given(st.lists(st.text(alphabet="'=+-@＝aé1,;\"\n", min_size=1, max_size=8), max_size=5))
def test_a_row_survives_the_way_out_and_in(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    rows = [
        {"code": f"X{cell}", "name": cell.strip(), "note": ""} for cell in cells if cell.strip()
    ]
    rows = [row | {"code": row["code"].strip()} for row in rows]
    path = tmp_path_factory.mktemp("out") / "table.csv"
    write_table(path, COLUMNS, rows)
    back = [cells for _, cells in read_table(path, COLUMNS, refuse=pytest.fail)]
    assert back == rows


def test_a_written_file_is_for_its_owner_only_and_nul_never_leaves(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(path, COLUMNS, [{"code": "a\0b", "name": "", "note": ""}])
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"\0" not in path.read_bytes()
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_a_failed_export_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(KeyError):
        write_table(path, COLUMNS, [{"code": "a"}])
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_the_lines_of_an_export_are_plain_csv() -> None:
    lines = csv_lines(COLUMNS, [{"code": "A", "name": 'say "x", y', "note": "=1"}])
    assert list(csv.reader(lines)) == [list(COLUMNS), ["A", 'say "x", y', "'=1"]]
