"""Judge what is said of a stretch of periods or of a level: highest ever, rose every year, best in the country."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from iapt_audit.claims.causes import Cause
from iapt_audit.claims.fit import Fit
from iapt_audit.claims.readings import ClaimReading
from iapt_audit.claims.sentences import sentence
from iapt_audit.claims.slips import readings_of
from iapt_audit.claims.verdicts import JudgedClaim, ReadingUsed, not_checkable
from iapt_audit.claims.wording import arithmetic, share_text, where, whole
from iapt_audit.model.columns import Level, Verdict
from iapt_audit.model.periods import first_month, is_year, stretch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iapt_audit.claims.known_figures import FigurePlace, KnownFigures
    from iapt_audit.claims.measures import ClaimedMeasure
    from iapt_audit.definitions import Claim

_MONTHS = 12
_MOST_LISTED = 12
_OTHER_RUN = "In another run, such as months added up or a quotation,"
_ANOTHER_RUN = "Another run of a year, such as its twelve months added up, can differ by as much."


def known_stretch(place: FigurePlace, since: str, book: KnownFigures) -> list[str]:
    """Return the periods up to a place's, of its kind: from `since`, or from the first that the figures here hold."""
    known = [each for each in book.periods(years=is_year(place.period)) if each <= place.period]
    return [each for each in known if each >= since]


def gaps(periods: list[str]) -> list[str]:
    """
    Name the holes in a row of periods.

    >>> gaps(["2012-13", "2013-14", "2015-16"]), gaps(["2025-11", "2025-12", "2026-01"])
    (['after 2013-14'], [])
    """
    step = _MONTHS if periods and is_year(periods[0]) else 1
    numbers = [_MONTHS * int(month[:4]) + int(month[5:]) for month in map(first_month, periods)]
    pairs = zip(periods, numbers, numbers[1:], strict=False)
    return [f"after {period}" for period, number, following in pairs if following - number > step]


#: What is known of a period or an organisation: the preferred reading first, those of other runs after it.
Readings = list[ClaimReading]


def _series(claim: Claim, subject: ClaimedMeasure, place: FigurePlace, book: KnownFigures) -> dict[str, Readings]:
    found = {}
    for period in known_stretch(place, claim.since, book):
        readings = readings_of(subject, claim.population, book, place.at(period))
        if readings:
            found[period] = readings
    return found


def _told(reading: ClaimReading, subject: ClaimedMeasure) -> str:
    if subject.is_share:
        return f"{share_text(reading)}%"
    return whole(reading.numerator) if reading.numerator is not None else str(reading.printed)


def judge_extreme(
    claim: Claim, subject: ClaimedMeasure, place: FigurePlace, sign: int, book: KnownFigures
) -> JudgedClaim:
    """
    Return whether a period's value is certainly, possibly or never the highest (or lowest) of a stretch.

    "Highest since 2018-19" leaves that year out: it was higher then, or the claim would go further back.
    """
    series = _series(claim, subject, place, book)
    here = series.pop(place.period, None)
    word = "highest" if sign > 0 else "lowest"
    if here is None or not series:
        return _nothing(claim, subject, place)
    between = stretch([claim.since, place.period])[1:-1] if claim.since else []
    start = series.pop(claim.since, None) if between else None
    listed = "; ".join(f"{period} {_told(others[0], subject)}" for period, others in series.items())
    text = f"{where(place)}: {arithmetic(here[0], subject, None, book.definitions, place.period)}."
    if listed:
        text += f" Before it, as far as the figures here go: {listed}."
    if start is not None:
        text += f" {claim.since} itself, {_told(start[0], subject)}, is left out: `since` means after it."
    found = _compare(here, series, sign, _runs_apart(subject, place, book))
    steps = (ReadingUsed(here[0], Fit.NO if found.beyond else Fit.YES if found.surely else Fit.MAYBE),)
    true = sentence(subject, place, book)
    if found.beyond:
        other = max(found.beyond, key=lambda each: sign * series[each][0].span.low)
        message = f"{text} It was {'higher' if sign > 0 else 'lower'} in {other}: {_told(series[other][0], subject)}."
        if other == claim.since:
            message += f" The claim does not say whether {other} is included."
            return not_checkable(claim, Cause.STRETCH_UNSAID, message, steps)
        return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, message, steps, true_sentence=true)
    missing = [each for each in between if each not in series] or gaps(sorted([*series, place.period]))
    if claim.since and not between and claim.since not in series:
        missing = [claim.since]
    open_ = _left_open(found, subject, place.period, f"{word.removesuffix('est')} or not") or (
        (Cause.MISSING_PERIODS, f"It is the {word} of these; figures are missing for {', '.join(missing)}.")
        if missing
        else None
    )
    if open_ is not None:
        return not_checkable(claim, open_[0], f"{text} {open_[1]}", steps)
    message = f"{text} It is the {word} of the {len(series) + 1} {_kind(place)} from {min(series)}."
    return JudgedClaim(claim, Verdict.CONSISTENT, Cause.EXACT, message, steps, true_sentence=true)


