"""Draw the pictures of the README's gallery from the cited facts of England, as `iapt-audit report --charts` does."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from iapt_audit.definitions import load_default
from iapt_audit.pipeline import audit_facts
from iapt_audit.report import pieces
from iapt_audit.report.images import write_images

#: The pictures that the README shows, by their id.
SHOWN = (
    "recovery-by-year",
    "recovery-of-whom-by-year",
    "recovery-of-whom",
    "second-treatment-by-year",
    "claims-by-verdict",
)


def refresh(folder: Path) -> None:
    """Write the pictures to a folder."""
    _, _, parts = pieces(audit_facts(load_default()), "iapt-audit report")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        write_images(parts, Path(made), "svg")
        for name in SHOWN:
            (folder / f"{name}.svg").write_bytes((Path(made) / f"{name}.svg").read_bytes())


if __name__ == "__main__":
    refresh(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "docs" / "gallery")
