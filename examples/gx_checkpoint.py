"""
Run a checkpoint of Great Expectations over a published file, and read the result back as findings.

    iapt-audit export gx expectations
    python examples/gx_checkpoint.py expectations examples/invented_month.csv

A file that names no period in a column needs it as a third argument, such as 2024-25.
"""

import sys
from pathlib import Path

import great_expectations as gx
import pandas as pd

from iapt_audit import IaptAuditError
from iapt_audit.integrations.great_expectations import findings_of, run


def main(project: str, file: str, period: str | None = None) -> int:
    """Print what is wrong in a file, and where its Data Docs are."""
    if not (Path(project) / "great_expectations.yml").is_file():
        # Great Expectations would begin another project there
        print(f"error: no project at {project}: run `iapt-audit export gx {project}` first", file=sys.stderr)
        return 2
    context = gx.get_context(mode="file", context_root_dir=project)
    # as printed: pandas would read `NULL` as nothing, and 50.0 as 50
    table = pd.read_csv(file, dtype=str, keep_default_na=False)

    try:
        result = run(context, table, period, name=Path(file).name)
    except IaptAuditError as error:
        print(f"error: {file}: {error}", file=sys.stderr)
        return error.exit_code

    for finding in findings_of(result):
        print(finding.severity, finding.id, finding.code, finding.org_code or "-", finding.message)
    docs = context.build_data_docs()
    print("Data Docs:", docs["local_site"])
    return 0 if result.success else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
