"""Tell what is wrong with many cells in one way once, and list all its places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from iapt_audit.model.columns import CELLS
from iapt_audit.model.text import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from iapt_audit.model.findings import Finding

_OF_CELL = (
    "file", "row", "level", "org_code", "org_name", "breakdown", "measure", "statistic", "printed", "low", "high",
    "held_back",
)  # fmt: skip
#: One row a cell that a finding is of: `id` and `code` are the finding's, the other columns the cell's.
PLACES = pl.Schema({"id": pl.String(), "code": pl.String(), **{name: CELLS[name] for name in _OF_CELL}})

_DIGITS, _GROUPS, _LETTERS = re.compile(r"[0-9]+(\.[0-9]+)?"), re.compile(r"(,0)+"), re.compile(r"[^\W\d_]")


def places_of(findings: Sequence[Finding], cells: pl.DataFrame) -> pl.DataFrame:
    """
    List the cells of findings that have their ids.

    Args:
        findings: What was found.
        cells: The tidy frame, as the findings were found in it.

    Returns:
        Rows of `PLACES`, finding by finding.
    """
    found = [(finding, finding.at) for finding in findings if finding.at is not None and len(finding.at)]
    if not found:
        return pl.DataFrame(schema=PLACES)
    lengths = [len(at) for _, at in found]
    # a cause has millions of cells at times: its name is held once
    number = pl.Series(np.repeat(np.arange(len(found), dtype=np.uint32), lengths))
    names = {
        name: pl.Series([str(getattr(finding, name)) for finding, _ in found], dtype=pl.String).gather(number)
        for name in ("id", "code")
    }
    at = np.concatenate([at for _, at in found])
    return cells[at].select(_OF_CELL).with_columns(**names).select(PLACES.names())


def form_of(text: str, known: Collection[str] = (), *, hide: bool) -> str:
    """
    Return the form of a text that is no figure: numbers as 0, and where it may hold a count letters as a.

    A sign that some layout knows is told as it is.

    >>> form_of("1,407", hide=True), form_of("[c]", hide=True), form_of("50.7%", hide=False), form_of("n/a", hide=False)
    ('0,0', '[a]', '0%', 'n/a')
    >>> form_of("three", hide=True), form_of("NA", ["NA"], hide=True)
    ('aaaaa', 'NA')
    """
    text = text.strip()
    if text in known:
        return text
    form = _GROUPS.sub(",0", _DIGITS.sub("0", text))
    return _LETTERS.sub("a", form) if hide else form


def spread(cells: pl.DataFrame) -> str:
    """
    Say how many cells there are, and of how many measures and organisations.

    >>> spread(pl.DataFrame({"measure": ["M191", "M192"], "org_code": ["INV01", "INV01"], "level": ["provider"] * 2}))
    '2 cells, of 2 measures and 1 organisation'
    """
    organisations = cells.select("level", "org_code").n_unique()
    return (
        f"{counted(len(cells), 'cell')}, of {counted(cells['measure'].n_unique(), 'measure')} and "
        f"{counted(organisations, 'organisation')}"
    )
