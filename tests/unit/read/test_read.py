"""Good and hostile inputs, read as `ingest` reads them; all rows and figures here were invented for the test."""

import gzip
import io
import struct
import tarfile
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hostile.made import cells, good_workbook, workbook
from polars.testing import assert_frame_equal

from iapt_audit.definitions import load_default
from iapt_audit.errors.inputs import InputError
from iapt_audit.ingest.ingest import Ingested, ingest
from iapt_audit.model.columns import CELLS
from iapt_audit.model.findings import Code, Severity
from iapt_audit.read import Place, Table, find, open_all, table, tables

HEADER = (
    "REPORTING_PERIOD_START,REPORTING_PERIOD_END,GROUP_TYPE,ORG_CODE1,ORG_NAME1,ORG_CODE2,ORG_NAME2,"
    "MEASURE_ID,MEASURE_NAME,MEASURE_VALUE_SUPPRESSED\n"
)
ROW = "2025-06-01,2025-06-30,England,All,All,All,All,M191,Recovered,25012\n"
SECOND = "2025-06-01,2025-06-30,Provider,All,All,ABC,Invented Trust,M191,Recovered,470\n"
GOOD = (HEADER + ROW + SECOND).encode()
ROWS = [line.split(",") for line in GOOD.decode().splitlines()]
ANNUAL = (
    b"OrgType,OrgCode,OrgName,VariableType,VariableA,VariableB,Count_Recovery,Percentage_Recovery\n"
    b"England,All,All,Total,NULL,NULL,452,50.2\n"
)
#: a file that begins with a row whose last field is empty: the lengths of such files' rows are looked at one by one
GAP = (HEADER + ROW.replace("25012", "")).encode()
PRINTED = ["25012", "470"]
# fixed, so that the bytes of an archive are the same in every run
WHEN = (2026, 1, 1, 0, 0, 0)
#: where a directory entry of a zip keeps the version needed to unpack it, and its flags (APPNOTE 4.3.12)
DIRECTORY_ENTRY = b"PK\x01\x02"
VERSION_AT, FLAGS_AT = 6, 8
ENCRYPTED = 0x1
#: the longest field that Python's csv module takes
CSV_LIMIT = 131_072


def _zip(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), data, compress_type=compression)
    return buffer.getvalue()


def _parquet_of_no_utf_8() -> bytes:
    """Write a text that is no UTF-8, which a parquet file can hold and its reader does not look at."""
    bytes_of_it = pa.array([b"\xe2\x28\xa1"], type=pa.binary())
    text = pa.Array.from_buffers(pa.string(), 1, bytes_of_it.buffers())
    buffer = io.BytesIO()
    pq.write_table(pa.table({"GROUP_TYPE": text}), buffer)
    return buffer.getvalue()


