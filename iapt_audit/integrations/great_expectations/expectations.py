"""
Hold published figures to their rules as expectations of Great Expectations.

An expectation holds the id of a layout and of a rule, and works nothing out itself: the engine judges the batch once,
by one metric that all of them share, and each takes the findings that are its own.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.render.components import CollapseContent, LegacyDiagnosticRendererType, RenderedTableContent
from great_expectations.render.renderer.renderer import renderer

from iapt_audit.integrations.great_expectations.judging import JudgedBatch, definitions_of, judge
from iapt_audit.integrations.great_expectations.results import rows_told, told
from iapt_audit.model.findings import FAMILIES, Code, Family, Finding

_METRIC = "table.published_figures_judged"


class _FiguresJudged(TableMetricProvider):
    """The findings of a batch; Great Expectations works a metric out once for all expectations that ask for it."""

    metric_name = _METRIC
    value_keys = ("layout", "period", "definitions")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805 - Great Expectations makes a class method of it
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> JudgedBatch:
        del metrics, runtime_configuration
        _forget_fingerprints(execution_engine)
        frame, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, domain_type="table")
        definitions = definitions_of(metric_value_kwargs["definitions"])
        return judge(frame, metric_value_kwargs["layout"], definitions, metric_value_kwargs["period"])


def _forget_fingerprints(execution_engine: PandasExecutionEngine) -> None:
    """
    Take the digest of the table from what Great Expectations knows of its batches, before it is written anywhere.

    It is stored with every result and drawn in the Data Docs; with it a figure that is held back could be tried out.
    """
    for batch in execution_engine.batch_manager.batch_cache.values():
        batch.batch_markers.pop("pandas_data_fingerprint", None)


class _FiguresExpectation(BatchExpectation, ABC):
    """
    Fail if the audit of a batch has an error of a kind.

    `layout` is the id of the layout that the batch is of, `period` the month or year of one that has no column for it,
    or a parameter of the suite; `definitions` is a folder of definitions that are added to the shipped ones.
    """

    layout: str
    period: str | dict[str, Any] | None = None
    definitions: str | None = None

    metric_dependencies: ClassVar[tuple[str, ...]] = (_METRIC,)
    success_keys: ClassVar[tuple[str, ...]] = ("layout", "period", "definitions")
    args_keys: ClassVar[tuple[str, ...]] = ("layout",)

    @abstractmethod
    def owns(self, finding: Finding) -> bool:
        """Return whether a finding is of the kind that this expectation looks for."""

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        del runtime_configuration, execution_engine
        judged: JudgedBatch = metrics[_METRIC]
        return told(judged, [finding for finding in judged.findings if self.owns(finding)])

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_TABLE)
    def _diagnostic_unexpected_table_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> list[RenderedTableContent | CollapseContent] | None:
        """Show the findings below the expectation, in the Data Docs."""
        del configuration, runtime_configuration
        rows = rows_told(result.result if result is not None else {})
        if not rows:
            return None
        cells = [
            [{"content_block_type": "string_template", "string_template": _plain(text)} for text in row] for row in rows
        ]
        styling = {"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}}
        return [RenderedTableContent(table=cells, header_row=["Finding", "Where", "Rows", "What"], styling=styling)]


def _plain(text: str) -> dict[str, Any]:
    """Return a text that is escaped: it may hold names from the file."""
    return {"template": "$text", "params": {"text": text}}


class ExpectRateToFollowFromCounts(_FiguresExpectation):
    """
    Expect that some true counts, rounded and suppressed as published, print every percentage of a rate.

    Args:
        layout: The id of the layout that the batch is of.
        rule: The id of the rate, such as `recovery`.
        period: The month or year of a batch that has no column for it.
        definitions: A folder of definitions that are added to the shipped ones.
    """

    rule: str

    success_keys: ClassVar[tuple[str, ...]] = ("rule", *_FiguresExpectation.success_keys)

    def owns(self, finding: Finding) -> bool:
        """Return whether the rate is contradicted, or does not follow by a formula that was not tried."""
        return finding.code in {Code.RATE_CONTRADICTED, Code.FORMULA_MISSED} and finding.rule == self.rule


class ExpectPartsToMakeTotal(_FiguresExpectation):
    """
    Expect that printed figures satisfy a sum or an order between them.

    Args:
        layout: The id of the layout that the batch is of.
        rule: The id of the rule, such as `annual_parts_gender`; `figures-contradicted` for all rules together.
        period: The month or year of a batch that has no column for it.
        definitions: A folder of definitions that are added to the shipped ones.
    """

    rule: str

    success_keys: ClassVar[tuple[str, ...]] = ("rule", *_FiguresExpectation.success_keys)

    def owns(self, finding: Finding) -> bool:
        """Return whether the rule is broken, or missed somewhere."""
        if finding.code is Code.FIGURES_CONTRADICTED:
            return self.rule == Code.FIGURES_CONTRADICTED
        return FAMILIES[finding.code] is Family.IDENTITIES and finding.rule == self.rule


class ExpectCountsToBeDisclosureControlled(_FiguresExpectation):
    """
    Expect that every count below England was rounded or suppressed, and no percentage printed without its count.

    Args:
        layout: The id of the layout that the batch is of.
        period: The month or year of a batch that has no column for it.
        definitions: A folder of definitions that are added to the shipped ones.
    """

    def owns(self, finding: Finding) -> bool:
        """Return whether a count missed disclosure control, or stands without its percentage or that without it."""
        return FAMILIES[finding.code] is Family.DISCLOSURE


class ExpectFiguresToBeInForm(_FiguresExpectation):
    """
    Expect that keys are whole and stand once, and that every figure is a number or a sign in the form of its level.

    Args:
        layout: The id of the layout that the batch is of.
        period: The month or year of a batch that has no column for it.
        definitions: A folder of definitions that are added to the shipped ones.
    """

    def owns(self, finding: Finding) -> bool:
        """Return whether a key or a figure is not in its form."""
        return FAMILIES[finding.code] in {Family.KEYS, Family.FORMAT, Family.SERIES}
