"""Take files to tidy cells, one input after the other; what cannot be read becomes an input that says why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from iapt_audit import normalise, read, recognise
from iapt_audit.errors import InputError, PeriodUnknownError
from iapt_audit.findings import Code, Finding
from iapt_audit.inputs import Input, is_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from iapt_audit.definitions import Definitions, Layout


@dataclass(frozen=True, slots=True)
class Ingested:
    """An input, its cells (None if it could not be read), what was found on the way, and the sha256 of its text."""

    input: Input
    cells: pl.DataFrame | None
    findings: list[Finding]
    content: str | None = None


def ingest(place: read.Place, definitions: Definitions, period: str | None) -> Iterator[Ingested]:
    """
    Read one file, each member of one archive, and each period of one table.

    Args:
        place: The file.
        definitions: The layouts and measures to know it by.
        period: The period of a file that does not say it itself.
    """
    for opened in read.open_all(place):
        described = Input(opened.path, opened.member, opened.sha256)
        try:
            yield from _tables(opened, described, definitions, period)
        except InputError as error:
            yield Ingested(replace(described, status=error.status, error=error), None, [])


def _tables(opened: read.Opened, described: Input, definitions: Definitions, period: str | None) -> Iterator[Ingested]:
    if opened.fault is not None:
        raise opened.fault
    table = read.table(opened.data)
    layout = recognise.layout_of(table.columns, definitions.layouts, None)
    if layout.period_from == "name":
        period = _period(opened, period)
        layout = recognise.layout_of(table.columns, definitions.layouts, period)
    statistics = definitions.measures[layout.publication]
    for each in normalise.normalise(table, layout, definitions.regimes, statistics, period):
        yield Ingested(
            replace(
                described,
                publication=layout.publication,
                layout=layout.id,
                period=each.period,
                rows=each.rows,
                cells=len(each.cells),
            ),
            each.cells,
            [*each.findings, *_column_notes(table.columns, each.cells, layout, definitions)],
            hashlib.sha256(opened.data).hexdigest(),
        )


def _period(opened: read.Opened, given: str | None) -> str:
    """Give the year that the names say; the one given is for names that say none."""
    try:
        return recognise.period_in_names([opened.member, opened.path])
    except PeriodUnknownError:
        if given is None or not is_year(given):
            raise
        return given


def _column_notes(
    columns: Sequence[str], cells: pl.DataFrame, layout: Layout, definitions: Definitions
) -> list[Finding]:
    """Note the measures that the layout knows and the file lacks; of a long layout, those that a rate needs."""
    if layout.shape == "wide":
        unknown = [column for column in columns if column not in {*layout.identifying, *layout.columns}]
        absent = [
            f"{statistic} {measure}" for column, (statistic, measure) in layout.columns.items() if column not in columns
        ]
    else:
        unknown = [column for column in columns if column not in layout.identifying]
        needed = {name.measure for name in definitions.names if name.publication == layout.publication}
        absent = sorted(needed - set(cells["measure"].unique()))
    notes = [
        Finding(Code.MEASURE_UNKNOWN, f"the column `{column}` is in no definition: it is not read", measures=(column,))
        for column in unknown
    ]
    if absent:
        listed = ", ".join(absent)
        message = f"the file lacks {len(absent)} measures that its layout knows or a rate needs: {listed}"
        notes.append(Finding(Code.MEASURES_ABSENT, message, measures=tuple(absent)))
    return notes
