"""Hostile inputs through the command line: one line that says what is wrong, 3, and never a traceback or a hang."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from cli.command import Done, process, run
from hostile.made import GOOD, cells, good_rows, workbook, zipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEADER, _, ROWS = GOOD.partition(b"\n")
FIRST, SECOND = GOOD.splitlines(keepends=True)[1:3]
MIB = 1 << 20
#: Where the directory of a zip keeps a member's flags (APPNOTE 4.3.12), and the flag of one with a password.
DIRECTORY_ENTRY, FLAGS_AT, ENCRYPTED = b"PK\x01\x02", 8, 1
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><sst><si><t>&c;</t></si></sst>'
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A hostile file: its name, how it is made, what is told of it, and the name that is told if it is another."""

    name: str
    make: Callable[[Path], None]
    told: str
    shown: str = ""


def _bytes(data: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(data)

    return make


def _with_password(path: Path) -> None:
    data = bytearray(zipped({"month.csv": GOOD}))
    data[data.index(DIRECTORY_ENTRY) + FLAGS_AT] |= ENCRYPTED
    path.write_bytes(data)


def _many_members(path: Path) -> None:
    path.write_bytes(zipped({f"{n}.csv": b"" for n in range(10_000)}, zipfile.ZIP_STORED))


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("month.csv", "w") as member:
        for _ in range(150):
            member.write(b"," * MIB)


def _gzip_bomb(path: Path) -> None:
    with gzip.open(path, "wb") as file:
        for _ in range(150):
            file.write(b"," * MIB)


def _no_permission(path: Path) -> None:
    path.write_bytes(GOOD)
    path.chmod(0)


def _two_of_one_name(data: bytes) -> bytes:
    return data.replace(b"ORG_NAME1", b"ORG_CODE1")


#: Small on the disk, and twenty million cells from its first to its last.
FAR = cells([["a", "b"]]) + cells([["1"] * 20], 1_048_576)
HOSTILE = [
    Hostile("empty.csv", _bytes(b""), "the file is empty"),
    Hostile("header.csv", _bytes(HEADER + b"\n"), "the file has a header and no rows"),
    Hostile("truncated.zip", _bytes(zipped({"month.csv": GOOD})[:-30]), "the zip file is damaged"),
    Hostile("password.zip", _with_password, "the zip file is protected by a password"),
    Hostile(
        "climbs.zip",
        _bytes(zipped({"../../climbs.csv": GOOD})),
        "the member's name leads out of the zip file",
        "climbs.zip: ../../climbs.csv",
    ),
    Hostile("members.zip", _many_members, "it holds more than a publication does"),
    Hostile("bomb.zip", _bomb, "it holds more than a publication does", "bomb.zip: month.csv"),
    Hostile("bomb.csv.gz", _gzip_bomb, "it holds more than a publication does"),
    Hostile("cut.csv.gz", _bytes(gzip.compress(GOOD)[:-20]), "the gzip file is damaged"),
    Hostile(
        "nested.zip",
        _bytes(zipped({"a.zip": zipped({"b.zip": zipped({"month.csv": GOOD})})})),
        "this is an archive in an archive in an archive",
        "nested.zip: a.zip/b.zip",
    ),
    Hostile(
        "links.xlsx",
        _bytes(workbook({"Month": cells(good_rows())}, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})),
        "the workbook takes figures from other workbooks",
    ),
    Hostile(
        "laughs.xlsx",
        _bytes(workbook({"Month": '<row><c t="s"><v>0</v></c></row>'}, {"xl/sharedStrings.xml": LAUGHS})),
        "the workbook's part `xl/sharedStrings.xml` declares a document type",
    ),
    Hostile("far.xlsx", _bytes(workbook({"Month": FAR})), "it holds more than a publication does"),
    Hostile(
        "cut.xlsx",
        _bytes(workbook({"Month": "<row><c"})),
        "the workbook's part `xl/worksheets/sheet1.xml` is damaged",
    ),
    Hostile("cut.parquet", _bytes(b"PAR1 and no more"), "the parquet file is damaged"),
    Hostile("page.csv", _bytes(b"<!DOCTYPE html><html><body>404</body></html>"), "this is a web page"),
    Hostile("binary.csv", _bytes(bytes(range(256)) * 40), "this is binary data"),
    Hostile(
        "other.csv",
        _bytes(b"date,area,cases\n2020-01-01,England,5\n"),
        "its columns are those of no layout that we know",
    ),
    Hostile(
        "missing.csv",
        _bytes(b"\n".join(line.partition(b",")[2] for line in GOOD.splitlines())),
        "`REPORTING_PERIOD_START` is missing",
    ),
    Hostile("renamed.csv", _bytes(GOOD.replace(b"GROUP_TYPE", b"GROUP")), "`GROUP_TYPE` is missing"),
    Hostile("twice.csv", _bytes(_two_of_one_name(GOOD)), "a column name stands twice: `ORG_CODE1`"),
    Hostile(
        "mixed.csv",
        _bytes(GOOD + FIRST.replace(b"all,all Pr", "é,all Pr".encode()) + FIRST.replace(b"all,all Pr", b"\x96,all Pr")),
        "the text is in two encodings",
    ),
    Hostile("few.csv", _bytes(GOOD + b"01/02/2026,28/02/2026\n"), "fields, the header 10"),
    Hostile("many.csv", _bytes(GOOD + FIRST.rstrip() + b",more\n"), "has 11 fields, the header 10"),
    Hostile(
        "longfield.csv",
        _bytes(GOOD + FIRST.replace(b"all Providers", b"x" * 10 * MIB)),
        "has a field of 10,485,760 characters",
    ),
    Hostile("longline.csv", _bytes(b"x," * 5 * MIB), "this is a line of more than 200,000 characters"),
    Hostile("nul.csv", _bytes(GOOD + FIRST.replace(b"all", b"a\x00l")), "(a NUL byte in line "),
    Hostile("unclosed.csv", _bytes(GOOD.replace(b",England", b',"England', 1)), "fields, the header 10"),
    Hostile(
        "swallowed.csv",
        _bytes(
            HEADER + b"\n" + FIRST.replace(b"England", b'"England') + SECOND.replace(b"England", b'England"') + ROWS
        ),
        "row 2 has a field with a line end and commas: a quote may have swallowed rows",
    ),
    Hostile("pipe.csv", os.mkfifo, "this is no ordinary file"),
    Hostile("device.csv", lambda path: path.symlink_to("/dev/zero"), "this is no ordinary file"),
    Hostile("loop.csv", lambda path: path.symlink_to("loop.csv"), "the path is a link that leads back to itself"),
    Hostile("dangling.csv", lambda path: path.symlink_to("gone"), "there is no such file or folder"),
    Hostile("folder.csv", Path.mkdir, "the folder holds no CSV, workbook, parquet or zip file"),
    Hostile("sealed.csv", _no_permission, "the file may not be read"),
    Hostile(os.fsdecode(b"caf\xe9.csv"), _bytes(b""), "the file is empty", "caf\\xe9.csv"),
    Hostile("\x1b[2J\x1b]0;title\x07.csv", _bytes(b""), "the file is empty", "\\x1b[2J\\x1b]0;title\\x07.csv"),
    Hostile("two\nlines.csv", _bytes(b""), "the file is empty", "two\\nlines.csv"),
    Hostile("[red]x[bold].csv", _bytes(b""), "the file is empty"),
]


