"""Return each kind of cell its status, and the bounds or half-width that its publication, level and era give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.columns import CELLS, LEVEL, NUMBER, SCALE, STATISTIC, Statistic, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iapt_audit.definitions import Definitions, Layout
    from iapt_audit.definitions.model import Symbol
    from iapt_audit.definitions.rounding import Regime

_EXACT_NUMBER = r"^-?[0-9]{1,9}(\.[0-9]{1,4})?$"


def bound_kinds(kinds: pl.DataFrame, layout: Layout, definitions: Definitions) -> pl.DataFrame:
    """
    Say what each kind of cell can stand for.

    Args:
        kinds: One row a kind: printed, level (as printed), statistic, and `own` where a measure has its own regime.
        layout: The layout of the file.
        definitions: How each publisher rounds and suppresses, and what the symbols of others mean.

    Returns:
        The kinds with status, value, half_width, low, high and the other columns of `CELLS` that follow from them.
    """
    return _with_bounds(_with_status(kinds, layout, definitions.symbols), layout, definitions.regimes)


def _with_status(kinds: pl.DataFrame, layout: Layout, symbols: Mapping[str, Symbol]) -> pl.DataFrame:
    # blanks around a figure are the spreadsheet's; the text itself stays as printed
    text = pl.col("printed").str.strip_chars()
    signs = {**layout.statuses, "": Status.WITHHELD_OR_ABSENT.value}
    others = {text: symbol.status.value for text, symbol in symbols.items()}
    read = kinds.with_columns(
        status=pl.coalesce(
            pl.when(text.str.contains(NUMBER)).then(pl.lit(Status.PUBLISHED.value)),
            text.replace_strict(signs, default=None, return_dtype=pl.String),
            text.str.to_lowercase().replace_strict(others, default=None, return_dtype=pl.String),
            pl.lit(Status.UNPARSEABLE.value),
        ).cast(CELLS["status"]),
        # at most nine digits and four decimals: a float holds them exactly enough to round to the right integer
        value=pl.when(text.str.contains(_EXACT_NUMBER))
        .then((text.cast(pl.Float64, strict=False) * SCALE).round())
        .cast(pl.Int64),
    )
    undefined = [
        (pl.col("level") == name) & text.is_in(sorted(known.undefined))
        for name, known in layout.levels.items()
        if known.undefined
    ]
    if not undefined:
        return read
    divided = pl.any_horizontal(undefined) & (pl.col("statistic") != Statistic.COUNT)
    status = pl.when(divided).then(pl.lit(Status.NOT_APPLICABLE.value)).otherwise(pl.col("status"))
    return read.with_columns(status=status.cast(CELLS["status"]))


def regime_table(levels: Mapping[str, str], regimes: Mapping[str, Regime]) -> pl.DataFrame:
    """Lay the regimes out, one row a level (as printed) and statistic, for a join with the cells."""
    rows = [
        {
            "level": name,
            "statistic": statistic.value,
            "half_width": int(regime.half_width[statistic] * SCALE) if statistic in regime.half_width else None,
            "below": regime.count_reach[0],
            "above": regime.count_reach[1],
            "step": regime.count_step,
            "smallest": regime.smallest_count,
            "suppressed_low": regime.suppressed.low if regime.suppressed else None,
            "suppressed_high": regime.suppressed.high if regime.suppressed else None,
        }
        for name, regime in ((name, regimes[regime]) for name, regime in levels.items())
        for statistic in Statistic
    ]
    numbers = dict.fromkeys(
        ("half_width", "below", "above", "step", "smallest", "suppressed_low", "suppressed_high"), pl.Int64
    )
    return pl.DataFrame(rows, schema={"level": pl.String, "statistic": STATISTIC, **numbers})


def _with_regimes(kinds: pl.DataFrame, layout: Layout, regimes: Mapping[str, Regime]) -> pl.DataFrame:
    """Add what the regime says of each kind: that of its measure where it has its own, else that of its level."""
    by_level = {name: known.regime for name, known in layout.levels.items()}
    on, table = ["level", "statistic"], regime_table(by_level, regimes)
    if layout.regimes:
        on = [*on, "own"]
        table = pl.concat(
            regime_table(levels, regimes).with_columns(own=pl.lit(measure))
            for measure, levels in (
                ("", by_level),
                *((measure, dict.fromkeys(by_level, regime)) for measure, regime in layout.regimes.items()),
            )
        )
    table = table.cast({name: kinds.schema[name] for name in on})
    return kinds.join(table, on=on, how="left", maintain_order="left")


def _with_bounds(kinds: pl.DataFrame, layout: Layout, regimes: Mapping[str, Regime]) -> pl.DataFrame:
    cells = _with_regimes(kinds, layout, regimes)
    count = pl.col("value") // SCALE
    is_count = pl.col("statistic") == Statistic.COUNT
    in_form = (pl.col("value") % (pl.col("step") * SCALE) == 0) & (count >= pl.col("smallest"))
    counted = is_count & in_form
    suppressed = is_count & (pl.col("status") == Status.SUPPRESSED)
    levels = {name: known.level.value for name, known in layout.levels.items()}
    # a count too long to be held exactly is in no form that is published
    misses_form = is_count & (pl.col("status") == Status.PUBLISHED) & ~in_form.fill_null(value=False)
    local = [name for name, known in layout.levels.items() if regimes[known.regime].suppressed is not None]
    # text that is no number may still hold one
    no_number = is_count & (pl.col("status") == Status.UNPARSEABLE)
    return cells.with_columns(
        in_form=~misses_form,
        # nor is it known of an unknown measure whether it is a count
        held_back=pl.col("level").is_in(local)
        & (misses_form | no_number | pl.col("statistic").is_null()).fill_null(value=False),
        smallest=pl.col("smallest").fill_null(0).cast(pl.UInt8),
        low=pl.when(counted)
        .then(pl.max_horizontal(count - pl.col("below"), pl.col("smallest")))
        .when(suppressed)
        .then(pl.col("suppressed_low")),
        high=pl.when(counted).then(count + pl.col("above")).when(suppressed).then(pl.col("suppressed_high")),
        level=pl.col("level").cast(pl.String).replace_strict(levels, return_dtype=LEVEL),
    )