def _left_open(found: _Compared, subject: ClaimedMeasure, name: str, word: str) -> tuple[Cause, str] | None:
    """Return the cause and the reason why a comparison cannot be determined, None if it can."""
    if found.excused:
        told = "; ".join(
            f"{other} {_told(its, subject)} and {name} {_told(own, subject)}"
            for other, (own, its) in found.excused.items()
        )
        return Cause.OTHER_RUN, f"{_OTHER_RUN} the answer differs: {told}. The claim does not say which it means."
    if found.nearly:
        listed = "; ".join(f"{other} {_told(its, subject)}" for other, its in found.nearly.items())
        return Cause.OTHER_RUN, f"Beyond it: {listed}. {_ANOTHER_RUN}"
    if found.level:
        listed = ", ".join(found.level) if len(found.level) <= _MOST_LISTED else f"{len(found.level)} others"
        return Cause.ROUNDING, f"Because of rounding, or of how it was gathered, {listed} may be as {word}."
    return None


def _kind(place: FigurePlace) -> str:
    return "years" if is_year(place.period) else "months"


@dataclass(frozen=True, slots=True)
class _Compared:
    """
    Which of some others are certainly higher (or lower), and which can be.

    `nearly` are those that are by the publisher's own figures, and by so little that another run need not agree;
    `excused` those that are not by another run that is known, with the two readings of it.
    """

    beyond: list[str]
    nearly: dict[str, ClaimReading]
    excused: dict[str, tuple[ClaimReading, ClaimReading]]
    level: list[str]

    @property
    def surely(self) -> bool:
        """Return whether none of the others can be."""
        return not (self.beyond or self.nearly or self.excused or self.level)


def _compare(here: Readings, others: Mapping[str, Readings], sign: int, apart: Fraction) -> _Compared:
    """
    Compare with others; a figure gathered from several runs is certain of nothing.

    `apart` is by what factor another run can have either value.
    """
    beyond, level = [], []
    nearly, excused = {}, {}
    for name, readings in others.items():
        if _is_beyond(readings[0], here[0], sign) and _firm(readings[0], here[0]):
            pairs = _other_runs(here, readings)
            pair = next((pair for pair in pairs if not _is_beyond(pair[1], pair[0], sign)), None)
            if pair is not None:
                excused[name] = pair
            elif _is_beyond(readings[0], here[0], sign, apart):
                beyond.append(name)
            else:
                nearly[name] = readings[0]
        elif _can_be_beyond(readings[0], here[0], sign):
            level.append(name)
    return _Compared(beyond, nearly, excused, level)


def _is_beyond(one: ClaimReading, other: ClaimReading, sign: int, apart: Fraction = Fraction(1)) -> bool:
    """Return whether one value is higher (or lower) than another, even if another run moved each towards the other."""
    if sign > 0:
        return one.span.low / apart > other.span.high * apart
    return one.span.high * apart < other.span.low / apart


def _runs_apart(subject: ClaimedMeasure, place: FigurePlace, book: KnownFigures) -> Fraction:
    """Return by what factor another run can have a value: a year's number is also its months added up."""
    counted = subject.count is not None and not subject.is_share and is_year(place.period)
    return Fraction(book.definitions.other_run_factor) if counted else Fraction(1)


def _can_be_beyond(one: ClaimReading, other: ClaimReading, sign: int) -> bool:
    return one.span.high >= other.span.low if sign > 0 else one.span.low <= other.span.high


def _never_beyond(one: ClaimReading, other: ClaimReading, sign: int) -> bool:
    return one.span.high <= other.span.low if sign > 0 else one.span.low >= other.span.high


def _other_runs(one: Readings, other: Readings) -> Iterator[tuple[ClaimReading, ClaimReading]]:
    """Pair the readings of both that are of one other run, such as the months added up."""
    for first in one:
        for second in other:
            # readings that are as far from the publisher's own print are of one kind of run
            if first.slack != 1 and first.slack == second.slack:
                yield first, second


def _firm(*readings: ClaimReading) -> bool:
    return all(reading.slack is not None and reading.slack == 1 for reading in readings)


