"""Hold why a claim has its verdict, and whether two counts belong together."""

from __future__ import annotations

from enum import StrEnum


class Cause(StrEnum):
    """Why a claim has its verdict; `CAUSES` says each in plain words."""

    EXACT = "exact"
    ROUNDED = "rounded"
    HEDGED = "hedged"
    POPULATION_UNSAID = "population_unsaid"
    SAME_SOURCE = "same_source"
    SAID_ELSEWHERE = "said_elsewhere"
    WRONG_FIGURE = "wrong_figure"
    WRONG_POPULATION = "wrong_population"
    ROUNDING = "rounding"
    SUPPRESSION = "suppression"
    FIGURES_DISAGREE = "figures_disagree"
    OTHER_COHORT = "other_cohort"
    OTHER_RUN = "other_run"
    HOW_NEAR_UNSAID = "how_near_unsaid"
    NOT_IN_FIGURES = "not_in_figures"
    NOT_IN_PUBLICATIONS = "not_in_publications"
    POPULATION_NOT_PUBLISHED = "population_not_published"
    WORDING_NOT_READ = "wording_not_read"
    PAGE_NOT_READ = "page_not_read"
    WORDING_OPEN = "wording_open"
    NOT_UNDERSTOOD = "not_understood"
    TARGET_UNSAID = "target_unsaid"
    PERIOD_UNSAID = "period_unsaid"
    STRETCH_UNSAID = "stretch_unsaid"
    MISSING_PERIODS = "missing_periods"
    MISSING_ORGANISATIONS = "missing_organisations"
    STANDARD_NOT_CONFIRMED = "standard_not_confirmed"
    STANDARD_NOT_IN_FORCE = "standard_not_in_force"


#: Each cause in plain words.
CAUSES = {
    Cause.EXACT: "the published figures say exactly this",
    Cause.ROUNDED: "the published figures round to this",
    Cause.HEDGED: "it is hedged, with a word such as about or over, and fits",
    Cause.POPULATION_UNSAID: "it does not say of whom, and fits the population shown here",
    Cause.SAME_SOURCE: "it fits the figures on its own page; there are no others to check it against",
    Cause.SAID_ELSEWHERE: "it fits the population named elsewhere on its page; quoted alone it names a different one",
    Cause.WRONG_FIGURE: "the published figures say otherwise",
    Cause.WRONG_POPULATION: "the figure belongs to a different population from the one named",
    Cause.ROUNDING: "the published figures are rounded, so it may or may not fit",
    Cause.SUPPRESSION: "a count it depends on is suppressed",
    Cause.FIGURES_DISAGREE: "the published figure and the counts beside it cannot both be right",
    Cause.OTHER_COHORT: "the two counts are of different referrals, so dividing them does not give a rate",
    Cause.OTHER_RUN: "the counts come from different runs or from a second-hand source",
    Cause.HOW_NEAR_UNSAID: "nothing says how near is near enough",
    Cause.NOT_IN_FIGURES: "it is not in the figures here",
    Cause.NOT_IN_PUBLICATIONS: "it is not in these publications",
    Cause.POPULATION_NOT_PUBLISHED: "these publications do not count the population it names",
    Cause.WORDING_NOT_READ: "its wording has not been checked at the source",
    Cause.PAGE_NOT_READ: "it fits a different population from the one named, and its page was not read in full",
    Cause.WORDING_OPEN: "its wording, or its page, can be read another way",
    Cause.NOT_UNDERSTOOD: "the sentence, or a part of it, was not understood",
    Cause.TARGET_UNSAID: "its source names no target, so we chose the one it was checked against",
    Cause.PERIOD_UNSAID: "it names no period, and may be true of another",
    Cause.STRETCH_UNSAID: "it does not say since when, and is true from some starting points",
    Cause.MISSING_PERIODS: "a period that it covers is missing from the figures here",
    Cause.MISSING_ORGANISATIONS: "some organisations have no figure here",
    Cause.STANDARD_NOT_CONFIRMED: "no official text of the standard has been read",
    Cause.STANDARD_NOT_IN_FORCE: "the standard did not apply then",
}


class Sameness(StrEnum):
    """Whether two counts are of the same referrals, or of the same run, or each of its own."""

    SAME = "same"
    OTHER = "other"
