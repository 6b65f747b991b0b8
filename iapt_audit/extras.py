"""Name the extras: what a plain installation leaves out, because most audits do not need it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal, get_args

#: What each is for: `solver` decides what search leaves open, `report` draws pages, `parquet` reads such files and the
#: tables of other libraries, `sheets` workbooks of other forms than .xlsx, `gx` is Great Expectations.
Extra = Literal["solver", "report", "parquet", "sheets", "gx"]

#: The modules that each brings, of those that we import.
MODULES: dict[Extra, tuple[str, ...]] = {
    "solver": ("ortools",),
    "report": ("altair", "jinja2", "scipy", "vl_convert"),
    "parquet": ("pyarrow",),
    "sheets": ("fastexcel",),
    "gx": ("great_expectations", "jinja2", "pandas", "pyarrow"),
}
EXTRAS: tuple[Extra, ...] = get_args(Extra)


def is_installed(extra: Extra) -> bool:
    """Return whether everything that an extra brings can be imported, without importing it."""
    return all(_is_there(name) for name in MODULES[extra])


def how_to_install(extra: Extra) -> str:
    """
    Return the command that installs an extra, in quotes that every shell takes.

    >>> how_to_install("report")
    'pip install "iapt-audit[report]"'
    """
    return f'pip install "iapt-audit[{extra}]"'


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        # something stands in its place that is no module
        return False