def _parquet(columns: dict[str, list[Any]] | pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(columns).write_parquet(buffer)
    return buffer.getvalue()


def _columns() -> dict[str, list[Any]]:
    """Return the good table as a program would write it: dates are dates, and figures numbers."""
    columns: dict[str, list[Any]] = {name: list(texts) for name, *texts in zip(*ROWS, strict=True)}
    for name in ("REPORTING_PERIOD_START", "REPORTING_PERIOD_END"):
        columns[name] = [date.fromisoformat(text) for text in columns[name]]
    columns["MEASURE_VALUE_SUPPRESSED"] = [float(text) for text in columns["MEASURE_VALUE_SUPPRESSED"]]
    return columns


def _quoted(text: bytes) -> bytes:
    return b"".join(b",".join(b'"%s"' % field for field in line.split(b",")) + b"\n" for line in text.splitlines())


def _tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"), io.BytesIO(b""))
    return buffer.getvalue()


def _with_directory_field(archive: bytes, offset: int, value: int) -> bytes:
    """Set a two-byte field of the first entry of the directory."""
    at = archive.index(DIRECTORY_ENTRY) + offset
    return archive[:at] + struct.pack("<H", value) + archive[at + 2 :]


def _with_damaged_content(archive: bytes) -> bytes:
    """Overwrite what stands between the first header and the directory, past the member's name."""
    start, end = 60, archive.index(DIRECTORY_ENTRY)
    return archive[:start] + b"\xff" * (end - start) + archive[end:]


def _read(*arguments: Path) -> list[Ingested]:
    return [found for place in find(arguments) for found in ingest(place, load_default(), None)]


def _tables_of(data: bytes, folder: Path) -> list[Table]:
    path = folder / "any name"
    path.write_bytes(data)
    (opened,) = open_all(Place(path, "any name"))
    return tables(opened)


def _printed(found: Ingested) -> list[str]:
    assert found.cells is not None, found.input.error
    return found.cells["printed"].to_list()


def _error(found: Ingested) -> tuple[str, str]:
    assert found.cells is None
    assert isinstance(found.input.error, InputError)
    return found.input.status, found.input.error.code


def _errors_found(found: Ingested) -> list[Code]:
    return [finding.code for finding in found.findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(GOOD, id="as published"),
        pytest.param(b"\xef\xbb\xbf" + GOOD, id="byte order mark"),
        pytest.param(GOOD.replace(b"\n", b"\r\n"), id="windows line ends"),
        pytest.param(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"), id="both"),
        pytest.param(GOOD.rstrip(b"\n"), id="no line end after the last row"),
        pytest.param(GOOD.replace(b"Invented Trust", b'"Invented, ""Royal"" Trust"'), id="quoted field"),
        pytest.param(GOOD.replace(b"Invented Trust", b'"Invented\nTrust"'), id="line end in a quoted field"),
        pytest.param(GOOD.replace(b"GROUP_TYPE", b'"GROUP_TYPE"'), id="quoted column name"),
        pytest.param(GOOD.replace(b"Invented Trust", "Invented Trúst".encode()), id="utf-8"),
        pytest.param(GOOD.replace(b"Invented Trust", b"Invented \x96 Trust"), id="windows code page"),
        pytest.param(b"\n" + GOOD, id="blank line before the header"),
        pytest.param(GOOD + b"\n", id="blank line at the end"),
        pytest.param(GOOD + b"\r\n\r\n", id="two blank windows lines at the end"),
        pytest.param(GOOD.replace(ROW.encode(), ROW.encode() + b"\n"), id="blank line between rows"),
        pytest.param(GOOD.decode().encode("utf-16"), id="utf-16"),
        pytest.param(b"\xfe\xff" + GOOD.decode().encode("utf-16-be"), id="utf-16, great end first"),
        pytest.param(GOOD.decode().replace('"', "").encode(), id="unquoted"),
        pytest.param(_quoted(GOOD), id="every field quoted"),
        pytest.param(gzip.compress(GOOD), id="gzip"),
        pytest.param(gzip.compress(_zip({"a.csv": GOOD})), id="zip in gzip"),
        pytest.param(_zip({"a.zip": _zip({"b.csv": GOOD})}), id="zip in a zip"),
        pytest.param(_zip({"a.csv.gz": gzip.compress(GOOD)}), id="gzip in a zip"),
        pytest.param(workbook({"Month": cells(ROWS)}), id="workbook"),
        pytest.param(_zip({"a.xlsx": workbook({"Month": cells(ROWS)})}), id="workbook in a zip"),
        pytest.param(_parquet(_columns()), id="parquet"),
        pytest.param(_zip({"a.parquet": _parquet(_columns())}), id="parquet in a zip"),
    ],
)
def test_same_table_is_read_however_it_was_saved(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any name.csv"
    path.write_bytes(data)

    (actual,) = _read(path)

    assert (
        actual.input.status,
        actual.input.period,
        actual.input.rows,
        _printed(actual),
    ) == ("audited", "2025-06", 2, PRINTED)
    assert _errors_found(actual) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (b'"Invented, ""Royal"" Trust"', 'Invented, "Royal" Trust'),
        ("Invented Trúst".encode(), "Invented Trúst"),
        (b"Invented \x96 Trust", "Invented \N{EN DASH} Trust"),
        (b"NULL", "NULL"),
        (b"", ""),
        (b'""', ""),
        (b" 007 ", " 007 "),
    ],
)
def test_text_stays_as_printed(name: bytes, expected: str) -> None:
    actual = table(GOOD.replace(b"Invented Trust", name))

    assert expected == actual["ORG_NAME2"][1]


def test_table_converts_nothing() -> None:
    actual = table(b"a,b\n007,1e5\n,NULL\n")

    assert_frame_equal(pl.DataFrame({"a": ["007", ""], "b": ["1e5", "NULL"]}), actual)


