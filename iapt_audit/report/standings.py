"""Draw how many organisations have which standing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.model.columns import Level, Standing
from iapt_audit.model.periods import in_order, stretch
from iapt_audit.model.text import plain
from iapt_audit.outputs.queries import organisations
from iapt_audit.outputs.wording import STANDINGS
from iapt_audit.report import charts
from iapt_audit.report.elements import Option, Picture, Switch
from iapt_audit.report.organisation import LEVELS, by_kind, source_line

if TYPE_CHECKING:
    from iapt_audit.definitions import Standard
    from iapt_audit.results import AuditResult

Row = dict[str, Any]

_STACKED = {"choice": pl.String, "period": pl.String, "standing": pl.String, "number": pl.Int64, "order": pl.Int64}


def standings_by_period(audit: AuditResult, standard: Standard) -> list[Picture]:
    """Draw how many organisations of a level have which standing, period by period."""
    rows = [row for row in organisations(audit) if row["standard"] == standard.id and row["level"] != Level.ENGLAND]
    rate = audit.definitions.rates[standard.rate]
    held = audit.headline.filter(pl.col("standard") == standard.id)
    drawn = []
    for noun, kind in by_kind(rows):
        options, told = [], []
        for level, called in LEVELS.items():
            own = sorted((row for row in kind if row["level"] == level), key=lambda row: in_order(row["period"]))
            if not own:
                continue
            # a period between them that is not in the files keeps its place
            by_period = {row["period"]: row for row in own}
            told += [
                {"choice": level.value, "period": period, "standing": STANDINGS[standing],
                 "number": by_period.get(period, {}).get(standing.value), "order": place}
                for period in stretch(by_period)
                for place, standing in enumerate(Standing)
            ]  # fmt: skip
            title, alt = _words(standard, called, own)
            options.append(Option(level.value, called, title, alt))
        if not told:
            continue
        columns = (("period", "period"), ("standing", "standing"), ("organisations", "number"))
        publications = held.filter(pl.col("period").is_in([row["period"] for row in kind]))["publication"].unique()
        drawn.append(
            Picture(
                id=f"{standard.rate.replace('_', '-')}-standings-by-{noun}",
                title=options[0].title,
                alt=options[0].alt,
                unit=f"organisations by standing: {rate.title.lower()}, {plain(standard.percentage)}%",
                source=source_line(publications, audit.definitions),
                spec=charts.stacked(columns),
                figures=pl.DataFrame(told, schema=_STACKED),
                columns=columns,
                switch=Switch("choice", "Level", options),
            )
        )
    return drawn


def _words(standard: Standard, called: str, rows: list[Row]) -> tuple[str, str]:
    last, first = rows[-1], rows[0]
    limit = plain(standard.percentage)

    def told(row: Row) -> str:
        return ", ".join(f"{row[each.value]} {STANDINGS[each]}" for each in Standing)

    everyone = sum(last[each.value] for each in Standing)
    title = (
        f"{last['period']}: {last[Standing.MET.value]} of {everyone} {called} surely met {limit}%, of "
        f"{last[Standing.UNDECIDED.value]} it cannot be determined"
    )
    alt = f"{called} by standing against {limit}%. {last['period']}: {told(last)}."
    if first is not last:
        alt += f" {first['period']}: {told(first)}."
    return title, alt
