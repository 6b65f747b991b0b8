"""
Name every way an input or a definition can fail.

IaptAuditError
├── DefinitionError           a file in `schemas/` or `checks/` is wrong: all its faults at once
├── ClaimError                a claim, or a figure in it, is not understood
├── NotFoundError             what was asked for is not in the files
├── WaiverError               a file of waivers is wrong: all its faults at once
├── OutputError               a result cannot be written
├── DraftError                no layout can be drafted for a file
├── ArgumentError             what a program gave is not what a function takes; a ValueError too
├── FindingsError             an audit has findings as grave as its caller allows none
├── TableError                a table is not as its layout is published: all its faults at once
├── UnreadError               inputs of an audit cannot be used: all of them at once
├── MissingExtraError         a library that an extra brings is not installed
├── ResultError               a result of Great Expectations holds no findings
└── InputError                a file or table to audit cannot be used
    ├── UnreadableInputError  absent, empty, another kind of file, broken
    │   └── UnreadableTableError  a table in memory that gives no rows of values
    ├── UnknownLayoutError    a table, but none of the layouts that we know
    ├── FrameError            a frame that has lost what the publisher printed
    └── PeriodUnknownError    a known layout, but nothing says which year or month it is

A wrong *number* is never an exception: it is a finding (`findings.py`). What only a program meets, which calls us as a
library, is in `api_errors`.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: What became of a file that was given.
InputStatus = Literal["audited", "unreadable", "unknown_layout"]


class IaptAuditError(Exception):
    """Stand for every failure that a user is shown in words and without a traceback."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one place of a definition."""

    file: str
    place: str
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        """Word the fault: file, place, what is wrong, and the near miss if there is one."""
        hint = f" (hint: {self.hint})" if self.hint else ""
        return f"{self.file}: {self.place}: {self.message}{hint}"