def judge_monotone(
    claim: Claim, subject: ClaimedMeasure, place: FigurePlace, sign: int, book: KnownFigures
) -> JudgedClaim:
    """Return whether a value certainly, possibly or never rose (or fell) in every period of a stretch."""
    series = _series(claim, subject, place, book)
    periods = list(series)
    if place.period not in series or len(periods) <= 1:
        return _nothing(claim, subject, place)
    against, nearly, excused, doubtful = _falls(series, sign, _runs_apart(subject, place, book))
    listed = "; ".join(f"{period} {_told(readings[0], subject)}" for period, readings in series.items())
    text = f"{where(place)}: {subject.title.lower()}, {listed}."
    verb = "rise" if sign > 0 else "fall"
    steps = tuple(ReadingUsed(series[period][0], Fit.NO if period in against else Fit.YES) for period in periods)
    true = sentence(subject, place, book)
    if (against or nearly) and not claim.since:
        message = f"{text} It did not {verb} in {', '.join([*against, *nearly])}; the claim does not say since when."
        return not_checkable(claim, Cause.STRETCH_UNSAID, message, steps)
    if against:
        message = f"{text} It did not {verb} in {', '.join(against)}."
        return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, message, steps, true_sentence=true)
    missing = gaps(periods) + ([claim.since] if claim.since and periods[0] != claim.since else [])
    for cause, where_, reason in (
        (Cause.OTHER_RUN, nearly, f"It did not {verb} in {{}}. {_ANOTHER_RUN}"),
        (
            Cause.OTHER_RUN,
            excused,
            f"It did not {verb} in {{}}. {_OTHER_RUN} it did. The claim does not say which it means.",
        ),
        (Cause.ROUNDING, doubtful, f"Whether it did {verb} in {{}} cannot be determined."),
        (Cause.MISSING_PERIODS, missing, "Figures are missing for {}."),
    ):
        if where_:
            return not_checkable(claim, cause, f"{text} {reason.format(', '.join(where_))}", steps)
    message = f"{text} It did {verb} in each of them."
    return JudgedClaim(claim, Verdict.CONSISTENT, Cause.EXACT, message, steps, true_sentence=true)


def _falls(
    series: Mapping[str, Readings], sign: int, apart: Fraction
) -> tuple[list[str], list[str], list[str], list[str]]:
    """
    Return the periods that did not rise (or fall): surely, by too little for another run, not by one, perhaps not.

    `apart` is by what factor another run can have either value.
    """
    against, nearly, excused, doubtful = [], [], [], []
    for before, after in itertools.pairwise(series):
        old, new = series[before], series[after]
        if _is_beyond(new[0], old[0], sign):
            continue
        if not (_never_beyond(new[0], old[0], sign) and _firm(old[0], new[0])):
            doubtful.append(after)
        elif any(not _never_beyond(other, one, sign) for one, other in _other_runs(old, new)):
            excused.append(after)
        elif apart == 1 or _is_beyond(old[0], new[0], sign, apart):
            against.append(after)
        else:
            nearly.append(after)
    first, last = (readings[0] for readings in (series[min(series)], series[max(series)]))
    if nearly and not against and _firm(first, last) and _is_beyond(first, last, sign, apart):
        # each step alone is too little, and all together are not
        return nearly, [], excused, doubtful
    return against, nearly, excused, doubtful


def judge_rank(claim: Claim, subject: ClaimedMeasure, place: FigurePlace, sign: int, book: KnownFigures) -> JudgedClaim:
    """Return whether an organisation certainly, possibly or never has the highest value of its level."""
    if place.level == Level.ENGLAND:
        return _nothing(claim, subject, place)
    codes = book.organisations(place.period, place.level)
    values: dict[str, Readings] = {}
    for code in codes:
        readings = readings_of(subject, claim.population, book, type(place)(place.period, place.level, code))
        if readings:
            values[code] = readings
    here = values.pop(place.org, None)
    if here is None or not values:
        return _nothing(claim, subject, place)
    found = _compare(here, values, sign, _runs_apart(subject, place, book))
    side, other_side = ("higher", "lower") if sign > 0 else ("lower", "higher")
    text = (
        f"{where(place)}: {arithmetic(here[0], subject, None, book.definitions, place.period)}. "
        f"The files have a figure for {len(values) + 1} of {len(codes)} organisations at {place.level} level."
    )
    steps = (ReadingUsed(here[0], Fit.NO if found.beyond else Fit.YES if found.surely else Fit.MAYBE),)
    true = sentence(subject, place, book)
    if found.beyond:
        message = f"{text} At least {len(found.beyond)} of them certainly had a {side} one."
        return JudgedClaim(claim, Verdict.CONTRADICTED, Cause.WRONG_FIGURE, message, steps, true_sentence=true)
    missing = "For the others the figure is suppressed or missing."
    open_ = _left_open(found, subject, place.org, f"{side.removesuffix('er')} or not") or (
        (Cause.MISSING_ORGANISATIONS, missing) if len(values) + 1 < len(codes) else None
    )
    if open_ is not None:
        return not_checkable(claim, open_[0], f"{text} {open_[1]}", steps)
    message = f"{text} All others had a {other_side} one."
    return JudgedClaim(claim, Verdict.CONSISTENT, Cause.EXACT, message, steps, true_sentence=true)


def _nothing(claim: Claim, subject: ClaimedMeasure, place: FigurePlace) -> JudgedClaim:
    text = f"{where(place)}: there are too few figures here for {subject.title.lower()} to say."
    return not_checkable(claim, Cause.NOT_IN_FIGURES, text)
