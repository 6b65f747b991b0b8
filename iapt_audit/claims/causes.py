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
    Cause.EXACT: "the published figures say just that",
    Cause.ROUNDED: "the published figures round to it",
    Cause.HEDGED: "it is told with a hedge, such as about or over, and fits",
    Cause.POPULATION_UNSAID: "it names no population, and fits the one told of here",
    Cause.SAME_SOURCE: "it fits the figures on its own page; no others are here",
    Cause.SAID_ELSEWHERE: "it fits the population that its page names elsewhere; quoted alone it names another",
    Cause.WRONG_FIGURE: "the published figures say otherwise",
    Cause.WRONG_POPULATION: "it is the figure of another population than the one it names",
    Cause.ROUNDING: "the published figures are rounded, and both fit and do not",
    Cause.SUPPRESSION: "a count it rests on is suppressed",
    Cause.FIGURES_DISAGREE: "the published figure and the counts beside it cannot both be right",
    Cause.OTHER_COHORT: "the two counts are of other referrals, so their ratio is no rate of either",
    Cause.OTHER_RUN: "the counts come from two runs or from somebody who quotes them",
    Cause.HOW_NEAR_UNSAID: "nobody has said how near is near enough",
    Cause.NOT_IN_FIGURES: "the figures here do not hold it",
    Cause.NOT_IN_PUBLICATIONS: "these publications do not hold it",
    Cause.POPULATION_NOT_PUBLISHED: "the population it names is not counted in these publications",
    Cause.WORDING_NOT_READ: "its wording was not read at its source",
    Cause.PAGE_NOT_READ: "it fits another population than the one it names, and not all of its page was read",
    Cause.WORDING_OPEN: "its wording, or its page, can also be read another way",
    Cause.NOT_UNDERSTOOD: "the sentence, or a part of it, was not understood",
    Cause.TARGET_UNSAID: "its source names no target, so the one it was held against is ours",
    Cause.PERIOD_UNSAID: "it names no period, and of others it may be true",
    Cause.STRETCH_UNSAID: "it does not say since when, and of some stretches it is true",
    Cause.MISSING_PERIODS: "a period of the stretch is not in the figures here",
    Cause.MISSING_ORGANISATIONS: "not all organisations have a figure here",
    Cause.STANDARD_NOT_CONFIRMED: "no official text with the standard was read",
    Cause.STANDARD_NOT_IN_FORCE: "the standard was not in force then",
}


class Sameness(StrEnum):
    """Whether two counts are of the same referrals, or of the same run, or each of its own."""

    SAME = "same"
    OTHER = "other"
