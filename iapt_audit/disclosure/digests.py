"""
Let out the digest of an input only where it gives nothing away.

The sha256 of a file lets whoever has the rest of it try what a hidden figure is: a small count that slipped takes five
guesses. So that of a file is told only where all of it was read and nothing in it is held back. Where something is, a
digest of what the gate lets out of the input stands in its place: nothing is in it that is not in `cells`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.disclosure.gate import publish_cells
from iapt_audit.model.columns import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iapt_audit.model.inputs import Input, Part

#: The columns of `cells` that a masked digest is of.
DIGESTED = ("row", "level", "org_code", "org_name", "breakdown", "measure", "statistic", "status", "printed")

#: What a cell of a version is known by in another.
_KEY = ("level", "org_code", "breakdown", "measure", "statistic")

#: So many rows at a time are written for a digest.
_ROWS = 100_000


@dataclass(slots=True)
class Doubts:
    """
    What is known of inputs beside their cells, by their numbers.

    Of `partly` not all was read, and what was not may hold what slipped; `twice` gives the input that holds the same
    figures as another and is counted for it.
    """

    partly: set[int] = field(default_factory=set)
    twice: dict[int, int] = field(default_factory=dict)


def publish_inputs(
    inputs: Sequence[Input], parts: Sequence[Part], cells: pl.DataFrame, doubts: Doubts
) -> tuple[Input, ...]:
    """
    Return the inputs with the digests that may be told.

    Args:
        inputs: The inputs, each with the sha256 of its file.
        parts: Which input each `file` number of the cells is of.
        cells: The tidy frame; `held_back` marks what may not be repeated.
        doubts: What else may stand in the inputs.

    Returns:
        Each input with the sha256 of its file if nothing of that file is held back, else with the masked digest of its
        cells. An input whose cells are not told has neither then, nor has one that prints what another input of its
        publication and period does not.
    """
    held = cells.filter("held_back")["file"].unique().to_list() if cells["held_back"].any() else []
    hiding = {parts[number].input for number in held} | doubts.partly
    hiding |= {number for number, each in enumerate(inputs) if each.status != "audited"}
    older = {parts[number].input for number in _printing_more(parts, cells)}
    # the members of an archive and the sheets of a workbook share its digest
    gone = {_file(inputs[number]) for number in hiding | older}
    gone |= {_file(inputs[number]) for number, first in doubts.twice.items() if _file(inputs[first]) in gone}
    cells_of: dict[int, list[int]] = {}
    for number, part in enumerate(parts):
        cells_of.setdefault(part.input, []).append(number)
    return tuple(
        each
        if _file(each) not in gone
        else replace(
            each, sha256=None, masked_sha256=None if number in older else masked(cells, cells_of.get(number, []))
        )
        for number, each in enumerate(inputs)
    )


def publish_compared(
    inputs: tuple[tuple[Input, ...], tuple[Input, ...]],
    parts: tuple[Sequence[Part], Sequence[Part]],
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]],
    changes: pl.DataFrame,
) -> tuple[tuple[Input, ...], tuple[Input, ...]]:
    """
    Return the inputs of two versions without the digests that would give a figure away.

    Whoever has the one version and knows what changed lacks of the other only the figures that are not told, and tries
    those until its digest fits. So a side has neither digest where a changed figure of it is not told.

    Args:
        inputs: Those of the older version and of the newer.
        parts: Which input each part of either side is of.
        pairs: Which parts of the two belong together, as the changes number them.
        changes: The changed cells, as `publish_changes` gives them.
    """
    told = []
    for side, name in enumerate(("old", "new")):
        hidden = changes.filter(pl.col("hidden").is_in([name, "both"]))["pair"].unique()
        numbers = {parts[side][part].input for pair in hidden for part in pairs[pair][side]}
        told.append(_without_digests(inputs[side], numbers))
    return told[0], told[1]


def _without_digests(inputs: Sequence[Input], numbers: Iterable[int]) -> tuple[Input, ...]:
    gone = {_file(inputs[number]) for number in numbers}
    return tuple(replace(each, sha256=None, masked_sha256=None) if _file(each) in gone else each for each in inputs)


def masked(cells: pl.DataFrame, files: Sequence[int]) -> str | None:
    r"""
    Return the sha256 of what the gate lets out of some parts; None if they have no cells.

    It is that of `DIGESTED` as CSV in UTF-8: header and rows, in the order of the file, each field in quotes, each line
    ended by a line feed. The text of a cell that is held back is empty, as nothing is.
    """
    of_parts = cells.filter(pl.col("file").is_in(list(files)))
    if of_parts.is_empty():
        return None
    told = publish_cells(of_parts).select(DIGESTED)
    digest = hashlib.sha256(told.clear().write_csv(quote_style="always").encode())
    for rows in told.iter_slices(_ROWS):
        text = rows.select(pl.all().cast(pl.String).fill_null(""))
        digest.update(text.write_csv(include_header=False, quote_style="always").encode())
    return digest.hexdigest()


def _file(each: Input) -> tuple[str, str | None]:
    return each.path, each.sha256


def _printing_more(parts: Sequence[Part], cells: pl.DataFrame) -> list[int]:
    """Return the parts that print a figure which another part of their publication and period does not."""
    versions: dict[tuple[str, str], list[int]] = {}
    for number, part in enumerate(parts):
        versions.setdefault((part.publication, part.period), []).append(number)
    found: list[int] = []
    for numbers in versions.values():
        if len(numbers) > 1:
            prints = (pl.col("status").is_in([Status.PUBLISHED, Status.UNPARSEABLE])) & ~pl.col("held_back")
            hidden = pl.col("status").is_in([Status.SUPPRESSED, Status.WITHHELD_OR_ABSENT]) | pl.col("held_back")
            of_version = cells.lazy().filter(pl.col("file").is_in(numbers)).with_columns(prints=prints, hidden=hidden)
            secret = of_version.filter("hidden").select(_KEY).unique()
            known = of_version.filter("prints").join(secret, on=list(_KEY), how="semi", nulls_equal=True)
            found += known.select(pl.col("file").unique()).collect().to_series().to_list()
    return found
