"""Know the order: read, ingest, constrain, solve, judge, hold to the standards, and the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from iapt_audit import disclosure, read
from iapt_audit.constraints.context import Context
from iapt_audit.disclosure.gate import Private
from iapt_audit.ingest.facts import facts_cells
from iapt_audit.ingest.ingest import ingest
from iapt_audit.judging import ranges
from iapt_audit.judging.causes import places_of
from iapt_audit.judging.coverage import cover
from iapt_audit.judging.defects import defects
from iapt_audit.judging.explain import Explanation, RateQuery, explain, rates_called
from iapt_audit.judging.exposure import counted, find_exposed
from iapt_audit.judging.gaps import gaps
from iapt_audit.judging.levels import judge_levels
from iapt_audit.judging.near_misses import near_misses
from iapt_audit.judging.power import power
from iapt_audit.judging.rates import JudgedRates, groups_of_rates, judge_rates, ties
from iapt_audit.judging.revisions import revisions
from iapt_audit.judging.series import follow
from iapt_audit.judging.slipped import hold_back_slipped
from iapt_audit.judging.standings import judge_standings
from iapt_audit.judging.systems import judge_systems
from iapt_audit.judging.units import read_units
from iapt_audit.model.columns import CELLS
from iapt_audit.model.findings import Code, Finding, with_ids
from iapt_audit.model.inputs import Input, Part
from iapt_audit.model.tables import Tables
from iapt_audit.results import AuditResult, Compared, Exposure
from iapt_audit.solver.excluded_values import ORDINARY, THOROUGH
from iapt_audit.versions.headline import headline_changes
from iapt_audit.versions.line_up import differing, line_up, pair_periods

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from iapt_audit.definitions import Definitions
    from iapt_audit.read import Source

#: What says that not all of a file was read.
_NOT_ALL_READ = {Code.LEVEL_UNKNOWN, Code.MEASURE_UNKNOWN, Code.KEY_EMPTY}

#: Called with the file at hand, how many are done, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Counting:
    """How to count: each period apart, where it may be; and until all is decided, however long it takes."""

    by_period: bool = False
    thorough: bool = False


def expose(
    paths: Sequence[Source],
    definitions: Definitions,
    *,
    period: str | None = None,
    how: Counting | None = None,
    progress: Progress | None = None,
) -> Exposure:
    """
    Count the suppressed counts that the printed figures narrow or pin down.

    Args:
        paths: Files, folders and zips, or tables that a program holds.
        definitions: What the files look like and what must hold.
        period: The period of files that do not say it themselves.
        how: How the counts are put together, and how long is searched.
        progress: Told of each file.
    """
    how = how or Counting()
    context, _ = _files(paths, definitions, period, progress)
    found = find_exposed(context, THOROUGH if how.thorough else ORDINARY, progress)
    rows = disclosure.publish_exposed(counted(found, context.parts), by_period=how.by_period)
    return Exposure(definitions, context.inputs, rows)


def compare(
    old: Path, new: Path, definitions: Definitions, *, period: str | None = None, progress: Progress | None = None
) -> Compared:
    """
    Compare two versions of the same files, cell by cell.

    Args:
        old: A file, folder or zip of the older version.
        new: The newer.
        definitions: What the files look like and what must hold.
        period: The period of files that do not say it themselves.
        progress: Told of each file.
    """
    before, after = (_files([path], definitions, period, progress)[0] for path in (old, new))
    pairs = pair_periods(before.parts, after.parts)
    # whether a figure that is held back is another than before is not told either
    lined = line_up(disclosure.publish_cells(before.cells), disclosure.publish_cells(after.cells), pairs)
    both = lined.both.select("old_cell", "new_cell").cast(pl.Int64).to_numpy()
    hidden = disclosure.unprinted(before.cells), disclosure.unprinted(after.cells)
    entangled = disclosure.entangled_together(hidden, (groups_of_rates(before), groups_of_rates(after)), both)
    headlines = []
    for context, marked, side in zip((before, after), entangled, (0, 1), strict=True):
        other = disclosure.unprinted_there(hidden, both, side)
        masked = replace(context, cells=disclosure.mask(context.cells, other))
        headlines.append(disclosure.publish_headline(judge_standings(masked, marked, masked.arrays)))
    reissues = [number for number, pair in enumerate(pairs) if pair.reissue]
    changes = disclosure.publish_changes(lined.changes, entangled[0], reissues)
    inputs = disclosure.publish_compared(
        (before.inputs, after.inputs),
        (before.parts, after.parts),
        [(pair.old_parts, pair.new_parts) for pair in pairs],
        changes,
    )
    return Compared(
        definitions=definitions,
        inputs=inputs,
        parts=(before.parts, after.parts),
        pairs=tuple(pairs),
        lined=replace(lined, changes=lined.changes.clear()),
        changes=changes,
        headline=headline_changes(
            headlines[0], headlines[1], pairs, disclosure.newly_suppressed(lined.changes, reissues)
        ),
    )


def audit(
    paths: Sequence[Source], definitions: Definitions, *, period: str | None = None, progress: Progress | None = None
) -> AuditResult:
    """
    AuditResult published files.

    Args:
        paths: Files, folders and zips, or tables that a program holds.
        definitions: What the files look like and what must hold.
        period: The period of files that do not say it themselves.
        progress: Told of each file.
    """
    return _judge(*_files(paths, definitions, period, progress))


def audit_facts(definitions: Definitions) -> AuditResult:
    """Audit the cited figures of England that ship with the package: no file is needed."""
    # cited figures are in whatever form they were cited: the loader has read each, and `defects` has nothing to say
    return _judge(_facts(definitions), [])


def explain_rate(
    ask: RateQuery, paths: Sequence[Source], definitions: Definitions, *, progress: Progress | None = None
) -> tuple[AuditResult, list[Explanation]]:
    """
    AuditResult files, or with none the cited facts, and explain the rates asked for.

    Args:
        ask: Which organisation, period and measure.
        paths: Files, folders and zips; none for the cited facts of England.
        definitions: What the files look like and what must hold.
        progress: Told of each file.
    """
    context, findings = _files(paths, definitions, ask.period, progress) if paths else (_facts(definitions), [])
    judged = judge_rates(context)
    entangled = disclosure.entangled(context.arrays.suppressed, ties(judged, context))
    audited = _told(context, findings, judged, entangled)
    explained = [
        explanation
        for rate in rates_called(ask.measure, definitions)
        for explanation in explain(ask, rate, context, entangled, audited.rates)
    ]
    return audited, explained


def _files(
    paths: Sequence[Source], definitions: Definitions, period: str | None, progress: Progress | None
) -> tuple[Context, list[Finding]]:
    inputs: list[Input] = []
    parts: list[Part] = []
    frames: list[pl.DataFrame] = []
    findings: list[Finding] = []
    groups = 0
    contents: dict[tuple[str, str | None], int] = {}
    doubts = disclosure.Doubts()
    places = read.find(paths)
    for done, place in enumerate(places):
        if progress:
            progress(place.shown, done, len(places))
        for found in ingest(place, definitions, period):
            cells, told, source = found.cells, found.findings, found.input
            number = len(inputs)
            first = contents.setdefault((found.content, source.period), number) if found.content else number
            if _NOT_ALL_READ.intersection(each.code for each in told):
                doubts.partly.add(number)
            if cells is not None and first != number:
                doubts.twice[number] = first
                message = f"`{source.name}` has the same figures as `{inputs[first].name}`: they are counted once"
                cells, told = cells.clear(), [Finding(Code.INPUT_TWICE, message)]
                source = replace(source, cells=0)
            inputs.append(source)
            if cells is None:
                continue
            part = Part(number, source.publication or "", source.period or "", repeats=first != number)
            numbered = pl.col("group") + pl.lit(groups, dtype=CELLS["group"])
            frames.append(cells.with_columns(numbered, file=pl.lit(len(parts), dtype=CELLS["file"])))
            groups += cells["group"].n_unique()
            parts.append(part)
            findings += [replace(finding, publication=part.publication, period=part.period) for finding in told]
    if progress:
        progress("judging", len(places), len(places))
    # polars would copy the chunks of all files together whenever the whole is asked for something
    cells = pl.concat(frames, rechunk=True) if frames else pl.DataFrame(schema=CELLS)
    frames.clear()
    context, slipped = hold_back_slipped(Context(cells, tuple(inputs), tuple(parts), definitions))
    # after what slipped is held back: a share over a suppressed count gives it away like a percentage
    units = read_units(context)
    # from here on nobody knows a digest that may not be told
    context = units.context.with_inputs(disclosure.publish_inputs(inputs, parts, units.context.cells, doubts))
    findings += [*slipped, *_periods_twice(context), *units.findings]
    return context, [*findings, *defects(context, units.told), *revisions(context)]


def _periods_twice(context: Context) -> list[Finding]:
    """Note the periods of which a publication has more than one input with figures, and how many cells differ."""
    named: dict[tuple[str, str], list[int]] = {}
    for number, part in enumerate(context.parts):
        if context.inputs[part.input].cells:
            named.setdefault((part.publication, part.period), []).append(number)
    found = []
    for (publication, period), parts in named.items():
        if len(parts) == 1:
            continue
        names = [context.inputs[context.parts[number].input].name for number in parts]
        differ = differing(disclosure.publish_cells(context.cells), parts)
        message = (
            f"{len(names)} inputs are of {period}: {', '.join(names)}; {differ:,} cells are not printed alike "
            f"in all that have them. All are judged, the last tells the standings"
        )
        found.append(Finding(Code.PERIOD_TWICE, message, publication=publication, period=period))
    return found


def _facts(definitions: Definitions) -> Context:
    facts = definitions.facts
    cells, parts = facts_cells(facts, 0)
    described = Input(
        path=facts.file,
        member=None,
        sha256=facts.sha256,
        publication=facts.publication,
        layout=facts.publication,
        rows=len(facts.rows),
        cells=len(cells),
    )
    return Context(cells, (described,), tuple(parts), definitions)


def _judge(context: Context, findings: Sequence[Finding]) -> AuditResult:
    judged = judge_rates(context)
    return _told(context, findings, judged, disclosure.entangled(context.arrays.suppressed, ties(judged, context)))


def _told(
    context: Context, findings: Sequence[Finding], judged: JudgedRates, entangled: NDArray[np.bool_]
) -> AuditResult:
    proven = judge_systems(context, judged.found)
    levels = judge_levels(context)
    headline = judge_standings(context, entangled, proven.together(context.arrays), proven.broken)
    rates = ranges.overridden(judged.told(context, entangled), disclosure.publish_headline(headline))
    covered = cover(context, judged.found, proven.ruled, levels.widths)
    found = [*findings, *judged.findings, *proven.findings, *levels.findings, *near_misses(context)]
    told = with_ids([*found, *covered.findings])
    tables = Tables(
        cells=context.cells,
        rates=rates,
        headline=headline,
        series=follow(context),
        gaps=gaps(context, rates),
        power=power(judged.found, judged.kinds, context),
        places=places_of(told, context.cells),
    )
    private = Private(
        tables=tables,
        # their places are a table by now
        findings=[replace(finding, at=None) for finding in told],
        tally=proven.tally,
        widths=levels.widths,
    )
    return AuditResult(context.definitions, covered.inputs, context.parts, disclosure.publish(private))
