"""
Write the rows of the headline as JSON, a line each, column by column: there are tens of thousands.

The bytes are those that Python's own encoder writes: text goes through it, each distinct one once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.definitions.vocabulary import Headline
from iapt_audit.model.columns import SCALE, SCALE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from iapt_audit.definitions import Definitions, Rate

_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_NULL = "null"
_TEXTS = ("publication", "period", "level", "org_code", "org_name", "measure", "printed", "standard", "standing")


@dataclass(frozen=True, slots=True)
class Over:
    """
    One denominator that a headline rate is told over.

    `low` and `high` name the columns of the rate over it; `run` that which is true where its count comes from another
    run or source, None where it never does.
    """

    denominator: str
    low: str
    high: str
    same_cohort: bool = True
    run: str | None = None


def over(rate: Rate, definitions: Definitions) -> list[Over]:
    """Return what a headline rate is told over: its own denominator, and of an outcome every other one."""
    told = []
    for name, denominator in definitions.denominators.items():
        own = denominator.formula == rate.denominator
        if own or rate.headline is Headline.EVERY_DENOMINATOR:
            low, high = ("low", "high") if own else (f"{name}_low", f"{name}_high")
            told.append(Over(name, low, high, denominator.same_cohort, f"{name}_other_run"))
    return told or [Over(str(rate.denominator), "low", "high")]


def lines(headline: pl.DataFrame, definitions: Definitions) -> list[str]:
    """
    Write an entry for each row of the headline (`Published.headline`), in their order.

    `low` and `high` of a denominator are null where the file holds no such count.
    """
    encoded = headline.with_row_index("place").with_columns(_encoded(headline[name]) for name in _TEXTS)
    # the rows of a measure have the same denominators
    written = [
        encoded.filter(headline["measure"] == measure).select(
            "place", line=_entry(over(definitions.rates[measure], definitions))
        )
        for measure in headline["measure"].unique()
    ]
    return pl.concat(written).sort("place")["line"].to_list() if written else []


def _encoded(column: pl.Series) -> pl.Series:
    """Write a column of text as JSON, each distinct text once."""
    distinct = column.unique()
    written = pl.Series([_ENCODE(text) for text in distinct], dtype=pl.String)
    return column.replace_strict(distinct, written, return_dtype=pl.String)


def _entry(denominators: Sequence[Over]) -> pl.Expr:
    """Write an entry out of columns of text that are JSON already, and numbers."""
    exact = _object({"numerator": _whole("exact_numerator"), "denominator": _whole("exact_denominator")})
    short_by = _object({"low": _whole("short_low"), "high": _whole("short_high")})
    told = [
        _object(
            {
                "denominator": pl.lit(_ENCODE(each.denominator)),
                "low": _decimal(each.low),
                "high": _decimal(each.high),
                "cohort": pl.lit(_ENCODE("same" if each.same_cohort else "other")),
                "run": pl.when(each.run).then(pl.lit('"other"')).otherwise(pl.lit('"same"'))
                if each.run
                else pl.lit('"same"'),
            }
        )
        for each in denominators
    ]
    return _object(
        {
            **{name: pl.col(name) for name in _TEXTS[: _TEXTS.index("printed") + 1]},
            "printed_contradicted": pl.when("contradicted").then(pl.lit("true")).otherwise(pl.lit("false")),
            "exact": pl.when(pl.col("exact_numerator").is_null()).then(pl.lit(_NULL)).otherwise(exact),
            "low": _decimal("low"),
            "high": _decimal("high"),
            "standard": pl.col("standard"),
            "standing": pl.col("standing"),
            "decided_together": pl.when("decided_together").then(pl.lit("true")).otherwise(pl.lit("false")),
            "short_by": pl.when(pl.col("standing") == _NULL).then(pl.lit(_NULL)).otherwise(short_by),
            "denominators": pl.concat_str(pl.lit("["), pl.concat_str(told, separator=", "), pl.lit("]")),
        }
    )


def _object(members: Mapping[str, pl.Expr]) -> pl.Expr:
    pieces: list[pl.Expr] = []
    for place, (name, value) in enumerate(members.items()):
        pieces += [pl.lit(f"{', ' if place else '{'}{_ENCODE(name)}: "), value]
    return pl.concat_str(*pieces, pl.lit("}"))


def _whole(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).fill_null(_NULL)


def _decimal(name: str) -> pl.Expr:
    """Write ten-thousandths as `model.text.decimal_text` does, in quotes."""
    units = pl.col(name)
    sign = pl.when(units < 0).then(pl.lit('"-')).otherwise(pl.lit('"'))
    rest = (units.abs() % SCALE).cast(pl.String).str.zfill(SCALE_DIGITS)
    return pl.concat_str(sign, units.abs() // SCALE, pl.lit("."), rest, pl.lit('"')).fill_null(_NULL)
