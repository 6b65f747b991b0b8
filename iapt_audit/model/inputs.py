"""Hold what is known of each audited file: the side tables of the cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iapt_audit.errors.inputs import InputError, InputStatus


@dataclass(frozen=True, slots=True)
class Input:
    """
    One file or member of an archive, as it goes into `audit.json`; `path` is relative to the argument.

    `sha256` is that of the file; where something in the file is held back it is None, and `masked_sha256` is that of
    the cells that are told (`disclosure.digests`).
    """

    path: str
    member: str | None
    sha256: str | None
    publication: str | None = None
    layout: str | None = None
    period: str | None = None
    rows: int = 0
    cells: int = 0
    status: InputStatus = "audited"
    error: InputError | None = None
    masked_sha256: str | None = None

    @property
    def is_read(self) -> bool:
        """Return whether its figures could be read, be they judged or not."""
        return self.status in {"audited", "unjudged"}

    @property
    def fault(self) -> str | None:
        """Say in a sentence why it was not read or judged, with a hint; None if it was audited."""
        if self.error is None:
            return None
        hint = f" (hint: {self.error.hint})" if self.error.hint else ""
        return f"{'' if self.is_read else 'not read: '}{self.name}: {self.error.message}{hint}"

    @property
    def outcome(self) -> str:
        """Say what became of it, in a few words and the reason."""
        if self.error is None:
            return self.status.replace("_", " ")
        return self.error.message if self.is_read else f"not read: {self.error.message}"

    @property
    def name(self) -> str:
        """Return the path, and the member where the archive has one."""
        return f"{self.path}: {self.member}" if self.member and self.member != self.path else self.path


@dataclass(frozen=True, slots=True)
class Part:
    """
    The cells of one run in an input: what the column `file` of the tidy frame counts.

    Figures of different parts are never divided. `unjudged` is the reason (`constraints.rates.REASONS`) why the
    percentages of this part contradict nothing, None for a publisher's own file; `gathered` marks figures cited one by
    one, whose counts may stand in another part; `repeats` one whose figures were given before and are counted there.
    """

    input: int
    publication: str
    period: str
    unjudged: str | None = None
    gathered: bool = False
    repeats: bool = False
