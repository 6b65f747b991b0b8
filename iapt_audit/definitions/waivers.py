"""Read a file of waivers: findings that somebody has looked into, each with the reason and the day it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from iapt_audit.definitions.fields import Faults, once, read_given
from iapt_audit.errors.base import WaiverError

if TYPE_CHECKING:
    from pathlib import Path

    from iapt_audit.definitions.fields import FieldTable

_ID = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding that does not count up to and including a day, or the part of one organisation in it."""

    id: str
    reason: str
    until: date
    org_code: str | None = None


def read_waivers(path: Path) -> tuple[Waiver, ...]:
    """
    Read the `[[waiver]]` entries of a TOML file.

    Raises:
        WaiverError: With all faults of the file, or if it cannot be read.
    """
    faults = Faults()
    table = read_given(path, "waivers", faults)
    if table is None:
        raise WaiverError(faults.found)
    waivers: dict[tuple[str, str | None], Waiver] = {}
    entries = [] if faults.found else table.tables("waiver")
    for entry in entries:
        waiver = _waiver(entry)
        once({name for name, org_code in waivers if org_code == waiver.org_code}, entry, waiver.id)
        waivers[waiver.id, waiver.org_code] = waiver
    table.close()
    if not entries and not faults.found:
        faults.add(str(path), "waiver", "expected at least one `[[waiver]]`, got nothing")
    if faults.found:
        raise WaiverError(faults.found)
    return tuple(waivers.values())


def _waiver(entry: FieldTable) -> Waiver:
    name = entry.text("id")
    if name and not _ID.fullmatch(name):
        entry.fault("id", f"expected the id of a finding such as aaab5ba7b8af, got `{name}`")
    reason = entry.text("reason")
    until = entry.day("until")
    if isinstance(until, datetime):
        entry.fault("until", f"expected a date such as 2026-12-31, got `{until}`")
    org_code = entry.optional_text("org_code") or None
    entry.close()
    return Waiver(name, reason, until or date.min, org_code)
