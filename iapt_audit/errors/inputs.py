"""Name the ways in which a file or table to audit cannot be used; each has a stable code, a message and a hint."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Literal

from iapt_audit.errors.base import IaptAuditError, with_article
from iapt_audit.extras import how_to_install

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


#: What became of a file that was given.
InputStatus = Literal["audited", "unjudged", "unreadable", "unknown_layout"]


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
    def parquet(cls) -> UnreadableInputError:
        """Say that files of this kind need an extra, which is not installed."""
        return cls("extra_missing", "a parquet file needs the extra `parquet`", how_to_install("parquet"))

    @classmethod
    def sheets(cls) -> UnreadableInputError:
        """Say that workbooks of this form need an extra, which is not installed."""
        message = "an OpenDocument or old Excel workbook needs the extra `sheets`"
        return cls("extra_missing", message, f"{how_to_install('sheets')}, or save it as .xlsx or CSV")

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


class UnreadableTableError(UnreadableInputError):
    """A table in memory gives no rows of values."""

    @classmethod
    def no_table(cls, kind: type) -> UnreadableTableError:
        """Say that what a program gave is neither a path nor a table."""
        hint = "give polars, pandas or pyarrow, or anything with `__arrow_c_stream__`"
        return cls("other_kind", f"expected a path or a table, got {with_article(kind.__name__)}", hint)

    @classmethod
    def not_given(cls, error: BaseException) -> UnreadableTableError:
        """Say that a table in memory could not be taken; what the library says of it may repeat a cell."""
        hint = "collect it by itself to see why"
        return cls("broken", f"the table cannot be taken: it ends in {with_article(type(error).__name__)}", hint)

    @classmethod
    def without_rows(cls) -> UnreadableTableError:
        """Say that a table in memory holds nothing."""
        return cls("no_rows", "the table has no rows, or nothing but nulls", "give the published rows")

    @classmethod
    def column_without(cls, column: str, dtype: object) -> UnreadableTableError:
        """Say that a column of a table in memory holds what no file prints."""
        message = f"the column `{column}` holds no text, number or date: it is of type {dtype}"
        return cls("wrong_type", message, "give the text as published")


class UnjudgedInputError(InputError):
    """The file was read, and no figure of it could be judged: it says nothing, neither good nor bad."""

    status: InputStatus = "unjudged"

    @classmethod
    def no_level(cls, rows: int, layout: str) -> UnjudgedInputError:
        """Say that no row is at a level of the layout."""
        message = (
            f"no figure was judged: none of its {rows:,} row{'s' if rows != 1 else ''} is at a level of `{layout}`"
        )
        return cls("no_level", message, f"`iapt-audit definitions show {layout}` names the levels")

    @classmethod
    def of_cells(cls, code: str, counts: Mapping[str, int]) -> UnjudgedInputError:
        """Say what the figures are of which none could be judged: how many of each kind, in words."""
        every = sum(counts.values())
        if len(counts) == 1:
            (what,) = counts
            told = f"its only figure is {what}" if every == 1 else f"all its {every:,} figures are {what}"
        else:
            listed = ", ".join(f"{count:,} {what}" for what, count in counts.items())
            told = f"of its {every:,} figures {listed}"
        return cls(code, f"no figure was judged: {told}", _WHY_UNJUDGED.get(code))


#: What to do about a file of which nothing could be judged, by the reason.
_WHY_UNJUDGED = {
    "all_suppressed": "the file may be sound: there is nothing in it to judge",
    "no_values": "look whether the column of figures was lost on the way",
    "no_numbers": "look whether the column of figures is another, or was written by another program",
    "keys_twice": "remove the rows that stand twice",
    "no_measure": "`iapt-audit definitions list` names the measures known",
    "nothing_to_try": "give the file with the counts that its figures rest on",
}


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
    def not_covered(cls, title: str) -> UnknownLayoutError:
        """Say that a table is of a publication that is known and not judged."""
        return cls(
            "unknown_layout",
            f"this is {title}, which is not covered yet",
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
    def of_measures(cls, nearest: str, names: Sequence[str], more: int, columns: Sequence[str]) -> UnknownLayoutError:
        """Say that a table has the key columns of a layout and none of its measures; name those that it has."""
        listed = ", ".join(f"`{name}`" for name in names)
        told = f": {listed}{f' and {more:,} more' if more else ''}" if names else ""
        message = f"its key columns are those of `{nearest}`, and none of its measures is known{told}"
        if columns:
            message += f"; no layout knows the column {', '.join(f'`{name}`' for name in columns)}"
        return cls._near(nearest, message)

    @classmethod
    def of_key(cls, nearest: str, column: str) -> UnknownLayoutError:
        """Say that a column which a layout does not have is part of the key of a table."""
        message = (
            f"its key columns are those of `{nearest}`, but most of its rows stand twice unless `{column}` tells them "
            "apart, which no layout knows as part of a key"
        )
        return cls._near(nearest, message)

    @classmethod
    def _near(cls, nearest: str, message: str) -> UnknownLayoutError:
        error = cls("unknown_layout", message, "`iapt-audit definitions list` names the layouts covered")
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
