"""Tell two versions compared as a short table, as Markdown and as CSV, and write them to a folder."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import polars as pl
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from iapt_audit.errors.base import OutputError
from iapt_audit.model.columns import Level, Standing
from iapt_audit.model.text import printable, range_text, told_apart
from iapt_audit.outputs.documents.json_text import ATTRIBUTION, to_json
from iapt_audit.outputs.documents.versions import by_measure, counted, placed, versions_document
from iapt_audit.outputs.views.markup import markdown_table, safe
from iapt_audit.outputs.wording import STANDINGS
from iapt_audit.versions.line_up import Change

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from pathlib import Path

    from rich.console import RenderableType

    from iapt_audit.results import Compared

    #: Title, heads, rows, and what is said below.
    Sheet = tuple[str, list[str], list[list[str]], list[str]]

#: What the changes are called.
CHANGES = {
    Change.FIGURE: "another figure",
    Change.TEXT: "another text",
    Change.BECAME_SUPPRESSED: "became suppressed",
    Change.NO_LONGER_SUPPRESSED: "no longer suppressed",
    Change.STATUS: "another status",
    Change.GONE: "gone",
    Change.ADDED: "added",
}
_COLUMNS = (
    "publication", "old_period", "new_period", "level", "org_code", "org_name", "breakdown", "measure", "statistic",
    "change", "old_status", "new_status", "old", "new", "hidden", "old_row", "new_row",
)  # fmt: skip
_MOST_MEASURES = 20
_MOST_RATES = 15
_MOST_LISTED = 10
_HIDDEN = (
    "Where either version suppresses a cell no figure is shown, nor an earlier figure that is linked to one: "
    "only that it changed."
)
_NO_RANKING = (
    "England first, then by the size of the change, up or down: a change in a published figure is not a judgement of a "
    "service."
)


def versions_csv(compared: Compared) -> str:
    """Write every changed cell as CSV; text that a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in placed(compared.changes, compared):
        writer.writerow([safe(row[name]) for name in _COLUMNS])
    return out.getvalue()


def versions_table(compared: Compared) -> Group:
    """Lay out what changed: the counts by measure, and the headline before and after."""
    parts: list[RenderableType] = [*(Text(line) for line in _opening(compared)), Text()]
    for title, heads, rows, remark in _sheets(compared):
        table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
        for number, head in enumerate(heads):
            table.add_column(head, justify="left" if number == 0 else "right", overflow="fold")
        for row in rows:
            table.add_row(*(printable(cell) for cell in row))
        parts += [table, *(Text(line) for line in remark), Text()]
    listed = _listed(compared)
    parts += [*(Text(printable(line)) for line in listed), *([Text()] if listed else [])]
    return Group(*parts, Text(ATTRIBUTION, style="dim"))


def versions_markdown(compared: Compared) -> str:
    """Write the same as Markdown."""
    blocks = ["  \n".join(_opening(compared))]
    for title, heads, rows, remark in _sheets(compared):
        blocks += [title, markdown_table(heads, rows), *remark]
    blocks += [f"- {printable(line)}" for line in _listed(compared)]
    return "\n\n".join([*blocks, ATTRIBUTION]) + "\n"


def write_versions(compared: Compared, folder: Path) -> None:
    """
    Write `diff.json`, and as parquet and CSV the changes, and as parquet the headline.

    Raises:
        OutputError: If the folder cannot be written to.
    """
    pairs = pl.DataFrame(
        [(pair.publication, pair.old_period, pair.new_period) for pair in compared.pairs],
        schema=dict.fromkeys(("publication", "old_period", "new_period"), pl.String),
        orient="row",
    ).with_row_index("pair")
    numbered = pairs.with_columns(pl.col("pair").cast(pl.UInt16))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "diff.json").write_text(to_json(versions_document(compared)), encoding="utf-8", newline="\n")
        (folder / "changes.csv").write_text(versions_csv(compared), encoding="utf-8", newline="\n")
        for name, frame in (("changes", compared.changes), ("headline_changes", compared.headline)):
            numbered.join(frame, on="pair", how="right", maintain_order="right").drop("pair").write_parquet(
                folder / f"{name}.parquet"
            )
    except OSError as error:
        raise OutputError.from_os(folder, error) from None


def _opening(compared: Compared) -> list[str]:
    """Say in sentences what was compared and how much of it changed."""
    lines = []
    both = dict(compared.lined.both.group_by("pair").len().iter_rows())
    for number, pair in enumerate(compared.pairs):
        changes = compared.changes.filter(pl.col("pair") == number)
        lone = changes["change"].is_in([Change.GONE, Change.ADDED]).sum()
        told = f"{both.get(number, 0):,} cells are in both, {len(changes) - lone:,} of them changed"
        told += f"; {lone:,} are in one only" if lone else ""
        periods = pair.new_period
        if not pair.reissue:
            periods = f"{pair.new_period} beside {pair.old_period}, another period, not a re-issue"
        lines.append(f"{pair.publication}, {periods}: {told}.")
    for side, parts in zip(("older", "newer"), compared.unpaired, strict=True):
        lines += [f"Only the {side} version holds {part.publication}, {part.period}." for part in parts]
    if not compared.pairs:
        lines.append("The two versions share no period of the same publication.")
    elif not compared.different:
        lines.append("Nothing differs.")
    twice = compared.lined.twice["cells"].sum()
    if twice:
        lines.append(f"{twice:,} cells are not compared: their key appears twice in a version.")
    if compared.changes["hidden"].drop_nulls().len():
        lines.append(_HIDDEN)
    return lines


