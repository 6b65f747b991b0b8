"""Name the ways in which what a program gives, or what is found in it, stops the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.errors.base import IaptAuditError
from iapt_audit.model.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from iapt_audit.errors.inputs import InputError
    from iapt_audit.model.findings import Finding
    from iapt_audit.model.inputs import Input

#: So many findings are listed in an error; it carries all.
_MOST_LISTED = 20


class FindingsError(IaptAuditError):
    """An audit has findings as grave as its caller allows none; carries them, the gravest first."""

    exit_code = 1

    def __init__(self, findings: Sequence[Finding], severity: str) -> None:
        """Take the findings, and the least severity that counts."""
        self.findings = tuple(findings)
        lines = [_finding_line(each) for each in self.findings[:_MOST_LISTED]]
        more = len(self.findings) - len(lines)
        if more:
            lines.append(f"  and {more:,} more")
        count = len(self.findings)
        opening = f"{count:,} finding{'s' if count != 1 else ''} of severity `{severity}` or graver"
        super().__init__("\n".join([opening, *lines]))


class TableError(IaptAuditError):
    """
    A table is not as its layout is published; carries every fault.

    `faults` has a row a fault: `column`, `check` (a code of findings, or `column-missing`, `type`, `null`, `no-rows`),
    `message`, `index` (the row's place from 0, null for a fault of the whole column) and `text`, what stands there:
    null for a fault of the whole column, `(not repeated)` where it may be a small count that slipped.
    """

    def __init__(self, layout: str, lines: Sequence[str], faults: pl.DataFrame) -> None:
        """Take the layout, the faults in words, and row by row."""
        self.layout, self.faults = layout, faults
        count = len(lines)
        opening = f"the table is not as `{layout}` is published: {count} fault{'s' if count != 1 else ''}"
        super().__init__("\n".join([opening, *(f"  {line}" for line in lines)]))


class UnreadError(IaptAuditError):
    """Inputs of an audit cannot be used; carries each with its error."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        """Take the inputs that were not read; none if there was nothing to read."""
        self.inputs = tuple(inputs)
        lines = [f"{each.name}: {_told(each.error)}" for each in self.inputs if each.error is not None]
        super().__init__("\n".join(lines) or "there is nothing to audit")


class UnjudgedError(IaptAuditError):
    """Of inputs of an audit no figure could be judged; carries each with its reason. It passes no gate."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        """Take the inputs of which nothing was judged."""
        self.inputs = tuple(inputs)
        super().__init__("\n".join(each.fault for each in self.inputs if each.fault is not None))


def _finding_line(finding: Finding) -> str:
    """Tell a finding in one line: a name in a file cannot begin another."""
    told = ": ".join(part for part in (finding.code.value, finding.about, finding.message) if part)
    place = f" ({finding.place()})" if finding.cells else ""
    return printable(" ".join(f"  {finding.id} {finding.severity.value} {told}{place}".splitlines()))


def _told(error: InputError) -> str:
    return f"{error.message} (hint: {error.hint})" if error.hint else error.message
