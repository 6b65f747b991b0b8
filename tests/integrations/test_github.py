"""GitHub's annotations: what a runner would make of them; all rows here were invented."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from integrations.found import (
    HOSTILE,
    INVENTED,
    ROOT,
    SLIPPED,
    found,
    hostile_month,
    many_errors,
    month_with_a_slip,
    write,
)

from iapt_audit.integrations.checkout import in_checkout, root_of_checkout
from iapt_audit.integrations.github import MOST, annotate, within_limit

if TYPE_CHECKING:
    from pathlib import Path

_ESCAPED = {"%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ",", "%25": "%"}


def as_a_runner(output: str) -> list[tuple[str, dict[str, str], str]]:
    """Read commands as a runner does: each line that begins with `::`, blanks aside; line ends are those of .NET."""
    commands = []
    for line in re.split(r"\r\n|\r|\n", output.rstrip("\n")):
        match = re.fullmatch(r"::(?P<name>[a-z-]+)(?: (?P<properties>.*?))?::(?P<data>.*)", line.lstrip())
        assert match, f"no command of ours: {line!r}"
        pairs = (pair.split("=", 1) for pair in (match["properties"] or "").split(",") if pair)
        commands.append((match["name"], {key: unescaped(value) for key, value in pairs}, unescaped(match["data"])))
    return commands


def unescaped(text: str) -> str:
    for code, plain in _ESCAPED.items():
        text = text.replace(code, plain)
    return text


def test_a_finding_is_told_at_its_line_with_its_id() -> None:
    commands = as_a_runner(annotate(found(INVENTED), in_checkout([INVENTED], ROOT)))

    assert commands[0] == ("notice", {"title": "iapt-audit"}, "1 error, 0 warnings, 1 note in 1 input")
    name, properties, text = commands[1]
    assert name == "error"
    assert properties == {
        "file": "examples/invented_month.csv",
        "line": "21",
        "title": "iapt-audit: rate-contradicted: No true counts give the printed percentage",
    }
    assert "INVENTED SERVICE TWO (INV02)" in text
    assert "printed as 60%" in text
    assert text.endswith("(aaab5ba7b8af)")


def test_a_hostile_name_is_text_in_one_command(tmp_path: Path) -> None:
    path = write(tmp_path, hostile_month())
    commands = as_a_runner(annotate(found(path), {}))
    (error,) = (text for name, _, text in commands if name == "error")

    assert {name for name, _, _ in commands} == {"notice", "error"}
    assert "::error::owned ##[error]x %0A::stop-commands::t ]]>" in error
    assert "\x1b" not in error
    assert "\u2028" not in error
    assert HOSTILE not in error


def test_a_hostile_file_name_is_text_too(tmp_path: Path) -> None:
    name = "a,title=b%3A\n::error::owned.csv"
    path = write(tmp_path, "<html></html>", name)
    ((_, _, total), (kind, properties, text)) = as_a_runner(annotate(found(path), in_checkout([path], tmp_path)))

    assert total == "1 error, 0 warnings, 0 notes in 1 input"
    assert kind == "error"
    assert set(properties) == {"file", "title"}
    assert text.startswith("a,title=b%3A\\n::error::owned.csv: this is a web page")


@pytest.mark.parametrize(("number", "shown"), [(1, 1), (MOST, MOST), (MOST + 1, MOST), (35, MOST)])
def test_no_more_of_a_severity_are_told_than_github_shows_and_the_others_are_counted(
    tmp_path: Path, number: int, shown: int
) -> None:
    commands = as_a_runner(annotate(found(write(tmp_path, many_errors(number))), {}))
    counted = Counter(name for name, _, _ in commands)
    hidden = f"; {number - shown} not shown here" if number > shown else ""

    assert counted["error"] == shown
    assert commands[0][2].startswith(f"{number} error{'s' if number > 1 else ''}, ")
    assert commands[0][2].endswith(f"in 1 input{hidden}")


def test_the_total_is_among_the_notices_that_are_shown(tmp_path: Path) -> None:
    lines = INVENTED.read_text(encoding="utf-8").splitlines()
    more = [f"{lines[-1].rsplit(',', 3)[0]},M9{n:02},New,5" for n in range(20)]
    commands = as_a_runner(annotate(found(write(tmp_path, "\n".join([*lines, *more]) + "\n")), {}))

    assert Counter(name for name, _, _ in commands)["notice"] == MOST
    assert commands[0][1] == {"title": "iapt-audit"}
    assert "not shown here" in commands[0][2]


def test_a_waived_finding_is_counted_and_not_told() -> None:
    audit = found(INVENTED)
    waived = tuple(replace(each, waived="asked") for each in audit.published.findings)
    output = annotate(replace(audit, published=replace(audit.published, findings=waived)), {})

    assert as_a_runner(output) == [
        ("notice", {"title": "iapt-audit"}, "0 errors, 0 warnings, 0 notes in 1 input; 2 waived")
    ]


def test_a_small_count_that_slipped_is_not_in_an_annotation(tmp_path: Path) -> None:
    output = annotate(found(write(tmp_path, month_with_a_slip())), {})

    assert "count-not-disclosure-controlled" in output
    assert SLIPPED not in output


def test_no_count_of_a_cell_is_in_an_annotation(tmp_path: Path) -> None:
    small = many_errors(3).replace("M179,Count_NotAtCaseness,30", "M179,Count_NotAtCaseness,5")
    audit = found(write(tmp_path, small))
    output = annotate(audit, {})
    counts = {cell.printed for each in audit.findings for cell in each.cells if cell.statistic == "count"}

    told = re.findall(r"(?<![\w.-])\d+(?![\w.-]|%25)", " ".join(text for _, _, text in as_a_runner(output)[1:]))

    assert counts >= {"5", "315", "615"}
    assert not set(told) & counts


def test_a_row_of_a_member_is_told_in_words(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(INVENTED, "month.csv")
    error = as_a_runner(annotate(found(path), {}))[1]

    assert set(error[1]) == {"file", "title"}
    assert error[2].endswith("(a.zip: month.csv, row 21)")


def test_only_what_is_in_the_checkout_gets_its_path_there(tmp_path: Path) -> None:
    inside, outside = write(tmp_path / "top" / "data", "a"), write(tmp_path / "else", "a", "other.csv")
    twice = write(tmp_path / "top", "a")

    assert in_checkout([inside, outside], tmp_path / "top") == {"month.csv": "data/month.csv"}
    assert in_checkout([inside.parent], tmp_path / "top") == {"month.csv": "data/month.csv"}
    assert list(in_checkout([inside, twice], tmp_path / "top").values()) == ["data/month.csv", "month.csv"]


def test_the_folder_of_the_checkout_is_the_runners_if_we_are_in_it(tmp_path: Path) -> None:
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)

    assert root_of_checkout({"GITHUB_WORKSPACE": str(tmp_path)}, here) == tmp_path
    assert root_of_checkout({"GITHUB_WORKSPACE": str(here)}, tmp_path) == tmp_path
    assert root_of_checkout({}, here) == here


def test_a_summary_is_cut_at_a_line_before_github_refuses_it() -> None:
    cut = within_limit("| é |\n" * 300_000)

    assert len(cut.encode()) < 1024 * 1024
    assert cut.endswith("| é |\n\nThis is cut off: GitHub shows no more.\n")
