"""Type where a definition was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """Where a definition was read, and when it was last looked at."""

    title: str
    url: str
    reviewed: date | None = None
