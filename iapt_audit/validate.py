"""Find the defects that anyone can see in a file: cells that are no figure, or not in the form of their level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.columns import HUNDRED_PERCENT, Level, Statistic, Status
from iapt_audit.findings import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Cells with something wrong, one row a cell and code; `cell` is the position in the tidy frame.
DEFECTS = pl.Schema({"cell": pl.UInt32(), "code": pl.String(), "message": pl.String()})

_TELL_FIRST = (
    "the count was not rounded or suppressed like the others; it is not repeated here: "
    "tell the publisher before anyone else"
)
_NEVER_NEGATIVE = (Statistic.COUNT, Statistic.PERCENTAGE, Statistic.MEAN)


def validate(cells: pl.DataFrame, decimals: Mapping[str, Mapping[Statistic, int]]) -> pl.DataFrame:
    """
    Find the defects of single cells.

    Args:
        cells: The tidy frame.
        decimals: The most decimals of each statistic, by level.

    Returns:
        Rows of `DEFECTS`: unparseable text, negative figures, percentages above 100, more decimals than the level is
        published with, and counts that did not go through disclosure control.
    """
    numbered = (
        cells.lazy().with_row_index("cell").filter(pl.col("status").is_in([Status.PUBLISHED, Status.UNPARSEABLE]))
    )
    published = numbered.filter(pl.col("status") == Status.PUBLISHED)
    allowed = pl.LazyFrame(
        [
            {"level": level, "statistic": statistic.value, "decimals": most}
            for level, by_statistic in decimals.items()
            for statistic, most in by_statistic.items()
        ],
        schema={"level": cells.schema["level"], "statistic": cells.schema["statistic"], "decimals": pl.UInt32},
    )
    uncontrolled = (pl.col("statistic") == Statistic.COUNT) & ~pl.col("in_form") & (pl.col("level") != Level.ENGLAND)
    printed_decimals = pl.col("printed").str.strip_chars().str.split(".").list.last().str.len_chars()
    found = [
        _defects(
            numbered.filter(pl.col("status") == Status.UNPARSEABLE),
            Code.CELL_UNPARSEABLE,
            "the cell is neither a number nor one of the publisher's signs",
        ),
        _defects(
            published.filter((pl.col("value") < 0) & pl.col("statistic").is_in(_NEVER_NEGATIVE)),
            Code.VALUE_NEGATIVE,
            "the figure is negative",
        ),
        _defects(
            published.filter((pl.col("statistic") == Statistic.PERCENTAGE) & (pl.col("value") > HUNDRED_PERCENT)),
            Code.PERCENTAGE_OUT_OF_RANGE,
            "the percentage is above 100",
        ),
        _defects(
            published.filter(pl.col("printed").str.contains(".", literal=True))
            .join(allowed, on=["level", "statistic"])
            .filter(printed_decimals > pl.col("decimals"))
            # below England a count with decimals is told as one that missed disclosure control
            .filter(~uncontrolled),
            Code.TOO_MANY_DECIMALS,
            "the figure has more decimals than its level is published with",
        ),
        _defects(
            published.filter(uncontrolled & ~(pl.col("value") < 0).fill_null(value=False)),
            Code.COUNT_NOT_DISCLOSURE_CONTROLLED,
            _TELL_FIRST,
        ),
    ]
    return pl.concat([frame.collect() for frame in found]).sort("cell", "code")


def _defects(rows: pl.LazyFrame, code: Code, message: str) -> pl.LazyFrame:
    return rows.select("cell", code=pl.lit(code.value), message=pl.lit(message)).cast(DEFECTS)


def repeated_keys(cells: pl.DataFrame) -> pl.DataFrame:
    """
    Gather the cells whose key stands twice, one row an organisation.

    Returns:
        `file`, `level`, `org_code`, the names it stands under, how many rows, and the first cells of the first key.
    """
    twice = cells.with_row_index("cell").filter(pl.col("repeated"))
    return (
        twice.group_by("file", "level", "org_code", maintain_order=True)
        .agg(
            names=pl.col("org_name").cast(pl.String).unique(maintain_order=True),
            rows=pl.col("row").n_unique(),
            cells=pl.col("cell").filter(
                (pl.col("measure") == pl.col("measure").first()) & (pl.col("breakdown") == pl.col("breakdown").first())
            ),
            values_differ=(
                pl.struct("breakdown", "measure", "statistic", "printed").n_unique()
                > pl.struct("breakdown", "measure", "statistic").n_unique()
            ),
        )
        .sort("file", "level", "org_code")
    )
