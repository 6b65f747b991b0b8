"""Name the columns of the frames that pass between the stages, with their types."""

from __future__ import annotations

from enum import StrEnum

import polars as pl


class Status(StrEnum):
    """What a printed cell says of itself."""

    PUBLISHED = "published"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not_applicable"
    UNPARSEABLE = "unparseable"
    WITHHELD_OR_ABSENT = "withheld_or_absent"


class Statistic(StrEnum):
    """What kind of figure a cell holds."""

    COUNT = "count"
    SUM = "sum"
    PERCENTAGE = "percentage"
    MEAN = "mean"
    MEDIAN = "median"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    STANDARD_DEVIATION = "standard_deviation"
    EFFECT_SIZE = "effect_size"


class Level(StrEnum):
    """Whose figures a row holds, widest first."""

    ENGLAND = "england"
    REGION = "region"
    STP = "stp"
    ICB = "icb"
    CCG = "ccg"
    SUB_ICB = "sub_icb"
    PROVIDER = "provider"
    PAIR = "pair"


class Verdict(StrEnum):
    """What the printed figures say of a rate or a claim."""

    CONSISTENT = "consistent"
    CONTRADICTED = "contradicted"
    NOT_CHECKABLE = "not_checkable"


class Standing(StrEnum):
    """How a rate stands to a standard, over all counts that the printed figures allow."""

    MET = "met"
    MET_ONLY_AFTER_ROUNDING = "met_only_after_rounding"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"


#: Printed figures are held as whole numbers of ten-thousandths: integers decide, floats only display.
SCALE = 10_000
SCALE_DIGITS = 4
HUNDRED_PERCENT = 100 * SCALE

#: What is read as a number, blanks around it aside: at most nine digits, and decimals.
NUMBER = r"^-?[0-9]{1,9}(\.[0-9]+)?$"

#: The line that the licence of the figures asks for, on everything that shows them.
LICENCE_LINE = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Copyright NHS England. Not endorsed by NHS England."
)

TOTAL = "Total"
ENGLAND = "England"
BREAKDOWN_SEPARATOR = " | "

STATUS = pl.Enum([status.value for status in Status])
STATISTIC = pl.Enum([statistic.value for statistic in Statistic])
LEVEL = pl.Enum([level.value for level in Level])
VERDICT = pl.Enum([verdict.value for verdict in Verdict])
STANDING = pl.Enum([standing.value for standing in Standing])

#: The tidy frame, one row a cell.
#: `file` counts the parts; `group` the rows of figures that belong together (one organisation and breakdown of a file);
#: `row` is the line in the member (the header is 1); `value` and `half_width` are in
#: ten-thousandths; `low` and `high` are the least and greatest count that the cell can stand for (null otherwise);
#: `in_form` is false for a count that did not go through the publisher's rounding; `held_back` marks text that may not
#: be repeated, since it may be a small count that slipped; `smallest` is the least count that the level prints;
#: `repeated` marks a key that occurs twice.
CELLS = pl.Schema(
    {
        "file": pl.UInt16(),
        "group": pl.UInt32(),
        "row": pl.UInt32(),
        "level": LEVEL,
        "org_code": pl.Categorical(),
        "org_name": pl.Categorical(),
        "breakdown": pl.Categorical(),
        "measure": pl.Categorical(),
        "statistic": STATISTIC,
        "printed": pl.String(),
        "status": STATUS,
        "value": pl.Int64(),
        "half_width": pl.Int64(),
        "low": pl.Int64(),
        "high": pl.Int64(),
        "in_form": pl.Boolean(),
        "smallest": pl.UInt8(),
        "held_back": pl.Boolean(),
        "repeated": pl.Boolean(),
    }
)