def test_row_is_the_line_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(GOOD)

    (actual,) = _read(path)

    assert actual.cells is not None
    assert actual.cells["row"].to_list() == [2, 3]


def test_cells_have_the_columns_of_the_tidy_frame(tmp_path: Path) -> None:
    (tmp_path / "month.csv").write_bytes(GOOD)
    (tmp_path / "year-2024-25.csv").write_bytes(ANNUAL)

    actual = [found.cells.schema for found in _read(tmp_path) if found.cells is not None]

    assert actual == [CELLS, CELLS]


def test_folder_is_searched_to_the_bottom_and_paths_are_told_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "a" / "deep").mkdir(parents=True)
    (tmp_path / "top.csv").write_bytes(GOOD)
    (tmp_path / "a" / "deep" / "low.CSV").write_bytes(GOOD)
    (tmp_path / "a" / "packed.zip").write_bytes(_zip({"in/side.csv": GOOD}))
    (tmp_path / "a" / "notes.txt").write_bytes(b"not a table")
    (tmp_path / "a" / ".hidden.csv").write_bytes(b"not a table")

    actual = [(found.input.path, found.input.member, _printed(found)) for found in _read(tmp_path)]

    expected = [
        ("a/deep/low.CSV", None, PRINTED),
        ("a/packed.zip", "in/side.csv", PRINTED),
        ("top.csv", None, PRINTED),
    ]
    assert expected == actual


def test_every_table_of_a_zip_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    path = tmp_path / "months.zip"
    path.write_bytes(
        _zip({"b.csv": GOOD, "read me.txt": b"words", "__MACOSX/._a.csv": b"\x00", "folder.csv/": b"", "a.CSV": GOOD})
    )

    actual = [(found.input.member, _printed(found)) for found in _read(path)]

    assert actual == [("a.CSV", PRINTED), ("b.csv", PRINTED)]


