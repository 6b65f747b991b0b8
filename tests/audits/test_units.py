"""A slip of a unit or another rounding is told once and accuses no figure; every row and figure here was invented."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest
from audits.written_tables import ENGLAND, LEVEL, MEASURE, SERVICES, VALUE, month, rows_of, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layouts.written import csv_bytes

from iapt_audit import audit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audits.written_tables import Row

    from iapt_audit.api.audit import Audit

SHARES, FURTHER = "percentages-as-shares", "counts-rounded-further"


def _rates(change: Callable[[str], str], wanted: Callable[[Row], bool] = lambda _: True) -> list[Row]:
    return [
        {**row, VALUE: change(row[VALUE])} if row[MEASURE] == "M192" and row[VALUE] != "*" and wanted(row) else row
        for row in month()
    ]


def _share(digits: int | None = None) -> Callable[[str], str]:
    def change(figure: str) -> str:
        share = Decimal(figure) / 100
        return str(share if digits is None else share.quantize(Decimal(1).scaleb(-digits)))

    return change


def _errors(found: Audit) -> list[str]:
    return found.findings.filter(pl.col("severity") == "error")["code"].to_list()


#: A month whose percentages are shares, in the ways that programs write them.
WRITTEN = {
    "as many digits as there were": _rates(_share()),
    "four digits": _rates(_share(4)),
    "three digits": _rates(_share(3)),
    "two digits": _rates(_share(2)),
    "no trailing zeros": _rates(lambda figure: f"{Decimal(figure) / 100:f}".rstrip("0")),
    "not rounded": _rates(lambda figure: f"{float(figure) / 100 + 0.00001:.5f}"),
    "services only": _rates(_share(), lambda row: row[LEVEL] == "Provider"),
    "a blank before": _rates(lambda figure: f" {Decimal(figure) / 100}"),
    "one service without counts": [*_rates(_share()), *rows_of("Provider", "INV04", {"M192": "0.61"})],
    "a rate of nothing but 1 beside": [
        *_rates(_share()),
        *(row for code in SERVICES for row in rows_of("Provider", code, {"M054": SERVICES[code]["M076"], "M055": "1"})),
    ],
}


@pytest.mark.parametrize("kind", [kind for kind in WRITTEN if kind != "services only"])
def test_column_of_shares_is_one_finding_and_accuses_no_figure(kind: str, tmp_path: Path) -> None:
    found = audit(written(tmp_path / "month.csv", WRITTEN[kind]))

    assert _errors(found) == [SHARES]
    assert found.summary["rates"]["contradicted"] == found.summary["rates"]["consistent"] == 0
    assert found.inputs["status"].to_list() == ["audited"]


def test_percentages_that_are_in_two_units_are_no_column_of_shares(tmp_path: Path) -> None:
    found = audit(written(tmp_path / "month.csv", WRITTEN["services only"]))

    # England's 50.7 says that the column is one of percentages: each share stays wrong by itself
    assert _errors(found).count("rate-contradicted") == 3
    assert SHARES not in _errors(found)


@pytest.mark.parametrize(
    ("rows", "contradicted"),
    [
        pytest.param(
            rows_of("England", "all", {"M076": "1407", "M189": "5", "M1010": "0.4"}), 0, id="a rate that is under 1"
        ),
        pytest.param(
            rows_of("Provider", "INV01", {"M076": "1000", "M189": "5", "M1010": "1"}), 0, id="a whole rate of 1"
        ),
        pytest.param(
            [*month(), *rows_of("England", "all", {"M189": "5", "M1010": "0.36"})],
            0,
            id="a rate under 1 with a digit more",
        ),
        pytest.param(
            [*month(), *rows_of("England", "all", {"M189": "70", "M1010": "0.36"})],
            1,
            id="a rate that is wrong either way",
        ),
    ],
)
def test_small_rate_is_no_share(rows: list[Row], contradicted: int, tmp_path: Path) -> None:
    found = audit(written(tmp_path / "month.csv", rows))

    assert SHARES not in _errors(found)
    assert found.summary["rates"]["contradicted"] == contradicted


def test_one_column_of_shares_leaves_the_others_judged(tmp_path: Path) -> None:
    beside = {"INV01": ("475", "67"), "INV02": ("410", "67"), "INV03": ("55", "65")}
    rows = _rates(_share())
    rows += [
        row
        for code, (count, rate) in beside.items()
        for row in rows_of("Provider", code, {"M185": count, "M186": rate})
    ]

    found = audit(written(tmp_path / "month.csv", rows))
    (cause,) = found.findings.filter(pl.col("code") == SHARES).to_dicts()

    assert (cause["measures"], cause["count"]) == (["M192"], 4)
    assert found.summary["rates"] == {"consistent": 3, "contradicted": 0, "not_checkable": 0}


def test_shares_in_a_wide_file_are_a_column_of_it(tmp_path: Path) -> None:
    path = tmp_path / "main-2024-25.csv"
    row = {
        "OrgType": "England", "OrgCode": "All", "OrgName": "All", "VariableType": "Total", "VariableA": "NULL",
        "VariableB": "NULL", "Count_FinishedCourseTreatment": "1407", "Count_NotAtCaseness": "66",
        "Count_Recovery": "680", "Percentage_Recovery": "0.507", "Count_Improvement": "944",
        "Percentage_Improvement": "67.1",
    }  # fmt: skip
    path.write_bytes(csv_bytes(list(row), [row]))

    found = audit(path)

    assert _errors(found) == [SHARES]
    assert found.summary["rates"]["consistent"] == 1


@pytest.mark.parametrize("sign", ["%", " %", "% "])
def test_sign_behind_percentages_is_left_off(sign: str, tmp_path: Path) -> None:
    found = audit(written(tmp_path / "month.csv", _rates(lambda figure: f"{figure}{sign}")))

    assert _errors(found) == []
    assert found.summary["rates"]["consistent"] == 4
    (told,) = found.findings.filter(pl.col("code") == "figure-mended")["message"]
    assert told == "the sign % behind percentages was left off, 4 of 16 figures (25%)"


def test_sign_behind_a_count_is_no_figure(tmp_path: Path) -> None:
    rows = [{**row, VALUE: f"{row[VALUE]}%"} if row[MEASURE] == "M076" else row for row in month()]

    assert _errors(audit(written(tmp_path / "month.csv", rows))) == ["cell-unparseable"]


def _rounded(count: int, step: int) -> int:
    """Round half away from zero."""
    return (count + step // 2) // step * step


def _percentage(numerator: int, denominator: int, digits: int) -> str:
    exact = Decimal(100 * numerator) / Decimal(denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


#: True counts of a service: finished, not at caseness, recovered.
_SERVICE = st.tuples(st.integers(150, 2000), st.integers(10, 60), st.integers(20, 80)).map(
    lambda drawn: (drawn[0], drawn[1], 10 + (drawn[0] - drawn[1]) * drawn[2] // 100)
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(services=st.lists(_SERVICE, min_size=8, max_size=12), step=st.sampled_from([10, 50]), twice=st.booleans())
def test_counts_rounded_further_are_said_to_be_so_and_accused_of_nothing(
    services: list[tuple[int, int, int]],
    step: int,
    twice: bool,
    tmp_path: Path,
) -> None:
    rows = []
    for number, (finished, not_at_caseness, recovered) in enumerate(services):
        # as from the true counts, or a second time from those that the publisher rounded to five
        told = [_rounded(_rounded(each, 5) if twice else each, step) for each in (finished, not_at_caseness, recovered)]
        figures = dict(zip(("M076", "M179", "M191"), (str(each) if each else "*" for each in told), strict=True))
        figures["M192"] = _percentage(recovered, finished - not_at_caseness, 0)
        rows += rows_of("Provider", f"INV{number:02d}", figures)
    different = {row[VALUE] for row in rows if row[MEASURE] != "M192" and row[VALUE] != "*"}

    found = audit(written(tmp_path / "month.csv", rows))

    if len(different) >= 10:
        assert FURTHER in found.findings["code"].to_list()
        assert _errors(found) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(services=st.lists(_SERVICE, min_size=1, max_size=6), digits=st.sampled_from([2, 3, 4]))
def test_shares_of_true_counts_are_never_a_contradiction(
    services: list[tuple[int, int, int]], digits: int, tmp_path: Path
) -> None:
    rows = []
    for number, (finished, not_at_caseness, recovered) in enumerate(services):
        counts = {"M076": finished, "M179": not_at_caseness, "M191": recovered}
        figures = {measure: str(_rounded(count, 5)) for measure, count in counts.items()}
        exact = Decimal(recovered) / (finished - not_at_caseness)
        figures["M192"] = str(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
        rows += rows_of("Provider", f"INV{number:02d}", figures)

    assert _errors(audit(written(tmp_path / "month.csv", rows))) == [SHARES]


def test_counts_of_england_rounded_to_ten_are_said_to_be_so(tmp_path: Path) -> None:
    figures = {f"M{number:03d}": str(10 * (100 + number)) for number in (*range(24, 36), 1, 2)}
    rounded = {measure: str(_rounded(int(figure), 10)) for measure, figure in ENGLAND.items() if measure != "M192"}

    found = audit(written(tmp_path / "month.csv", rows_of("England", "all", {**figures, **rounded, "M192": "50.7"})))
    (told,) = found.findings.filter(pl.col("code") == FURTHER).to_dicts()

    assert (told["severity"], told["level"]) == ("note", "england")
    assert told["message"].startswith("all 17 counts of England are multiples of 10, unlike the publisher")
    # 680 of 1,410 - 70 alone would be 50.746
    assert found.summary["rates"]["contradicted"] == 0
    assert found.cells.filter(pl.col("measure") == "M191").select("low", "high").rows() == [(675, 685)]


def test_few_counts_that_happen_to_be_tens_are_taken_as_published(tmp_path: Path) -> None:
    figures = {"M076": "700", "M179": "30", "M191": "300", "M192": "50"}

    found = audit(written(tmp_path / "month.csv", rows_of("Provider", "INV01", figures)))

    assert FURTHER not in found.findings["code"].to_list()
    assert "rate-contradicted" in _errors(found)