def _without_privilege() -> list[str]:
    """Return the words that take from root the right to read what may not be read."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may read everything, and setpriv is not here")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search"]


def without_privilege(*arguments: object) -> Done:
    """Run a command in a process that may read no more than anybody."""
    return process(*arguments, through=_without_privilege())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for each in HOSTILE:
        each.make(folder / each.name)
    (folder / "good.csv").write_bytes(GOOD)
    return folder


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda each: each.shown or each.name)
def test_hostile_file_gives_one_line_and_three(hostile: Hostile, folder: Path) -> None:
    # what may not be read stops nobody who is root
    done = (without_privilege if hostile.make is _no_permission else run)("audit", folder / hostile.name)

    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"error: not read: {hostile.shown or hostile.name}: ")
    assert hostile.told in line
    assert "(hint: " in line


def test_good_file_beside_all_hostile_ones_is_audited_and_each_of_them_named_once(folder: Path) -> None:
    done = without_privilege("audit", folder, "--format", "json")
    content = json.loads(done.stdout)
    lines = done.stderr.splitlines()
    alone = json.loads(run("audit", folder / "good.csv", "--format", "json").stdout)

    assert done.returncode == 3
    assert content["summary"] == alone["summary"]
    assert content["findings"] == alone["findings"]
    assert [each["path"] for each in content["inputs"] if each["status"] == "audited"] == ["good.csv"]
    assert len(lines) == len(HOSTILE)
    for hostile in HOSTILE:
        (line,) = (line for line in lines if line.startswith(f"error: not read: {hostile.shown or hostile.name}: "))
        assert hostile.told in line


def test_nothing_is_written_beside_an_archive_whose_names_lead_out(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "climbs.zip"
    path.parent.mkdir(parents=True)
    path.write_bytes(zipped({"../../climbs.csv": GOOD, "/climbs.csv": GOOD, "..\\climbs.csv": GOOD, "in.csv": GOOD}))

    done = run("audit", path)

    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 3
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]


@pytest.fixture
def touched(tmp_path: Path) -> Iterator[Path]:
    """Return a file that is written to all the time."""
    path = tmp_path / "busy.csv"
    path.write_bytes(GOOD + FIRST)
    # so long that whoever writes comes to it while it is read, however many others share the machine
    os.truncate(path, 200_000_000)
    program = "import os, sys, itertools\nfor n in itertools.count():\n    os.utime(sys.argv[1], ns=(n, n))\n"
    process = subprocess.Popen([sys.executable, "-c", program, path])
    # of a time long past: the process has begun
    while path.stat().st_mtime_ns > 10**15:
        time.sleep(0.01)
    yield path
    process.kill()
    process.wait()


def test_file_that_changes_while_it_is_read_is_not_taken_for_whole(touched: Path) -> None:
    done = run("audit", touched)

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "error: not read: busy.csv: the file changed while it was read (hint: try again once it is all there)\n"
    )


NAMES = {
    "INVENTED SERVICE ONE": "=cmd|' /C calc'!A0",
    "INVENTED SERVICE TWO": "@SUM(1)[bold]x[/nothing]",
    "INVENTED SERVICE THREE": "<script>alert(1)</script>",
    "INVENTED SERVICE FOUR": "-2+3\x1b[2J",
}


@pytest.mark.parametrize("form", ["csv", "table", "markdown", "json"])
def test_name_that_is_a_formula_or_markup_comes_out_as_text(form: str, tmp_path: Path) -> None:
    text = GOOD.decode()
    for name, hostile in NAMES.items():
        assert f",{name}," in text
        text = text.replace(f",{name},", f",{hostile},")
    (tmp_path / "named.csv").write_text(text, encoding="utf-8")

    done = run("audit", tmp_path / "named.csv", "--format", form, "--out", tmp_path / "out")

    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr
    if form == "csv":
        fields = [field for row in csv.reader(io.StringIO(done.stdout)) for field in row]
        assert "'=cmd|' /C calc'!A0" in fields
        assert not [field for field in fields if field.startswith(("=", "+", "@", "\t", "\r", "-2+"))]
    told = pl.read_parquet(tmp_path / "out" / "cells.parquet")["org_name"].cast(pl.String).unique().to_list()
    assert set(NAMES.values()) <= set(told)


def test_folder_that_links_to_itself_is_searched_once(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.csv").write_bytes(GOOD)
    (tmp_path / "in" / "again").symlink_to(tmp_path)

    done = run("audit", tmp_path, "--format", "json")

    assert [each["path"] for each in json.loads(done.stdout)["inputs"]] == ["in/good.csv"]


def test_folder_that_may_not_be_entered_is_told(tmp_path: Path) -> None:
    sealed = tmp_path / "sealed"
    sealed.mkdir()
    (tmp_path / "good.csv").write_bytes(GOOD)
    sealed.chmod(0)

    done = without_privilege("audit", tmp_path)
    sealed.chmod(0o700)

    assert done.returncode == 3
    assert done.stderr == "error: not read: sealed: the file may not be read (hint: check its permissions)\n"
