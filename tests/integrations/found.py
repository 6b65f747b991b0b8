"""Make audits to write for other tools; all rows, names and figures in them were invented."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from iapt_audit.definitions import load_default
from iapt_audit.pipeline import audit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iapt_audit.results import AuditResult

ROOT = Path(__file__).parents[2]
INVENTED = ROOT / "examples" / "invented_month.csv"
#: A name as nobody publishes one: it would order a runner about, end an element, and ring a terminal.
HOSTILE = "A\x1b[31m\u2028::error::owned ##[error]x %0A::stop-commands::t ]]><failure/> & \"q\" 'r'"
#: A count that was not put through disclosure control; no other figure of the month is like it.
SLIPPED = "2.00017"


def text() -> str:
    return INVENTED.read_text(encoding="utf-8")


def write(folder: Path, content: str, name: str = "month.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def hostile_month() -> str:
    """Return the month with a hostile name where the wrong rate is."""
    quoted = HOSTILE.replace('"', '""')
    return text().replace("INVENTED SERVICE TWO", f'"{quoted}"')


def month_with_a_slip() -> str:
    """Return the month with a suppressed count printed."""
    slipped = text().replace("M179,Count_NotAtCaseness,*", f"M179,Count_NotAtCaseness,{SLIPPED}")

    assert SLIPPED in slipped
    return slipped


def many_errors(number: int) -> str:
    """
    Return so many services, of each of which the recovery rate is wrong, without England, which they would exceed.
    """
    header, *lines = (line for line in text().splitlines() if ",England," not in line)
    wrong = [line for line in lines if ",INV02," in line]
    more = [line.replace("INV02", f"NEW{n:03}").replace("TWO", str(n)) for n in range(number) for line in wrong]
    return "\n".join([header, *(line for line in lines if line not in wrong), *more]) + "\n"


def parsed(xml: str) -> ET.Element:
    return ET.fromstring(xml.encode())  # noqa: S314 - written by us


def found(*paths: Path | Sequence[Path]) -> AuditResult:
    return audit([path for path in paths if isinstance(path, Path)], load_default())
