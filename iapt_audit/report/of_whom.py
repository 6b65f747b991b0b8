"""Draw of whom a figure is true: the same outcome over every denominator, everyone's waits, sessions."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.model.columns import SCALE_DIGITS
from iapt_audit.model.periods import in_order
from iapt_audit.model.text import told_apart
from iapt_audit.outputs.queries import over_denominators
from iapt_audit.outputs.wording import shares
from iapt_audit.report import charts
from iapt_audit.report.elements import Option, Picture, Switch
from iapt_audit.report.organisation import (
    by_kind,
    called,
    first_and_last,
    in_time,
    limit_of,
    middle_of,
    of_kind,
    percent,
    source_line,
    standard_of,
)

if TYPE_CHECKING:
    from iapt_audit.definitions import Rate
    from iapt_audit.report.organisation import OrganisationFigures

Row = dict[str, Any]

_SAME, _OTHER = "the same referrals", "other referrals"
_SHARES = {
    "period": pl.String, "of": pl.String, "kind": pl.String, "low": pl.Float64, "high": pl.Float64,
    "middle": pl.Float64, "cohort": pl.String, "note": pl.String, "share": pl.String, "run": pl.String,
}  # fmt: skip
_SHARES_TOLD = (("of all that", "of"), ("%", "share"), ("referrals", "cohort"), ("counts", "run"))
_COURSE = ("period", "kind", "low", "high", "middle", "share")
_COURSE_TOLD = (("period", "period"), ("of all that", "kind"), ("%", "share"))
#: Of so many months, the latest, a reader can choose one; of years any.
_MONTHS = 12
_COHORTS = (
    "Those who entered treatment or were referred in a period are different referrals from those whose course ended in "
    "it: a share of them is not a rate, and shows the order of size only. Where a count is not published, nothing is "
    "drawn."
)
_PAIRS = {
    "period": pl.String, "kind": pl.String, "low": pl.Float64, "high": pl.Float64, "middle": pl.Float64,
    "share": pl.String, "points": pl.String,
}  # fmt: skip
#: How many times as large a figure may be as another in one picture.
_TIMES = 8
_LOOKS_BACK = (
    "The standard looks back from the end of a course. Those that had one session, dropped out or are still "
    "waiting are not in it; those that entered treatment are different referrals. The axis does not start at 0."
)
_SERIES = {
    "period": pl.String, "kind": pl.String, "low": pl.Float64, "high": pl.Float64, "middle": pl.Float64,
    "printed": pl.String,
}  # fmt: skip


def shares_by_period(subject: OrganisationFigures, rate: Rate) -> list[Picture]:
    """Draw one outcome over every denominator: of any period, and from year to year."""
    rows = subject.rows(rate.id)
    if not rows:
        return []
    pictures = [_any_period(subject, rate, rows)]
    for noun, kind in by_kind(rows):
        if len({row["period"] for row in kind}) > 1:
            pictures.append(_over_time(subject, rate, kind, noun))
    return pictures


def _share_rows(row: Row, subject: OrganisationFigures) -> list[Row]:
    """Return a row of the headline over each denominator that it is told over."""
    definitions = subject.definitions
    rows = []
    texts = shares(row, definitions, limit_of(row, definitions) or Decimal(0))
    for each, text in zip(over_denominators(row, definitions), texts, strict=True):
        population = definitions.denominators[each["denominator"]]
        low, high = (
            None if each[side] is None else int(Decimal(each[side]).scaleb(SCALE_DIGITS)) for side in ("low", "high")
        )
        hole = low is None or high is None
        middle = None if low is None or high is None else middle_of(low, high)
        rows.append(
            {
                "period": row["period"],
                "of": population.short,
                "kind": population.short + ("" if population.same_cohort else " †"),
                "low": percent(low),
                "high": percent(high),
                "middle": percent(middle),
                "cohort": _SAME if population.same_cohort else _OTHER,
                "note": "not published" if hole else f"{text}%",
                "share": "not published" if hole else text,
                "run": "of another run or source" if each["run"] == "other" else "of one file",
            }
        )
    return rows


def _any_period(subject: OrganisationFigures, rate: Rate, rows: list[Row]) -> Picture:
    newest = sorted(rows, key=lambda row: in_order(row["period"]), reverse=True)
    # years say more than months, so the latest year is shown first
    newest = [*of_kind(newest, years=True), *of_kind(newest, years=False)[:_MONTHS]]
    frames, options = [], []
    for row in newest:
        told = _share_rows(row, subject)
        frames.append(pl.DataFrame(told, schema=_SHARES))
        options.append(
            Option(row["period"], row["period"], _shares_title(told, rate, row), _shares_alt(told, rate, row))
        )
    names = tuple(each.short for each in subject.definitions.denominators.values())
    return Picture(
        id=f"{rate.id.replace('_', '-')}-of-whom",
        title=options[0].title,
        alt=options[0].alt,
        unit=f"referrals that {rate.did}, in % of all that ...",
        source=source_line({row["publication"] for row in rows}, subject.definitions),
        spec=charts.shares(names, _SHARES_TOLD),
        figures=pl.concat(frames),
        columns=_SHARES_TOLD,
        switch=Switch("period", "Period", options),
        remark=_COHORTS,
    )


def _shares_title(told: list[Row], rate: Rate, row: Row) -> str:
    known = [each for each in told if each["middle"] is not None]
    first, last = known[0], known[-1]
    text = f"{row['period']}: {first['note']} of those {first['of']} {rate.did}"
    return text if first is last else f"{text}, {last['note']} of those {last['of']}"


def _shares_alt(told: list[Row], rate: Rate, row: Row) -> str:
    listed = "; ".join(f"of those {each['of']} {each['note']}" for each in told)
    return f"Referrals that {rate.did} in {row['period']} as a share of several wholes: {listed}."


def _over_time(subject: OrganisationFigures, rate: Rate, rows: list[Row], noun: str) -> Picture:
    told = [each for row in rows for each in _share_rows(row, subject)]
    # what is published in no period has no line; where one period lacks it the line breaks
    known = {each["kind"] for each in told if each["middle"] is not None}
    told = [each for each in told if each["kind"] in known]
    kinds = list(dict.fromkeys(each["kind"] for each in told))
    last = {each["kind"]: each for each in told if each["middle"] is not None}
    lowest = min(last.values(), key=lambda each: each["middle"])
    span = first_and_last([row["period"] for row in rows])
    most = max(each["high"] for each in told if each["kind"] == lowest["kind"] and each["high"] is not None)
    title = (
        f"{called(subject)}: of all {lowest['of']}, at most {ceil(most * 10) / 10}% {rate.did} in any {noun}, {span}"
    )
    ends = "; ".join(
        f"of those {kind.removesuffix(' †')} {first['note']} in {first['period']}, {each['note']} in {each['period']}"
        for kind, each in last.items()
        for first in [next(one for one in told if one["kind"] == kind and one["middle"] is not None)]
    )
    return Picture(
        id=f"{rate.id.replace('_', '-')}-of-whom-by-{noun}",
        title=title,
        alt=f"Referrals that {rate.did}, by {noun}, {span}, as a share of several wholes: {ends}.",
        unit=f"referrals that {rate.did}, in % of all that ... († other referrals, ~ of another run or source)",
        source=source_line({row["publication"] for row in rows}, subject.definitions),
        spec=charts.lines(tuple(kinds), _COURSE_TOLD, percentages=True),
        figures=in_time(told, _SHARES).select(_COURSE),
        columns=_COURSE_TOLD,
        remark=_COHORTS,
    )


def waits_of_everyone(subject: OrganisationFigures) -> list[Picture]:
    """Draw the waits that a standard counts beside those of everyone who entered treatment."""
    definitions = subject.definitions
    drawn = []
    frame = subject.waits.sort("file").unique(["period", "measure"], keep="last", maintain_order=True)
    for rate in definitions.rates.values():
        rows = sorted(
            frame.filter(pl.col("measure") == rate.id).iter_rows(named=True), key=lambda row: in_order(row["period"])
        )
        standard = standard_of(rate, definitions)
        if standard is None:
            continue
        limit = float(standard.percentage)
        drawn += [_waits(subject, rate, limit, kind, noun) for noun, kind in by_kind(rows)]
    return drawn


def _waits(subject: OrganisationFigures, rate: Rate, standard: float, rows: list[Row], noun: str) -> Picture:
    counted, everyone = "finished a course (the standard)", "entered treatment (everyone)"
    told = []
    for row in rows:
        mine, beside, points = told_apart((row["low"], row["high"]), (row["beside_low"], row["beside_high"]))
        for kind, low, high, share in (
            (counted, row["low"], row["high"], mine),
            (everyone, row["beside_low"], row["beside_high"], beside),
        ):
            middle = middle_of(low, high)
            told.append(
                {
                    "period": row["period"],
                    "kind": kind,
                    "low": percent(low),
                    "high": percent(high),
                    "middle": percent(middle),
                    "share": share,
                    "points": points,
                }
            )
    last = rows[-1]
    mine, beside, _ = told_apart((last["low"], last["high"]), (last["beside_low"], last["beside_high"]))
    within = rate.title.removeprefix("First treatment ")
    span = first_and_last([row["period"] for row in rows])
    higher = sum(row["points_low"] > 0 for row in rows)
    title = (
        f"{called(subject)}, first treatment {within}: {mine}% of those who finished and {beside}% of everyone who "
        f"entered treatment in {last['period']}"
    )
    alt = f"{title}. In {higher} of {len(rows)} {noun}s, {span}, the share of those who finished is surely the higher."
    columns = (("period", "period"), ("of those who", "kind"), ("%", "share"), ("points between the two", "points"))
    return Picture(
        id=f"{rate.id.replace('_', '-')}-of-everyone-by-{noun}",
        title=title,
        alt=alt,
        unit=f"had their first treatment {within}, in % of those who ...",
        source=source_line({row["publication"] for row in rows}, subject.definitions),
        spec=charts.pairs((counted, everyone), standard, columns),
        figures=in_time(told, _PAIRS),
        columns=columns,
        remark=_LOOKS_BACK,
    )


def followed(subject: OrganisationFigures) -> list[Picture]:
    """Draw what is followed over time: sessions, second treatments, those still waiting."""
    titles = {each.concept: each.title for each in subject.definitions.series}
    frame = subject.series.sort("file").unique(["period", "concept"], keep="last", maintain_order=True)
    drawn = []
    for section in dict.fromkeys(each.section for each in subject.definitions.series):
        rows = sorted(
            frame.filter(pl.col("section") == section).iter_rows(named=True), key=lambda row: in_order(row["period"])
        )
        for noun, kind in by_kind([row for row in rows if _number(row) is not None]):
            for place, concepts in enumerate(_alike(kind)):
                own = [row for row in kind if row["concept"] in concepts]
                drawn.append(_followed(subject, section, own, f"{noun}{f'-{place + 1}' if place else ''}", titles))
    return drawn


def _alike(rows: list[Row]) -> list[list[str]]:
    """Put concepts together of which none is so much larger that the others would lie flat."""
    most: dict[str, float] = {}
    for row in rows:
        number = _number(row)
        if number is not None:
            most[row["concept"]] = max(number, most.get(row["concept"], 0.0))
    groups: list[list[str]] = []
    for concept, number in most.items():
        for group in groups:
            if max(number, most[group[0]]) <= _TIMES * max(min(number, most[group[0]]), 1.0):
                group.append(concept)
                break
        else:
            groups.append([concept])
    return groups


def _number(row: Row) -> float | None:
    """Return what is drawn of a followed figure: the middle of its bounds, or the mean as printed."""
    if row["low"] is not None and row["high"] is not None:
        return float(row["low"] + row["high"]) / 2
    try:
        return float(row["printed"])
    except (TypeError, ValueError):
        return None


def _followed(
    subject: OrganisationFigures, section: str, rows: list[Row], noun: str, titles: dict[str, str]
) -> Picture:
    told = []
    for row in rows:
        number = _number(row)
        told.append(
            {
                "period": row["period"],
                "kind": titles[row["concept"]],
                "low": number if row["low"] is None else float(row["low"]),
                "high": number if row["high"] is None else float(row["high"]),
                "middle": number,
                "printed": row["printed"] or "-",
            }
        )
    kinds = [title for title in titles.values() if any(each["kind"] == title for each in told)]
    lasts = {each["kind"]: each for each in told}
    firsts = {each["kind"]: each for each in reversed(told)}
    span = first_and_last(sorted({row["period"] for row in rows}, key=in_order))
    now = lasts[kinds[0]]
    listed = "; ".join(
        f"{kind}: " + ", ".join(f"{_plainly(each[kind])} in {each[kind]['period']}" for each in (firsts, lasts))
        for kind in kinds
    )
    columns = (("period", "period"), ("what", "kind"), ("printed", "printed"))
    return Picture(
        id=f"{section.replace(' ', '-')}-by-{noun}",
        title=f"{called(subject)}, {kinds[0]}: {_plainly(now)} in {now['period']}",
        alt=f"{called(subject)}, {section}, {span}. {listed}.",
        unit="number of appointments" if section == "sessions" else "number of referrals",
        source=source_line({row["publication"] for row in rows}, subject.definitions),
        spec=charts.lines(tuple(kinds), columns, percentages=False),
        figures=in_time(told, _SERIES),
        columns=columns,
    )


def _plainly(told: Row) -> str:
    """Write a figure as printed, a whole number with its commas."""
    printed = str(told["printed"])
    return f"{int(printed):,}" if printed.isdecimal() else printed
