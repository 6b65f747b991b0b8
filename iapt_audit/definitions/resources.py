"""Find the definitions that ship with the package, in an installed wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def definitions_root() -> Path:
    """
    Return the folder that holds `schemas/` and `checks/`.

    An installed wheel carries them inside the package (`_definitions`); a checkout has them at its top, and those
    are the ones an analyst edits, so they are looked for first.

    Raises:
        FileNotFoundError: If neither place has them, which is a fault of packaging.
    """
    for root in (_PACKAGE.parent, _PACKAGE / "_definitions"):
        if (root / "schemas" / "rounding.toml").is_file() and (root / "checks" / "measures").is_dir():
            return root
    message = f"no definitions beside or inside {_PACKAGE.name}"
    raise FileNotFoundError(message)


def audit_schema() -> Path:
    """Return the path of the JSON Schema of `audit.json`."""
    return _PACKAGE / "audit.schema.json"


def diff_schema() -> Path:
    """Return the path of the JSON Schema of `diff.json`."""
    return _PACKAGE / "diff.schema.json"


def disclosure_schema() -> Path:
    """Return the path of the JSON Schema of `disclosure.json`."""
    return _PACKAGE / "disclosure.schema.json"
