"""Make the suite of a layout from the definitions: its columns, keys and domains, and a rule an expectation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import great_expectations.expectations as gxe
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.row_conditions import Column

from iapt_audit.definitions.vocabulary import Shape
from iapt_audit.integrations.great_expectations.expectations import (
    ExpectCountsToBeDisclosureControlled,
    ExpectFiguresToBeInForm,
    ExpectPartsToMakeTotal,
    ExpectRateToFollowFromCounts,
)
from iapt_audit.integrations.great_expectations.tables import needed
from iapt_audit.model.findings import Code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from great_expectations.expectations.expectation import Expectation

    from iapt_audit.definitions import Definitions, Layout, Rate

#: The parameter of a checkpoint's run that says which year or month a table is of, where no column does.
PERIOD = "period"


def suite_name(layout: str) -> str:
    """
    Name the suite and the checkpoint of a layout: a name is part of a path.

    >>> suite_name("annual_main/2024-25")
    'annual_main-2024-25'
    """
    return layout.replace("/", "-")


def suite_of(layout: Layout, definitions: Definitions, folder: str | None = None) -> ExpectationSuite:
    """
    Return the suite of a layout.

    Args:
        layout: The layout.
        definitions: The rates and rules of its publication.
        folder: Where definitions beside the shipped ones are, for the expectations to load them.
    """
    return ExpectationSuite(
        name=suite_name(layout.id),
        expectations=[*_of_shape(layout), *_of_rules(layout, definitions, folder)],
        meta={"layout": layout.id, "source": layout.source.url, "definitions_sha256": definitions.sha256},
    )


def _of_shape(layout: Layout) -> Iterator[Expectation]:
    # not in order: the engine knows columns by name, and a table that is sorted otherwise is no worse. Measure columns
    # may be absent: years of one layout differ in them.
    for column in layout.identifying:
        yield gxe.ExpectColumnToExist(column=column)
    level = layout.keys["level"]
    for column, levels in needed(layout):
        at = None if levels is None else Column(level).is_in(list(levels))
        yield gxe.ExpectColumnValuesToNotBeNull(column=column, row_condition=at)
    # no domains: a measure or a level that the definitions do not know is worth a note, and need not be wrong


def _of_rules(layout: Layout, definitions: Definitions, folder: str | None) -> Iterator[Expectation]:
    period = {"$PARAMETER": PERIOD} if layout.period_from == "name" else None
    shared: dict[str, Any] = {"layout": layout.id, "period": period, "definitions": folder}
    yield ExpectFiguresToBeInForm(**shared, description="Keys stand once, and figures are in the form of their level")
    yield ExpectCountsToBeDisclosureControlled(
        **shared, description="Counts below England are rounded or suppressed, each together with its percentage"
    )
    rates = [rate for rate in definitions.rates.values() if _is_published(rate, layout, definitions)]
    for rate in rates:
        told = f"{rate.title}: {rate.printed} = {rate.numerator} / ({rate.denominator})"
        severity = FailureSeverity.INFO if layout.publication in rate.untried else FailureSeverity.CRITICAL
        yield ExpectRateToFollowFromCounts(**shared, rule=rate.id, description=told, severity=severity)
    rules = [rule for rule in definitions.between if rule.publication == layout.publication]
    for rule in rules:
        yield ExpectPartsToMakeTotal(
            **shared,
            rule=rule.id,
            description=f"{rule.title}: {rule.definition}",
            severity=FailureSeverity.CRITICAL if rule.holds == "always" else FailureSeverity.INFO,
        )
    if rates or rules:
        together = "All rules together: no printed figures of one organisation and period contradict each other"
        yield ExpectPartsToMakeTotal(**shared, rule=Code.FIGURES_CONTRADICTED.value, description=together)


def _is_published(rate: Rate, layout: Layout, definitions: Definitions) -> bool:
    """Return whether a layout has the percentage of a rate, and its counts are published."""
    printed = {
        (name.statistic, name.measure)
        for name in definitions.names
        if name.concept == rate.printed and name.publication == layout.publication
    }
    if rate.numerator is None or not printed:
        return False
    return layout.shape is Shape.LONG or not printed.isdisjoint(layout.columns.values())
