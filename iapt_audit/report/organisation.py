"""Gather the figures of one organisation, as the pictures need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.model.columns import ENGLAND, LICENCE_LINE, SCALE, Level, Standing
from iapt_audit.model.periods import in_order, is_year, stretch
from iapt_audit.model.text import printable
from iapt_audit.outputs.wording import STANDINGS, rate_text, short_text
from iapt_audit.report.charts import NO_STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from iapt_audit.definitions import Definitions, Rate, Standard
    from iapt_audit.results import AuditResult

#: What the levels are called where organisations are counted, those that see people first.
LEVELS = {
    Level.PROVIDER: "providers",
    Level.SUB_ICB: "sub-ICBs",
    Level.CCG: "CCGs",
    Level.ICB: "ICBs",
    Level.STP: "STPs",
    Level.REGION: "regions",
    Level.PAIR: "pairs of commissioner and provider",
}
#: What one is called that is of a level.
LEVEL_OF_ONE = {level: name.removesuffix("s") for level, name in LEVELS.items()} | {
    Level.PAIR: "pair of commissioner and provider"
}
#: Whether periods are years, and what one of them is called.
KINDS = ((True, "year"), (False, "month"))
_FRAMES = ("headline", "series", "gaps", "waits")


@dataclass(frozen=True, slots=True)
class OrganisationFigures:
    """The published figures of one organisation of one level (`Audit.headline`, `series`, `gaps`, `waits`)."""

    name: str
    code: str
    level: Level
    definitions: Definitions
    headline: pl.DataFrame
    series: pl.DataFrame
    gaps: pl.DataFrame
    waits: pl.DataFrame

    def rows(self, rate: str) -> list[dict[str, Any]]:
        """Return the headline rows of a rate in time, of each period the last that was read."""
        found = self.headline.filter(pl.col("measure") == rate)
        return sorted(_last(found).iter_rows(named=True), key=lambda row: in_order(row["period"]))


def subjects(audit: AuditResult, levels: Iterable[Level]) -> list[OrganisationFigures]:
    """Return every organisation of some levels that has a headline rate, by level and code."""
    wanted = [level.value for level in levels]
    waits = audit.waits
    parts: dict[tuple[str, str], dict[str, pl.DataFrame]] = {}
    frames = {"headline": audit.headline, "series": audit.series, "gaps": audit.gaps, "waits": waits}
    for name, frame in frames.items():
        kept = frame.filter(pl.col("level").is_in(wanted)).with_columns(pl.col("org_code").cast(pl.String))
        for (level, code), own in kept.partition_by("level", "org_code", as_dict=True).items():
            parts.setdefault((str(level), str(code)), {})[name] = own
    empty = {name: frame.clear().with_columns(pl.col("org_code").cast(pl.String)) for name, frame in frames.items()}
    found = []
    for (level, code), given in parts.items():
        if "headline" not in given:
            continue
        filled = {**empty, **given}
        latest = filled["headline"].sort("period", "file").tail(1)["org_name"].cast(pl.String).item()
        found.append(
            OrganisationFigures(
                name=printable(latest or code),
                code=printable(code),
                level=Level(level),
                definitions=audit.definitions,
                **{each: filled[each] for each in _FRAMES},
            )
        )
    order = [level.value for level in Level]
    return sorted(found, key=lambda each: (order.index(each.level), each.code))


def england(audit: AuditResult) -> OrganisationFigures | None:
    """Give England, if the files hold a headline rate of it."""
    found = subjects(audit, [Level.ENGLAND])
    return found[0] if found else None


def called(subject: OrganisationFigures) -> str:
    """Return the name with the code behind it, where they differ."""
    return subject.name if subject.code in {subject.name, ENGLAND} else f"{subject.name} ({subject.code})"


def _last(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort("file").unique(["period", "measure"], keep="last", maintain_order=True)


def of_kind(rows: list[dict[str, Any]], *, years: bool) -> list[dict[str, Any]]:
    """Keep the years, or the months."""
    return [row for row in rows if is_year(row["period"]) is years]


def by_kind(rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Return the years and the months apart, as far as there are any, each with what one of them is called."""
    for years, noun in KINDS:
        kind = of_kind(rows, years=years)
        if kind:
            yield noun, kind


