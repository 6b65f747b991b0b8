"""
Set the waits of everyone beside the standard's, which counts only those who went on to finish a course.

Made of what has passed the gate: the difference of two published bounds tells nothing that they do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.columns import CELLS

if TYPE_CHECKING:
    from iapt_audit.definitions import Definitions

#: A rate beside the rate that says the like of another population, and the points between them, all in ten-thousandths.
WAITS = pl.Schema(
    {
        "publication": pl.String(),
        "period": pl.String(),
        "file": CELLS["file"],
        "level": CELLS["level"],
        "org_code": CELLS["org_code"],
        "org_name": CELLS["org_name"],
        "measure": pl.String(),
        "low": pl.Int64(),
        "high": pl.Int64(),
        "beside": pl.String(),
        "beside_low": pl.Int64(),
        "beside_high": pl.Int64(),
        "points_low": pl.Int64(),
        "points_high": pl.Int64(),
    }
)
_PLACE = ("publication", "period", "file", "level", "org_code")


def waits(headline: pl.DataFrame, definitions: Definitions) -> pl.DataFrame:
    """
    Pair each headline rate with the one that says the like of another population, place by place.

    Args:
        headline: What has passed the gate (`Published.headline`).
        definitions: Which rates say the like (`Rate.elsewhere`).

    Returns:
        Rows of `WAITS`; `points` is how much higher the first is, so by how much it flatters.
    """
    frames = [pl.DataFrame(schema=WAITS)]
    rows = headline.select(*_PLACE, "org_name", "measure", "low", "high").unique(
        [*_PLACE, "measure"], maintain_order=True
    )
    for rate in definitions.rates.values():
        for other in rate.elsewhere.values():
            own = rows.filter(pl.col("measure") == rate.id)
            beside = rows.filter(pl.col("measure") == other).select(
                *_PLACE, beside="measure", beside_low="low", beside_high="high"
            )
            frames.append(
                own.join(beside, on=list(_PLACE), how="inner", maintain_order="left")
                .with_columns(
                    points_low=pl.col("low") - pl.col("beside_high"), points_high=pl.col("high") - pl.col("beside_low")
                )
                .select(WAITS.names())
                .cast(WAITS)
            )
    return pl.concat(frames)