def _sheets(compared: Compared) -> list[Sheet]:
    return [*_measures_sheet(compared), *_headline_sheet(compared)]


def _measures_sheet(compared: Compared) -> list[Sheet]:
    totals = counted(compared)
    kinds = [each for each in Change if totals[each]]
    if not kinds:
        return []
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for row in by_measure(compared):
        at = sums.setdefault((row["measure"], row["statistic"] or "unknown"), dict.fromkeys(kinds, 0))
        for each in kinds:
            at[each] += row[each]
    ordered = sorted(sums.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    titles = compared.definitions.measure_titles
    rows = [
        [f"{_named(measure, titles)} ({statistic})", *(f"{counts[each]:,}" for each in kinds)]
        for (measure, statistic), counts in ordered[:_MOST_MEASURES]
    ]
    more = len(ordered) - len(rows)
    if more:
        rest = [sum(counts[each] for _, counts in ordered[_MOST_MEASURES:]) for each in kinds]
        rows.append([f"{more:,} more measures", *(f"{count:,}" for count in rest)])
    rows.append(["all", *(f"{totals[each]:,}" for each in kinds)])
    return [("Changed cells by measure", ["measure", *(CHANGES[each] for each in kinds)], rows, [])]


def _named(measure: str, titles: Mapping[str, str]) -> str:
    title = titles.get(measure, measure)
    return measure if title == measure else f"{measure} {title}"


def _headline_sheet(compared: Compared) -> list[Sheet]:
    # what only one side holds is named below; there is no before and after of it
    key = ["pair", "level", "org_code"]
    alone = compared.lined.organisations.select(key).with_columns(pl.col("org_code").cast(pl.String))
    found = compared.headline.join(alone, on=key, how="anti", maintain_order="left")
    if found.is_empty():
        return []
    england = int((found["level"] == Level.ENGLAND).sum())
    shown = found.head(england + _MOST_RATES)
    rows = [_headline_row(row, compared) for row in placed(shown, compared)]
    more = len(found) - len(shown)
    remark = [f"and {more:,} more: --format json or --out DIR gives all."] if more else []
    heads = ["organisation", "rate", "before", "after", "points", "against the standard"]
    return [("The headline before and after", heads, rows, [*remark, _NO_RANKING])]


def _headline_row(row: dict[str, Any], compared: Compared) -> list[str]:
    definitions = compared.definitions
    standard = definitions.standards[row["standard"]].percentage if row["standard"] else None
    before, after, points = _sides(row, standard)
    standings = [
        STANDINGS[Standing(row[f"{side}_standing"])] for side in ("old", "new") if row[f"{side}_standing"] is not None
    ]
    name = row["org_code"] if row["org_name"] in {None, row["org_code"]} else f"{row['org_name']} ({row['org_code']})"
    periods = " to ".join(dict.fromkeys((row["old_period"], row["new_period"])))
    return [
        f"{name}, {periods}",
        definitions.rates[row["measure"]].title,
        *(each if row["told"] or each != "-" else "withheld" for each in (before, after)),
        points,
        " → ".join(dict.fromkeys(standings)) or "-",
    ]


def _sides(row: dict[str, Any], standard: Decimal | None) -> tuple[str, str, str]:
    """Write both sides of a rate and the points between them, so that they agree as written."""
    old, new = ((row[f"{side}_low"], row[f"{side}_high"]) for side in ("old", "new"))
    limits = [] if standard is None else [standard]
    if None in {*old, *new}:
        texts = ["-" if None in each else range_text(*each, limits) for each in (old, new)]
        return _side(row, "old", texts[0]), _side(row, "new", texts[1]), "-"
    apart = told_apart(new, old, limits)
    return _side(row, "old", apart.other), _side(row, "new", apart.one), apart.points


def _side(row: dict[str, Any], side: str, rate: str) -> str:
    if rate == "-":
        return rate
    printed = row[f"{side}_printed"] or "-"
    contradicted = " contradicted" if row[f"{side}_contradicted"] else ""
    return f"{printed}{contradicted} ({rate}%)"


def _listed(compared: Compared) -> list[str]:
    """Name what only one side holds, and what is called otherwise."""
    lined = compared.lined
    lines = []
    for change, word in ((Change.GONE, "older"), (Change.ADDED, "newer")):
        organisations = lined.organisations.filter(pl.col("change") == change.value)
        measures = lined.measures.filter(pl.col("change") == change.value)
        lines += _some(
            f"Organisations only in the {word} version",
            [
                f"{row['org_name'] or ''} ({row['org_code']}, {row['level']})"
                for row in organisations.iter_rows(named=True)
            ],
        )
        lines += _some(
            f"Measures only in the {word} version",
            [f"{row['measure']} ({row['statistic'] or 'unknown'})" for row in measures.iter_rows(named=True)],
        )
    lines += _some(
        "Codes with another name",
        [
            f"{row['org_code']}: `{row['old_name']}` is now `{row['new_name']}`"
            for row in lined.names.iter_rows(named=True)
        ],
    )
    return lines


def _some(title: str, what: list[str]) -> list[str]:
    if not what:
        return []
    more = f"; and {len(what) - _MOST_LISTED:,} more" if len(what) > _MOST_LISTED else ""
    return [f"{title} ({len(what):,}): {'; '.join(what[:_MOST_LISTED])}{more}"]
