"""Frames as users have them give the findings of the file, or are refused in our own words; all rows are invented."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest
from integrations.great_expectations.given import Table, faulty, sound

from iapt_audit.errors.base import ArgumentError
from iapt_audit.errors.inputs import (
    FrameError,
    InputError,
    PeriodUnknownError,
    UnknownLayoutError,
    UnreadableInputError,
)
from iapt_audit.integrations.great_expectations import checkpoint_of, findings_of, run
from iapt_audit.integrations.great_expectations.judging import judge
from iapt_audit.integrations.great_expectations.suites import suite_name
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from great_expectations.data_context import FileDataContext

    from iapt_audit.definitions import Definitions

ANNUAL, MONTHLY = "annual_main/2024-25", "monthly_activity/2021-01"


def _read(data: bytes, **how: Any) -> pd.DataFrame:  # noqa: ANN401 - what pandas takes
    return pd.read_csv(BytesIO(data), **how)


@pytest.mark.parametrize(
    ("layout", "how"),
    [
        (MONTHLY, {"dtype": str, "keep_default_na": False}),
        (MONTHLY, {"dtype": str}),
        (MONTHLY, {}),
        (MONTHLY, {"dtype": object}),
        (MONTHLY, {"dtype_backend": "pyarrow"}),
        (MONTHLY, {"parse_dates": ["REPORTING_PERIOD_START", "REPORTING_PERIOD_END"]}),
        (ANNUAL, {"dtype": str, "keep_default_na": False}),
        (ANNUAL, {"keep_default_na": False}),
    ],
)
def test_a_frame_gives_the_findings_of_its_file_however_it_was_read(
    layout: str, how: dict[str, Any], definitions: Definitions, tmp_path: Path
) -> None:
    table = faulty(definitions.layouts[layout], definitions)

    actual = judge(_read(table.csv, **how), layout, definitions, table.period)

    expected = audit([table.write(tmp_path)], definitions).findings
    assert actual.error is None
    assert [(each.id, each.message) for each in expected] == [(each.id, each.message) for each in actual.findings]


def test_numbers_are_read_as_they_are_printed(definitions: Definitions, tmp_path: Path) -> None:
    known = definitions.layouts[ANNUAL]
    table = sound(known, definitions)
    # figures alone, of which some are missing: pandas makes 1003 a 1003.0
    rows = [{name: text for name, text in row.items() if name in known.identifying} for row in table.rows]
    rows[0] |= {"Count_ReferralsReceived": "1003", "Mean_WaitAccessingServices": "21.4"}
    rows[1] |= {"Count_ReferralsReceived": "510", "Mean_WaitAccessingServices": ""}
    table = Table(known, tuple(rows))
    frame = table.frame.astype({"Count_ReferralsReceived": float})
    frame["Mean_WaitAccessingServices"] = pd.to_numeric(frame["Mean_WaitAccessingServices"])

    actual = judge(frame, ANNUAL, definitions, "2024-25")

    assert frame["Mean_WaitAccessingServices"].isna().any()
    assert actual.error is None
    assert [each.id for each in audit([table.write(tmp_path)], definitions).findings] == [
        each.id for each in actual.findings
    ]


def test_rows_are_places_in_the_frame_whatever_its_index(definitions: Definitions) -> None:
    table = faulty(definitions.layouts[MONTHLY], definitions)
    plain, renamed = table.frame, table.frame
    renamed.index = pd.Index([f"row {place}" for place in range(len(renamed))])

    one, other = (judge(frame, MONTHLY, definitions, None) for frame in (plain, renamed))

    assert one.findings
    assert one.findings == other.findings


def _lost(column: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    return lambda frame: frame.drop(columns=column)


_LISTS = pd.Series([["England"]] * 8)
_INTERVALS = pd.Series(pd.interval_range(0, 2))
WRONG: list[tuple[str, Callable[[pd.DataFrame], pd.DataFrame], type[InputError], str, str]] = [
    (MONTHLY, _lost("GROUP_TYPE"), UnknownLayoutError, "unknown_layout", "`GROUP_TYPE` is missing"),
    (MONTHLY, _lost("MEASURE_VALUE_SUPPRESSED"), UnknownLayoutError, "unknown_layout", "MEASURE_VALUE_SUPPRESSED"),
    (ANNUAL, _lost("VariableA"), UnknownLayoutError, "unknown_layout", "`VariableA` is missing"),
    (MONTHLY, lambda frame: frame.iloc[:0], UnreadableInputError, "no_rows", "no rows"),
    (MONTHLY, lambda _: pd.DataFrame(), UnreadableInputError, "no_rows", "no rows"),
    (MONTHLY, lambda _: pd.DataFrame({"a": [1]}), UnknownLayoutError, "unknown_layout", "no layout that we know"),
    (MONTHLY, lambda frame: frame.assign(GROUP_TYPE=None), FrameError, "nulls", "`GROUP_TYPE` in 8 rows"),
    (MONTHLY, lambda frame: frame.map(lambda _: None), UnreadableInputError, "no_rows", "nothing but nulls"),
    (ANNUAL, lambda frame: frame.replace("NULL", None), FrameError, "nulls", "`VariableB`"),
    (
        MONTHLY,
        lambda frame: frame.assign(GROUP_TYPE=_LISTS),
        UnreadableInputError,
        "wrong_type",
        "`GROUP_TYPE` holds no",
    ),
    (
        ANNUAL,
        lambda frame: frame.assign(VariableA=_INTERVALS),
        UnreadableInputError,
        "wrong_type",
        "`VariableA` holds no",
    ),
    (
        MONTHLY,
        lambda frame: pd.concat([frame, frame["GROUP_TYPE"]], axis=1),
        UnknownLayoutError,
        "column_twice",
        "a column name stands twice: `GROUP_TYPE`",
    ),
]


@pytest.mark.parametrize(("layout", "spoil", "kind", "code", "said"), WRONG)
def test_a_wrong_frame_is_refused_in_our_words_before_anything_runs_and_in_the_result(
    *,
    layout: str,
    spoil: Callable[[pd.DataFrame], pd.DataFrame],
    kind: type[InputError],
    code: str,
    said: str,
    definitions: Definitions,
    context: FileDataContext,
) -> None:
    table = sound(definitions.layouts[layout], definitions)
    frame = spoil(table.frame)

    with pytest.raises(kind, match=said) as refused:
        checkpoint_of(frame, table.period, definitions)
    result = context.validation_definitions.get(suite_name(layout)).run(
        batch_parameters={"dataframe": frame}, expectation_parameters={"period": table.period}
    )
    with pytest.raises(InputError, match=said) as read_back:
        findings_of(result)

    assert not result.success
    assert code == refused.value.code == read_back.value.code
    assert refused.value.hint == read_back.value.hint


def test_a_table_without_a_period_is_refused_with_how_to_give_it(definitions: Definitions) -> None:
    frame = sound(definitions.layouts[ANNUAL], definitions).frame

    with pytest.raises(PeriodUnknownError) as refused:
        checkpoint_of(frame)

    assert refused.value.hint == 'give it as `period`, for example period="2024-25"'


@pytest.mark.parametrize(
    ("period", "error", "said"),
    [
        ("2025-02", PeriodUnknownError, "expected a table of 2025-02, got one of "),
        ("2024-25", PeriodUnknownError, "expected a table of 2024-25, got one of "),
        ("soon", ArgumentError, "expected a period such as 2024-25 or 2026-02, got `soon`"),
    ],
)
def test_a_period_that_is_not_the_tables_own_is_refused(
    definitions: Definitions, context: FileDataContext, period: str, error: type[Exception], said: str
) -> None:
    table = sound(definitions.layouts[MONTHLY], definitions)

    with pytest.raises(error, match=said):
        run(context, table.frame, period, definitions)


def test_a_table_of_any_library_runs_and_the_run_is_called_by_its_period_or_its_name(
    definitions: Definitions, context: FileDataContext
) -> None:
    table = sound(definitions.layouts[MONTHLY], definitions)

    of_pandas = run(context, table.frame, name="../a b/month.csv")
    of_polars = run(context, pl.from_pandas(table.frame))

    assert of_pandas.success
    assert of_polars.success
    assert of_pandas.run_id.run_name == "..-a-b-month.csv"
    assert of_polars.run_id.run_name == "2021-03"


def test_a_table_of_another_layout_than_the_suite_is_refused(definitions: Definitions) -> None:
    frame = sound(definitions.layouts["annual_main/2017-18"], definitions).frame

    judged = judge(frame, ANNUAL, definitions, "2017-18")

    assert str(judged.error) == "expected a table of `annual_main/2024-25`, got one of `annual_main/2017-18`"


def test_the_checkpoint_of_a_table_is_that_of_its_layout_and_era(definitions: Definitions) -> None:
    expected, actual = [], []
    for layout in definitions.layouts.values():
        table = sound(layout, definitions)
        expected.append(layout.in_force(table.period or "2021-03", definitions.layouts.values()).publication)
        actual.append(checkpoint_of(table.frame, table.period, definitions).split("-")[0])

    assert expected == actual
