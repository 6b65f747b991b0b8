"""
Find means, standard deviations and effect sizes that no scores of their questionnaire can give.

Everything is decided in ten-thousandths with whole numbers. A printed figure p of half-width h stands for what lies
from p - h to p + h, so only what is impossible for all of that is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.columns import BREAKDOWN_SEPARATOR, SCALE, Level, Statistic, Status
from iapt_audit.model.findings import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iapt_audit.definitions import EffectSize, Scale

#: What is wrong, one row a finding: `cells` are positions in the tidy frame, the figure that cannot be first; `rule` is
#: the id of the definition.
IMPOSSIBLE = pl.Schema(
    {"cells": pl.List(pl.UInt32()), "code": pl.String(), "rule": pl.String(), "message": pl.String()}
)

_KEY = ("file", "group", "measure")
_MATTERS = (Statistic.MEAN, Statistic.STANDARD_DEVIATION, Statistic.EFFECT_SIZE)
#: A standard deviation over n - 1 is greatest against one over n where n is 2: its square by n / (n - 1).
_MOST_BY_FEW = 2


def impossible(
    cells: pl.DataFrame, publications: Sequence[str], scales: Iterable[Scale], effects: Iterable[EffectSize]
) -> pl.DataFrame:
    """
    Find the figures that no scores can give.

    Args:
        cells: The tidy frame.
        publications: The publication of each file number.
        scales: The scales of the questionnaires.
        effects: What each effect size is worked out from.

    Returns:
        Rows of `IMPOSSIBLE`. A cell that is not printed, stands twice or is no number that can be held exactly is left
        alone.
    """
    scales, effects = list(scales), list(effects)
    of_interest = {scale.publication for scale in scales} | {effect.publication for effect in effects}
    of_interest &= set(publications)
    if not of_interest:
        return pl.DataFrame(schema=IMPOSSIBLE)
    files = [number for number, name in enumerate(publications) if name in of_interest]
    named = pl.DataFrame({"file": files, "publication": [publications[number] for number in files]})
    figures = (
        cells.lazy()
        .with_row_index("cell")
        .filter(
            pl.col("file").is_in(files)
            & pl.col("statistic").is_in(_MATTERS)
            & (pl.col("status") == Status.PUBLISHED)
            & ~pl.col("repeated")
            & ~pl.col("held_back")
            & pl.col("value").is_not_null()
            & pl.col("half_width").is_not_null()
        )
        .select(
            "cell", "file", "group", "level", "breakdown", "statistic", "printed", "value",
            measure=pl.col("measure").cast(pl.String),
            least=pl.col("value") - pl.col("half_width"),
            most=pl.col("value") + pl.col("half_width"),
        )
        .collect()
        .join(named.cast({"file": cells.schema["file"]}), on="file", how="left", maintain_order="left")
    )  # fmt: skip
    found = [_off_scale(_of(figures, scale), scale) for scale in scales]
    found += [_effects(figures.filter(pl.col("publication") == effect.publication), effect) for effect in effects]
    return pl.concat([pl.DataFrame(schema=IMPOSSIBLE), *found])


def _of(figures: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    """Keep the means and standard deviations of a questionnaire."""
    of_scale = figures.filter(
        (pl.col("publication") == scale.publication) & pl.col("measure").is_in(list(scale.measures))
    )
    if not scale.within:
        return of_scale
    parts = pl.concat_str(pl.lit(BREAKDOWN_SEPARATOR), pl.col("breakdown").cast(pl.String), pl.lit(BREAKDOWN_SEPARATOR))
    within = f"{BREAKDOWN_SEPARATOR}{scale.within}{BREAKDOWN_SEPARATOR}"
    return of_scale.filter(parts.str.contains(within, literal=True))


def _off_scale(figures: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    low, high = scale.low * SCALE, scale.high * SCALE
    means = figures.filter(pl.col("statistic") == Statistic.MEAN)
    # a negative mean is told as such
    outside = means.filter((pl.col("value") >= 0) & ((pl.col("most") <= low) | (pl.col("least") > high)))
    deviations = figures.filter(pl.col("statistic") == Statistic.STANDARD_DEVIATION).join(
        means.select(*_KEY, mean="cell", mean_printed="printed", mean_least="least", mean_most="most"),
        on=_KEY,
        how="left",
        maintain_order="left",
    )
    # of the means that print so, the one nearest to the middle leaves most room; both ends are whole scores
    middle = (low + high) // 2
    nearest = pl.lit(middle, dtype=pl.Int64).clip(pl.col("mean_least"), pl.col("mean_most"))
    mean = nearest.fill_null(middle).clip(low, high)
    most_squared = _MOST_BY_FEW * (mean - low) * (high - mean)
    wide = deviations.filter(
        (pl.col("most") <= 0) | ((pl.col("least") > 0) & (pl.col("least") * pl.col("least") > most_squared))
    )
    scores = f"scores of {scale.title}, from {scale.low} to {scale.high},"
    beside = pl.format(" with the mean {}", "mean_printed").fill_null("")
    return pl.concat(
        [
            _rows(outside, ["cell"], scale.id, pl.format("no {} can have the mean {}", pl.lit(scores), "printed")),
            _rows(
                wide,
                ["cell", "mean"],
                scale.id,
                pl.format("no {} can have the standard deviation {}{}", pl.lit(scores), "printed", beside),
            ),
        ]
    )


def _effects(figures: pl.DataFrame, effect: EffectSize) -> pl.DataFrame:
    """Find the effect sizes that the means beside them and England's standard deviation cannot give."""

    def of(measure: str, statistic: Statistic, name: str) -> pl.DataFrame:
        wanted = (pl.col("measure") == measure) & (pl.col("statistic") == statistic)
        columns = {name: "cell", f"{name}_printed": "printed", f"{name}_least": "least", f"{name}_most": "most"}
        return figures.filter(wanted).select(
            "file", "group", "level", "breakdown", **{new: pl.col(old) for new, old in columns.items()}
        )

    beside = ["file", "group"]
    england = of(effect.start, Statistic.STANDARD_DEVIATION, "sd").filter(pl.col("level") == Level.ENGLAND)
    given = (
        of(effect.measure, Statistic.EFFECT_SIZE, "effect")
        .join(of(effect.start, Statistic.MEAN, "start").drop("level", "breakdown"), on=beside)
        .join(of(effect.end, Statistic.MEAN, "end").drop("level", "breakdown"), on=beside)
        .join(england.drop("group", "level"), on=["file", "breakdown"])
    )
    # effect x deviation = difference of the means: each side is between the ends of a box
    products = [
        pl.col(f"effect_{one}") * pl.max_horizontal(f"sd_{other}", 0)
        for one in ("least", "most")
        for other in ("least", "most")
    ]
    least = (pl.col("start_least") - pl.col("end_most")) * SCALE
    most = (pl.col("start_most") - pl.col("end_least")) * SCALE
    # neither end of the difference is reached, since a figure is rounded up at p + h
    off = given.filter((pl.min_horizontal(products) >= most) | (pl.max_horizontal(products) <= least))
    message = pl.format(
        "({} - {}) / {}, the means at the start and the end over England's standard deviation at the start, does not "
        "give {}, however each was rounded",
        "start_printed", "end_printed", "sd_printed", "effect_printed",
    )  # fmt: skip
    return _rows(off, ["effect", "start", "end", "sd"], effect.id, message)


def _rows(found: pl.DataFrame, cells: list[str], rule: str, message: pl.Expr) -> pl.DataFrame:
    return found.select(
        cells=pl.concat_list(cells).list.drop_nulls(),
        code=pl.lit(Code.VALUE_OUT_OF_SCALE.value),
        rule=pl.lit(rule),
        message=message,
    ).cast(IMPOSSIBLE)
