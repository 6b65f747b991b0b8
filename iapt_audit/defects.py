"""Word what `validate` found in single cells and keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iapt_audit import validate
from iapt_audit.findings import Code

if TYPE_CHECKING:
    from iapt_audit.context import Context
    from iapt_audit.findings import Finding


def defects(context: Context) -> list[Finding]:
    """Give a finding for each cell with a defect, and one for each organisation that stands twice in a file."""
    definitions = context.definitions
    decimals = {
        name.level.value: definitions.regimes[name.regime].decimals
        for layout in definitions.layouts.values()
        for name in layout.levels.values()
    }
    findings = []
    for cell, code, message in validate.validate(context.cells, decimals).iter_rows():
        one = context.finding(Code(code), message, [cell])
        title = definitions.measure_titles.get(one.measures[0], one.measures[0])
        findings.append(replace(one, message=f"{title} in the published file: {message}"))
    for row in validate.repeated_keys(context.cells).iter_rows(named=True):
        names = " and ".join(f"`{name}`" for name in row["names"])
        differ = "with different values" if row["values_differ"] else "with the same values"
        message = (
            f"`{row['org_code']}` stands twice in the file, under {names}, {differ}: "
            f"{row['rows']:,} rows, none of which is judged"
        )
        one = context.finding(Code.KEY_TWICE, message, row["cells"])
        findings.append(replace(one, breakdown=None, statistic=None, measures=(), printed=None))
    return findings