def test_checksum_is_of_the_file_given_also_for_a_member_of_a_zip(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x\n1\n")
    (tmp_path / "b.zip").write_bytes(_zip({"b1.csv": GOOD, "b2.csv": b""}))

    actual = [found.input.sha256 for found in _read(tmp_path)]

    # printf 'x\n1\n' | sha256sum
    assert actual[0] == "daff832f802000e645771a60983c76c963f6ee602a6230e45237bd360e91cc1a"
    assert actual[1] == actual[2] is not None


HOSTILE = [
    pytest.param(b"", "empty", id="empty file"),
    pytest.param(b" \r\n \n", "empty", id="blanks alone"),
    pytest.param(b"\xef\xbb\xbf", "empty", id="byte order mark alone"),
    pytest.param(HEADER.encode(), "no_rows", id="header alone"),
    pytest.param(HEADER.rstrip("\n").encode(), "no_rows", id="header alone without line end"),
    pytest.param(HEADER.encode() + b",,,,,,,,,\n" * 2, "no_rows", id="rows of commas"),
    pytest.param(HEADER.replace("\n", ",x\n").encode() + b",,,,,,,,,,1\n", "no_rows", id="rows of another column"),
    pytest.param(GOOD.replace(b"\n", b"\r", 1), "broken", id="stray return after the header"),
    pytest.param(b"<!DOCTYPE html><html><body>404</body></html>", "other_kind", id="web page"),
    pytest.param(b"\n\n  <html>\n", "other_kind", id="web page after blank lines"),
    pytest.param(b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n", "other_kind", id="pdf"),
    pytest.param(b'{"error": "not found"}', "other_kind", id="json"),
    pytest.param(b"\x1f\x8b\x08\x00rest", "broken", id="gzip"),
    pytest.param(gzip.compress(GOOD)[:-20], "broken", id="gzip cut off"),
    pytest.param(gzip.compress(GOOD, mtime=0)[:-8] + bytes(8), "broken", id="gzip with another checksum"),
    pytest.param(b"PAR1\x15\x04rest", "broken", id="parquet"),
    pytest.param(_parquet({"a": [[1]]}), "other_kind", id="parquet of lists"),
    pytest.param(_parquet({"a": []}), "no_rows", id="parquet without rows"),
    pytest.param(_parquet_of_no_utf_8(), "broken", id="parquet of a text that is no utf-8"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1rest", "broken", id="old workbook"),
    pytest.param(
        _zip({"[Content_Types].xml": b"<Types/>", "xl/a.xml": b"<a/>"}), "broken", id="workbook without its parts"
    ),
    pytest.param(_zip({"[Content_Types].xml": b"", "xl/workbook.bin": b""}), "other_kind", id="binary workbook"),
    pytest.param(workbook({}), "nothing_inside", id="workbook without sheets"),
    pytest.param(workbook({"a": ""}), "empty", id="empty sheet"),
    pytest.param(workbook({"a": cells(ROWS[:1])}), "no_rows", id="sheet of a header alone"),
    pytest.param(workbook({"a": cells(ROWS)}, {"xl/sharedStrings.xml": b"<sst>"}), "broken", id="part cut off"),
    pytest.param(workbook({"a": '<row><c t="s"><v>0</v></c></row>'}), "broken", id="text that is not there"),
    pytest.param(workbook({"a": '<row r="0"><c><v>1</v></c></row>'}), "broken", id="row nought"),
    pytest.param(workbook({"a": '<row r="1"><c r="1"><v>1</v></c></row>'}), "broken", id="cell in no column"),
    pytest.param(workbook({"a": cells(ROWS, 5) + cells(ROWS, 2)}), "broken", id="rows out of order"),
    pytest.param(
        workbook({"a": cells([*ROWS, ['<c s="2"><v>0.5</v></c>']])}), "other_kind", id="fractions in per cent"
    ),
    pytest.param(_tar(), "other_kind", id="tar"),
    pytest.param(_zip({"read me.txt": b"words"}), "nothing_inside", id="zip without a table"),
    pytest.param(_zip({}), "nothing_inside", id="zip of nothing"),
    pytest.param(_zip({"a.csv": GOOD})[:60], "broken", id="zip cut off"),
    pytest.param(_zip({"a.csv": GOOD})[:-10], "broken", id="zip cut off at its end"),
    pytest.param(b"PK\x03\x04 and no more", "broken", id="zip by its first bytes alone"),
    pytest.param(_with_directory_field(_zip({"a.csv": GOOD}), FLAGS_AT, ENCRYPTED), "broken", id="zip with password"),
    pytest.param(_with_directory_field(_zip({"a.csv": GOOD}), VERSION_AT, 200), "broken", id="zip of a later version"),
    pytest.param(_with_damaged_content(_zip({"a.csv": GOOD * 9})), "broken", id="damaged member"),
    pytest.param(
        _with_damaged_content(_zip({"a.csv": GOOD * 9}, zipfile.ZIP_STORED)), "broken", id="damaged stored member"
    ),
    pytest.param(
        _with_damaged_content(_zip({"a.csv": GOOD * 9}, zipfile.ZIP_BZIP2)), "broken", id="damaged bzip2 member"
    ),
    pytest.param(
        _with_damaged_content(_zip({"a.csv": GOOD * 9}, zipfile.ZIP_LZMA)), "broken", id="damaged lzma member"
    ),
    pytest.param(GOOD.replace(b"470", b"4\x000"), "other_kind", id="nul bytes"),
    pytest.param(GOOD.decode().encode("utf-16-le"), "other_kind", id="utf-16 without its mark"),
    pytest.param(GOOD.decode().encode("utf-16")[:-1], "broken", id="half a letter of utf-16"),
    pytest.param(GOOD.replace(b"Invented", "\xfa\x96".encode()) + b"\x96,,,,,,,,,\n", "broken", id="two encodings"),
    pytest.param(GOOD.replace(b"Invented", b"\x81"), "other_kind", id="neither utf-8 nor windows code page"),
    pytest.param(HEADER.encode() + b"2025-06-01,2025-06-30\n", "broken", id="row too short"),
    pytest.param(GOOD + ROW.rpartition(",")[0].encode() + b"\n", "broken", id="row too short by one"),
    pytest.param(GOOD + ROW.rstrip("\n").encode() + b",more\n", "broken", id="row too long"),
    pytest.param(GOOD.replace(b"470", b'"470'), "broken", id="quote never closed"),
    pytest.param(b"words and no table", "other_kind", id="one line of words"),
    pytest.param(GOOD.replace(b",", b"!"), "other_kind", id="columns parted by an odd sign"),
]


@pytest.mark.parametrize(("data", "code"), HOSTILE)
def test_unreadable_file_is_told_and_the_good_one_beside_it_is_read(data: bytes, code: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(data)
    (tmp_path / "good.csv").write_bytes(GOOD)

    bad, good = _read(tmp_path)

    assert ("unreadable", code) == _error(bad)
    assert _printed(good) == PRINTED


@pytest.mark.parametrize(("data", "code"), HOSTILE)
def test_unreadable_member_is_told_and_the_good_one_beside_it_is_read(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "both.zip"
    path.write_bytes(_zip({"bad.csv": data, "good.csv": GOOD}))

    bad, good = _read(path)

    assert ("unreadable", code) == _error(bad)
    assert _printed(good) == PRINTED


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(GOOD.replace(b"\n", b"\r"), id="old Macintosh line ends"),
        pytest.param(GAP + SECOND.replace(" Trust", "\rTrust").encode(), id="stray return"),
        pytest.param(b"x" * (CSV_LIMIT + 1) + b",b\ny,1\n", id="endless column name"),
        pytest.param(GAP + SECOND.replace("Invented", "x" * (CSV_LIMIT + 1)).encode(), id="endless field"),
        pytest.param(HEADER.replace("ORG_NAME2", '"ORG_NAME2').encode() + ROW.encode(), id="column name never closed"),
        pytest.param(b'"A\nB",' + GOOD, id="line end in a column name"),
    ],
)
def test_odd_text_lets_no_exception_out(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(data)
    (tmp_path / "good.csv").write_bytes(GOOD)

    *bad, good = _read(tmp_path)

    # such a file may be read or refused
    assert {found.input.status for found in bad} <= {"audited", "unreadable", "unknown_layout"}
    assert _printed(good) == PRINTED


def test_absent_path_is_told_by_its_name(tmp_path: Path) -> None:
    (actual,) = _read(tmp_path / "no such file.csv")

    assert _error(actual) == ("unreadable", "absent")
    assert (actual.input.path, actual.input.sha256) == ("no such file.csv", None)


@pytest.mark.parametrize("inside", [[], ["notes.md"], [".hidden.csv"]])
def test_folder_with_nothing_to_read_is_told(inside: list[str], tmp_path: Path) -> None:
    for name in inside:
        (tmp_path / name).write_bytes(GOOD)

    (actual,) = _read(tmp_path)

    assert _error(actual) == ("unreadable", "nothing_inside")


def test_every_argument_is_read_or_told(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.csv").write_bytes(GOOD)

    actual = [
        (found.input.path, found.input.status) for found in _read(tmp_path / "gone.csv", folder, folder / "a.csv")
    ]

    assert actual == [("gone.csv", "unreadable"), ("a.csv", "audited"), ("a.csv", "audited")]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        pytest.param(
            HEADER.replace("GROUP_TYPE", "GROUP"),
            "the nearest layout is `monthly_activity/2021-01`, but `GROUP_TYPE` is missing; the file has `GROUP`",
            id="one column renamed",
        ),
        pytest.param(
            HEADER.replace("ORG_CODE1", "A").replace("ORG_NAME2", "B"),
            "the nearest layout is `monthly_activity/2021-01`, but `ORG_CODE1` is missing; `ORG_NAME2` is missing; "
            "no layout knows `A`, `B`",
            id="two columns renamed",
        ),
        pytest.param(
            HEADER.replace("MEASURE_VALUE_SUPPRESSED", "VALUE"),
            "the nearest layout is `monthly_activity/2021-01`, but `MEASURE_VALUE_SUPPRESSED` is missing; "
            "no layout knows `VALUE`",
            id="value column renamed",
        ),
        pytest.param("a,b,c,d,e,f,g,h,i,j\n", "its columns are those of no layout that we know", id="another data set"),
    ],
)
def test_table_of_another_kind_is_told_with_the_nearest_layout(header: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes((header + ROW).encode())
    (tmp_path / "good.csv").write_bytes(GOOD)

    bad, good = _read(tmp_path)

    assert _error(bad) == ("unknown_layout", "unknown_layout")
    assert message == str(bad.input.error)
    assert _printed(good) == PRINTED


def test_annual_table_without_a_measure_column_is_told_with_some_of_them(tmp_path: Path) -> None:
    path = tmp_path / "main-2024-25.csv"
    path.write_bytes(b"OrgType,OrgCode,OrgName,VariableType,VariableA,VariableB\nEngland,All,All,Total,NULL,NULL\n")

    (actual,) = _read(path)

    assert _error(actual) == ("unknown_layout", "unknown_layout")
    assert str(actual.input.error).startswith("the nearest layout is `annual_main/")


def test_column_that_stands_twice_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(
        (HEADER.rstrip("\n") + ",GROUP_TYPE\n" + ROW.rstrip("\n") + ",Provider\n").encode()
    )
    (tmp_path / "good.csv").write_bytes(GOOD)

    bad, good = _read(tmp_path)

    assert _error(bad) == ("unknown_layout", "column_twice")
    assert str(bad.input.error) == "a column name stands twice: `GROUP_TYPE`"
    assert _printed(good) == PRINTED


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("main.csv", "period_unknown", "no column names the year, nor do the names `main.csv`"),
        # these are no years that follow each other
        ("main-2024-26.csv", "period_unknown", "no column names the year, nor do the names `main-2024-26.csv`"),
        ("main-120242025.csv", "period_unknown", "no column names the year, nor do the names `main-120242025.csv`"),
        ("main-2023-24-2024-25.csv", "period_ambiguous", "its names give more than one year: 2023-24, 2024-25"),
    ],
)
def test_annual_file_whose_name_gives_no_year_or_two_is_told(
    name: str, code: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(ANNUAL)
    (tmp_path / "the-good-one.csv").write_bytes(GOOD)

    bad, good = _read(tmp_path)

    assert ("unreadable", code) == _error(bad)
    assert message == str(bad.input.error)
    assert _printed(good) == PRINTED


def test_member_and_zip_of_different_years_are_told(tmp_path: Path) -> None:
    path = tmp_path / "annual-2023-24.zip"
    path.write_bytes(_zip({"main-2024-25.csv": ANNUAL, "main-2023-24.csv": ANNUAL}))

    same, other = _read(path)

    assert (same.input.status, same.input.period) == ("audited", "2023-24")
    assert _error(other) == ("unreadable", "period_ambiguous")


def test_month_that_is_given_for_a_file_of_a_year_is_told(tmp_path: Path) -> None:
    path = tmp_path / "main.csv"
    path.write_bytes(ANNUAL)
    (place,) = find([path])

    (actual,) = ingest(place, load_default(), "2026-02")

    assert _error(actual) == ("unreadable", "period_unknown")
    assert "which 2026-02 is not" in str(actual.input.error)


def test_period_that_is_given_wins_over_the_names(tmp_path: Path) -> None:
    path = tmp_path / "main-2023-24-2024-25.csv"
    path.write_bytes(ANNUAL)
    (place,) = find([path])

    (actual,) = ingest(place, load_default(), "2022-23")

    assert (
        actual.input.status,
        actual.input.period,
        actual.input.layout,
    ) == ("audited", "2022-23", "annual_main/2022-23")


@pytest.mark.parametrize("name", ["row", "period", "start", "file", "cell", "level", "printed", "repeated", "measure"])
def test_column_that_is_not_the_publishers_is_a_note_whatever_its_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "month.csv").write_bytes(
        (HEADER.rstrip("\n") + f",{name}\n" + ROW.rstrip("\n") + ",x\n" + SECOND.rstrip("\n") + ",y\n").encode()
    )
    (tmp_path / "year-2024-25.csv").write_bytes(
        ANNUAL.replace(b"Percentage_Recovery\n", f"Percentage_Recovery,{name}\n".encode()).replace(b"50.2", b"50.2,x")
    )

    month, year = _read(tmp_path)

    assert (month.input.period, _printed(month)) == ("2025-06", PRINTED)
    assert (year.input.period, _printed(year)) == ("2024-25", ["452", "50.2"])
    for found in (month, year):
        assert [(name,)] == [finding.measures for finding in found.findings if finding.code is Code.MEASURE_UNKNOWN]


def test_column_called_period_does_not_date_the_rows_of_a_file_with_two_months(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    later = SECOND.replace("2025-06-01,2025-06-30", "2025-07-01,2025-07-31")
    path.write_bytes(
        (HEADER.rstrip("\n") + ",period\n" + ROW.rstrip("\n") + ",x\n" + later.rstrip("\n") + ",x\n").encode()
    )

    actual = [found.input.period for found in _read(path)]

    assert actual == ["2025-06", "2025-07"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.csv", ["a.csv"]),
        ("in/*.c[st]v", ["b.csv"]),
        ("**/*.csv", ["a.csv", "in/b.csv", "in/deep/c.csv"]),
        ("i?", ["in/b.csv", "in/deep/c.csv"]),
        ("*/deep/*", ["in/deep/c.csv"]),
    ],
)
def test_pattern_that_is_no_file_is_matched_and_told_from_its_first_wildcard(
    pattern: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("a.csv", "in/b.csv", "in/deep/c.csv"):
        (tmp_path / name).write_bytes(GOOD)

    actual = [place.shown for place in find([tmp_path / pattern])]

    assert expected == actual


def test_pattern_that_matches_nothing_is_told(tmp_path: Path) -> None:
    (actual,) = _read(tmp_path / "*.csv")

    assert (actual.input.path, _error(actual)) == ("*.csv", ("unreadable", "absent"))


def test_file_whose_name_is_a_pattern_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "a[1].csv").write_bytes(GOOD)
    (tmp_path / "a1.csv").write_bytes(b"")

    (actual,) = _read(tmp_path / "a[1].csv")

    assert (actual.input.path, _printed(actual)) == ("a[1].csv", PRINTED)


def test_every_member_of_a_nested_archive_is_named_by_its_way(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(
        _zip({"year/a.zip": _zip({"in/b.csv": GOOD, "c.csv": b""}), "d.xlsx": workbook({"S": cells(ROWS)})})
    )

    actual = [(found.input.member, found.input.status) for found in _read(path)]

    assert actual == [("d.xlsx/S", "audited"), ("year/a.zip/c.csv", "unreadable"), ("year/a.zip/in/b.csv", "audited")]


def test_members_of_one_name_are_each_read(tmp_path: Path) -> None:
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", b"")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", GOOD)

    actual = [found.input.status for found in _read(path)]

    assert sorted(actual) == ["audited", "unreadable"]


def _sheet(rows: list[list[str]], path: Path) -> list[Ingested]:
    path.write_bytes(workbook({"Month": cells(rows)}))
    return _read(path)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c t="n"><v>50</v></c>', "50"),
        ("<c><v>50.200000000000003</v></c>", "50.2"),
        ("<c><v>470.0</v></c>", "470"),
        ("<c><v>4.7E2</v></c>", "470"),
        ("<c><v>1E-3</v></c>", "0.001"),
        ('<c t="s"><v>0</v></c>', "shared text"),
        ('<c t="s"><v>1</v></c>', "in two pieces"),
        ('<c t="str"><f>A1&amp;"x"</f><v>formula</v></c>', "formula"),
        ("<c><f>1+1</f><v>2</v></c>", "2"),
        ('<c t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c>', "a b"),
        ('<c t="inlineStr"><is><t>&lt;b&gt; &amp; =1+1</t></is></c>', "<b> & =1+1"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="b"><v>0</v></c>', "FALSE"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c t="d"><v>2025-06-01T00:00:00</v></c>', "2025-06-01"),
        # LibreOffice Calc: the day 45809 is 1 June 2025, and half a day later is noon
        ('<c s="1"><v>45809</v></c>', "2025-06-01"),
        ('<c s="3"><v>45809.5</v></c>', "2025-06-01 12:00:00"),
        ('<c s="1"><v>1E300</v></c>', "1" + "0" * 300),
        ('<c t="n"><v>nan</v></c>', "nan"),
        ("<c/>", ""),
        ("<c><v></v></c>", ""),
    ],
)
def test_cell_of_a_workbook_is_read_as_it_is_printed(cell: str, expected: str, tmp_path: Path) -> None:
    shared = (
        b"<sst><si><t>shared text</t></si><si><r><t>in two</t></r><r><t> pieces</t></r>"
        b"<rPh><t>read aloud</t></rPh></si></sst>"
    )
    data = workbook({"S": cells([["a", "b"], ["x", cell], ["y", "z"]])}, {"xl/sharedStrings.xml": shared})

    (actual,) = _tables_of(data, tmp_path)

    assert actual.frame.rows() == [("x", expected), ("y", "z")]


