"""
Ask how much of a recovery rate the rounding of its counts leaves open: a researcher's script, with its picture.

    python examples/open_points.py open.svg examples/invented_month.csv

It takes published monthly or annual files, folders or zips. No rate is compared or averaged: each provider is a dot, at
the number of its referrals and at the points of percentage between the least and the most that its counts allow.
"""

import sys
from pathlib import Path

import altair as alt
import polars as pl

from iapt_audit import Audit, IaptAuditError, audit


def open_points(found: Audit) -> pl.DataFrame:
    """Return one row a provider and period: its referrals at least, and the points that its counts leave open."""
    return (
        found.headline.filter(
            pl.col("level") == "provider", pl.col("measure") == "recovery", pl.col("denominator_low") > 0
        )
        .with_columns(
            least=100 * pl.col("numerator_low") / pl.col("denominator_high"),
            most=(100 * pl.col("numerator_high") / pl.col("denominator_low")).clip(upper_bound=100),
        )
        .select(
            "period",
            provider=pl.col("org_name").cast(pl.String),
            standing=pl.col("standing").cast(pl.String).str.replace_all("_", " "),
            referrals="denominator_low",
            points=pl.col("most") - pl.col("least"),
        )
        .sort("standing")  # so that the undecided, the last, are drawn over the others
    )


def chart(rows: pl.DataFrame, attribution: str) -> alt.Chart:
    """Draw the dots, with what they say as the title."""
    wide = rows.filter(pl.col("points") > 1)
    told = f"Rounded counts leave more than a point of recovery open in {len(wide):,} of {len(rows):,} provider-periods"
    reach = f"; the largest of those has {wide['referrals'].max():,} referrals" if len(wide) else ""
    return (
        alt.Chart(rows)
        .mark_point(filled=True, opacity=0.5)
        .encode(
            x=alt.X(
                "referrals:Q",
                scale=alt.Scale(type="log", nice=False),
                title="referrals finished and at caseness, at least",
            ),
            y=alt.Y("points:Q", scale=alt.Scale(type="log", nice=False), title="points of percentage left open"),
            color=alt.Color("standing:N", title="half recovered?", scale=alt.Scale(scheme="dark2")),
            shape=alt.Shape("standing:N", title="half recovered?"),
            tooltip=["provider", "period", "referrals", "points", "standing"],
        )
        .properties(
            width=620,
            height=340,
            title=alt.TitleParams(told + reach, subtitle=attribution, anchor="start", subtitleFontSize=8),
        )
    )


def main(picture: str, *paths: str) -> None:
    """Print how much is open by standing, and draw the picture."""
    found = audit(paths)
    print(found)
    rows = open_points(found)
    by_standing = rows.group_by("standing").agg(
        providers=pl.len(), least=pl.col("points").min().round(2), middle=pl.col("points").median().round(2)
    )
    print(by_standing.sort("standing"))
    chart(rows, found.attribution).save(Path(picture))


if __name__ == "__main__":
    _, *given = sys.argv
    if not given[1:]:
        sys.exit("usage: open_points.py PICTURE PATH...")
    try:
        main(*given)
    except IaptAuditError as error:
        sys.exit(f"error: {error}")
