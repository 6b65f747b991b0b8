"""Draw England's recovery by year against the standard, from the cited facts: the picture of the README."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import altair as alt
import polars as pl

from iapt_audit.definitions import load_default
from iapt_audit.document import ATTRIBUTION
from iapt_audit.flow import audit_facts

OFFICIAL = "finished and at caseness"


def chart() -> alt.LayerChart:
    """Make the chart: recovery over three denominators, and the standard of 50%."""
    headline = audit_facts(load_default()).headline.filter(pl.col("measure") == "recovery")
    columns = {OFFICIAL: "low", "finished": "finished_low", "referred (other referrals)": "referred_low"}
    rows = pl.concat(
        headline.select("period", of=pl.lit(name), percentage=pl.col(column) / 10_000)
        for name, column in columns.items()
    )
    met, most = (headline["standing"] == "met").sum(), math.ceil(int(headline["referred_high"].max()) / 10_000)
    finding = (
        f"Half recover? Of those who finish and are at caseness, in {met} of {len(headline)} years; "
        f"of all referred, never over {most}%"
    )
    lines = (
        alt.Chart(alt.Data(values=rows.to_dicts()))
        .mark_line(point=True)
        .encode(
            x=alt.X("period:O", title="year"),
            y=alt.Y("percentage:Q", title="recovered, %", scale=alt.Scale(domain=[0, 60])),
            strokeDash=alt.StrokeDash("of:N", legend=None, sort=list(columns)),
            color=alt.Color("of:N", title="of all that", sort=list(columns), scale=alt.Scale(scheme="viridis")),
        )
    )
    standard = alt.Chart(alt.Data(values=[{"standard": 50}])).mark_rule(color="black").encode(y="standard:Q")
    title = alt.TitleParams(finding, subtitle=ATTRIBUTION, anchor="start", subtitleFontSize=8)
    return alt.layer(lines, standard).properties(width=620, height=300, title=title)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "recovery.svg"
    chart().save(target)
