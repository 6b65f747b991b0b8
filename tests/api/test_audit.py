"""The audit as a program calls it: paths and tables in, tables and a gate out; all rows here were invented."""

from __future__ import annotations

import hashlib
import io
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from api.held import INVENTED, KINDS, LEVEL, START, VALUE, Streamed, as_pandas, breaking, month, twice
from cli.command import valid
from polars.testing import assert_frame_equal

import iapt_audit
from iapt_audit import (
    ArgumentError,
    Audit,
    DefinitionError,
    FindingsError,
    InputError,
    NotFoundError,
    UnknownLayoutError,
    UnreadableInputError,
    UnreadableTableError,
    UnreadError,
    WaiverError,
    audit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

VERDICTS = {"consistent": 13, "contradicted": 1, "not_checkable": 1}
EACH_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
#: A count that slipped through disclosure control, and a text that would be one.
SLIPPED = "3"


@pytest.fixture(scope="module")
def of_file() -> Audit:
    return audit(INVENTED)


def the_error(given: Any, **how: Any) -> InputError:
    with pytest.raises(UnreadError) as caught:
        audit(given, **how)
    (only,) = caught.value.inputs

    assert only.error is not None
    assert only.error.message in str(caught.value)
    return only.error


# --- what comes in ---


@EACH_KIND
def test_a_table_of_any_library_gives_what_its_file_gives(kind: Callable[[pl.DataFrame], Any], of_file: Audit) -> None:
    found = audit(kind(month()))

    assert found.summary == of_file.summary
    assert found.summary["rates"] == VERDICTS
    assert_frame_equal(found.findings.drop("cells"), of_file.findings.drop("cells"))
    assert [each["row"] for each in found.findings["cells"][1]] == [21, 20, 18, 19]


def test_the_bytes_of_a_table_are_the_same_whichever_library_holds_it() -> None:
    sums = {name: audit(kind(month())).inputs["sha256"][0] for name, kind in KINDS.items()}
    text = "".join(",".join(f'"{field}"' for field in row) + "\n" for row in (month().columns, *month().rows()))

    assert set(sums.values()) == {hashlib.sha256(text.encode()).hexdigest()}


@pytest.mark.parametrize(
    "typed",
    [
        month().with_columns(pl.col(START, "REPORTING_PERIOD_END").str.to_date("%d/%m/%Y")),
        month().with_columns(pl.col(START, "REPORTING_PERIOD_END").str.to_datetime("%d/%m/%Y")),
        month().with_columns(pl.col(LEVEL).cast(pl.Categorical), pl.col("MEASURE_ID").cast(pl.Categorical)),
        month().to_arrow().to_batches()[0],
        pd.read_csv(INVENTED),
        pd.read_csv(INVENTED, dtype="category"),
        pd.read_csv(INVENTED, dtype_backend="pyarrow"),
        as_pandas(month()).set_index("MEASURE_ID"),
        as_pandas(month())[lambda frame: frame[LEVEL] != ""],
    ],
    ids=["dates", "datetimes", "categories", "batch", "read_csv", "category", "pyarrow", "index", "picked"],
)
def test_typed_columns_are_read_as_a_file_would_print_them(typed: Any) -> None:
    assert audit(typed).summary["rates"] == VERDICTS


@pytest.mark.parametrize(
    "number",
    [
        float,
        np.float64,
        Decimal,
        lambda text: np.int64(text) if text.isdigit() else text,
        lambda text: int(text) if text.isdigit() else float(text),
    ],
    ids=["float", "numpy", "decimal", "some", "both"],
)
def test_numbers_beside_signs_in_a_column_of_pandas_are_printed_as_published(number: Callable[[str], Any]) -> None:
    frame = as_pandas(month())
    frame[VALUE] = pd.Series([text if text == "*" else number(text) for text in frame[VALUE]], dtype=object)

    found = audit(frame)

    assert found.summary["rates"] == VERDICTS
    assert found.findings["code"].to_list() == ["measures-absent", "rate-contradicted"]


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, pd.NaT], ids=str)
def test_a_hole_in_a_column_of_pandas_is_neither_suppressed_nor_zero(nothing: object) -> None:
    frame = as_pandas(month())
    frame[VALUE] = pd.Series([nothing if text == "*" else text for text in frame[VALUE]], dtype=object)

    holes, signs = (audit(table).summary["cells"] for table in (frame, month()))
    assert holes["suppressed"] == signs["withheld_or_absent"] == 0
    assert holes["withheld_or_absent"] == signs["suppressed"] > 0


