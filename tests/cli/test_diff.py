"""Two versions of a file, compared as a user does it: all rows here were written for the tests."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest
from cli.command import INVENTED, run, valid
from properties.publisher import Disclosure, Organisation, monthly_csv

from iapt_audit.definitions import load_default
from iapt_audit.definitions.resources import diff_schema
from iapt_audit.model.inputs import Part
from iapt_audit.outputs.documents.versions import versions_document
from iapt_audit.pipeline import compare
from iapt_audit.versions.line_up import pair_periods

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.results import Compared

ENGLAND = Organisation(
    "England", Disclosure.ENGLAND, {"M076": "1403", "M179": "62", "M191": "670", "M192": "50", "M001": "3000"}
)
SERVICE = Organisation(
    "INV01", Disclosure.LOCAL, {"M076": "600", "M179": "20", "M191": "300", "M192": "52", "M001": "900", "M187": "100"}
)


def written(folder: Path, name: str, *organisations: Organisation, **period: str) -> Path:
    path = folder / name
    path.write_text(monthly_csv(organisations, **period), encoding="utf-8")
    return path


def printing(one: Organisation, **printed: str | None) -> Organisation:
    texts = {measure: text for measure, text in {**one.printed, **printed}.items() if text is not None}
    return replace(one, printed=texts)


def compared(folder: Path, old: list[Organisation], new: list[Organisation]) -> Compared:
    return compare(written(folder, "old.csv", *old), written(folder, "new.csv", *new), load_default())


def told(found: Compared) -> list[tuple[str, str, str, str | None, str | None, str | None]]:
    columns = ("org_code", "measure", "change", "old", "new", "hidden")
    return found.changes.select(pl.col(columns).cast(pl.String)).rows()


def test_a_file_does_not_differ_from_itself() -> None:
    done = run("diff", INVENTED, INVENTED)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing differs." in done.stdout
    assert "before" not in done.stdout


def test_what_changed_is_told_by_kind_with_the_texts_of_both_sides(tmp_path: Path) -> None:
    old = [ENGLAND, printing(SERVICE, M187=None)]
    new = [printing(ENGLAND, M191="671", M192="50.0"), printing(SERVICE, M001=None)]
    found = compared(tmp_path, old, new)

    assert told(found) == [
        ("England", "M191", "figure", "670", "671", None),
        ("England", "M192", "text", "50", "50.0", None),
        ("INV01", "M001", "gone", "900", None, None),
        ("INV01", "M187", "added", None, "100", None),
    ]
    assert found.lined.measures.select("measure", "change").cast(pl.String).rows() == [("M187", "added")]
    assert found.different


@pytest.mark.parametrize(
    ("sides", "change", "hidden", "texts"),
    [
        (("10", "*"), "became_suppressed", "old", (None, "*")),
        (("*", "10"), "no_longer_suppressed", "new", ("*", None)),
        (("10", "NULL"), "status", "old", (None, "NULL")),
        (("10", ""), "status", "old", (None, "")),
        (("3", "10"), "figure", "both", (None, None)),
        (("10", "3"), "figure", "both", (None, None)),
        (("3", "*"), "became_suppressed", "old", (None, "*")),
        (("3x", "10"), "status", "both", (None, None)),
    ],
    ids=str,
)
def test_of_a_cell_that_a_version_does_not_print_no_figure_is_told(
    tmp_path: Path, sides: tuple[str, str], change: str, hidden: str, texts: tuple[str | None, str | None]
) -> None:
    old, new = ([printing(SERVICE, M187=text)] for text in sides)
    found = compared(tmp_path, old, new)

    assert told(found) == [("INV01", "M187", change, *texts, hidden)]


def test_an_earlier_figure_that_hangs_together_with_a_suppressed_one_is_not_told(tmp_path: Path) -> None:
    hidden = printing(SERVICE, M179="*", M192="50")
    found = compared(tmp_path, [hidden], [printing(hidden, M191="305", M192="51", M001="905")])

    assert told(found) == [
        ("INV01", "M001", "figure", "900", "905", None),
        ("INV01", "M191", "figure", None, "305", "old"),
        ("INV01", "M192", "figure", None, "51", "old"),
    ]
    assert found.headline.select("told", "old_low", "old_printed", "points_low").unique().rows() == [
        (False, None, None, None)
    ]


def test_no_rate_is_told_from_a_count_that_the_other_version_suppresses(tmp_path: Path) -> None:
    shown, hidden = printing(SERVICE, M191="10", M192="2"), printing(SERVICE, M191="*", M192="*")

    for old, new in ((shown, hidden), (hidden, shown)):
        content = versions_document(compared(tmp_path, [old], [new]))
        told_sides = [row[side] for row in content["headline"] for side in ("old", "new") if row[side] is not None]

        assert {(side["low"], side["high"], side["printed"]) for side in told_sides} <= {("0.0000", "0.6945", None)}


def test_of_a_reissue_no_earlier_figure_of_a_row_is_told_in_which_a_cell_became_suppressed(tmp_path: Path) -> None:
    # M014 is in no rate: only the row says that a sum could give it back
    service = printing(SERVICE, M014="10", M192="50")
    other = replace(service, code="INV02")
    changed = {"M001": "905", "M191": "305", "M192": "51"}
    new = [printing(service, **changed, M014="*"), printing(other, **changed)]
    found = compared(tmp_path, [service, other], new)

    assert told(found) == [
        ("INV01", "M001", "figure", None, "905", "old"),
        ("INV01", "M014", "became_suppressed", None, "*", "old"),
        ("INV01", "M191", "figure", None, "305", "old"),
        ("INV01", "M192", "figure", None, "51", "old"),
        ("INV02", "M001", "figure", "900", "905", None),
        ("INV02", "M191", "figure", "300", "305", None),
        ("INV02", "M192", "figure", "50", "51", None),
    ]
    assert found.headline.select("org_code", "told", "old_printed").rows() == [
        ("INV01", False, None),
        ("INV02", True, "50"),
    ]


def test_the_headline_is_told_before_and_after_with_exact_points_for_england(tmp_path: Path) -> None:
    found = compared(tmp_path, [ENGLAND, SERVICE], [printing(ENGLAND, M191="671"), printing(SERVICE, M191="310")])
    england, service = found.headline.to_dicts()

    # 671 and 670 of 1,341: 0.07457 points; half is 670.5
    assert (england["points_low"], england["points_high"], england["exact"]) == (745, 746, True)
    assert (england["old_standing"], england["new_standing"]) == ("met_only_after_rounding", "met")
    assert service["level"] == "provider"
    assert service["exact"] is False
    assert service["points_low"] < service["points_high"]


def test_england_comes_first_and_then_the_size_of_the_change_up_or_down(tmp_path: Path) -> None:
    codes = ("INV01", "INV02", "INV03")
    old = [ENGLAND, *(replace(SERVICE, code=code) for code in codes)]
    moved = zip(codes, ("320", "240", "400"), ("55", "41", "69"), strict=True)
    new = [
        printing(ENGLAND, M191="671"),
        *(printing(replace(SERVICE, code=code), M191=count, M192=rate) for code, count, rate in moved),
    ]
    found = compared(tmp_path, old, new)

    assert found.headline["org_code"].to_list() == ["England", "INV03", "INV02", "INV01"]


def test_a_key_that_stands_twice_is_not_compared_and_that_is_said(tmp_path: Path) -> None:
    old = written(tmp_path, "old.csv", SERVICE, SERVICE)
    new = written(tmp_path, "new.csv", printing(SERVICE, M001="905"))
    content = valid(run("diff", old, new, "--format", "json").stdout, diff_schema())

    assert content["twice"][0]["cells"] == len(SERVICE.printed)
    assert content["changes"] == []
    assert "6 cells are not compared: their key appears twice" in run("diff", old, new).stdout


def test_organisations_of_one_side_and_other_names_are_listed(tmp_path: Path) -> None:
    old = written(tmp_path, "old.csv", SERVICE, replace(SERVICE, code="GONE1"))
    new = written(tmp_path, "new.csv", SERVICE, replace(SERVICE, code="NEW01"))
    renamed = new.read_text(encoding="utf-8").replace("INVENTED INV01", "OTHERWISE CALLED")
    new.write_text(renamed, encoding="utf-8")
    content = valid(run("diff", old, new, "--format", "json").stdout, diff_schema())

    assert [(row["org_code"], row["change"]) for row in content["one_sided_organisations"]] == [
        ("GONE1", "gone"),
        ("NEW01", "added"),
    ]
    assert [(row["old_name"], row["new_name"]) for row in content["names"]] == [("INVENTED INV01", "OTHERWISE CALLED")]
    text = run("diff", old, new).stdout
    assert "INV01: `INVENTED INV01` is now `OTHERWISE CALLED`" in text
    assert "Organisations only in the older version (1): INVENTED GONE1" in text


def test_a_name_alone_makes_two_versions_different(tmp_path: Path) -> None:
    old = written(tmp_path, "old.csv", SERVICE)
    new = tmp_path / "new.csv"
    new.write_text(old.read_text(encoding="utf-8").replace("INVENTED INV01", "OTHERWISE"), encoding="utf-8")

    assert run("diff", old, new).returncode == 1


def test_several_periods_are_matched_and_those_of_one_side_named(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    for folder, months in (("old", ("05", "06")), ("new", ("06", "07"))):
        for month in months:
            last = {"05": "31", "06": "30", "07": "31"}[month]
            written(tmp_path / folder, f"{month}.csv", SERVICE, start=f"2025-{month}-01", end=f"2025-{month}-{last}")
    content = valid(run("diff", tmp_path / "old", tmp_path / "new", "--format", "json").stdout, diff_schema())

    assert [(each["new_period"], each["changed"]) for each in content["compared"]] == [("2025-06", 0)]
    assert content["unpaired"] == [
        {"side": "old", "publication": "monthly_activity", "period": "2025-05"},
        {"side": "new", "publication": "monthly_activity", "period": "2025-07"},
    ]
    assert content["different"] is True


def test_two_single_periods_are_set_beside_each_other_and_called_no_reissue(tmp_path: Path) -> None:
    old = written(tmp_path, "old.csv", SERVICE)
    new = written(tmp_path, "new.csv", printing(SERVICE, M001="905"), start="2025-07-01", end="2025-07-31")
    done = run("diff", old, new)

    assert done.returncode == 1
    assert "2025-07 beside 2025-06, another period, not a re-issue: 6 cells are in both, 1 of them" in done.stdout


def test_periods_are_not_crossed_where_one_is_in_both() -> None:
    old, new = (
        [Part(0, "monthly_activity", period) for period in side] for side in (("2025-05",), ("2025-05", "2025-06"))
    )

    assert [(pair.old_period, pair.new_period) for pair in pair_periods(old, new)] == [("2025-05", "2025-05")]


def test_json_is_valid_and_the_same_each_time(tmp_path: Path) -> None:
    old = written(tmp_path, "old.csv", ENGLAND, SERVICE)
    new = written(tmp_path, "new.csv", printing(ENGLAND, M191="671"), printing(SERVICE, M191="310", M187="*"))
    first, second = (run("diff", old, new, "--format", "json").stdout for _ in range(2))
    content = valid(first, diff_schema())

    assert first == second
    assert content["summary"]["changes"]["became_suppressed"] == 1
    assert content["headline"][0]["points"] == {"low": "0.0745", "high": "0.0746"}
    assert content["headline"][1]["old"] is None


def test_csv_holds_every_changed_cell_and_no_formula(tmp_path: Path) -> None:
    old = written(tmp_path, "old.csv", ENGLAND, SERVICE)
    new = written(tmp_path, "new.csv", printing(ENGLAND, M191="671", M001="=1+1"), printing(SERVICE, M191="310"))
    text = new.read_text(encoding="utf-8").replace("INVENTED INV01", "@SUM(A1)")
    new.write_text(text, encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(run("diff", old, new, "--format", "csv").stdout)))

    assert [(row["org_code"], row["measure"]) for row in rows] == [
        ("England", "M001"), ("England", "M191"), ("INV01", "M191"),
    ]  # fmt: skip
    assert (rows[0]["new"], rows[2]["org_name"]) == ("'=1+1", "'@SUM(A1)")
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_markdown_tells_the_table(tmp_path: Path) -> None:
    old, new = written(tmp_path, "old.csv", ENGLAND), written(tmp_path, "new.csv", printing(ENGLAND, M191="671"))
    text = run("diff", old, new, "--format", "markdown").stdout

    assert "| M191 Count Recovery (count) | 1 |" in text
    assert (
        "| England, 2025-06 | Recovery | 50 (49.9627%) | 50 (50.0372%) | +0.0745 | met only after rounding → met |"
        in text
    )
    assert "Open Government Licence" in text


def test_out_writes_json_csv_and_parquet_that_agree(tmp_path: Path) -> None:
    old = written(tmp_path, "old.csv", ENGLAND, SERVICE)
    new = written(tmp_path, "new.csv", printing(ENGLAND, M191="671"), printing(SERVICE, M187="*", M001="905"))
    run("diff", old, new, "--out", tmp_path / "out")
    content = valid((tmp_path / "out" / "diff.json").read_text(encoding="utf-8"), diff_schema())
    changes = pl.read_parquet(tmp_path / "out" / "changes.parquet")

    assert len(changes) == len(content["changes"]) == 3
    assert changes["old"].to_list() == [row["old"] for row in content["changes"]] == ["670", None, None]
    assert len(pl.read_parquet(tmp_path / "out" / "headline_changes.parquet")) == len(content["headline"])
    assert (tmp_path / "out" / "changes.csv").read_text(encoding="utf-8").count("\n") == 4


def test_a_version_that_cannot_be_read_ends_in_three(tmp_path: Path) -> None:
    (tmp_path / "page.csv").write_bytes(b"<html></html>")

    for sides in ((INVENTED, tmp_path / "page.csv"), (tmp_path / "absent.csv", INVENTED)):
        done = run("diff", *sides)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr.startswith("error: not read: ")


@pytest.mark.parametrize(
    "arguments", [("diff",), ("diff", "a.csv"), ("diff", "a", "b", "--period", "2024")], ids=" ".join
)
def test_a_wrong_diff_ends_in_two(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2
