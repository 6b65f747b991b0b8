"""Serve a program that uses the package as a library: audit, judge, trace."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypedDict, Unpack

import polars as pl

from iapt_audit import pipeline
from iapt_audit.api.answers import Judgement, Trace, judgement, trace_of
from iapt_audit.api.audit import Audit, refuse_unread
from iapt_audit.api.errors import UnjudgedError
from iapt_audit.claims import judge as judging
from iapt_audit.claims import trace as tracing
from iapt_audit.claims.ask import own_claim, place_called
from iapt_audit.claims.known_figures import KnownFigures
from iapt_audit.definitions import Definitions, load_default, load_with
from iapt_audit.definitions.quoted_figures import parse_quoted_figure
from iapt_audit.definitions.waivers import read_waivers
from iapt_audit.errors.base import ArgumentError
from iapt_audit.model.columns import ENGLAND, TOTAL
from iapt_audit.model.periods import is_period
from iapt_audit.read import Held, is_table
from iapt_audit.selection.findings import check_names
from iapt_audit.selection.narrow import choose, select

if TYPE_CHECKING:
    from collections.abc import Sequence


class Stream(Protocol):
    """A table of whatever library that gives itself as Arrow: polars, pandas, pyarrow, DuckDB and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the table as a capsule of Arrow's."""
        ...


#: A path, or a table.
Given = str | os.PathLike[str] | pl.LazyFrame | Stream
#: What is audited: one or many of these, or tables by name.
Paths = Given | Iterable[Any] | Mapping[str, Any]

_FIGURE = "50.8%, 525,000 or 7 in 10"
_PERIOD = "a period such as 2024-25 or 2026-02"


class ClaimOptions(TypedDict, total=False):
    """
    A claim, by the options of `iapt-audit judge`; only a figure with its measure and period is always needed.

    `figure` is text as printed (`"50.8%"`, `"525,000"`, `"7 in 10"`); `measure`, `population` and `comparison` are ids
    of the definitions or words that mean them; no `population` says that the claim names none.
    """

    figure: str
    measure: str
    population: str
    period: str
    org: str
    level: str
    breakdown: str
    comparison: str
    since: str
    standard: str
    against: str
    sample: int


def audit(  # noqa: PLR0913 - the options of the command, each by its name
    paths: Paths,
    *,
    period: str | None = None,
    definitions: str | os.PathLike[str] | Definitions | None = None,
    only: str | Sequence[str] = (),
    skip: str | Sequence[str] = (),
    waivers: str | os.PathLike[str] | None = None,
    unread: Literal["raise", "keep"] = "raise",
) -> Audit:
    """
    Audit published figures: judge every printed percentage by its own counts, and the figures by each other.

    Args:
        paths: A path (file, folder, zip or pattern), or a table with the columns of a published file: polars (DataFrame
            or LazyFrame), pandas, pyarrow, or anything with `__arrow_c_stream__`. Or several of them, or a mapping of
            names to tables. Text is taken as it stands; typed columns as a file would print them, nulls as empty.
        period: Only this period; and that of a file or table that names none, such as `2024-25` or `2026-02`.
        definitions: A folder with `schemas/` and `checks/` of your own, added to the shipped ones.
        only: Only findings of these rules, codes or families.
        skip: No findings of these.
        waivers: A TOML file of findings that do not count up to a day.
        unread: Whether inputs that cannot be used raise, or are kept beside the others and told in `inputs`.

    Returns:
        The tables of what was found. A wrong number is a row of `findings`, never an exception. An unnamed table is
        called `<frame 1>` and so on; its `sha256`, given where nothing is held back, is that of its text as CSV in
        UTF-8, header and rows, each field in quotes, each line ended by a line feed.

    Raises:
        UnreadError: If inputs cannot be used; carries each with its error.
        NotFoundError: If no input is of the period, or a name of `only` or `skip` is unknown.
        ArgumentError: If an argument is none of what is taken, or what gives the paths fails.
        DefinitionError: If a definition is wrong.
        WaiverError: If a waiver is wrong.

    Source: the publisher's own rules of rounding and suppression (`schemas/rounding.toml`).

    >>> import polars as pl
    >>> month = pl.DataFrame(
    ...     {
    ...         "REPORTING_PERIOD_START": "2026-02-01",
    ...         "REPORTING_PERIOD_END": "2026-02-28",
    ...         "GROUP_TYPE": "England",
    ...         **dict.fromkeys(("ORG_CODE1", "ORG_NAME1", "ORG_CODE2", "ORG_NAME2", "MEASURE_NAME"), "All"),
    ...         "MEASURE_ID": ["M076", "M179", "M191", "M192"],
    ...         "MEASURE_VALUE_SUPPRESSED": ["1407", "66", "680", "52.7"],
    ...     }
    ... )
    >>> found = audit(month, only=["rates"])
    >>> found.summary["rates"]["contradicted"], found.findings["severity"].to_list()
    (1, ['error'])
    """
    if unread not in {"raise", "keep"}:
        raise ArgumentError.expected("raise or keep", unread)
    loaded = _definitions(definitions)
    _check_period(period)
    only, skip = ([names] if isinstance(names, str) else list(names) for names in (only, skip))
    check_names([*only, *skip], loaded)
    waived = read_waivers(Path(waivers)) if waivers is not None else ()
    found = pipeline.audit(list(_sources(paths)), loaded, period=period)
    if unread == "raise":
        refuse_unread(found)
    found = choose(found, only=only, skip=skip, waivers=waived, today=datetime.now(tz=UTC).date())
    return Audit(select(found, period=period))


