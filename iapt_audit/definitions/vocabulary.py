"""Hold the closed lists of words that definitions are written in, so that a type checker sees each use of one."""

from __future__ import annotations

from enum import StrEnum


class Shape(StrEnum):
    """How a layout holds its figures: one a row, or a column for each measure."""

    LONG = "long"
    WIDE = "wide"


class Headline(StrEnum):
    """Over whom a headline rate is told: its own denominator alone, or every one that somebody could mean."""

    OWN_DENOMINATOR = "own_denominator"
    EVERY_DENOMINATOR = "every_denominator"


class Cohort(StrEnum):
    """The event that puts a referral into a period; an outside estimate has none."""

    ENDED = "ended"
    ENTERED = "entered"
    REFERRED = "referred"
    SECOND = "second"
    APPOINTMENT = "appointment"
    WAITING = "waiting"
    OUTSIDE = "outside"


class ComparisonKind(StrEnum):
    """What a claim sets a figure against."""

    VALUE = "value"
    CHANGE = "change"
    EXTREME = "extreme"
    MONOTONE = "monotone"
    RANK = "rank"
    SHARE = "share"
    STANDING = "standing"
    SURVEY = "survey"


class Relation(StrEnum):
    """How a figure that is told stands to the one that was published."""

    EQUAL = "equal"
    ABOUT = "about"
    BELOW = "below"
    ABOVE = "above"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
