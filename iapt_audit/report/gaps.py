"""Draw the outcomes of groups beside each other."""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.model.columns import SCALE
from iapt_audit.model.periods import in_order
from iapt_audit.model.text import printable
from iapt_audit.outputs.wording import gap_texts
from iapt_audit.report import charts
from iapt_audit.report.elements import Option, Picture, Switch
from iapt_audit.report.organisation import called, middle_of, percent, source_line

if TYPE_CHECKING:
    from iapt_audit.definitions import Gap
    from iapt_audit.report.organisation import OrganisationFigures

Row = dict[str, Any]

_NO_CAUSE = (
    "A gap is a difference between published rates and does not say what causes it: who is referred, how severe "
    "problems are at the start, and the life around a treatment differ between groups too. The axis does not start at "
    "0."
)
_GAPS = {
    "choice": pl.String, "group": pl.String, "low": pl.Float64, "high": pl.Float64, "middle": pl.Float64,
    "role": pl.String, "rate": pl.String, "points": pl.String,
}  # fmt: skip


def gaps_of(subject: OrganisationFigures) -> list[Picture]:
    """Draw the outcomes of groups of the latest period, each set against the one that its gap is told from."""
    if subject.gaps.is_empty():
        return []
    drawn = []
    for gap in subject.definitions.gaps:
        own = subject.gaps.filter(pl.col("gap") == gap.id)
        if len(own):
            latest = max(own["period"].unique().to_list(), key=in_order)
            now = own.filter(pl.col("period") == latest)
            drawn.append(_gap(subject, gap, now.filter(pl.col("file") == now["file"].max()), latest))
    return drawn


def _gap(subject: OrganisationFigures, gap: Gap, now: pl.DataFrame, period: str) -> Picture:
    definitions = subject.definitions
    frames, options = [], []
    for name in gap.rates:
        rows = sorted(now.filter(pl.col("measure") == name).iter_rows(named=True), key=lambda row: str(row["group"]))
        if not rows:
            continue
        texts = gap_texts(rows, gap.against)
        told = [
            {
                "choice": name,
                "group": printable(row["group"]),
                "low": percent(row["low"]),
                "high": percent(row["high"]),
                "middle": percent(middle_of(row["low"], row["high"])),
                "role": "set against" if row["group"] == gap.against else "group",
                "rate": texts[row["group"]][0],
                "points": texts[row["group"]][1],
            }
            for row in rows
        ]
        frames.append(pl.DataFrame(told, schema=_GAPS))
        title = _gap_title(subject, gap, rows, definitions.rates[name].title, period)
        listed = "; ".join(f"{each['group']} {each['rate']}%" for each in told)
        options.append(Option(name, definitions.rates[name].title, title, f"{title}. {listed}."))
    columns = (("group", "group"), ("%", "rate"), (f"points from {gap.against or 'all'}", "points"))
    return Picture(
        id=f"gap-{gap.id.replace('_', '-')}",
        title=options[0].title,
        alt=options[0].alt,
        unit="% of referrals that finished a course and did not start below caseness",
        source=source_line(now["publication"].unique(), definitions),
        spec=charts.spans(max(len(frame) for frame in frames), columns),
        figures=pl.concat(frames),
        columns=columns,
        switch=Switch("choice", "Outcome", options) if len(options) > 1 else None,
        remark=_NO_CAUSE,
    )


def _gap_title(subject: OrganisationFigures, gap: Gap, rows: list[Row], outcome: str, period: str) -> str:
    """Say how far the groups lie apart at least: from the group surely lowest to the one surely highest."""
    least = min(rows, key=lambda row: (row["high"], row["group"]))
    most = max(rows, key=lambda row: (row["low"], row["group"]))
    apart = max(most["low"] - least["high"], 0)
    widest = max(row["high"] for row in rows) - min(row["low"] for row in rows)
    tenth = SCALE // 10
    # the bounds of two exact rates are a step apart each
    if widest - apart <= len((least, most)):
        said = f"{round(apart / tenth) / 10:g}"
    else:
        said = f"{floor(apart / tenth) / 10:g} to {ceil(widest / tenth) / 10:g}"
    return f"{called(subject)}, {outcome.lower()} {gap.title}, {period}: the groups are {said} points apart"