class DefinitionError(IaptAuditError):
    """A definition is wrong; carries every fault of every file, not the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults in the order of their files."""
        self.faults = sorted(set(faults), key=lambda fault: (fault.file, fault.place, fault.message))
        count = len(self.faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the definitions\n{lines}")


class WaiverError(IaptAuditError):
    """A file of waivers is wrong; carries every fault, not the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults in the order of their places."""
        self.faults = sorted(set(faults), key=lambda fault: (fault.place, fault.message))
        count = len(self.faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} in the waivers\n{lines}")


class NotFoundError(IaptAuditError):
    """What was asked for is not in the files that were read."""

    exit_code = 2

    @classmethod
    def period(cls, period: str, known: Iterable[str]) -> NotFoundError:
        """Say which periods there are."""
        return cls(f"no input is of `{period}`\n\nhint: the inputs are of {', '.join(known)}")

    @classmethod
    def level(cls, level: str, known: Iterable[str]) -> NotFoundError:
        """Say which levels there are."""
        return cls(f"no input has the level `{level}`\n\nhint: the inputs have {', '.join(known)}")

    @classmethod
    def organisation(cls, org: str, like: Iterable[str]) -> NotFoundError:
        """Say which codes start like it."""
        return cls(f"no organisation has the code `{org}`\n\nhint: codes that start like it: {', '.join(like)}")

    @classmethod
    def headline(cls, org: str) -> NotFoundError:
        """Say that no headline rate of an organisation is there."""
        return cls(
            f"the inputs hold no headline rate of `{org}`\n\n"
            f"hint: `iapt-audit audit PATH --org {org}` tells what they hold of it"
        )

    @classmethod
    def finding(cls, name: str) -> NotFoundError:
        """Say that no finding has the id."""
        return cls(f"no finding of these inputs has the id `{name}`\n\nhint: `iapt-audit audit` prints the ids")

    @classmethod
    def rules(cls, unknown: Mapping[str, Sequence[str]], families: Sequence[str]) -> NotFoundError:
        """Say which rules, codes or families are unknown, and which are near."""
        lines = [
            f"no rule, code or family is called `{name}`" + (f" (near: {', '.join(near)})" if near else "")
            for name, near in unknown.items()
        ]
        return cls("\n".join(lines) + f"\n\nhint: the families are {', '.join(families)}")

    @classmethod
    def rate(cls, measure: str, org: str, period: str) -> NotFoundError:
        """Say that no rate goes by the name there."""
        return cls(
            f"no rate called `{measure}` is published for `{org}` in {period}\n\n"
            "hint: `iapt-audit definitions list rates` names the rates"
        )


class OutputError(IaptAuditError):
    """What was found cannot be written."""

    @classmethod
    def from_os(cls, folder: object, error: OSError) -> OutputError:
        """Say which folder, and what the system answered."""
        return cls(f"`{folder}` cannot be written to: {error.strerror or error}\n\nhint: give another folder")

    @classmethod
    def there_already(cls, path: object) -> OutputError:
        """Say that a file that somebody may have worked on is in the way."""
        return cls(f"`{path}` is there already, and is not written over\n\nhint: give another name, or move it")


class MissingExtraError(IaptAuditError, ImportError):
    """A library that is only needed for one thing is not installed."""

    exit_code = 2

    @classmethod
    def gx(cls) -> MissingExtraError:
        """Say how to install Great Expectations."""
        return cls("Great Expectations is not installed\n\nhint: install iapt-audit with the extra `gx`")


class ResultError(IaptAuditError):
    """A result of Great Expectations cannot be read back as findings."""

    @classmethod
    def no_details(cls) -> ResultError:
        """Say that the result was asked for without details."""
        return cls(
            "the result says only whether expectations were met, not what was found\n\n"
            "hint: give the checkpoint a `result_format` other than BOOLEAN_ONLY"
        )

    @classmethod
    def other_result(cls) -> ResultError:
        """Say that no expectation of ours is in the result."""
        return cls(
            "the result holds none of the expectations of iapt-audit\n\n"
            "hint: give the result of a checkpoint that `iapt-audit export gx` wrote"
        )


class DraftError(IaptAuditError):
    """No layout can be drafted for a file."""

    @classmethod
    def unread(cls, name: str, error: InputError) -> DraftError:
        """Say why the file gave no table, or no period."""
        hint = f"\n\nhint: {error.hint}" if error.hint else ""
        return cls(f"no layout can be drafted for `{name}`: {error.message}{hint}")

    @classmethod
    def other_measures(cls, name: str, nearest: str) -> DraftError:
        """Say that a file has the keys of a layout, and measures of something else."""
        return cls(
            f"no layout can be drafted for `{name}`: it has the keys of `{nearest}`, but few of its measure columns\n\n"
            f"hint: it is another publication: write its first layout by hand, as schemas/{nearest}.toml is written"
        )

    @classmethod
    def period(cls, period: str, expected: str) -> DraftError:
        """Say that a layout of years was given a month, or the reverse."""
        return cls(f"expected a period such as {expected} for this file, got `{period}`\n\nhint: give it with --period")

    @classmethod
    def there_already(cls, layout: str) -> DraftError:
        """Say that the period has its layout, and that this file is not of it."""
        return cls(
            f"the layout `{layout}` is there already, and the columns of this file differ from it\n\n"
            f"hint: change schemas/{layout}.toml, or give another period with --period"
        )

    @classmethod
    def none_earlier(cls, publication: str, period: str) -> DraftError:
        """Say that there is no layout that a new one could extend."""
        return cls(
            f"no layout of `{publication}` begins before {period}: there is none to extend\n\n"
            f"hint: write it in full, as the first file of schemas/{publication}/ is written"
        )


class InputError(IaptAuditError):
    """A file to audit cannot be used; the others still are."""

    status: InputStatus = "unreadable"

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        """Take a stable code, one sentence, and what to do next."""
        self.code = code
        self.message = message
        self.hint = hint
        super().__init__(message)


class UnreadableInputError(InputError):
    """The file is absent, empty, of another kind, or broken."""

    @classmethod
    def absent(cls) -> UnreadableInputError:
        """Say that nothing is at the path."""
        return cls("absent", "there is no such file or folder", "check the spelling of the path")

    @classmethod
    def no_permission(cls) -> UnreadableInputError:
        """Say that the file may not be opened."""
        return cls("no_permission", "the file may not be read", "check its permissions")

    @classmethod
    def empty(cls) -> UnreadableInputError:
        """Say that the file holds nothing."""
        return cls("empty", "the file is empty", "download it again")

    @classmethod
    def from_os(cls, error: OSError) -> UnreadableInputError:
        """Say why the system does not give the file."""
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return cls.absent()
        if isinstance(error, PermissionError):
            return cls.no_permission()
        if error.errno == errno.ELOOP:
            return cls("broken", "the path is a link that leads back to itself", "give the path of a published file")
        return cls(
            "broken", f"the file cannot be read: {error.strerror or error}", "check the path and its permissions"
        )

    @classmethod
    def no_match(cls) -> UnreadableInputError:
        """Say that a pattern matches nothing."""
        return cls("absent", "no file matches the pattern", "check the spelling of the path")

    @classmethod
    def changed(cls) -> UnreadableInputError:
        """Say that the file was written to while it was read."""
        return cls("changed", "the file changed while it was read", "try again once it is all there")

    @classmethod
    def too_large(cls) -> UnreadableInputError:
        """Say that a file, or what it inflates to, is beyond any publication."""
        return cls("too_large", "it holds more than a publication does", "unpack it, and give the published file")

    @classmethod
    def nothing_inside(cls, place: str) -> UnreadableInputError:
        """Say that a folder or an archive holds no file that could be read."""
        message = f"the {place} holds no CSV, workbook, parquet or zip file"
        if place == "workbook":
            message = "the workbook holds no sheet of cells"
        return cls("nothing_inside", message, "give the path of a published file")

    @classmethod
    def other_kind(cls, kind: str, hint: str) -> UnreadableInputError:
        """Say what the file is instead of a table."""
        return cls("other_kind", f"this is {kind}, not a published table", hint)

    @classmethod
    def broken(cls, what: str) -> UnreadableInputError:
        """Say that the file is of the right kind but damaged."""
        return cls("broken", what, "download it again")

    @classmethod
    def no_rows(cls) -> UnreadableInputError:
        """Say that a table ends with its header."""
        return cls("no_rows", "the file has a header and no rows", "download it again")

    @classmethod
    def password(cls, what: str) -> UnreadableInputError:
        """Say that an archive or a member is encrypted."""
        return cls("broken", f"{what} is protected by a password", "unpack it, and give the file inside")

    @classmethod
    def leads_out(cls) -> UnreadableInputError:
        """Say that a member's name points out of its archive."""
        message = "the member's name leads out of the zip file; it is not opened"
        return cls("unsafe_name", message, "download it again from the publisher")

    @classmethod
    def external_links(cls, hint: str) -> UnreadableInputError:
        """Say that a workbook shows figures that stand in others."""
        return cls("external_links", "the workbook takes figures from other workbooks", hint)

    @classmethod
    def declares_entities(cls, part: str, hint: str) -> UnreadableInputError:
        """Say that a part of a workbook is written as no spreadsheet program writes it."""
        message = f"the workbook's part `{part}` declares a document type, which no spreadsheet program writes"
        return cls("entities", message, hint)

    @classmethod
    def empty_sheet(cls, sheet: str) -> UnreadableInputError:
        """Say that a sheet holds nothing."""
        return cls("empty", f"the sheet `{sheet}` is empty", "give the workbook as published")

    @classmethod
    def percentage_cells(cls, sheet: str, hint: str) -> UnreadableInputError:
        """Say that what cells print is not what they hold."""
        message = f"cells of the sheet `{sheet}` hold fractions and print percentages: what is printed is not held"
        return cls("other_kind", message, hint)


class UnknownLayoutError(InputError):
    """The table is none that we know."""

    status: InputStatus = "unknown_layout"
    #: The layout that the columns come near to, if any.
    nearest: str | None = None

    @classmethod
    def of_none(cls) -> UnknownLayoutError:
        """Say that the columns are near no layout."""
        return cls(
            "unknown_layout",
            "its columns are those of no layout that we know",
            "`iapt-audit definitions list` names the layouts covered",
        )

    @classmethod
    def from_columns(
        cls, missing: Mapping[str, str | None], unknown: Sequence[str], more: int, nearest: str
    ) -> UnknownLayoutError:
        """Say which columns of the nearest layout are missing, what the file has instead, and what no layout knows."""
        differ = [
            f"`{name}` is missing" + (f"; the file has `{near}`" if near else "") for name, near in missing.items()
        ]
        if unknown:
            listed = ", ".join(f"`{name}`" for name in unknown)
            differ.append(f"no layout knows {listed}" + (f" and {more} more" if more else ""))
        error = cls(
            "unknown_layout",
            f"the nearest layout is `{nearest}`, but {'; '.join(differ)}",
            "`iapt-audit definitions draft` writes a layout to review, as a difference to it",
        )
        error.nearest = nearest
        return error

    @classmethod
    def another(cls, expected: str, got: Sequence[str]) -> UnknownLayoutError:
        """Say that a table is of another layout than the one it should be of."""
        listed = ", ".join(f"`{name}`" for name in got)
        return cls(
            "another_layout", f"expected a table of `{expected}`, got one of {listed}", "use the suite of its layout"
        )

    @classmethod
    def columns_twice(cls, names: Sequence[str]) -> UnknownLayoutError:
        """Say which column names stand twice in the header."""
        listed = ", ".join(f"`{name}`" for name in names)
        return cls(
            "column_twice", f"a column name stands twice: {listed}", "remove the column that is not the publisher's"
        )


class FrameError(InputError):
    """The frame is of a known layout, and has lost what the publisher printed."""

    @classmethod
    def nulls(cls, columns: Mapping[str, int]) -> FrameError:
        """Say which columns hold nulls, and in how many rows."""
        listed = ", ".join(f"`{name}` in {count:,} rows" for name, count in columns.items())
        return cls(
            "nulls",
            f"the frame holds nulls where the publisher prints text: {listed}",
            "pandas reads `NULL` and `None` as nothing: use read_csv(..., dtype=str, keep_default_na=False)",
        )


class PeriodUnknownError(InputError):
    """Nothing in the file or its names says which period it is of."""

    @classmethod
    def from_names(cls, names: Sequence[str]) -> PeriodUnknownError:
        """Say where the period was looked for."""
        listed = ", ".join(f"`{name}`" for name in names)
        return cls(
            "period_unknown",
            f"no column names the year, nor do the names {listed}",
            "give it with --period, for example --period 2024-25",
        )

    @classmethod
    def of_other_kind(cls, given: str, like: str) -> PeriodUnknownError:
        """Say that a month was given for a file of a year, or the other way round."""
        return cls(
            "period_unknown", f"the file is of a period such as {like}, which {given} is not", "give its own period"
        )

    @classmethod
    def of_frame(cls, layout: str) -> PeriodUnknownError:
        """Say that a frame of a layout names no period."""
        return cls(
            "period_unknown",
            f"no column of a table of `{layout}` names the year",
            'give it as `period`, for example period="2024-25"',
        )

    @classmethod
    def of_others(cls, asked: str, periods: Sequence[str]) -> PeriodUnknownError:
        """Say that a table is of other periods than the one it should be of."""
        return cls(
            "another_period", f"expected a table of {asked}, got one of {', '.join(periods)}", "give its own period"
        )

    @classmethod
    def names_differ(cls, periods: Sequence[str]) -> PeriodUnknownError:
        """Say that the names disagree about the period."""
        return cls(
            "period_ambiguous",
            f"its names give more than one year: {', '.join(periods)}",
            "give the right one with --period",
        )


class ClaimError(IaptAuditError):
    """A claim is not understood."""

    exit_code = 2

    @classmethod
    def figure(cls, text: str) -> ClaimError:
        """Say what a figure looks like."""
        return cls(
            f"expected a figure such as 50.8%, 525,000, 1.6 million or 7 in 10, got `{text}`\n\n"
            "hint: give the figure alone, and words such as about or over as --comparison"
        )

    @classmethod
    def unit(cls, text: str, measure: str, expected: str) -> ClaimError:
        """Say that a figure is of another kind than its measure."""
        return cls(f"expected {expected} for `{measure}`, got `{text}`\n\nhint: write a percentage with its sign")

    @classmethod
    def faults(cls, name: str, faults: Iterable[tuple[str, str, str | None]]) -> ClaimError:
        """Say everything that is wrong with a claim."""
        lines = [f"  {key}: {message}" + (f" (hint: {hint})" if hint else "") for key, message, hint in faults]
        opening = f"the claim `{name}` is not understood" if name else "what was asked for is not understood"
        return cls("\n".join([opening, *lines]))

    @classmethod
    def organisation(cls, org: str, near: Sequence[str]) -> ClaimError:
        """Say that the figures hold no such organisation."""
        hint = f"codes that start like it: {', '.join(near)}" if near else "give files that hold it with --data"
        return cls(f"the figures hold no organisation with the code `{org}`\n\nhint: {hint}")
