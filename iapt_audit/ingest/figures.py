"""
Read figures alike however they were saved again: by Excel, pandas, R or hand.

What was published does not change: 1407.0, 1,407 and 1407 are one number, and so are 50.7% and 50.7 as a percentage.
What was repaired is said once a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.model.columns import NUMBER, Statistic
from iapt_audit.model.findings import Code, Finding
from iapt_audit.model.text import share_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iapt_audit.arrays import Ints
    from iapt_audit.definitions import Layout
    from iapt_audit.definitions.model import Symbol

_SPACES = r"[\u00a0\u2009\u202f ]"
_THOUSANDS = (
    rf"^[-+]?[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?$|^[-+]?[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+(?:[.,][0-9]+)?$"
)
_DECIMAL_COMMA = r"^[-+]?[0-9]+,[0-9]{1,2}$"
#: A count is a thousand then. A percentage has no thousands: its comma is a decimal one. Of a mean nobody knows.
_EITHER_COMMA = r"^[-+]?[0-9]{1,3},[0-9]{3}$"
_LONG_SHARE = r"^[-+]?[0-9]{1,3},[0-9]{3,}$"
#: A point sets thousands apart where a comma stands before the decimals, in the same figure or in others of the file.
_POINTED = r"^[-+]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+$"
_POINTED_AND_COMMA = r"^[-+]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+$"
_PADDED = r"^[-+]?[0-9]+\.0+$"
#: A binary fraction that was written out: 50.699999999999996 and 50.7 are one number to the program that wrote it.
_NOISY = r"^-?[0-9]{1,9}\.[0-9]{12,}$"
_MOST_DECIMALS, _NOISE = 6, 1e-9
#: 50.70 for 50.7, as a form of two decimals writes it.
_TRAILING = r"^-?[0-9]+\.[0-9]*[1-9]0+$"
#: R writes 100000 so, and nothing that has more than one digit; Excel writes 1.41E+05 of any number near it.
_POWER = r"^[1-9]e\+0[1-8]$"
#: What is said of a figure beside it and leaves it as it is: broken series, provisional, revised, earliest revision.
_MARKED = r"^[-+0-9.,]+ *(?:\[(?:b|p|r|er)\] *)+$"
#: More than a number and a sign stays as it is, for a text that cannot be read.
_SIGNED = r"^[^%]*[^%\s][^%]*%$"


def mend(
    kinds: pl.DataFrame, many: Ints, layout: Layout, symbols: Mapping[str, Symbol]
) -> tuple[pl.Series, list[Finding]]:
    """
    Return the text of each kind of cell as the publisher writes it, and say what was repaired.

    Args:
        kinds: One row a kind of cell: `printed`, `level` and `statistic`.
        many: How many cells are of each kind.
        layout: The layout, whose own signs and numbers stay as they are.
        symbols: The symbols of others, by their text in small letters.

    Returns:
        The texts in the order of the kinds, and a note for each way of repairing, with how many figures it was needed
        for.
    """
    text = kinds["printed"].cast(pl.String)
    bare = text.str.strip_chars()
    saved_again = bare.str.contains(f"{_PADDED}|{_NOISY}|{_POINTED}|{_TRAILING}")
    odd = ~(bare.str.contains(NUMBER) & ~saved_again) & ~bare.is_in([*layout.statuses, ""])
    if not odd.any():
        return text, []
    statistic = kinds["statistic"].cast(pl.String)
    is_count, is_percentage = statistic == Statistic.COUNT.value, statistic == Statistic.PERCENTAGE.value
    frame = pl.DataFrame({"text": text, "bare": bare, "odd": odd, "count": is_count, "share": is_percentage})
    number = pl.col("bare").cast(pl.Float64, strict=False)
    rounded = number.round(_MOST_DECIMALS)
    is_either = pl.col("bare").str.contains(_EITHER_COMMA)
    continental = bool(((bare.str.contains(_DECIMAL_COMMA) & ~is_count) | bare.str.contains(_POINTED_AND_COMMA)).any())
    repairs = [
        (
            "marks behind figures, such as [p] for provisional, were left off",
            pl.col("bare").str.contains(_MARKED),
            pl.col("bare").str.replace(r"[ \[].*$", ""),
        ),
        (
            "the sign % behind percentages was left off",
            pl.col("share") & pl.col("bare").str.contains(_SIGNED),
            pl.col("bare").str.strip_suffix("%").str.strip_chars_end(),
        ),
        (
            "figures were read without the points that set thousands apart, as beside decimal commas",
            pl.col("bare").str.contains(_POINTED_AND_COMMA)
            | (pl.col("count") & pl.col("bare").str.contains(_POINTED) & continental),
            pl.col("bare").str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True),
        ),
        (
            "figures were read without the commas or spaces that set thousands apart",
            pl.col("bare").str.contains(_THOUSANDS) & (pl.col("count").fill_null(value=False) | ~is_either),
            pl.col("bare").str.replace(r",([0-9]{1,2})$", ".$1").str.replace_all(rf"{_SPACES}|,", ""),
        ),
        (
            "a decimal comma was read as a decimal point",
            (~pl.col("count") & pl.col("bare").str.contains(_DECIMAL_COMMA))
            | (pl.col("share") & pl.col("bare").str.contains(_LONG_SHARE)),
            pl.col("bare").str.replace(",", ".", literal=True),
        ),
        (
            "digits that only the fractions of a computer have were left off",
            pl.col("bare").str.contains(_NOISY) & ((number - rounded).abs() < _NOISE),
            rounded.cast(pl.String),
        ),
        (
            "zeros behind the last decimal were left off",
            pl.col("bare").str.contains(_TRAILING),
            pl.col("bare").str.strip_chars_end("0"),
        ),
        (
            "powers of ten were written out, as R prints whole numbers",
            pl.col("bare").str.contains(_POWER),
            number.cast(pl.Int64, strict=False).cast(pl.String),
        ),
    ]
    notes = []
    for said, where, mended in repairs:
        where_ = frame.select((where & pl.col("odd")).fill_null(value=False)).to_series()
        if where_.any():
            frame = frame.with_columns(bare=pl.when(where_).then(mended).otherwise("bare"))
            notes.append(_note(said, where_, many))
            frame = frame.with_columns(text=pl.when(where_).then("bare").otherwise("text"))
    frame, more = _without_padding(frame, many)
    return frame["text"], [*notes, *more, *_symbols(kinds, many, layout, symbols)]


def _without_padding(frame: pl.DataFrame, many: Ints) -> tuple[pl.DataFrame, list[Finding]]:
    """Take `.0` off, where counts have it too: programs write whole numbers so once their column has a hole."""
    padded = frame.select(pl.col("bare").str.contains(_PADDED)).to_series()
    counts = padded & frame["count"]
    if not counts.any():
        return frame, []
    plain = pl.col("bare").str.replace(r"\.0+$", "")
    note = _note("decimals that are all 0 were left off counts", counts, many)
    return frame.with_columns(text=pl.when(padded).then(plain).otherwise("text")), [note]


def _symbols(kinds: pl.DataFrame, many: Ints, layout: Layout, symbols: Mapping[str, Symbol]) -> list[Finding]:
    """Name each symbol that is not the publisher's, once."""
    bare = kinds["printed"].cast(pl.String).str.strip_chars()
    found: dict[str, int] = {}
    for text, cells in zip(bare, many.tolist(), strict=True):
        if text not in layout.statuses and text.casefold() in symbols:
            found[text] = found.get(text, 0) + cells
    every = int(many.sum())
    return [
        Finding(
            Code.SYMBOL_NOT_PUBLISHERS,
            f"`{text}` is not one of the publisher's symbols here; it is taken for {symbols[text.casefold()].said}, "
            f"{share_text(cells, every, 'figure')}",
        )
        for text, cells in sorted(found.items())
    ]


def _note(said: str, where: pl.Series, many: Ints) -> Finding:
    cells = int(many[np.asarray(where.to_numpy(), dtype=bool)].sum())
    return Finding(Code.FIGURE_MENDED, f"{said}, {share_text(cells, int(many.sum()), 'figure')}")
