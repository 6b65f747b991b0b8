"""
Put the definitions and the engine into Great Expectations: suites, expectations, a checkpoint a layout, Data Docs.

Importing this package registers the expectations. It needs the extra `gx`.
"""

from iapt_audit.errors.base import MissingExtraError

try:
    import great_expectations  # noqa: F401 - only to know whether it is there
except ModuleNotFoundError as error:
    if error.name != "great_expectations":
        raise
    raise MissingExtraError.of("gx", "Great Expectations") from None

from great_expectations.data_context.store.expectations_store import ExpectationsStore

from iapt_audit.integrations.great_expectations.expectations import (
    ExpectCountsToBeDisclosureControlled,
    ExpectFiguresToBeInForm,
    ExpectPartsToMakeTotal,
    ExpectRateToFollowFromCounts,
)
from iapt_audit.integrations.great_expectations.results import findings_of
from iapt_audit.integrations.great_expectations.runs import checkpoint_of, run

__all__ = [
    "ExpectCountsToBeDisclosureControlled",
    "ExpectFiguresToBeInForm",
    "ExpectPartsToMakeTotal",
    "ExpectRateToFollowFromCounts",
    "ExpectationsStore",
    "checkpoint_of",
    "findings_of",
    "run",
]
