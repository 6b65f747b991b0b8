"""Tell how many suppressed counts are exposed, as a short table, as Markdown and as CSV."""

from __future__ import annotations

import csv
import io
from itertools import groupby
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from iapt_audit.disclosure.exposure import EXPOSED_COUNTS, EXPOSED_KEY, EXPOSED_MEANS, FEWEST_BEHIND
from iapt_audit.extras import how_to_install, is_installed
from iapt_audit.model.text import printable
from iapt_audit.outputs.documents.exposure import added
from iapt_audit.outputs.documents.json_text import ATTRIBUTION
from iapt_audit.outputs.views.markup import markdown_table, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.console import RenderableType

    from iapt_audit.disclosure.exposure import ExposedRow
    from iapt_audit.results import Exposure

    #: Title, heads, rows.
    Sheet = tuple[str, list[str], list[list[str]]]

_MOST_MEASURES = 20
_HEADS = ("suppressed", "in a rule", "withheld", "narrowed", "of them pinned", "undecided")
_MEANS = {
    "narrowing": "by narrowing alone",
    "supposing": "by supposing values",
    "solving": "by deciding them one by one",
}
_WORDS = (
    "Narrowed: the printed figures leave a suppressed count fewer values than its own bounds. Pinned: they leave one. "
    "In a rule: some rule could narrow it. Undecided: more may be narrowed or pinned than was found; "
    "--thorough goes on."
)
_GATE = (
    f"A number is shown where at least {FEWEST_BEHIND} other counts could be the ones it is about; measures with few "
    "suppressed counts are shown together, month by month or year by year. Where that is not enough, the counts are "
    "under `withheld` and in no other number. Which counts they are is never shown."
)


def exposed_csv(found: Exposure) -> str:
    """Write every row as CSV; an empty measure stands for several, an empty period for all."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = (*EXPOSED_KEY, *EXPOSED_COUNTS, *EXPOSED_MEANS)
    writer.writerow(columns)
    for row in found.rows:
        writer.writerow([safe(row[name]) for name in columns])
    return out.getvalue()


def exposed_table(found: Exposure) -> Group:
    """Lay out the numbers: by level, then by measure."""
    parts: list[RenderableType] = [*(Text(line) for line in _opening(found)), Text()]
    for title, heads, rows in _sheets(found):
        table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
        for number, head in enumerate(heads):
            table.add_column(head, justify="left" if number == 0 else "right", overflow="fold")
        for row in rows:
            table.add_row(*(printable(cell) for cell in row))
        parts += [table, Text()]
    closing = [Text(line) for line in _closing(found)]
    return Group(*parts, *closing, Text(), Text(ATTRIBUTION, style="dim"))


def exposed_markdown(found: Exposure) -> str:
    """Write the same as Markdown."""
    blocks = ["  \n".join(_opening(found))]
    for title, heads, rows in _sheets(found):
        blocks += [title, markdown_table(heads, rows)]
    return "\n\n".join([*blocks, *_closing(found), ATTRIBUTION]) + "\n"


def _opening(found: Exposure) -> list[str]:
    """Say in sentences how much is exposed."""
    total = added(found.rows)
    if not total["suppressed"]:
        return ["No count is suppressed."]
    lines = [f"{total['suppressed']:,} counts are suppressed, {total['in_rule']:,} of them in a rule."]
    if total["untold"]:
        lines.append(f"{_some(total['untold'])} withheld: too few similar counts, or too many of them are narrowed.")
    if total["untold"] < total["in_rule"]:
        rest = "the others" if total["untold"] else "them"
        lines.append(
            f"The printed figures narrow {total['narrowed']:,} of {rest}, and pin {total['pinned']:,} of these."
        )
    for name in ("narrowed", "pinned"):
        by = {means: total[f"{name}_by_{means}"] for means in _MEANS}
        listed = "; ".join(f"{count:,} {_MEANS[means]}" for means, count in by.items() if count)
        if listed:
            lines.append(f"{name.capitalize()}: {listed}.")
    if total["undecided"]:
        lines.append(f"{_some(total['undecided'])} not settled, so these numbers are the least there can be.")
        if not is_installed("solver"):
            lines.append(f"The extra `solver` would settle more of them ({how_to_install('solver')}).")
    return lines


def _some(number: int) -> str:
    return f"{number:,} count{'s are' if number != 1 else ' is'}"


def _closing(found: Exposure) -> list[str]:
    return [_WORDS, _GATE] if added(found.rows)["suppressed"] else []


def _sheets(found: Exposure) -> list[Sheet]:
    rows = found.rows
    if not rows:
        return []
    levels = [[name, *_numbers(of_level)] for name, of_level in _grouped(rows, _level)]
    sheets: list[Sheet] = [("Suppressed counts by level", ["level", *_HEADS], levels)]
    if any(row["period"] for row in rows):
        periods = [[name, *_numbers(of_period)] for name, of_period in _grouped(rows, _period)]
        sheets.append(("By period", ["period", *_HEADS], periods))
    titles = found.definitions.measure_titles

    def measure(row: ExposedRow) -> str:
        name = row["measure"]
        if name is None:
            return f"several small ones, {_level(row)}"
        title = titles.get(str(name), str(name))
        return f"{name if title == name else f'{name} {title}'}, {_level(row)}"

    of_measures = sorted(
        _grouped(rows, measure),
        key=lambda each: (-(added(each[1])["narrowed"] or 0), -(added(each[1])["in_rule"] or 0)),
    )
    shown = [[name, *_numbers(of_measure)] for name, of_measure in of_measures[:_MOST_MEASURES]]
    rest = [row for _, of_measure in of_measures[_MOST_MEASURES:] for row in of_measure]
    if rest:
        shown.append([f"{len(of_measures) - len(shown):,} more", *_numbers(rest)])
    sheets.append(("By measure, the most narrowed first", ["measure", *_HEADS], [*shown, ["all", *_numbers(rows)]]))
    return sheets


def _grouped(rows: Iterable[ExposedRow], name: Callable[[ExposedRow], str]) -> list[tuple[str, list[ExposedRow]]]:
    return [(text, list(same)) for text, same in groupby(sorted(rows, key=name), key=name)]


def _level(row: ExposedRow) -> str:
    return f"{row['publication']}, {row['level']}"


def _period(row: ExposedRow) -> str:
    return str(row["period"])


def _numbers(rows: Sequence[ExposedRow]) -> list[str]:
    total = added(rows)
    return [f"{total[name]:,}" for name in EXPOSED_COUNTS]