def test_workbook_is_read_as_another_reader_reads_it(tmp_path: Path) -> None:
    data = good_workbook()

    (actual,) = _tables_of(data, tmp_path)

    expected = fastexcel.read_excel(data).load_sheet(0, dtypes="string").to_polars()
    assert_frame_equal(expected, actual.frame)


def test_published_workbooks_are_read_as_another_reader_reads_them(shared_data: Path, tmp_path: Path) -> None:
    paths = sorted((shared_data / "monthly").glob("*.xlsx"))
    assert paths

    for path in paths:
        (actual,) = _tables_of(path.read_bytes(), tmp_path)

        expected = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars().fill_null("")
        assert_frame_equal(expected, actual.frame)


def test_dates_of_a_workbook_give_its_period(tmp_path: Path) -> None:
    # 45809 and 45838 are 1 and 30 June 2025
    dates = ['<c s="1"><v>45809</v></c>', '<c s="3"><v>45838</v></c>']

    (actual,) = _sheet([ROWS[0], *([*dates, *row[2:]] for row in ROWS[1:])], tmp_path / "a.xlsx")

    assert (actual.input.period, _printed(actual)) == ("2025-06", PRINTED)


def test_header_below_a_title_is_found_and_rows_are_those_of_the_sheet(tmp_path: Path) -> None:
    (actual,) = _sheet([["", "A title"], [""], *ROWS], tmp_path / "a.xlsx")

    assert actual.cells is not None
    assert actual.cells["row"].to_list() == [4, 5]