def test_a_number_of_polars_that_is_none_is_a_hole() -> None:
    england = month().filter(pl.col(LEVEL) == "England").with_columns(pl.col(VALUE).cast(pl.Float64))
    found = audit(england.with_columns(pl.when(pl.col(VALUE) == 66).then(float("nan")).otherwise(VALUE).alias(VALUE)))

    assert found.summary["cells"]["withheld_or_absent"] == 1
    assert found.findings.filter(pl.col("severity") == "error").is_empty()


def test_tables_go_by_their_number_or_the_name_that_a_mapping_gives_them() -> None:
    half = [month().filter(pl.col("ORG_CODE2") != code) for code in ("INV02", "INV03")]

    assert audit(half).inputs["path"].to_list() == ["<frame 1>", "<frame 2>"]
    assert audit({"without\n2": half[0]}).inputs["path"].to_list() == ["without\\n2"]
    assert audit([INVENTED, half[0]]).inputs["path"].to_list() == ["invented_month.csv", "<frame 1>"]


@pytest.mark.parametrize(
    "paths", [INVENTED, str(INVENTED), [INVENTED], iter([str(INVENTED)])], ids=lambda each: type(each).__name__
)
def test_a_path_may_be_text_or_a_path_alone_or_among_others(paths: Any) -> None:
    assert audit(paths).inputs["status"].to_list() == ["audited"]


def test_the_same_figures_as_a_table_twice_are_counted_once() -> None:
    found = audit([month(), month().lazy()])

    assert found.findings["code"].to_list().count("input-twice") == 1
    assert found.summary["rates"] == VERDICTS


def test_a_table_without_a_period_takes_the_one_given() -> None:
    annual = pl.DataFrame(
        {
            "OrgType": "England", "OrgCode": "All", "OrgName": "All", "VariableType": "Total", "VariableA": "NULL",
            "VariableB": "NULL", "Count_Recovery": "452", "Percentage_Recovery": ["50.2"],
        }
    )  # fmt: skip

    assert the_error(annual).code == "period_unknown"
    assert audit(annual, period="2024-25").inputs["period"].to_list() == ["2024-25"]
    assert audit({"main-2023-24": annual}).inputs["period"].to_list() == ["2023-24"]


# --- bad frames ---


def no_utf_8() -> pa.Array:
    """Make a text that polars takes as it is, and that ends the process where it is printed."""
    return pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xe2\x28\xa1"], type=pa.binary()).buffers())


def nulls() -> pl.DataFrame:
    return month().with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in month().columns)


@EACH_KIND
@pytest.mark.parametrize(
    ("bad", "kind_of_error", "told"),
    [
        (month().drop(LEVEL), UnknownLayoutError, "`GROUP_TYPE` is missing"),
        (month().clear(), UnreadableTableError, "the table has no rows"),
        (nulls(), UnreadableTableError, "nothing but nulls"),
        (month().with_columns(pl.concat_list(VALUE)), UnreadableTableError, f"the column `{VALUE}` holds no text"),
        (pl.DataFrame({"date": ["2020-01-01"], "cases": [5]}), UnknownLayoutError, "no layout that we know"),
    ],
    ids=["column missing", "no rows", "nulls", "lists", "another table"],
)
def test_a_bad_table_is_refused_in_our_words(
    bad: pl.DataFrame,
    kind_of_error: type[InputError],
    told: str,
    kind: Callable[[pl.DataFrame], Any],
) -> None:
    error = the_error(kind(bad))

    assert type(error) is kind_of_error
    assert told in error.message
    assert error.hint


