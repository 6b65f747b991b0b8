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
├── UnjudgedError             of inputs of an audit no figure could be judged: all of them at once
├── MissingExtraError         a library that an extra brings is not installed
├── ResultError               a result of Great Expectations holds no findings
└── InputError                a file or table to audit cannot be used
    ├── UnreadableInputError  absent, empty, another kind of file, broken
    │   └── UnreadableTableError  a table in memory that gives no rows of values
    ├── UnknownLayoutError    a table, but none of the layouts that we know
    ├── UnjudgedInputError    a table that was read, and no figure of it could be judged
    ├── FrameError            a frame that has lost what the publisher printed
    └── PeriodUnknownError    a known layout, but nothing says which year or month it is

A wrong *number* is never an exception: it is a finding (`model.findings`). What can be wrong with an input is in
`errors.inputs`, and what only a program meets, which calls us as a library, in `api.errors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iapt_audit.extras import how_to_install, is_installed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iapt_audit.extras import Extra


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
        return cls(f"`{path}` already exists and will not be overwritten\n\nhint: give another name, or move it")


class MissingExtraError(IaptAuditError, ImportError):
    """A library that is only needed for one thing is not installed."""

    exit_code = 2

    @classmethod
    def of(cls, extra: Extra, what: str) -> MissingExtraError:
        """Say in one line which extra something needs, and how it is installed."""
        return cls(f"{what} needs the extra `{extra}`: {how_to_install(extra)}")

    @classmethod
    def unless_installed(cls, extra: Extra, what: str) -> None:
        """
        Go on only where an extra is installed.

        Raises:
            MissingExtraError: If it is not; `what` is told to need it.
        """
        if not is_installed(extra):
            raise cls.of(extra, what)


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
    def unread(cls, name: str, message: str, hint: str | None) -> DraftError:
        """Say why the file gave no table, or no period."""
        told = f"\n\nhint: {hint}" if hint else ""
        return cls(f"no layout can be drafted for `{name}`: {message}{told}")

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
    def without_source(cls, names: Sequence[str]) -> ClaimError:
        """Say that claims cannot be published as reviews, and which fields of theirs are missing."""
        listed = ", ".join(f"`{name}`" for name in names[:5]) + (", ..." if len(names) > len(names[:5]) else "")
        return cls(
            f"ClaimReview says who made a claim and where: expected `speaker`, `date` and `source` of {listed}, "
            "got nothing\n\nhint: write the claim into a file in the form of `checks/claims/`, with `[speaker]` and "
            "`[[statement]]`, and give it with --file"
        )

    @classmethod
    def organisation(cls, org: str, near: Sequence[str]) -> ClaimError:
        """Say that the figures hold no such organisation."""
        hint = f"codes that start like it: {', '.join(near)}" if near else "give files that hold it with --data"
        return cls(f"the figures hold no organisation with the code `{org}`\n\nhint: {hint}")


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
        return cls(f"expected text such as {what}, got {with_article(type(got).__name__)}")

    @classmethod
    def ended(cls, done: int, error: Exception) -> ArgumentError:
        """Say that what gives the inputs, one after the other, failed."""
        return cls(f"what gives the inputs ended in {with_article(type(error).__name__)} after {done:,}")


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


def with_article(name: str) -> str:
    """
    Put the article before a name.

    >>> with_article("OSError"), with_article("ValueError")
    ('an OSError', 'a ValueError')
    """
    return f"an {name}" if name[:1].upper() in set("AEIOU") else f"a {name}"
