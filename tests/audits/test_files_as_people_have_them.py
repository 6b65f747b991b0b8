"""
A month as people have it: saved again by Excel, pandas, R or hand, in other containers, with notes and empty columns.

Each way must read as the month itself does, or be named; none may be told as the publisher's fault. All rows are
invented.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from audits.written_tables import opendocument
from cli.command import run, valid
from layouts.headers import MONTHLY

from iapt_audit import audit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIGURES = {
    "All": {"M076": "1407", "M179": "66", "M191": "680", "M192": "50.7", "M193": "615", "M195": "45.9"},
    "INV01": {"M076": "400", "M179": "20", "M191": "200", "M192": "53", "M193": "180", "M195": "47"},
    "INV02": {"M076": "60", "M179": "*", "M191": "25", "M192": "43", "M193": "20", "M195": "34"},
}
Rows = list[list[str]]


def month(start: str = "01/02/2026", end: str = "28/02/2026") -> Rows:
    """Write the header and the rows of the month."""
    rows = [list(MONTHLY)]
    for org, figures in FIGURES.items():
        level = "England" if org == "All" else "Provider"
        rows += [
            [start, end, level, "All", "All", org, org, measure, measure, text] for measure, text in figures.items()
        ]
    return rows


def text_of(rows: Rows, separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


def with_figures(change: Callable[[str], str]) -> Rows:
    header, *rows = month()
    return [header, *([*row[:-1], change(row[-1])] for row in rows)]


def audited(path: Path) -> dict[str, Any]:
    done = run("audit", path, "--format", "json")
    assert done.returncode in {0, 1, 3}, done.stderr
    return valid(done.stdout)


def told(content: dict[str, Any]) -> tuple[object, ...]:
    """Return what an audit found of the figures, whatever the file."""
    shown = [(each["org_code"], each["measure"], each["low"], each["high"]) for each in content["headline"]]
    return content["summary"]["rates"], content["summary"]["cells"], sorted(shown, key=str)


def codes(content: dict[str, Any]) -> set[str]:
    return {each["code"] for each in content["findings"] if each["code"] not in {"measures-absent", "level-incomplete"}}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("plain") / "month.csv"
    path.write_text(text_of(month()), encoding="utf-8")
    content = audited(path)
    assert content["summary"]["rates"] == {"consistent": 6, "contradicted": 0, "not_checkable": 0}
    assert codes(content) == set()
    return content


def read_as(text: str | bytes, name: str, folder: Path) -> dict[str, Any]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return audited(path)


DATES = {
    "two digits of a year": ("01/02/26", "28/02/26"),
    "no zeros before": ("1/2/2026", "28/2/2026"),
    "dashes": ("01-02-2026", "28-02-2026"),
    "dots": ("01.02.2026", "28.02.2026"),
    "months by name": ("01-Feb-26", "28-Feb-26"),
    "months by their whole name": ("1 February 2026", "28 February 2026"),
    "month first, by name": ("Feb 1, 2026", "Feb 28, 2026"),
    "month first, by number": ("2/1/2026", "2/28/2026"),
    "a time of day": ("2026-02-01 00:00:00", "2026-02-28 00:00:00"),
    "a time of day by T and Z": ("2026-02-01T00:00:00.000Z", "2026-02-28T00:00:00.000Z"),
    "no signs between": ("20260201", "20260228"),
    "slashes, year first": ("2026/02/01", "2026/02/28"),
    "serial numbers of Excel": ("46054", "46081"),
    "serial numbers as floats": ("46054.0", "46081.0"),
    "blanks around": (" 01/02/2026", "28/02/2026 "),
    "the month alone": ("Feb-26", "Feb-26"),
}


@pytest.mark.parametrize(("start", "end"), DATES.values(), ids=list(DATES))
def test_dates_are_read_however_they_are_written(start: str, end: str, plain: dict[str, Any], tmp_path: Path) -> None:
    content = read_as(text_of(month(start, end)), "month.csv", tmp_path)

    assert told(content) == told(plain)
    assert {each["period"] for each in content["inputs"]} == {"2026-02"}
    assert codes(content) in ({"dates-mended"}, {"key-mended"}, {"dates-mended", "key-mended"})


NO_MONTHS = {
    "a quarter": ("01/01/2026", "31/03/2026", "3 months"),
    "three months up to this one": ("01/12/2025", "28/02/2026", "3 months"),
    "half a month": ("01/02/2026", "14/02/2026", "not a whole month"),
    "the end first": ("28/02/2026", "01/02/2026", "not a whole month"),
    "a year": ("01/04/2025", "31/03/2026", "12 months"),
    "no dates": ("x", "y", "cannot be read"),
    "nothing": ("", "", "cannot be read"),
    "a day that never was": ("31/02/2026", "28/02/2026", "cannot be read"),
    "the year 26": ("0026-02-01", "0026-02-28", "cannot be read"),
    "a long time ago": ("01/02/1926", "28/02/1926", "cannot be read"),
}


@pytest.mark.parametrize(("start", "end", "why"), NO_MONTHS.values(), ids=list(NO_MONTHS))
def test_what_is_no_whole_month_is_no_month(start: str, end: str, why: str, tmp_path: Path) -> None:
    content = read_as(text_of(month(start, end)), "month.csv", tmp_path)

    (one,) = [each for each in content["findings"] if each["code"] == "period-not-whole"]
    assert why in one["message"]
    assert {each["period"] for each in content["inputs"]} == {"unknown"}
    assert [each for each in content["organisations"] if each["period"].startswith("2026")] == []


#: How a program or a person writes the figures, and the note that this has.
WRITTEN: dict[str, tuple[Callable[[str], str], set[str]]] = {
    "floats": (lambda text: f"{text}.0" if text.isdigit() else text, {"figure-mended"}),
    "floats of two decimals": (lambda text: f"{text}.00" if text.isdigit() else text, {"figure-mended"}),
    "thousands by commas": (lambda text: f"{int(text):,}" if text.isdigit() else text, {"figure-mended"}),
    "thousands by blanks": (
        lambda text: f"{int(text):,}".replace(",", " ") if text.isdigit() else text, {"figure-mended"}
    ),
    "thousands by hard blanks": (
        lambda text: f"{int(text):,}".replace(",", "\u00a0") if text.isdigit() else text, {"figure-mended"}
    ),
    "decimal commas": (lambda text: text.replace(".", ","), {"figure-mended"}),
    "blanks around": (lambda text: f" {text} ", set()),
    "[c] for suppressed": (lambda text: text.replace("*", "[c]"), {"symbol-not-publishers"}),
    "<5 for suppressed": (lambda text: text.replace("*", "<5"), {"symbol-not-publishers"}),
    "[low] for suppressed": (lambda text: text.replace("*", "[low]"), {"symbol-not-publishers"}),
    "~ for suppressed": (lambda text: text.replace("*", "~"), {"symbol-not-publishers"}),
    "a word for suppressed": (lambda text: text.replace("*", "Suppressed"), {"symbol-not-publishers"}),
    "another word for suppressed": (lambda text: text.replace("*", "fewer than 5"), {"symbol-not-publishers"}),
    "two stars": (lambda text: text.replace("*", "**"), {"symbol-not-publishers"}),
}  # fmt: skip


@pytest.mark.parametrize(("change", "notes"), WRITTEN.values(), ids=list(WRITTEN))
def test_figures_are_read_however_they_are_written(
    change: Callable[[str], str], notes: set[str], plain: dict[str, Any], tmp_path: Path
) -> None:
    content = read_as(text_of(with_figures(change)), "month.csv", tmp_path)

    assert told(content) == told(plain)
    assert codes(content) == notes
    # each is said once a file
    assert len([each for each in content["findings"] if each["code"] in notes]) == len(notes)


@pytest.mark.parametrize("hole", ["NA", "nan", "NaN", "null", "None", "#N/A", "<NA>", "..", ":", "[x]", "[z]"])
def test_a_word_for_nothing_is_a_hole_and_named_once(hole: str, tmp_path: Path) -> None:
    rows = with_figures(lambda text: hole if text == "53" else text)
    content = read_as(text_of(rows), "month.csv", tmp_path)

    (one,) = [each for each in content["findings"] if each["code"] == "symbol-not-publishers"]
    assert f"`{hole}` is not one of the publisher's symbols" in one["message"]
    assert "1 of 18 figures" in one["message"]
    assert content["summary"]["findings"]["error"] == 0
    assert content["summary"]["cells"]["unparseable"] == 0


@pytest.mark.parametrize("text", ["3x", "<3", "<10", "about 50", "1,40", "1,4,07", "1 40", "[q]", "1407..0", "++5"])
def test_what_nobody_can_read_is_still_an_error(text: str, tmp_path: Path) -> None:
    rows = with_figures(lambda figure: text if figure == "1407" else figure)
    content = read_as(text_of(rows), "month.csv", tmp_path)

    assert "cell-unparseable" in codes(content) or "too-many-decimals" in codes(content)


@pytest.mark.parametrize("text", ["3", "3.0", " 3 ", "3.00"])
def test_a_small_count_that_slipped_is_held_back_however_it_is_written(text: str, tmp_path: Path) -> None:
    content = read_as(text_of(with_figures(lambda figure: figure.replace("*", text))), "month.csv", tmp_path)

    slipped = [each for each in content["findings"] if each["code"] == "count-not-disclosure-controlled"]
    assert [each["org_code"] for each in slipped] == ["INV02"]
    assert [cell["printed"] for each in slipped for cell in each["cells"]] == [None]


def _line(text: str, width: int = len(MONTHLY)) -> list[str]:
    return [text, *[""] * (width - 1)]


AROUND: dict[str, Callable[[Rows], str]] = {
    "a title above": lambda rows: text_of([_line("NHS Talking Therapies, February 2026"), *rows]),
    "a title and a blank line above": lambda rows: text_of([_line("A title"), _line(""), *rows]),
    "a title of one field": lambda rows: "A title\n" + text_of(rows),
    "a title with a comma in quotes": lambda rows: '"A title, and more"\n\n' + text_of(rows),
    "four lines of cover": lambda rows: "A title\nSource: us\nDate: today\n\n" + text_of(rows),
    "notes below": lambda rows: text_of([*rows, _line(""), _line("Notes"), _line("Rounded to 5")]),
    "notes of one field below": lambda rows: text_of(rows) + "Source: NHS England\n",
    "blank lines below": lambda rows: text_of(rows) + "\n\n\n",
    "lines of commas below": lambda rows: text_of([*rows, _line(""), _line("")]),
    "a title above and notes below": lambda rows: text_of([_line("A title"), *rows, _line("Notes: none")]),
    "a byte order mark": lambda rows: "\ufeff" + text_of(rows),
    "two empty columns": lambda rows: text_of([[*row, "", ""] for row in rows]),
    "an empty column in the middle": lambda rows: text_of([[*row[:3], "", *row[3:]] for row in rows]),
    "an empty column in front": lambda rows: text_of([["", *row] for row in rows]),
    "tabs": lambda rows: text_of(rows, "\t"),
    "semicolons": lambda rows: text_of(rows, ";"),
    "bars": lambda rows: text_of(rows, "|"),
    "column names with blanks": lambda rows: text_of([[f" {name} " for name in rows[0]], *rows[1:]]),
    "column names in small letters": lambda rows: text_of([[name.lower() for name in rows[0]], *rows[1:]]),
    "column names with blanks for lines": lambda rows: text_of(
        [[name.replace("_", " ") for name in rows[0]], *rows[1:]]
    ),
    "old line ends": lambda rows: text_of(rows).replace("\n", "\r"),
    "line ends of Windows": lambda rows: text_of(rows).replace("\n", "\r\n"),
}


@pytest.mark.parametrize("write", AROUND.values(), ids=list(AROUND))
def test_what_stands_around_a_table_changes_nothing(
    write: Callable[[Rows], str], plain: dict[str, Any], tmp_path: Path
) -> None:
    content = read_as(write(month()), "month.csv", tmp_path)

    assert told(content) == told(plain)
    assert content["summary"]["findings"]["error"] == 0
    assert codes(content) <= {"lines-left-out", "key-mended"}


def test_row_names_of_r_and_row_numbers_of_pandas_are_no_figures(plain: dict[str, Any], tmp_path: Path) -> None:
    header, *rows = month()
    numbered = [[str(number), *row] for number, row in enumerate(rows)]
    of_pandas = read_as(text_of([["", *header], *numbered]), "pandas.csv", tmp_path)
    of_r = read_as(text_of([header, *numbered]), "r.csv", tmp_path)

    assert told(of_pandas) == told(plain)
    assert told(of_r) == told(plain)


def test_rows_are_told_by_their_lines_in_the_file(tmp_path: Path) -> None:
    rows = with_figures(lambda text: "60" if text == "53" else text)
    content = read_as("A title\n\n" + text_of(rows), "month.csv", tmp_path)

    (one,) = [each for each in content["findings"] if each["code"] == "rate-contradicted"]
    lines = ("A title\n\n" + text_of(rows)).splitlines()
    assert {lines[cell["row"] - 1].split(",")[-3] for cell in one["cells"]} == {
        cell["measure"] for cell in one["cells"]
    }


def _zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _frame(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame(rows[1:], schema=rows[0], orient="row")


def _arrow(rows: Rows) -> bytes:
    out = io.BytesIO()
    _frame(rows).write_ipc(out)
    return out.getvalue()


CONTAINERS: dict[str, tuple[str, Callable[[Rows], bytes]]] = {
    "tabs in .tsv": ("month.tsv", lambda rows: text_of(rows, "\t").encode()),
    "text in .txt": ("month.txt", lambda rows: text_of(rows).encode()),
    "UTF-16 with tabs, as Excel writes it": ("month.txt", lambda rows: text_of(rows, "\t").encode("utf-16")),
    "OpenDocument": ("month.ods", opendocument),
    "OpenDocument with a title": ("month.ods", lambda rows: opendocument([["A title"], [], *rows])),
    "Arrow": ("month.arrow", _arrow),
    "Feather": ("month.feather", _arrow),
    "records": ("month.json", lambda rows: _frame(rows).write_json().encode()),
    "records line by line": ("month.jsonl", lambda rows: _frame(rows).write_ndjson().encode()),
    "records under a name": ("month.json", lambda rows: json.dumps({"data": _frame(rows).to_dicts()}).encode()),
    "columns, as pandas writes them": ("month.json", lambda rows: _frame(rows).to_pandas().to_json().encode()),
    "gzip": ("month.csv.gz", lambda rows: gzip.compress(text_of(rows).encode())),
    "tabs in a zip": ("month.zip", lambda rows: _zipped("month.tsv", text_of(rows, "\t").encode())),
    "OpenDocument in a zip": ("month.zip", lambda rows: _zipped("month.ods", opendocument(rows))),
}


@pytest.mark.parametrize(("name", "write"), CONTAINERS.values(), ids=list(CONTAINERS))
def test_a_container_changes_nothing(
    name: str, write: Callable[[Rows], bytes], plain: dict[str, Any], tmp_path: Path
) -> None:
    content = read_as(write(month()), name, tmp_path)

    assert told(content) == told(plain)
    assert codes(content) == set()


def test_numbers_in_records_are_read_as_they_are_written(plain: dict[str, Any], tmp_path: Path) -> None:
    header, *rows = month()
    records = [dict(zip(header, row, strict=True)) for row in rows]
    written = json.dumps(records)
    for text in {row[-1] for row in rows if row[-1] != "*"}:
        written = written.replace(f'"{header[-1]}": "{text}"', f'"{header[-1]}": {text}')

    assert told(read_as(written, "month.json", tmp_path)) == told(plain)


NO_TABLES = {
    "an object": b'{"a": 1}',
    "a list of numbers": b"[1, 2, 3]",
    "records in records": b'[{"a": {"b": 1}}]',
    "a list of lists": b"[[1, 2], [3, 4]]",
    "no records": b"[]",
    "half of it": b'[{"a": 1',
    "a name twice": b'[{"a": 1, "a": 2}]',
    "too deep": b"[" * 100_000,
    "half an Arrow file": b"ARROW1\0\0rest",
    "half an old workbook": b"\xd0\xcf\x11\xe0rest",
    "Feather of the first version": b"FEA1rest",
}


@pytest.mark.parametrize("data", NO_TABLES.values(), ids=list(NO_TABLES))
def test_what_is_no_table_is_told_in_one_line(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "month.csv"
    path.write_bytes(data)
    done = run("audit", path)

    assert done.returncode == 3
    assert done.stderr.count("error: ") == 1
    assert "Traceback" not in done.stderr


def test_a_folder_says_what_it_passed_over(tmp_path: Path) -> None:
    (tmp_path / "month.csv").write_text(text_of(month()), encoding="utf-8")
    (tmp_path / "march.tsv").write_text(text_of(month("01/03/2026", "31/03/2026"), "\t"), encoding="utf-8")
    (tmp_path / "april.txt").write_text(text_of(month("01/04/2026", "30/04/2026")), encoding="utf-8")
    (tmp_path / "README.txt").write_text("Figures, and notes.\nMore notes.\n", encoding="utf-8")
    (tmp_path / "settings.json").write_text('{"a": 1}', encoding="utf-8")
    (tmp_path / "page.pdf").write_bytes(b"%PDF-1.4")
    done = run("audit", tmp_path, "--format", "json")
    content = valid(done.stdout)

    assert {each["path"] for each in content["inputs"]} == {"month.csv", "march.tsv", "april.txt"}
    assert "README.txt, page.pdf, settings.json" in done.stderr
    assert done.returncode == 0


def test_nothing_is_said_of_a_folder_of_tables_alone(tmp_path: Path) -> None:
    (tmp_path / "month.csv").write_text(text_of(month()), encoding="utf-8")

    assert run("audit", tmp_path).stderr == ""


def test_months_that_are_missing_between_others_are_named(tmp_path: Path) -> None:
    header, *rows = month()
    more = [month(*dates)[1:] for dates in (("01/11/2025", "30/11/2025"), ("01/12/2025", "31/12/2025"))]
    content = read_as(text_of([header, *more[0], *more[1], *rows]), "master.csv", tmp_path)

    (one,) = [each for each in content["findings"] if each["code"] == "periods-differ"]
    assert one["message"].endswith("2025-11, 2025-12 and 2026-02; 2026-01 is missing between them")


def test_a_repair_is_said_once_for_all_months_of_a_file(tmp_path: Path) -> None:
    header, *rows = with_figures(lambda text: f"{text}.0" if text.isdigit() else text.replace("*", "<5"))
    others = [["01/01/2026", "31/01/2026", *row[2:]] for row in rows]
    content = read_as(text_of([header, *others, *rows]), "master.csv", tmp_path)

    told_ = [each["code"] for each in content["findings"] if each["code"] in {"figure-mended", "symbol-not-publishers"}]
    assert sorted(told_) == ["figure-mended", "symbol-not-publishers"]


def test_a_quarter_is_named_as_a_publication_that_is_not_covered(tmp_path: Path) -> None:
    names = ("START", "END", "GroupType", "VariableType", "VariableA", "MEASURE_ID", "MEASURE_VALUE_SUPPRESSED")
    header = ",".join(f"REPORTING_PERIOD_{name}" if name in {"START", "END"} else name for name in names)
    path = tmp_path / "quarter.csv"
    path.write_text(f"{header}\n2026-01-01,2026-03-31,England,Total,Total,M076,1407\n", encoding="utf-8")
    done = run("audit", path)

    assert done.returncode == 3
    assert "this is the quarterly activity file (from 2020-21), which is not covered yet" in done.stderr


def test_a_table_in_memory_is_read_as_its_file_is(plain: dict[str, Any]) -> None:
    rows = with_figures(lambda text: f"{text}.0" if text.isdigit() else text)
    found = audit(_frame(rows))

    assert found.rates["verdict"].value_counts().rows() == [("consistent", 6)]
    assert "too-many-decimals" not in found.findings["code"].to_list()
    assert plain["summary"]["rates"]["consistent"] == found.rates.height