def nothing() -> pl.DataFrame:
    raise ValueError(SLIPPED)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (breaking(month()), "it ends in an OSError"),
        (month().lazy().map_batches(lambda _: nothing()), "it ends in a ValueError"),
        (month().lazy().select("absent"), "it ends in a ColumnNotFoundError"),
        (pa.table({LEVEL: no_utf_8()}), "it ends in an ArrowInvalid"),
        (Streamed(month()["GROUP_TYPE"]), "it ends in a"),
        (Streamed(42), "it ends in an AttributeError"),
        (42, "expected a path or a table, got an int"),
        ([None], "expected a path or a table, got a NoneType"),
        ({"a": {"b": 1}}, "expected a path or a table, got a dict"),
    ],
    ids=["stream", "lazy", "column", "no utf-8", "series", "no capsule", "number", "none", "dict"],
)
def test_a_table_that_fails_when_it_is_taken_is_refused_without_the_words_of_its_library(bad: Any, told: str) -> None:
    error = the_error(bad)

    assert type(error) is UnreadableTableError
    assert told in error.message
    assert SLIPPED not in error.message
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


@pytest.mark.parametrize(
    "table",
    [
        twice(month(), VALUE),
        pd.concat([as_pandas(month()), as_pandas(month())[[VALUE]]], axis=1),
        Streamed(pa.table([pa.array(["1"])] * 2, names=[VALUE] * 2).to_reader()),
    ],
    ids=["pyarrow", "pandas", "stream"],
)
def test_a_column_that_stands_twice_is_named(table: Any) -> None:
    error = the_error(table)

    assert (type(error), error.code) == (UnknownLayoutError, "column_twice")
    assert f"`{VALUE}`" in error.message


@pytest.mark.parametrize(
    "value", [[1], {"a": 1}, object(), b"5", pd.Period("2024-01")], ids=lambda each: type(each).__name__
)
def test_a_value_that_no_file_prints_is_refused_in_pandas_too(value: object) -> None:
    frame = as_pandas(month())
    frame[VALUE] = pd.Series([value] * len(frame), dtype=object)

    error = the_error(frame)

    assert (type(error), error.code) == (UnreadableTableError, "wrong_type")
    assert f"`{VALUE}`" in error.message


def test_columns_whose_names_are_no_text_are_those_of_no_layout() -> None:
    assert the_error(pd.DataFrame([["a", 1]])).code == "unknown_layout"


@EACH_KIND
@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        (LEVEL, "Elsewhere", "level-unknown"),
        (START, "soon", "period-not-whole"),
        (VALUE, "many", "cell-unparseable"),
        ("MEASURE_ID", "", "key-empty"),
    ],
)
def test_a_wrong_text_is_a_finding_and_no_error(
    column: str, text: str, code: str, kind: Callable[[pl.DataFrame], Any]
) -> None:
    last = pl.int_range(pl.len()) == pl.len() - 1
    frame = month().with_columns(pl.when(last).then(pl.lit(text)).otherwise(column).alias(column))

    assert code in audit(kind(frame)).findings["code"].to_list()


def paths_that_fail() -> Iterator[Path]:
    yield INVENTED
    message = "the list ends here"
    raise RuntimeError(message)


def test_what_gives_the_paths_may_fail_and_is_told_as_the_cause() -> None:
    with pytest.raises(ArgumentError, match="ended in a RuntimeError after 1") as caught:
        audit(paths_that_fail())

    assert isinstance(caught.value.__cause__, RuntimeError)


