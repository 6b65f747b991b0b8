"""Whatever the bytes of a file are, it is read or it is told why not; nothing else may happen."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hostile.made import GOOD, good_workbook, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iapt_audit.definitions import load_default
from iapt_audit.errors.inputs import InputError
from iapt_audit.ingest.ingest import Ingested, ingest
from iapt_audit.read import Place

if TYPE_CHECKING:
    from pathlib import Path

#: Ten rows, so that an example takes milliseconds.
SHORT = b"".join(GOOD.splitlines(keepends=True)[:11])


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pl.read_csv(SHORT, infer_schema=False).write_parquet(buffer)
    return buffer.getvalue()


SEEDS = {
    "csv": SHORT,
    "utf-16": SHORT.decode().encode("utf-16"),
    "zip": zipped({"a.csv": SHORT, "b.csv.gz": gzip.compress(SHORT, mtime=0)}),
    "gzip": gzip.compress(SHORT, mtime=0),
    "workbook": good_workbook(),
    "parquet": _parquet(),
}
#: Bytes that mean something to a parser.
MEANT = [
    b"\x00", b'"', b",", b"\n", b"\r", b"\xff", b"\xef\xbb\xbf", b"<", b"&", b"PK\x03\x04", b"PAR1", b"\x1f\x8b",
    b"9" * 12, b"-", b"*", b"",
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, seed: bytes) -> bytes:
    """Change a good file in a few places: bytes flipped, put in, taken out, moved, or cut off."""
    data = seed
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        to = min(len(data), at + draw(st.integers(0, 40)))
        piece = draw(
            st.one_of(
                st.sampled_from(MEANT),
                st.binary(max_size=4),
                st.just(data[at:to] * 2),
                st.just(bytes(byte ^ 0x20 for byte in data[at:to])),
            )
        )
        data = data[:at] + piece + data[to:]
    return data[: draw(st.sampled_from([len(data), len(data), len(data), len(data) // 2]))]


def _read(data: bytes, folder: Path) -> list[Ingested]:
    path = folder / "any-2024-25"
    path.write_bytes(data)
    return list(ingest(Place(path, path.name), load_default(), None))


def _check(found: list[Ingested]) -> None:
    assert found
    for each in found:
        assert (each.cells is None) == isinstance(each.input.error, InputError)
        assert (each.cells is None) == (each.input.status != "audited")
        assert each.input.error is None or each.input.error.hint


SETTINGS = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_read_or_told(data: bytes, tmp_path: Path) -> None:
    _check(_read(data, tmp_path))


@pytest.mark.parametrize("kind", SEEDS)
@SETTINGS
@given(drawn=st.data())
def test_changed_file_is_read_or_told(kind: str, drawn: st.DataObject, tmp_path: Path) -> None:
    _check(_read(drawn.draw(mutated(SEEDS[kind])), tmp_path))


@pytest.mark.parametrize("kind", SEEDS)
def test_seed_is_read_whole(kind: str, tmp_path: Path) -> None:
    _check(found := _read(SEEDS[kind], tmp_path))

    assert {each.input.status for each in found} == {"audited"}
    assert {each.input.rows for each in found} <= {10, 40}
