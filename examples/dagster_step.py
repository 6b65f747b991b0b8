"""
Stop a Dagster pipeline at figures that contradict each other, and hand on those that do not.

    python examples/dagster_step.py examples/invented_month.csv

Needs `pip install dagster`. The pipeline runs in this process; no server, no daemon.
"""

import sys

import dagster as dg
import polars as pl

from iapt_audit import Severity, UnreadError, audit

#: What is wrong, and of whom.
_LINE = pl.format(
    "{} {}: {}", "period", pl.col("org_name").cast(pl.String).fill_null("the file"), pl.col("message").cast(pl.String)
)


class Published(dg.Config):
    """The files, folders or zips that a run takes."""

    paths: list[str]


@dg.asset(
    check_specs=[dg.AssetCheckSpec("figures_hold", asset="headline", blocking=True)],
    dagster_type=dg.PythonObjectDagsterType(pl.DataFrame),
)
def headline(config: Published) -> dg.MaterializeResult:
    """Audit what was published: the rates of every organisation, and whether anything is wrong."""
    try:
        found = audit(config.paths)
    except UnreadError as error:
        # a defect of the files, not of the step: its words say which file, where, and what to do
        raise dg.Failure(str(error)) from None
    errors = found.findings.filter(pl.col("severity") == Severity.ERROR)
    holds = dg.AssetCheckResult(
        check_name="figures_hold",
        passed=errors.is_empty(),
        metadata={"errors": errors.select(_LINE).to_series().to_list(), "findings": len(found.findings)},
    )
    return dg.MaterializeResult(value=found.headline, check_results=[holds], metadata={"rows": len(found.headline)})


@dg.asset
def standings(headline: pl.DataFrame) -> pl.DataFrame:
    """Count organisations by standing; a check that failed keeps this from being made."""
    counted = headline.drop_nulls("standing").group_by("period", "level", "standard", "standing").len("organisations")
    return counted.sort(counted.columns)


def main(*paths: str) -> int:
    """Run the pipeline, and print what it made or what stopped it."""
    run = dg.materialize(
        [headline, standings],
        run_config=dg.RunConfig({"headline": Published(paths=list(paths))}),
        resources={"io_manager": dg.mem_io_manager},
        raise_on_error=False,
    )
    for check in run.get_asset_check_evaluations():
        print(f"{check.check_name}: {'passed' if check.passed else 'failed'}")
        for message in check.metadata["errors"].value:
            print(f"  {message}")
    for failed in run.get_step_failure_events():
        told = failed.step_failure_data.user_failure_data
        print(told.description if told else failed.message)
    if run.success:
        print(run.output_for_node("standings"))
    return 0 if run.success else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