def test_all_inputs_that_cannot_be_used_are_told_at_once_or_kept_beside_the_good_ones(tmp_path: Path) -> None:
    given = [tmp_path / "absent.csv", INVENTED, month().drop(LEVEL)]
    with pytest.raises(UnreadError) as caught:
        audit(given)
    kept = audit(given, unread="keep")

    assert [each.path for each in caught.value.inputs] == ["absent.csv", "<frame 1>"]
    assert caught.value.exit_code == 3
    assert kept.inputs["status"].to_list() == ["unreadable", "audited", "unknown_layout"]
    assert kept.inputs["error"].struct.field("code").to_list() == ["absent", None, "unknown_layout"]
    assert kept.summary["rates"] == VERDICTS


@pytest.mark.parametrize("nothing_given", [[], {}, iter(())], ids=["list", "mapping", "iterator"])
def test_nothing_to_audit_is_no_clean_bill(nothing_given: Any) -> None:
    with pytest.raises(UnreadError, match="there is nothing to audit"):
        audit(nothing_given)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"period": "2024"}, ArgumentError),
        ({"period": 2024}, ArgumentError),
        ({"unread": "kepp"}, ArgumentError),
        ({"period": "2020-01"}, NotFoundError),
        ({"only": "ratse"}, NotFoundError),
        ({"skip": ["keys", "kyes"]}, NotFoundError),
        ({"waivers": "absent.toml"}, WaiverError),
        ({"definitions": "tests"}, DefinitionError),
    ],
    ids=str,
)
def test_options_are_those_of_the_command_line(how: dict[str, Any], error: type[Exception], root: Path) -> None:
    given = {name: root / value if name == "definitions" else value for name, value in how.items()}
    with pytest.raises(error):
        audit(INVENTED, **given)


def test_only_and_skip_choose_and_waivers_set_aside(tmp_path: Path) -> None:
    name = audit(INVENTED, only="rates").findings["id"].item()
    (tmp_path / "waivers.toml").write_text(
        f'[[waiver]]\nid = "{name}"\nreason = "asked the publisher"\nuntil = 2099-12-31\n', encoding="utf-8"
    )
    found = audit(INVENTED, skip=["format"], waivers=tmp_path / "waivers.toml", period="2026-02")

    assert found.findings["waived"].to_list() == ["asked the publisher"]
    found.raise_for_findings("note")


# --- what comes out ---


def test_the_tables_are_those_that_out_writes(of_file: Audit, tmp_path: Path) -> None:
    from iapt_audit.outputs.folder import write_all
    from iapt_audit.outputs.tables import NAMES

    write_all(of_file.found, tmp_path)
    names = sorted(path.stem for path in tmp_path.glob("*.parquet"))

    assert names == sorted(NAMES)
    for name in names:
        assert_frame_equal(
            getattr(of_file, name), pl.read_parquet(tmp_path / f"{name}.parquet"), categorical_as_str=True
        )
    assert of_file.to_json() == (tmp_path / "audit.json").read_text(encoding="utf-8")


@EACH_KIND
def test_the_document_of_a_table_is_valid(kind: Callable[[pl.DataFrame], Any]) -> None:
    content = valid(audit(kind(month())).to_json())

    assert content["summary"] == audit(INVENTED).summary


def test_an_audit_says_how_much_it_holds(of_file: Audit) -> None:
    assert repr(of_file) == "<Audit of 1 input: 1 error, 0 warnings, 1 note>"


def test_an_empty_path_is_not_this_folder() -> None:
    with pytest.raises(ArgumentError, match="expected a path or a table, got ``"):
        audit("")


def test_an_open_file_is_no_list_of_paths() -> None:
    with INVENTED.open(encoding="utf-8") as opened, pytest.raises(UnreadError) as caught:
        audit(opened)

    assert "expected a path or a table, got a TextIOWrapper" in str(caught.value)
    assert "INVENTED" not in str(caught.value)


