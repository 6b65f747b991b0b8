"""Draw how a rate went from period to period, beside its standard."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.model.columns import Standing
from iapt_audit.model.text import plain
from iapt_audit.outputs.wording import rate_text, short_text
from iapt_audit.report import charts
from iapt_audit.report.elements import Option, Picture, Switch
from iapt_audit.report.organisation import (
    KINDS,
    LEVEL_OF_ONE,
    by_kind,
    called,
    course_of,
    first_and_last,
    of_kind,
    source_line,
    standard_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.definitions import Rate, Standard
    from iapt_audit.report.organisation import OrganisationFigures

Row = dict[str, Any]

_TOLD = (
    ("period", "period"),
    ("printed %", "printed"),
    ("counts", "counts"),
    ("from the counts", "rate"),
    ("standing", "standing"),
    ("referrals", "short"),
)
_REMARK = (
    "Each mark is drawn from the least to the greatest rate that the published figures allow; where they are exact, "
    "that is a point. A period without a mark is not in these files. The axis does not start at 0."
)


def courses(subject: OrganisationFigures, rates: Sequence[Rate]) -> list[Picture]:
    """Draw each rate of one organisation, the years and the months apart."""
    drawn = []
    for rate in rates:
        rows = subject.rows(rate.id)
        drawn += [_course(subject, rate, kind, noun) for noun, kind in by_kind(rows)]
    return drawn


def _course(subject: OrganisationFigures, rate: Rate, rows: list[Row], noun: str) -> Picture:
    definitions = subject.definitions
    standard = standard_of(rate, definitions)
    return Picture(
        id=f"{rate.id.replace('_', '-')}-by-{noun}",
        title=title_of(called(subject), rate, standard, rows, noun),
        alt=alt_of(called(subject), rate, standard, rows, noun),
        unit=f"% of {rate.of_whom}",
        source=source_line({row["publication"] for row in rows}, definitions),
        spec=_spec(standard, others=any(row["standing"] is None for row in rows)),
        figures=course_of(rows, definitions),
        columns=_columns(standard),
        remark=_REMARK,
    )


def _spec(standard: Standard | None, *, others: bool) -> dict[str, Any]:
    names = charts.standings(standard=standard is not None, others=others)
    return charts.course(names, float(standard.percentage) if standard else None, _columns(standard))


def _columns(standard: Standard | None) -> charts.Told:
    return _TOLD if standard else tuple(each for each in _TOLD if each[1] not in {"standing", "short"})


def courses_of_all(subjects: Sequence[OrganisationFigures], rate: Rate) -> list[Picture]:
    """Draw a rate of every organisation, one at a time: a reader chooses which."""
    drawn = []
    for years, noun in KINDS:
        standard: Standard | None = None
        frames, options = [], []
        publications: set[str] = set()
        others = False
        for subject in subjects:
            kind = of_kind(subject.rows(rate.id), years=years)
            if not kind:
                continue
            standard = standard_of(rate, subject.definitions)
            chosen = f"{subject.level}:{subject.code}"
            frames.append(course_of(kind, subject.definitions).with_columns(organisation=pl.lit(chosen)))
            publications |= {row["publication"] for row in kind}
            others |= any(row["standing"] is None for row in kind)
            name = called(subject)
            options.append(
                Option(
                    chosen,
                    f"{name}, {LEVEL_OF_ONE[subject.level]}",
                    title_of(name, rate, standard, kind, noun),
                    alt_of(name, rate, standard, kind, noun),
                )
            )
        if not frames:
            continue
        drawn.append(
            Picture(
                id=f"{rate.id.replace('_', '-')}-of-one-by-{noun}",
                title=options[0].title,
                alt=options[0].alt,
                unit=f"% of {rate.of_whom}",
                source=source_line(publications, subjects[0].definitions),
                spec=_spec(standard, others=others),
                figures=pl.concat(frames),
                columns=_columns(standard),
                switch=Switch("organisation", "Organisation", options),
                remark=_REMARK,
            )
        )
    return drawn


def title_of(name: str, rate: Rate, standard: Standard | None, rows: list[Row], noun: str) -> str:
    """Say in a title how often a standard was met, or where a rate stands now."""
    latest = rows[-1]
    limit = standard.percentage if standard else None
    now = f"{rate_text(latest, limit)} in {latest['period']}"
    if standard is None:
        return f"{name}, {rate.title.lower()}: {now}"
    counted = Counter(row["standing"] for row in rows)
    told = [f"met in {counted[Standing.MET]} of {len(rows)} {noun}{'s' if len(rows) > 1 else ''}"]
    if counted[Standing.MET_ONLY_AFTER_ROUNDING]:
        told.append(f"in {counted[Standing.MET_ONLY_AFTER_ROUNDING]} only after rounding")
    if counted[Standing.UNDECIDED]:
        told.append(f"in {counted[Standing.UNDECIDED]} it cannot be determined")
    return f"{name}, {rate.title.lower()}: {plain(standard.percentage)}% {', '.join(told)}; {now}"


def alt_of(name: str, rate: Rate, standard: Standard | None, rows: list[Row], noun: str) -> str:
    """Describe a course to who does not see it: its ends, its least and its greatest."""
    definitions_limit = standard.percentage if standard else None

    def told(row: Row) -> str:
        return f"{rate_text(row, definitions_limit)} in {row['period']}"

    least = min(rows, key=lambda row: (row["low"] + row["high"], row["period"]))
    most = max(rows, key=lambda row: (row["low"] + row["high"], row["period"]))
    span = first_and_last([row["period"] for row in rows])
    text = f"{name}, {rate.title.lower()} by {noun}, {span}, in per cent of {rate.of_whom}. "
    if len(rows) == 1:
        text += f"{told(rows[0])}."
    else:
        text += f"From {told(rows[0])} to {told(rows[-1])}; lowest {told(least)}, highest {told(most)}."
    if standard and rows[-1]["standing"]:
        row = rows[-1]
        text += (
            f" Against the standard of {plain(standard.percentage)}%, {row['period']} is "
            f"{short_text(row['short_low'], row['short_high'])}."
        )
    return text
