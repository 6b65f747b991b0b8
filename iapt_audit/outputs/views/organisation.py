"""One screen on one organisation: its rates as bounds, their standing, their course, and where its peers lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from iapt_audit.model.columns import Standing
from iapt_audit.model.periods import in_order, is_year
from iapt_audit.model.text import plain, printable
from iapt_audit.outputs.documents.json_text import ATTRIBUTION
from iapt_audit.outputs.queries import sorted_headline
from iapt_audit.outputs.summary import summary
from iapt_audit.outputs.wording import STANDINGS, rate_text, short_text
from iapt_audit.selection.findings import by_weight

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import RenderableType

    from iapt_audit.definitions import Definitions
    from iapt_audit.results import AuditResult

_MOST_PERIODS = 24
_NO_JUDGEMENT = (
    "Beyond rounding is not a test of chance, and a difference is not a judgement of a service: who is referred, "
    "deprivation, small numbers, a new system, a merger or a late file all move these figures."
)


def organisation_screen(whole: AuditResult, own: AuditResult) -> Group:
    """
    Lay out what the files say of one organisation.

    Args:
        whole: The audit of everything, for the peers.
        own: The same audit narrowed to the organisation.
    """
    order = list(own.definitions.rates)
    rows = sorted(
        sorted_headline(own).iter_rows(named=True), key=lambda row: (row["period"], order.index(row["measure"]))
    )
    periods = sorted({row["period"] for row in rows}, key=in_order)
    opening = ": ".join(part for part in (_name(own), ", ".join(_spans(periods))) if part)
    parts: list[RenderableType] = [Text(printable(opening)), Text()]
    if rows:
        latest = max(rows, key=lambda row: in_order(row["period"]))
        now = [row for row in rows if (row["period"], row["file"]) == (latest["period"], latest["file"])]
        parts += [_latest(now, whole), Text(), *_course(rows, own.definitions)]
    else:
        parts += [Text("The files have no headline rate for this organisation."), Text()]
    rates = summary(own)["rates"]
    parts.append(
        Text(
            f"{rates['consistent']:,} printed rates follow from their counts, {rates['contradicted']:,} are "
            f"contradicted, {rates['not_checkable']:,} cannot be checked."
        )
    )
    errors = [finding for finding in own.findings if finding.severity == "error" and finding.org_code]
    for finding in by_weight(errors, own.definitions):
        waived = f" (waived: {finding.waived})" if finding.waived else ""
        parts.append(Text(printable(f"  {finding.id}  {finding.period}: {finding.message}{waived}")))
    return Group(*parts, Text(_NO_JUDGEMENT), Text(), Text(ATTRIBUTION, style="dim"))


def _name(own: AuditResult) -> str:
    """Return the organisation's name, code and level, as in the latest file."""
    row = own.cells.select("org_name", "org_code", "level").row(-1, named=True)
    code, name = row["org_code"], row["org_name"]
    return f"{name} ({code}), {row['level']}" if name != code else f"{name}, {row['level']}"


def _latest(rows: list[dict[str, Any]], whole: AuditResult) -> Table:
    table = Table(title=f"Its rates in {rows[0]['period']}", box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for column in ("rate", "printed", "from the counts", "standard", "standing", "referrals"):
        table.add_column(column, no_wrap=column != "rate")
    table.add_column("peers lower / higher beyond rounding / cannot be determined")
    for row in rows:
        definitions = whole.definitions
        standard = _standard(row, definitions)
        standing = row["standing"]
        table.add_row(
            definitions.rates[row["measure"]].title,
            row["printed"] or "-",
            rate_text(row, _standard(row, definitions)),
            f"{plain(standard)}%" if standard is not None else "none",
            STANDINGS[Standing(standing)] if standing else "-",
            short_text(row["short_low"], row["short_high"]) if standing else "-",
            _peers(row, whole),
        )
    return table


def _standard(row: dict[str, Any], definitions: Definitions) -> Decimal | None:
    return definitions.standards[row["standard"]].percentage if row["standard"] else None


def _peers(row: dict[str, Any], whole: AuditResult) -> str:
    """Count the organisations of the same file and level whose rate is surely lower, surely higher, or neither."""
    others = whole.headline.filter(
        (pl.col("file") == row["file"])
        & (pl.col("level") == row["level"])
        & (pl.col("measure") == row["measure"])
        & (pl.col("org_code").cast(pl.String) != row["org_code"])
    )
    lower = others.filter(pl.col("high") < row["low"]).height
    higher = others.filter(pl.col("low") > row["high"]).height
    return f"{lower} / {higher} / {others.height - lower - higher}"


def _course(rows: list[dict[str, Any]], definitions: Definitions) -> list[RenderableType]:
    """Print each rate from period to period, years and months apart, and what surely changed."""
    parts: list[RenderableType] = []
    for years in (True, False):
        kind = [row for row in rows if is_year(row["period"]) is years]
        periods = sorted({row["period"] for row in kind})[-_MOST_PERIODS:]
        if len(periods) < len(("first", "last")):
            continue
        measures = [rate for rate in definitions.rates if any(row["measure"] == rate for row in kind)]
        noun = "year" if years else "month"
        all_periods = len({row["period"] for row in kind})
        cut = f" (the latest {len(periods)} of {all_periods})" if all_periods > len(periods) else ""
        table = Table(
            title=f"From {noun} to {noun}{cut}",
            box=box.SIMPLE_HEAD,
            title_justify="left",
            pad_edge=False,
        )
        table.add_column("period", no_wrap=True)
        for measure in measures:
            table.add_column(definitions.rates[measure].title)
        at = {(row["period"], row["measure"]): row for row in kind}
        for period in periods:
            table.add_row(period, *(_cell(at.get((period, measure)), definitions) for measure in measures))
        table.add_row(
            "first to last", *(_change([at.get((period, measure)) for period in periods]) for measure in measures)
        )
        parts += [table, Text()]
    return parts


def _cell(row: dict[str, Any] | None, definitions: Definitions) -> str:
    return rate_text(row, _standard(row, definitions)) if row else "-"


def _change(rows: list[dict[str, Any] | None]) -> str:
    """Return whether the last rate is above or below the first, over all counts that the figures allow."""
    known = [row for row in rows if row]
    if len(known) < len(("first", "last")):
        return "-"
    first, last = known[0], known[-1]
    if last["low"] > first["high"]:
        return "up beyond rounding"
    if last["high"] < first["low"]:
        return "down beyond rounding"
    return "cannot be determined"


def _spans(periods: list[str]) -> list[str]:
    told = []
    for years in (True, False):
        kind = [period for period in periods if is_year(period) is years]
        if kind:
            noun = "year" if years else "month"
            told.append(f"{len(kind)} {noun}{'s' if len(kind) > 1 else ''} from {kind[0]} to {kind[-1]}")
    return told