def test_a_report_is_written_to_a_path(of_file: Audit) -> None:
    with pytest.raises(ArgumentError, match="expected a path, got `None`"):
        of_file.report(None)  # type: ignore[arg-type]


def test_the_gate_says_of_whom_and_where_in_one_line(tmp_path: Path) -> None:
    named = INVENTED.read_text(encoding="utf-8").replace("INVENTED SERVICE TWO", '"INVENTED\n::error::TWO"')
    (tmp_path / "month.csv").write_text(named, encoding="utf-8")

    with pytest.raises(FindingsError) as caught:
        audit(tmp_path).raise_for_findings()

    (_, line) = str(caught.value).splitlines()
    assert ": monthly_activity, 2026-02, INVENTED ::error::TWO (INV02), Total: Recovery is printed as 60%" in line
    assert line.startswith("  ")
    assert "(month.csv, row " in line


@pytest.mark.parametrize(("severity", "expected"), [("error", 1), ("warning", 1), ("note", 2)])
def test_findings_stop_a_pipeline_from_the_severity_given(of_file: Audit, severity: str, expected: int) -> None:
    with pytest.raises(FindingsError) as caught:
        of_file.raise_for_findings(severity)

    assert len(caught.value.findings) == expected
    assert caught.value.findings[0].org_code == "INV02"
    assert caught.value.exit_code == 1
    assert str(caught.value).startswith(f"{expected} finding{'s' if expected > 1 else ''} of severity `{severity}`")


def test_a_clean_audit_stops_nothing_and_an_unread_input_does() -> None:
    clean = month().filter(pl.col("ORG_CODE2") != "INV02")
    audit(clean).raise_for_findings()
    kept = audit([clean, month().drop(LEVEL)], unread="keep")

    with pytest.raises(UnreadError, match="<frame 2>"):
        kept.raise_for_findings()


def test_there_is_no_other_severity(of_file: Audit) -> None:
    with pytest.raises(ArgumentError, match="expected error, warning or note, got `grave`"):
        of_file.raise_for_findings("grave")


@EACH_KIND
def test_no_error_repeats_a_small_count_that_slipped(kind: Callable[[pl.DataFrame], Any]) -> None:
    hidden = (pl.col(VALUE) == "*") & (pl.col("MEASURE_ID") == "M179")
    slipped = month().with_columns(pl.when(hidden).then(pl.lit("2.00017")).otherwise(VALUE).alias(VALUE))
    found = audit(kind(slipped))
    with pytest.raises(FindingsError) as caught:
        found.raise_for_findings("note")

    assert "count-not-disclosure-controlled" in str(caught.value)
    assert "2.00017" not in str(caught.value) + found.to_json() + repr(found)
    assert not found.cells["printed"].is_in(["2.00017"]).any()


def test_the_report_is_one_page(of_file: Audit, tmp_path: Path) -> None:
    of_file.report(tmp_path / "report.html")

    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


# --- the published figures ---


def test_published_figures_in_memory_give_what_their_files_give(shared_data: Path) -> None:
    path = max((shared_data / "monthly").glob("*.csv.zip"))
    with zipfile.ZipFile(path) as archive:
        data = archive.read(archive.namelist()[0])
    text = pl.read_csv(data, infer_schema=False, empty_string_is_null=False)
    expected = audit(path)

    for table in (text, text.to_arrow(), as_pandas(text)):
        assert audit(table).summary == expected.summary
    # pandas takes NULL for a hole: nothing may be accused for that
    assert (
        audit(pd.read_csv(io.BytesIO(data), low_memory=False)).findings["code"].to_list()
        == expected.findings["code"].to_list()
    )


def test_every_name_of_the_errors_is_of_one_tree() -> None:
    errors = [getattr(iapt_audit, name) for name in iapt_audit.__all__ if name.endswith("Error")]

    assert len(errors) > 10
    assert all(issubclass(error, iapt_audit.IaptAuditError) for error in errors)
    assert issubclass(UnreadableTableError, UnreadableInputError)
