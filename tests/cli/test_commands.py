"""The command line as a user meets it, in a process of its own."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest
from cli.command import INVENTED, run, valid

if TYPE_CHECKING:
    from pathlib import Path


def test_demo_begins_with_what_the_figures_say_of_half_recover() -> None:
    done = run("demo")
    first = done.stdout.split("\n\n")[0].replace("\n", " ")

    assert done.returncode == 0
    assert done.stderr == ""
    assert first.startswith("Do at least half recover? Yes in 2024-25, but only of referrals that finished")
    assert "321,061 of 635,185 recovered (50.5%)" in first


def test_demo_as_json_is_valid_and_judges_each_year() -> None:
    content = valid(run("demo", "--format", "json").stdout)
    recovery = {row["period"]: row for row in content["headline"] if row["measure"] == "recovery"}

    assert content["summary"]["rates"] == {"consistent": 62, "contradicted": 0, "not_checkable": 44}
    assert len(recovery) == 13
    assert recovery["2022-23"]["standing"] == "not_met"
    assert recovery["2022-23"]["short_by"] == {"low": 943, "high": 943}
    assert recovery["2012-13"]["exact"] is None


def test_an_audit_with_an_error_ends_in_one_and_names_it() -> None:
    done = run("audit", INVENTED, "--format", "json")
    content = valid(done.stdout)
    (finding,) = (each for each in content["findings"] if each["severity"] == "error")

    assert done.returncode == 1
    assert finding["code"] == "rate-contradicted"
    assert finding["org_code"] == "INV02"
    assert finding["measures"] == ["M192", "M191", "M076", "M179"]
    assert "The most they allow is 317 of 581, 54.56%" in finding["certificate"]
    assert [cell["row"] for cell in finding["cells"]] == [21, 20, 18, 19]


@pytest.mark.parametrize(("fail_on", "expected"), [("error", 1), ("warning", 1), ("note", 1), ("never", 0)], ids=str)
def test_fail_on_sets_the_least_severity_that_fails(fail_on: str, expected: int) -> None:
    assert run("audit", INVENTED, "--fail-on", fail_on).returncode == expected


def test_a_file_without_errors_ends_in_zero_unless_notes_fail(tmp_path: Path) -> None:
    kept = [line for line in INVENTED.read_text(encoding="utf-8").splitlines() if "INV02" not in line]
    (tmp_path / "good.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")

    assert run("audit", tmp_path / "good.csv").returncode == 0
    assert run("audit", tmp_path / "good.csv", "--fail-on", "note").returncode == 1


def test_out_writes_json_and_parquet_that_agree(tmp_path: Path) -> None:
    done = run("audit", INVENTED, "--out", tmp_path / "out")
    content = valid((tmp_path / "out" / "audit.json").read_text(encoding="utf-8"))
    tables = {path.stem: pl.read_parquet(path) for path in (tmp_path / "out").glob("*.parquet")}

    assert done.returncode == 1
    assert sorted(tables) == [
        "cells", "claims", "findings", "gaps", "headline", "places", "power", "rates", "series", "waits",
    ]  # fmt: skip
    assert len(tables["cells"]) == sum(content["summary"]["cells"].values())
    assert len(tables["rates"]) == sum(content["summary"]["rates"].values())
    assert tables["findings"]["id"].to_list() == [finding["id"] for finding in content["findings"]]
    assert len(tables["headline"]) == len(content["headline"])


def test_the_same_bytes_in_give_the_same_bytes_out() -> None:
    first, second = (run("audit", INVENTED, "--format", "json").stdout for _ in range(2))

    assert first == second


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("absent.csv", None, "there is no such file or folder"),
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b" \n\n", "the file is empty"),
        ("page.csv", b"<!DOCTYPE html><html><body>Not found</body></html>", "this is a web page"),
        ("paper.pdf", b"%PDF-1.7 ...", "this is a PDF"),
        ("notes.txt", b"some words\nand more words\n", "this is text without columns"),
        ("other.csv", b"date,cases\n2020-01-01,5\n", "its columns are those of no layout that we know"),
        ("head.csv", b"REPORTING_PERIOD_START,REPORTING_PERIOD_END\n", "the file has a header and no rows"),
        ("broken.zip", b"PK\x03\x04 and then nothing", "the zip file is damaged"),
        ("bytes.csv", b"\x00\x01\x02", "this is binary data"),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_line_and_three(
    tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    done = run("audit", tmp_path / name)

    assert done.returncode == 3
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"error: not read: {name}: {told}")


def test_the_good_files_of_a_folder_are_audited_beside_a_bad_one(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes(INVENTED.read_bytes())
    (tmp_path / "page.csv").write_bytes(b"<html></html>")

    done = run("audit", tmp_path, "--format", "json")
    content = valid(done.stdout)

    assert done.returncode == 3
    assert [(each["path"], each["status"]) for each in content["inputs"]] == [
        ("good.csv", "audited"),
        ("page.csv", "unreadable"),
    ]
    assert content["summary"]["rates"]["contradicted"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit",),
        ("audit", "x.csv", "--fail-on", "sometimes"),
        ("audit", "x.csv", "--period", "2024"),
        ("audit", ""),
        ("report", ""),
        ("diff", "x.csv", ""),
        ("disclosure", ""),
        ("diff", "x.csv", "y.csv", "--format", "junit"),
        ("disclosure", "x.csv", "--format", "sarif"),
        ("nonsense",),
        ("definitions", "list", "nonsense"),
        ("definitions", "show", "recovry"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_ends_in_two_without_a_traceback(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_files_of_one_name_are_told_by_the_paths_that_were_given(tmp_path: Path) -> None:
    for folder, last in (("old", "31/12/2025"), ("new", "28/02/2026")):
        text = INVENTED.read_text(encoding="utf-8").replace("28/02/2026", last).replace("01/02/2026", f"01{last[2:]}")
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "main.csv").write_text(text, encoding="utf-8")

    together = run("audit", "old/main.csv", "new/main.csv", "--format", "json", cwd=tmp_path)
    annotated = run("audit", "old/main.csv", "new/main.csv", "--format", "github", cwd=tmp_path)
    alone = run("audit", "old/main.csv", "--format", "json", cwd=tmp_path)

    assert [each["path"] for each in json.loads(together.stdout)["inputs"]] == ["old/main.csv", "new/main.csv"]
    assert [each["path"] for each in json.loads(alone.stdout)["inputs"]] == ["main.csv"]
    assert "::error file=old/main.csv,line=21," in annotated.stdout
    assert "::error file=new/main.csv,line=21," in annotated.stdout


def test_a_wrong_definition_ends_in_three_with_every_fault(tmp_path: Path) -> None:
    (tmp_path / "checks" / "standards").mkdir(parents=True)
    (tmp_path / "checks" / "standards" / "own.toml").write_text(
        '[[standard]]\nid = "own"\nrate = "recovry"\npercentge = "50"\n', encoding="utf-8"
    )

    done = run("definitions", "check", "--definitions", tmp_path)

    assert done.returncode == 3
    assert "standard[0].rate: unknown rate `recovry` (hint: did you mean `recovery`?)" in done.stderr
    assert "standard[0].percentge: unknown key `percentge` (hint: did you mean `percentage`?)" in done.stderr
    assert "standard[0].source: expected a table, got nothing" in done.stderr


def test_a_users_definitions_are_added_to_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "checks" / "standards").mkdir(parents=True)
    (tmp_path / "checks" / "standards" / "own.toml").write_text(
        """
        [[standard]]
        id = "improvement_99"
        rate = "reliable_improvement"
        population = "finished"
        percentage = "99"
        in_force_from = "2020-04"
        title = "Nearly all improve"
        question = "Do nearly all improve?"
        confirmed = true
        reviewed = 2026-11-24
        note = "Written for a test."
        [standard.source]
        title = "A test"
        url = "https://example.org/"
        """,
        encoding="utf-8",
    )

    done = run("audit", INVENTED, "--definitions", tmp_path, "--format", "json")
    content = valid(done.stdout)
    standings = {row["org_code"]: row["standing"] for row in content["headline"] if row["standard"] == "improvement_99"}

    assert standings["England"] == "not_met"


def test_definitions_show_tells_formula_file_and_source() -> None:
    done = run("definitions", "show", "recovery")

    assert done.returncode == 0
    assert "recovered / (finished - not_at_caseness)" in done.stdout
    assert "recovered: count M191 of monthly_activity" in done.stdout
    assert "file: checks/measures/rates.toml" in done.stdout
    assert "https://" in done.stdout


def test_our_own_fault_is_one_line_and_seventy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from iapt_audit import cli, pipeline

    def fail(*_: object, **__: object) -> None:
        message = "something we did not think of"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(pipeline, "audit_facts", fail)
    monkeypatch.setattr(sys, "argv", ["iapt-audit", "demo"])
    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 70
    assert "Traceback" not in capsys.readouterr().err


def test_no_colour_reaches_a_pipe() -> None:
    assert "\x1b" not in run("demo").stdout
