"""List the definitions and show what one of them says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit.definitions.fields import near_miss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.definitions import Definitions, Layout, Rate, Source, Standard


@dataclass(frozen=True, slots=True)
class Entry:
    """One definition in a list."""

    kind: str
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a definition says; `near` words the nearest ids if there is none of that name."""

    text: str
    near: str | None = None


def kinds() -> tuple[str, ...]:
    """Return the kinds of definition that are listed."""
    return ("layouts", "rates", "standards", "concepts", "measures")


def entries(definitions: Definitions) -> Iterator[Entry]:
    """List every definition with its kind, id and title."""
    for layout in definitions.layouts.values():
        yield Entry("layouts", layout.id, layout.title)
    for rate in definitions.rates.values():
        yield Entry("rates", rate.id, rate.title)
    for standard in definitions.standards.values():
        yield Entry("standards", standard.id, standard.title)
    for concept in definitions.concepts.values():
        yield Entry("concepts", concept.id, concept.title)
    titles = {name.measure: name.concept for name in definitions.names}
    for publication, measures in definitions.measures.items():
        for measure, statistic in measures.items():
            plain = measure.rpartition(" ")[2]
            known = titles.get(plain)
            title = definitions.measure_titles.get(plain, f"{statistic} {plain}")
            yield Entry("measures", plain, f"{title}, of {publication}" + (f": {known}" if known else ""))


def show(name: str, definitions: Definitions) -> Description:
    """Show the definitions of this id, of whatever kind: what they say, their file, and their source."""
    blocks = []
    if name in definitions.layouts:
        blocks.append(_layout(definitions.layouts[name]))
    if name in definitions.rates:
        blocks.append(_rate(definitions.rates[name], definitions))
    if name in definitions.standards:
        blocks.append(_standard(definitions.standards[name]))
    if name in definitions.concepts:
        blocks.append(f"concept {name}\n  {definitions.concepts[name].title}\n{_names(name, definitions)}")
    blocks += [
        f"measure {entry.id}\n  {entry.title}"
        for entry in entries(definitions)
        if entry.kind == "measures" and entry.id == name
    ]
    if blocks:
        return Description("\n\n".join(blocks))
    hint = near_miss(name, {entry.id for entry in entries(definitions)})
    nearest = hint.removeprefix("did you mean ").rstrip("?") if hint else "one of those in `definitions list`"
    return Description("", nearest)


def _rate(rate: Rate, definitions: Definitions) -> str:
    formulas = [formula for formula in (rate.numerator, rate.denominator) if formula is not None]
    concepts = [*([rate.printed] if rate.printed else []), *(name for formula in formulas for name in formula.names)]
    told = f"{rate.numerator} / ({rate.denominator})" if formulas else "its counts are not published"
    lines = [
        f"rate {rate.id}",
        f"  {rate.title}: {told}",
        f"  of whom: {rate.of_whom}",
        *(_names(concept, definitions) for concept in concepts),
        f"  file: {rate.file}",
        _source(rate.source),
    ]
    return "\n".join(lines)


def _names(concept: str, definitions: Definitions) -> str:
    return "\n".join(
        f"  {concept}: {name.statistic} {name.measure} of {name.publication}"
        + (f", row {name.breakdown}" if name.breakdown else "")
        for name in definitions.names
        if name.concept == concept
    )


def _standard(standard: Standard) -> str:
    until = f" to {standard.in_force_to}" if standard.in_force_to else ""
    return (
        f"standard {standard.id}\n  {standard.title}: {standard.rate or standard.count} {standard.level}\n"
        f"  in force from {standard.in_force_from}{until}\n  {standard.note}\n"
        f"  file: {standard.file}\n{_source(standard.source)}"
    )


def _layout(layout: Layout) -> str:
    until = f" to {layout.last_period}" if layout.last_period else " on"
    columns = [f"  {column}: {role}" for role, column in layout.keys.items()]
    columns += [f"  {column}: breakdown" for column in layout.breakdown]
    columns += [f"  {column}: {statistic} {measure}" for column, (statistic, measure) in layout.columns.items()]
    columns += [f"  {called}: measure {measure}" for called, measure in layout.measures.items()]
    columns += [f"  {measure}: rounded as `{regime}`" for measure, regime in layout.regimes.items()]
    levels = "\n".join(f"  {name}: {level.level}, rounded as `{level.regime}`" for name, level in layout.levels.items())
    return (
        f"layout {layout.id}\n  {layout.title}, {layout.first_period}{until}\n"
        + "\n".join(columns)
        + f"\n{levels}\n{_source(layout.source)}"
    )


def _source(source: Source) -> str:
    reviewed = f" (reviewed {source.reviewed.isoformat()})" if source.reviewed else ""
    return f"  source: {source.title}{reviewed}\n  {source.url}"


def layouts_markdown(definitions: Definitions) -> str:
    """Write the layouts covered as a Markdown table: publication, periods, layout, source."""
    rows = ["| publication | layout | periods | source |", "|---|---|---|---|"]
    layouts = list(definitions.layouts.values())
    for place, layout in enumerate(layouts):
        # an era of a single period interrupts the one before it and does not end it
        later = (
            other.first_period
            for other in layouts[place + 1 :]
            if (other.publication, other.form) == (layout.publication, layout.form) and other.last_period is None
        )
        follows = next(later, None)
        until = layout.last_period or (f"before {follows}" if follows else "on")
        periods = f"{layout.first_period} {until}" if until != layout.first_period else until
        rows.append(f"| {layout.title} | `{layout.id}` | {periods} | [{layout.source.title}]({layout.source.url}) |")
    facts = definitions.facts
    periods = f"{min(fact.period for fact in facts.rows)} to {max(fact.period for fact in facts.rows)}"
    rows.append(f"| {facts.title} | `{facts.publication}` | {periods} | cited row by row in `{facts.file}` |")
    return "\n".join(rows)
