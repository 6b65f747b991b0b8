"""Take files to tidy cells, one input after the other; what cannot be read becomes an input that says why."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit import read
from iapt_audit.definitions.vocabulary import Shape
from iapt_audit.errors.inputs import InputError, PeriodUnknownError, UnknownLayoutError, UnreadableInputError
from iapt_audit.ingest import keys, normalise, recognise
from iapt_audit.model.findings import Code, Finding
from iapt_audit.model.inputs import Input
from iapt_audit.model.periods import is_year
from iapt_audit.model.text import share_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iapt_audit.definitions import Definitions, Layout


#: What is wrong with the columns or the words of a file, and so with each of its periods alike.
_OF_FILE = (
    Code.FIGURE_MENDED, Code.SYMBOL_NOT_PUBLISHERS, Code.LINES_LEFT_OUT, Code.LEVEL_UNKNOWN, Code.MEASURE_UNKNOWN,
    Code.MEASURES_ABSENT, Code.KEY_EMPTY,
)  # fmt: skip
#: So many columns that are spelt otherwise are named, more are counted.
_MOST_RESPELT = 3
_Way = tuple[Code, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Ingested:
    """An input, its cells (None if it could not be read), what was found on the way, and the sha256 of its text."""

    input: Input
    cells: pl.DataFrame | None
    findings: list[Finding]
    content: str | None = None


def ingest(place: read.Place | read.Held, definitions: Definitions, period: str | None) -> Iterator[Ingested]:
    """
    Read one file, each member of one archive, and each period of one table.

    Args:
        place: The file, or a table that a program holds.
        definitions: The layouts and measures to know it by.
        period: The period of a file that does not say it itself.
    """
    for opened in read.open_all(place):
        described = Input(opened.path, opened.member, opened.sha256)
        try:
            yield from _tables(opened, described, definitions, period)
        except InputError as error:
            yield _unread(described, error)


def _unread(described: Input, error: InputError) -> Ingested:
    return Ingested(replace(described, status=error.status, error=error), None, [])


def _tables(opened: read.Opened, described: Input, definitions: Definitions, period: str | None) -> Iterator[Ingested]:
    tables = read.tables(opened)
    if len(tables) == 1:
        yield from _table(tables[0], opened, _sheet(described, tables[0]), definitions, period)
        return
    # beside its figures a workbook has a cover, notes, a list of its sheets: only what comes near a layout is told
    audited = False
    faults: list[tuple[Input, InputError]] = []
    for table in tables:
        source = _sheet(described, table)
        try:
            found = list(_table(table, opened, source, definitions, period))
        except InputError as error:
            faults.append((source, error))
        else:
            audited = True
            yield from found
    near = [(source, fault) for source, fault in faults if not _is_aside(fault)]
    yield from (_unread(source, fault) for source, fault in near or ([] if audited else faults[:1]))


def _is_aside(error: InputError) -> bool:
    """Return whether a sheet is one that a publisher adds to the figures: no table, or nothing like a layout."""
    if isinstance(error, UnknownLayoutError):
        return error.nearest is None
    return isinstance(error, UnreadableInputError)


def _refuse_blank(frame: pl.DataFrame, layout: Layout) -> None:
    """Refuse a table in which nothing stands but a header: rows of commas, as a cleared sheet leaves them."""
    known = [column for column in frame.columns if column in {*layout.identifying, *layout.columns}]
    # most tables begin with a row that says something
    for part in (frame.head(1), frame):
        if part.select(pl.any_horizontal(pl.col(known) != "").any()).item():
            return
    raise UnreadableInputError.no_rows()


def _content(opened: read.Opened, table: read.Table) -> str:
    """Return a sha256 of a table, to know figures that are given twice: of its bytes, or of what was held in memory."""
    digest = hashlib.sha256(opened.data if opened.table is None else (opened.sha256 or "").encode())
    digest.update((table.sheet or "").encode())
    return digest.hexdigest()


def _sheet(described: Input, table: read.Table) -> Input:
    """Name the sheet as a member is named."""
    names = [name for name in (described.member, table.sheet) if name is not None]
    return replace(described, member="/".join(names) or None)


def _recognisable(frame: pl.DataFrame, definitions: Definitions) -> tuple[pl.DataFrame, list[Finding]]:
    """
    Spell the columns as a layout does where they differ from it in case, spaces and signs only.

    Raises:
        UnknownLayoutError: If the columns are of a publication that no layout covers.
    """
    recognise.refuse_uncovered(frame.columns, definitions.uncovered)
    names = recognise.respelt(frame.columns, definitions.layouts)
    if not names:
        return frame, []
    listed = ", ".join(f"`{old}` as `{new}`" for old, new in list(names.items())[:_MOST_RESPELT])
    more = f" and {len(names) - _MOST_RESPELT} more" if len(names) > _MOST_RESPELT else ""
    message = f"columns were read by the names of their layout: {listed}{more}"
    return frame.rename(names), [Finding(Code.KEY_MENDED, message)]


def _table(
    table: read.Table, opened: read.Opened, described: Input, definitions: Definitions, period: str | None
) -> Iterator[Ingested]:
    if table.fault is not None:
        raise table.fault
    frame, respelt = _recognisable(table.frame, definitions)
    layout = recognise.layout_of(frame.columns, definitions.layouts, None)
    if layout.period_from == "name":
        period = _period(described, layout, period)
        layout = recognise.layout_of(frame.columns, definitions.layouts, period)
    _refuse_blank(frame, layout)
    frame, mended = keys.mend(frame, layout, definitions)
    keys.refuse_other_keys(frame, layout, definitions)
    content = _content(opened, table)
    # the rows of a frame are counted from its header, which may stand below a title
    above = pl.lit(table.header_row - 1, dtype=pl.UInt32)
    parts = normalise.normalise(frame, layout, definitions, period)
    told = [[*each.findings, *_column_notes(frame.columns, each.cells, each.layout, definitions)] for each in parts]
    told[0][:0] = [*respelt, *mended]
    for each, findings in zip(parts, _once_a_file(told), strict=True):
        cells = each.cells.with_columns(pl.col("row") + above) if table.header_row > 1 else each.cells
        source = replace(
            described,
            publication=layout.publication,
            layout=each.layout.id,
            period=each.period,
            rows=each.rows,
            cells=len(cells),
        )
        yield Ingested(source, cells, findings, content)


def _once_a_file(told: Sequence[list[Finding]]) -> list[list[Finding]]:
    """Tell what is wrong with several periods of a file in one way with the first of them, and say with how many."""
    if len(told) == 1:
        return list(told)
    times = Counter(_way(finding) for findings in told for finding in findings if finding.code in _OF_FILE)
    kept: list[list[Finding]] = []
    seen: set[_Way] = set()
    for findings in told:
        kept.append([])
        for finding in findings:
            way = _way(finding)
            if way in seen:
                continue
            if times[way] > 1:
                seen.add(way)
                more = f" (so in {times[way]:,} of the {len(told):,} periods of the file)"
                kept[-1].append(replace(finding, message=finding.message + more))
            else:
                kept[-1].append(finding)
    return kept


def _way(finding: Finding) -> _Way:
    # a level or an empty key has no measures, and what is said of it begins with its name; a repair ends with how many
    until = ", " if finding.code is Code.FIGURE_MENDED else " is "
    return finding.code, finding.measures, finding.message.partition(until)[0] if not finding.measures else ""


def _period(described: Input, layout: Layout, given: str | None) -> str:
    """Return the year or month that the names say; the one given is for names that say none."""
    names = [described.member, described.path]
    try:
        return recognise.period_in_names(names, layout.first_period, short_years=layout.short_years)
    except PeriodUnknownError:
        if given is None:
            raise
        if is_year(given) != is_year(layout.first_period):
            raise PeriodUnknownError.of_other_kind(given, layout.first_period) from None
        return given


def _column_notes(
    columns: Sequence[str], cells: pl.DataFrame, layout: Layout, definitions: Definitions
) -> list[Finding]:
    """Note the measures that the layout knows and the file lacks; of a long layout, those that a rate needs."""
    if layout.shape is Shape.WIDE:
        unknown = [column for column in columns if column not in {*layout.identifying, *layout.columns}]
        absent = [
            f"{statistic} {measure}" for column, (statistic, measure) in layout.columns.items() if column not in columns
        ]
    else:
        unknown = [column for column in columns if column not in layout.identifying]
        needed = set(layout.measures.values()) or {
            name.measure for name in definitions.names if name.publication == layout.publication
        }
        absent = sorted(needed - set(cells["measure"].unique()))
    lacking = [column for column in layout.columns if column not in columns]
    instead = {new: old for old, new in recognise.near_misses(lacking, unknown).items()}
    notes = [
        Finding(
            Code.MEASURE_UNKNOWN,
            f"the column `{column}` is in no definition: it is not read, {share_text(1, len(columns), 'column')}"
            + (f"; the layout has `{instead[column]}`, which the file lacks" if column in instead else ""),
            measures=(column,),
        )
        for column in unknown
    ]
    if absent:
        listed = ", ".join(absent)
        message = f"the file lacks {len(absent)} measures that its layout knows or a rate needs: {listed}"
        notes.append(Finding(Code.MEASURES_ABSENT, message, measures=tuple(absent)))
    return notes