def judge(
    claim: Mapping[str, Any] | None = None,
    /,
    *,
    data: Paths | Audit | None = None,
    definitions: str | os.PathLike[str] | Definitions | None = None,
    **words: Unpack[ClaimOptions],
) -> Judgement:
    """
    Judge a claim: does the figure follow, of whom is it true, and what do the figures support?

    Args:
        claim: The claim by the names of `ClaimOptions`.
        data: An audit, or what one is made of, to judge on beside the cited facts of England.
        definitions: A folder with `schemas/` and `checks/` of your own, added to the shipped ones.
        **words: The same names; they win over those of `claim`.

    Raises:
        ClaimError: If the claim is not understood: all its faults at once.
        ArgumentError: If a name is none of `ClaimOptions`, the figure is no text, or a period is none.
        UnreadError: If data cannot be used.
        UnjudgedError: If data holds no figure to judge on.

    >>> found = judge(figure="50.8%", measure="recovery", population="finished", period="2017-18")
    >>> found.verdict.value, found.cause
    ('contradicted', 'wrong_population')
    """
    loaded = _definitions(definitions)
    if not isinstance(claim or {}, Mapping):
        raise ArgumentError.expected("a claim by its names", claim)
    asked: dict[str, Any] = {**(claim or {}), **words}
    known = list(ClaimOptions.__annotations__)
    for name in asked:
        if name not in known:
            raise ArgumentError.expected(f"one of {', '.join(known)}", name)
    _check_figure(asked.get("figure", _FIGURE))
    for name in ("period", "since"):
        _check_period(asked.get(name) or None)
    book = _book(data, loaded)
    return judgement(judging.judge(own_claim(book, **asked), book))


def trace(  # noqa: PLR0913 - the options of the command, each by its name
    figure: str,
    period: str,
    *,
    org: str = ENGLAND,
    breakdown: str = TOTAL,
    data: Paths | Audit | None = None,
    definitions: str | os.PathLike[str] | Definitions | None = None,
) -> Trace:
    """
    Find what a figure is a figure of: of whom is it true?

    Args:
        figure: As printed: `18.3%`, `263,295`, `7 in 10`.
        period: The year or month, such as `2017-18`.
        org: The code of an organisation; others than England need data.
        breakdown: A row of a breakdown, as findings name it.
        data: An audit, or what one is made of, to search beside the cited facts of England.
        definitions: A folder with `schemas/` and `checks/` of your own, added to the shipped ones.

    Raises:
        ClaimError: If the figure is none, or the figures hold no such organisation.
        ArgumentError: If the figure is no text, or the period is none.
        UnreadError: If data cannot be used.
        UnjudgedError: If data holds no figure to judge on.

    >>> found = trace("50.8%", "2017-18")
    >>> found.matches[0].measure, found.matches[0].population
    ('recovery', 'finished_at_caseness')
    """
    _check_figure(figure)
    loaded = _definitions(definitions)
    _check_period(period)
    book = _book(data, loaded)
    told = parse_quoted_figure(figure, loaded.lexicon.words)
    return trace_of(tracing.trace(told, place_called(period, org, breakdown, book), book), loaded)


def _definitions(given: str | os.PathLike[str] | Definitions | None) -> Definitions:
    if isinstance(given, Definitions):
        return given
    return load_default() if given is None else load_with(Path(given))


def _check_figure(figure: object) -> None:
    # a number does not say how it was printed: 50.8 may be 50.80, and a per cent or none
    if not isinstance(figure, str):
        raise ArgumentError.no_text(_FIGURE, figure)


def _check_period(period: str | None) -> None:
    if period is not None and not is_period(period):
        raise ArgumentError.expected(_PERIOD, period)


def _book(data: Paths | Audit | None, definitions: Definitions) -> KnownFigures:
    if data is None:
        return KnownFigures.of(definitions)
    found = data if isinstance(data, Audit) else audit(data, definitions=definitions)
    if found.found.unjudged and not found.found.has_figures:
        raise UnjudgedError(found.found.unjudged)
    return KnownFigures.of(definitions, found.found)


def _sources(paths: Paths) -> Iterator[Path | Held]:
    """Return the paths and the tables, each table with a name."""
    if isinstance(paths, Mapping):
        yield from (Held(str(name), table) for name, table in paths.items())
        return
    # a table or an open file can be iterated over as well, and what is neither is told as no table
    many = isinstance(paths, Iterable) and not isinstance(paths, str | os.PathLike | io.IOBase) and not is_table(paths)
    number = count(1)
    for given in _each(paths) if many else [paths]:
        if isinstance(given, str) and not given:
            # an empty path would be this folder, and all that is in it
            raise ArgumentError.expected("a path or a table", given)
        yield Path(given) if isinstance(given, str | os.PathLike) else Held(f"<frame {next(number)}>", given)


def _each(paths: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever can be iterated over
    """Return one after the other; what fails on the way is told as ours, with its cause."""
    given = iter(paths)
    for done in count():
        try:
            yield next(given)
        except StopIteration:
            return
        except Exception as error:
            raise ArgumentError.ended(done, error) from error