def source_line(publications: Iterable[str], definitions: Definitions) -> str:
    """Say which publications figures are from, and the line that their licence asks for."""
    titles = {layout.publication: layout.title for layout in definitions.layouts.values()}
    titles[definitions.facts.publication] = "totals of England, each cited in checks/facts"
    told = sorted({titles.get(each, each) for each in publications})
    return f"Source: NHS England ({'; '.join(told)}), recomputed by iapt-audit. {LICENCE_LINE}"


def percent(units: int | None) -> float | None:
    """
    Turn ten-thousandths of a per cent into a per cent, to draw.

    >>> percent(504832), percent(None)
    (50.4832, None)
    """
    return None if units is None else units / SCALE


def middle_of(low: int, high: int) -> int:
    """
    Return where a mark is put between two bounds: at the rate itself where they are those of an exact one.

    >>> middle_of(504832, 504833), middle_of(490000, 500000)
    (504832, 495000)
    """
    return low if high - low <= 1 else (low + high) // 2


def limit_of(row: dict[str, Any], definitions: Definitions) -> Decimal | None:
    """Return the percentage that a row is held to."""
    return definitions.standards[row["standard"]].percentage if row["standard"] else None


def drawn_rate(row: dict[str, Any], definitions: Definitions) -> dict[str, Any]:
    """Return what a picture draws and tells of a row of the headline."""
    exact = row["exact_numerator"] is not None
    printed = row["printed"] or "-"
    return {
        "period": row["period"],
        "low": percent(row["low"]),
        "high": percent(row["high"]),
        "middle": percent(middle_of(row["low"], row["high"])),
        "standing": STANDINGS[Standing(row["standing"])] if row["standing"] else NO_STANDARD,
        "printed": f"{printed} (contradicted)" if row["contradicted"] else printed,
        "counts": f"{row['exact_numerator']:,} / {row['exact_denominator']:,}" if exact else "not exact",
        "rate": rate_text(row, limit_of(row, definitions)),
        "short": short_text(row["short_low"], row["short_high"]) if row["standing"] else "-",
    }


def course_of(rows: list[dict[str, Any]], definitions: Definitions) -> pl.DataFrame:
    """Return what is drawn of rows in time; a period between them that is not in the files is a row of holes."""
    drawn = {row["period"]: drawn_rate(row, definitions) for row in rows}
    return pl.DataFrame([drawn.get(period, {"period": period}) for period in stretch(drawn)], schema=DRAWN)


def in_time(told: list[dict[str, Any]], schema: dict[str, Any]) -> pl.DataFrame:
    """Put rows of several kinds in time; where a period between them is not in the files each kind has a hole."""
    have = {row["period"] for row in told}
    kinds = list(dict.fromkeys(row["kind"] for row in told))
    holes = [{"period": period, "kind": kind} for period in stretch(have) if period not in have for kind in kinds]
    return pl.DataFrame([*told, *holes], schema=schema).sort("period", maintain_order=True)


#: The type of each column that `drawn_rate` gives.
DRAWN = {
    "period": pl.String, "low": pl.Float64, "high": pl.Float64, "middle": pl.Float64, "standing": pl.String,
    "printed": pl.String, "counts": pl.String, "rate": pl.String, "short": pl.String,
}  # fmt: skip


def standard_of(rate: Rate, definitions: Definitions) -> Standard | None:
    """Return the standard that the headline holds a rate to."""
    found = (each for each in definitions.standards.values() if each.headline and each.rate == rate.id)
    return next(found, None)


def first_and_last(periods: list[str]) -> str:
    """
    Name a stretch of time.

    >>> first_and_last(["2023-24"]), first_and_last(["2023-24", "2024-25"])
    ('2023-24', '2023-24 to 2024-25')
    """
    return periods[0] if len(periods) == 1 else f"{periods[0]} to {periods[-1]}"
