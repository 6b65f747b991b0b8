"""Name the ways in which what a program gives, or what is found in it, stops the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.errors import IaptAuditError, NotFoundError
from iapt_audit.figures import printable
from iapt_audit.input_errors import InputError, UnreadableInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from iapt_audit.findings import Finding
    from iapt_audit.inputs import Input

#: So many findings are listed in an error; it carries all.
_MOST_LISTED = 20


class ArgumentError(IaptAuditError, ValueError):
    """What a program gave is not what a function takes."""

    exit_code = 2

    @classmethod
    def expected(cls, what: str, got: object) -> ArgumentError:
        """Say what is taken, and what was given."""
        return cls(f"expected {what}, got `{got}`")

    @classmethod
    def no_text(cls, what: str, got: object) -> ArgumentError:
        """Say that text is taken, such as this, and what was given; a figure has to be as it was printed."""
        return cls(f"expected text such as {what}, got {_a(type(got).__name__)}")

    @classmethod
    def ended(cls, done: int, error: Exception) -> ArgumentError:
        """Say that what gives the inputs, one after the other, failed."""
        return cls(f"what gives the inputs ended in {_a(type(error).__name__)} after {done:,}")


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


class NoLayoutError(NotFoundError):
    """No layout is of what was asked for."""

    @classmethod
    def publication(cls, name: str, known: Iterable[str], near: str | None) -> NoLayoutError:
        """Say which publications there are."""
        hint = near or f"the publications are {', '.join(known)}"
        return cls(f"no publication is called `{name}`\n\nhint: {hint}")

    @classmethod
    def layout(cls, publication: str, period: str, spans: Sequence[str]) -> NoLayoutError:
        """Say of which periods there are layouts."""
        hint = f"its layouts are of {', '.join(spans)}" if spans else "it has no layout in this form"
        return cls(f"no layout of `{publication}` is in force in {period}\n\nhint: {hint}")


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


class UnreadableTableError(UnreadableInputError):
    """A table in memory gives no rows of values."""

    @classmethod
    def no_table(cls, kind: type) -> UnreadableTableError:
        """Say that what a program gave is neither a path nor a table."""
        hint = "give polars, pandas or pyarrow, or anything with `__arrow_c_stream__`"
        return cls("other_kind", f"expected a path or a table, got {_a(kind.__name__)}", hint)

    @classmethod
    def not_given(cls, error: BaseException) -> UnreadableTableError:
        """Say that a table in memory could not be taken; what the library says of it may repeat a cell."""
        hint = "collect it by itself to see why"
        return cls("broken", f"the table cannot be taken: it ends in {_a(type(error).__name__)}", hint)

    @classmethod
    def without_rows(cls) -> UnreadableTableError:
        """Say that a table in memory holds nothing."""
        return cls("no_rows", "the table has no rows, or nothing but nulls", "give the published rows")

    @classmethod
    def column_without(cls, column: str, dtype: object) -> UnreadableTableError:
        """Say that a column of a table in memory holds what no file prints."""
        message = f"the column `{column}` holds no text, number or date: it is of type {dtype}"
        return cls("wrong_type", message, "give the text as published")


def _finding_line(finding: Finding) -> str:
    """Tell a finding in one line: a name in a file cannot begin another."""
    told = ": ".join(part for part in (finding.code.value, finding.about, finding.message) if part)
    place = f" ({finding.place()})" if finding.cells else ""
    return printable(" ".join(f"  {finding.id} {finding.severity.value} {told}{place}".splitlines()))


def _told(error: InputError) -> str:
    return f"{error.message} (hint: {error.hint})" if error.hint else error.message


def _a(name: str) -> str:
    """
    Put the article before a name.

    >>> _a("OSError"), _a("ValueError")
    ('an OSError', 'a ValueError')
    """
    return f"an {name}" if name[:1].upper() in set("AEIOU") else f"a {name}"
