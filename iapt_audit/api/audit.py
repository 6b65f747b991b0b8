"""Hold an audit as a program takes it: tables, the document, and a gate."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from iapt_audit.api.errors import FindingsError, UnjudgedError, UnreadError
from iapt_audit.claims.register import on_audit
from iapt_audit.errors.base import ArgumentError, MissingExtraError
from iapt_audit.model.findings import Severity
from iapt_audit.outputs.documents.audit import document, input_json
from iapt_audit.outputs.documents.json_text import ATTRIBUTION, to_json
from iapt_audit.outputs.summary import summary
from iapt_audit.outputs.tables import table_of
from iapt_audit.selection.findings import by_weight

if TYPE_CHECKING:
    from iapt_audit import results
    from iapt_audit.model.inputs import Input

_INPUTS = dict.fromkeys(
    ("path", "member", "sha256", "masked_sha256", "publication", "layout", "period"), pl.String()
) | {
    "rows": pl.Int64(), "cells": pl.Int64(), "status": pl.String(),
    "error": pl.Struct(dict.fromkeys(("code", "message", "hint"), pl.String())),
}  # fmt: skip


@dataclass(frozen=True)
class Audit:
    """
    What an audit found; everything in it has passed the disclosure gate.

    The tables are polars frames, the same as `iapt-audit audit --out` writes, made when they are first asked for.
    Bounds of counts are numbers of referrals; percentages and their bounds are whole ten-thousandths of a per cent
    (504,300 is 50.43%). `row` is the line in the file, the header being 1; of a table that was held in
    memory, the line that it would have there.
    """

    found: results.AuditResult = field(repr=False)

    def __repr__(self) -> str:
        """Say how much there is."""
        counted = ", ".join(_some(number, name) for name, number in self._severities().items())
        return f"<Audit of {_some(len(self.found.inputs), 'input')}: {counted}>"

    @cached_property
    def cells(self) -> pl.DataFrame:
        """
        Return one row a printed figure: its place, text, status, bounds.

        Columns: `cell`, `group`, `row`, `level`, `org_code`, `org_name`, `breakdown`, `measure`, `statistic`,
        `printed`, `status`, `value`, `half_width` (ten-thousandths), `low`, `high` (referrals), `in_form`, `smallest`,
        `held_back`, `repeated`, `path`, `member`, `publication`, `period`.
        """
        return table_of(self.found, "cells")

    @cached_property
    def rates(self) -> pl.DataFrame:
        """
        Return every printed percentage with its verdict, and the reason where it is not checkable.

        Columns: `rate`, `level`, `org_code`, `breakdown`, `cell` (as in `cells`), the bounds of its counts and of the
        percentage that they allow, `verdict`, `reason`, `path`, `member`, `publication`, `period`.
        """
        return table_of(self.found, "rates")

    @cached_property
    def headline(self) -> pl.DataFrame:
        """
        Return the headline rates of every organisation: from the counts, over every denominator, against the standards.

        Columns: `publication`, `period`, `level`, `org_code`, `org_name`, `measure`, `standard`, `printed`,
        `contradicted`, the exact counts where they are known, `low`, `high` (ten-thousandths), `standing`,
        `short_low`, `short_high` (referrals short of the standard, negative over it), `ID_low`, `ID_high` and
        `ID_other_run` of each denominator.
        """
        return table_of(self.found, "headline")

    @cached_property
    def series(self) -> pl.DataFrame:
        """Return the figures that are followed over time."""
        return table_of(self.found, "series")

    @cached_property
    def waits(self) -> pl.DataFrame:
        """Return the waits of everyone beside those that the standards count."""
        return table_of(self.found, "waits")

    @cached_property
    def gaps(self) -> pl.DataFrame:
        """Return the outcomes of groups beside what they are set against."""
        return table_of(self.found, "gaps")

    @cached_property
    def power(self) -> pl.DataFrame:
        """Return how many of the rates, moved by so many points, would have been caught."""
        return table_of(self.found, "power")

    @cached_property
    def findings(self) -> pl.DataFrame:
        """
        Return what is wrong or worth knowing, by id.

        Columns: `id`, `code`, `rule`, `severity`, `publication`, `period`, `level`, `org_code`, `org_name`,
        `breakdown`, `statistic`, `printed`, `low`, `high`, `message`, `certificate`, `waived`, `measures`, `count`, how
        many cells a finding is of, and `cells`, the first of them (`measure`, `statistic`, `printed`, `low`, `high`,
        `path`, `member`, `row`).
        """
        return table_of(self.found, "findings")

    @cached_property
    def places(self) -> pl.DataFrame:
        """
        Return all cells that each finding is of, one a row.

        Columns: `id` and `code` of the finding, and of the cell `row`, `level`, `org_code`, `org_name`, `breakdown`,
        `measure`, `statistic`, `printed`, `low`, `high`, `path`, `member`, `publication`, `period`.
        """
        return table_of(self.found, "places")

    @cached_property
    def claims(self) -> pl.DataFrame:
        """
        Return the claims of the register that the audit bears on, each with its verdict.

        Columns: `id`, `text`, `period`, `level`, `org_code`, `comparison`, `verdict`, `cause`, `slip`, `figure`,
        `measure`, `population`, `true_of`, `true_sentence`, `speaker`, `date`, `message`.
        """
        return table_of(self.found, "claims")

    @cached_property
    def inputs(self) -> pl.DataFrame:
        """
        Return what became of each input.

        Columns: `path`, `member`, `sha256` (of the file; null where something in it is held back), `masked_sha256` (of
        the cells that are told, where it is), `publication`, `layout`, `period`, `rows`, `cells`, `status` (audited,
        unjudged, unreadable, unknown_layout), `error` (`code`, `message`, `hint`).
        """
        return pl.DataFrame([input_json(each) for each in self.found.inputs], schema=_INPUTS)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Give `summary` of `audit.json`: how many cells, rates, findings and claims there are of each kind."""
        return summary(self.found, on_audit(self.found))

    @property
    def attribution(self) -> str:
        """Return the line that whatever is made of the figures has to bear."""
        return ATTRIBUTION

    def to_json(self) -> str:
        """Return the text of `audit.json`, whose JSON Schema ships with the package; the same figures give the same."""
        return to_json(document(self.found))

    def report(self, path: str | os.PathLike[str]) -> None:
        """
        Write the report as one HTML page that opens offline.

        Raises:
            OutputError: If it cannot be written.
            ArgumentError: If it is no path.
            MissingExtraError: If the extra `report` is not installed.
        """
        if not isinstance(path, str | os.PathLike):
            raise ArgumentError.expected("a path", path)
        MissingExtraError.unless_installed("report", "a page")
        from iapt_audit.report import write_report

        write_report(self.found, Path(path))

    def raise_for_findings(self, severity: str | Severity = Severity.ERROR) -> None:
        """
        Stop a pipeline where something is wrong; findings that are waived do not count.

        Args:
            severity: The least that counts: error, warning or note.

        Raises:
            UnreadError: If an input was not read, or there is none: a gate must not pass on what was not looked at.
            UnjudgedError: If no figure of an input was judged: what was not tried has not passed.
            FindingsError: If there are findings as grave; carries them, the gravest first.
            ArgumentError: If there is no such severity.
        """
        if severity not in list(Severity):
            raise ArgumentError.expected("error, warning or note", severity)
        refuse_unread(self.found)
        if self.found.unjudged:
            raise UnjudgedError(self.found.unjudged)
        grave = list(Severity)[: list(Severity).index(Severity(severity)) + 1]
        found = [each for each in self.found.findings if each.severity in grave and each.waived is None]
        if found:
            raise FindingsError(by_weight(found, self.found.definitions), Severity(severity).value)

    def _severities(self) -> dict[str, int]:
        return {each.value: sum(found.severity is each for found in self.found.findings) for each in Severity}


def _some(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' if number != 1 else ''}"


def refuse_unread(found: results.AuditResult) -> None:
    """
    Refuse an audit of which an input was not read, or that has none.

    Raises:
        UnreadError: With the inputs that were not read.
    """
    unread: tuple[Input, ...] = found.unread
    if unread or not found.inputs:
        raise UnreadError(unread)
