"""Write and read files for the tests of layouts; what stands in them was invented."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from iapt_audit.ingest.ingest import Ingested, ingest
from iapt_audit.read import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from iapt_audit.definitions import Definitions


def csv_bytes(header: Sequence[str], rows: Iterable[Mapping[str, str]], rest: str = "") -> bytes:
    """Write rows under a header; a column that a row does not name holds `rest`, one that is not there is left out."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval=rest, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def write(path: Path, data: bytes) -> Path:
    """Put bytes into a file and give its path."""
    path.write_bytes(data)
    return path


def read_all(path: Path, data: bytes, definitions: Definitions) -> list[Ingested]:
    """Read a file of these bytes."""
    return list(ingest(Place(write(path, data), path.name), definitions, None))


def read_one(path: Path, data: bytes, definitions: Definitions) -> tuple[Ingested, pl.DataFrame]:
    """Read a file of these bytes, which holds one period and can be read."""
    (only,) = read_all(path, data, definitions)

    assert only.cells is not None, only.input.error
    return only, only.cells
