"""Draw organisations over their size, with the limits within which chance leaves a rate: a funnel plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from iapt_audit.model.columns import Level
from iapt_audit.model.periods import is_year
from iapt_audit.model.text import printable
from iapt_audit.report import charts
from iapt_audit.report.elements import Option, Picture, Switch
from iapt_audit.report.funnel_limits import LIMITS, SMALLEST, Funnel, beyond, funnel, limits
from iapt_audit.report.organisation import DRAWN, LEVELS, drawn_rate, source_line

if TYPE_CHECKING:
    from iapt_audit.definitions import Definitions, Rate, Standard
    from iapt_audit.results import AuditResult

Row = dict[str, Any]

_LINES = 48
_CHANCE, _SPREAD = "by chance", "with the usual spread"
_FIGURES = {
    "choice": pl.String, "drawn": pl.String, **DRAWN, "organisation": pl.String, "size": pl.Float64,
    "sizes": pl.String, "which": pl.String, "side": pl.String,
}  # fmt: skip
_TOLD = (
    ("organisation", "organisation"),
    ("size", "sizes"),
    ("printed %", "printed"),
    ("from the counts", "rate"),
    ("standing", "standing"),
    ("referrals", "short"),
)
_NO_JUDGEMENT = (
    "Ordered by size, not by rate. An organisation outside the limits is unusual and no more: who is referred, "
    "deprivation, small numbers, a new system, a merger or a late file all move a rate, and the spread between "
    "organisations is wider than chance for such reasons. Limits: exact binomial ones around the rate of England "
    "(Spiegelhalter 2005), and the same widened by the spread that all of them have (winsorised)."
)


def funnels(audit: AuditResult, standard: Standard) -> list[Picture]:
    """Draw the organisations of the latest year and of the latest month, level by level: a reader chooses which."""
    definitions = audit.definitions
    rate = definitions.rates[standard.rate]
    found = audit.headline.filter(pl.col("standard") == standard.id).drop_nulls("standing")
    frames, options = [], []
    for period in _latest(found):
        now = found.filter(pl.col("period") == period)
        for level in LEVELS:
            drawn = funnel(now.filter(pl.col("file") == now["file"].max()), level)
            if drawn is not None:
                choice = f"{period}:{level.value}"
                frames.append(_frame(drawn, choice, definitions))
                options.append(Option(choice, f"{period}, {LEVELS[level]}", *_words(drawn, rate, period)))
    if not options:
        return []
    names = charts.standings(standard=True, others=False)
    figures = pl.concat(frames)
    spec = charts.funnel(
        names,
        "size: referrals, logarithmic",
        tuple(name for name in _limit_names() if name in set(figures["which"])),
        float(standard.percentage),
        _TOLD,
    )
    return [
        Picture(
            id=f"{rate.id.replace('_', '-')}-funnel",
            title=options[0].title,
            alt=options[0].alt,
            unit=f"% of {rate.of_whom}",
            source=source_line(found["publication"].unique(), definitions),
            spec=spec,
            figures=figures,
            columns=_TOLD,
            switch=Switch("choice", "Period and level", options),
            remark=f"{_NO_JUDGEMENT} Size: {rate.of_whom}; with fewer than {SMALLEST} nothing is drawn.",
        )
    ]


def _latest(found: pl.DataFrame) -> list[str]:
    """Return the latest year and the latest month that have organisations."""
    periods = found.filter(pl.col("level") != Level.ENGLAND)["period"].unique().to_list()
    kinds = (sorted(period for period in periods if is_year(period) is years) for years in (True, False))
    return [period for kind in kinds for period in kind[-1:]]


def _frame(drawn: Funnel, choice: str, definitions: Definitions) -> pl.DataFrame:
    """Return what is drawn: a row for each organisation, and points on the limits."""
    rows: list[Row] = []
    for row in drawn.rows:
        least, most = row["denominator_low"], row["denominator_high"]
        rows.append(
            drawn_rate(row, definitions)
            | {
                "choice": choice,
                "drawn": "row",
                "organisation": printable(f"{row['org_name']} ({row['org_code']})"),
                "size": (least + most) / 2,
                "sizes": f"{least:,}" if least == most else f"{least:,} to {most:,}",
            }
        )
    return pl.DataFrame([*rows, *_lines(drawn, choice)], schema=_FIGURES)


def _limit_name(between: float, by: str) -> str:
    return f"{100 * between:g}% {by}"


def _limit_names() -> list[str]:
    """Return the names of all limits that there can be, in the order of the key."""
    return [_limit_name(between, by) for by in (_CHANCE, _SPREAD) for between in LIMITS]


def _lines(drawn: Funnel, choice: str) -> list[Row]:
    smallest, largest = drawn.rows[0]["denominator_low"], drawn.rows[-1]["denominator_high"]
    sizes = np.unique(np.geomspace(smallest, largest, _LINES).round())
    kinds = [(_CHANCE, 1.0)] + ([(_SPREAD, drawn.spread)] if drawn.spread > 1 else [])
    return [
        {
            "choice": choice,
            "drawn": "limit",
            "size": float(size),
            "middle": round(100 * float(ratio), 4),
            "which": _limit_name(between, by),
            "side": side,
        }
        for between in LIMITS
        for by, spread in kinds
        for side, ratios in zip(("below", "above"), limits(sizes, drawn.centre, between, spread), strict=True)
        for size, ratio in zip(sizes, ratios, strict=True)
    ]


def _words(drawn: Funnel, rate: Rate, period: str) -> tuple[str, str]:
    """Return the title and the description."""
    number, around = len(drawn.rows), "England's rate" if drawn.of_england else "the rate of all together"
    below, above = beyond(drawn)
    title = (
        f"{number} {LEVELS[drawn.level]} in {period}: {below} below and {above} above {around} by more than rounding "
        "and their usual spread explain"
    )
    alt = (
        f"Funnel plot of {rate.title.lower()}, {period}: {number} {LEVELS[drawn.level]}, each from its least to its "
        f"greatest possible rate over its size, around {around} of {100 * drawn.centre:.1f}%. Their rates vary "
        f"{f'{drawn.spread:.1f}'.removesuffix('.0')} times as much as chance would let them (variance, winsorised). "
        f"{title}."
    )
    return title, alt