def test_row_counts_blank_lines_before_the_header(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\n\r\n" + GOOD)

    (actual,) = _read(tmp_path / "a.csv")

    assert actual.cells is not None
    assert actual.cells["row"].to_list() == [4, 5]


def test_sheets_beside_the_figures_are_left_aside_and_a_near_miss_is_told(tmp_path: Path) -> None:
    renamed = [[name.replace("GROUP_TYPE", "GROUP") for name in ROWS[0]], *ROWS[1:]]
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        workbook(
            {"Cover": cells([["A title"], ["and notes"]]), "Empty": "", "Data": cells(ROWS), "Near": cells(renamed)}
        )
    )

    actual = [(found.input.member, found.input.status) for found in _read(path)]

    assert actual == [("Data", "audited"), ("Near", "unknown_layout")]


def test_workbook_without_figures_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook({"Cover": cells([["A title"], ["and notes"]]), "Notes": cells([["a", "b"], ["1", "2"]])}))

    (actual,) = _read(path)

    assert (actual.input.member, _error(actual)) == ("Cover", ("unknown_layout", "unknown_layout"))


def test_parquet_is_read_as_it_is_printed(tmp_path: Path) -> None:
    columns = pl.DataFrame(
        {
            "text": ["*", None],
            "count": [470, None],
            "float": [50.0, 50.2],
            "small": pl.Series([50.2, 0.5], dtype=pl.Float32),
            "decimal": [Decimal("50.20"), Decimal("50.00")],
            "date": [date(2025, 6, 1), None],
            "midnight": [datetime(2025, 6, 1), datetime(2025, 6, 1, 12)],  # noqa: DTZ001 - spreadsheets know no zone
            "category": pl.Series(["a", None], dtype=pl.Categorical),
            "truth": [True, None],
            "nothing": [None, None],
        }
    )

    (actual,) = _tables_of(_parquet(columns), tmp_path)

    assert actual.frame.rows() == [
        ("*", "470", "50", "50.2", "50.2", "2025-06-01", "2025-06-01", "a", "true", ""),
        ("", "", "50.2", "0.5", "50", "", "2025-06-01 12:00:00", "", "", ""),
    ]


def test_message_about_a_damaged_row_does_not_repeat_its_cell(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(GOOD + SECOND.replace("470", '"3"0').encode())

    (actual,) = _read(tmp_path / "a.csv")

    assert str(actual.input.error) == "the table is damaged: a quote stands where none may"


def test_place_that_has_a_fault_is_told_without_being_opened() -> None:
    (place,) = find([Path("no such folder") / "*.csv"])

    (actual,) = open_all(place)

    assert isinstance(place, Place)
    assert actual.fault is place.fault is not None
