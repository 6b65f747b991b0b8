"""
Fuzz the readers, guided by coverage: whatever the bytes, a file is read or an `InputError` says why not.

Run by `make fuzz MINUTES=5`, which installs atheris (it is not among the locked packages: on some machines it is built
with a compiler). An input that raises anything else, takes more than 20 seconds or more than 2 GiB is kept in
`build/fuzz/`, and belongs, made small, among the tests. All seeds are invented.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import io
import sys
import tempfile
import zipfile
from pathlib import Path

import atheris

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / "fuzz"
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

with atheris.instrument_imports(
    include=[
        "iapt_audit.read",
        "iapt_audit.ingest.ingest",
        "iapt_audit.ingest.recognise",
        "iapt_audit.ingest.normalise",
        "zipfile",
        "csv",
    ]
):
    import polars as pl
    from hostile.made import GOOD, cells, good_rows, good_workbook, workbook, zipped

    from iapt_audit.definitions import load_default
    from iapt_audit.ingest.ingest import ingest
    from iapt_audit.read import Place

SHORT = b"".join(GOOD.splitlines(keepends=True)[:4])
ANNUAL = (
    b"OrgType,OrgCode,OrgName,VariableType,VariableA,VariableB,Count_Recovery,Percentage_Recovery\n"
    b"England,All,All,Total,NULL,NULL,452,50.2\n"
    b"Provider,INV01,INVENTED SERVICE ONE,Total,NULL,NULL,*,*\n"
)
#: What means something in a table, and would seldom be guessed.
WORDS = sorted(
    {*SHORT.replace(b"\n", b",").split(b","), *ANNUAL.replace(b"\n", b",").split(b","), b",,,,,,,,,\n"} - {b""}
)
SHEET = cells(good_rows()[:4])
DEFINITIONS = load_default()


def _replaced(part: str, data: bytes) -> bytes:
    """Return a workbook with one part replaced."""
    members = dict(_PARTS)
    members[part] = data
    return zipped(members, compression=0)


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook({"S": SHEET}))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


_PARTS = _parts()
REPLACED = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
)
#: Fuzzed bytes would seldom pass a checksum, so they are packed after they were fuzzed; the first byte says how.
FORMS = (
    bytes,
    lambda data: zipped({"a.csv": data}),
    lambda data: gzip.compress(data, 1, mtime=0),
    lambda data: zipped({"a.zip": data, "b.csv": SHORT}),
    *(functools.partial(_replaced, part) for part in REPLACED),
)


def _parquet() -> bytes:
    buffer = io.BytesIO()
    pl.read_csv(SHORT, infer_schema=False).write_parquet(buffer, compression="uncompressed")
    return buffer.getvalue()


def seeds() -> list[bytes]:
    """Return one good input for each form, and some as they are."""
    whole = [
        SHORT,
        ANNUAL,
        SHORT.splitlines(keepends=True)[0] + b"2026-02-01,2026-02-28,,,,,,,,\n",
        SHORT.decode().encode("utf-16"),
        SHORT.decode().encode().replace(b"all", b"\x96"),
        _parquet(),
    ]
    packed = [zipped({"a.csv": SHORT}), gzip.compress(SHORT, mtime=0), good_workbook()]
    formed = [SHORT, SHORT, zipped({"c.csv": SHORT}), *(_PARTS[part] for part in REPLACED)]
    return [b"\x00" + data for data in (*whole, *packed)] + [bytes([n]) + data for n, data in enumerate(formed, 1)]


def main() -> None:
    """Fuzz for some minutes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").strip().partition("\n")[0])
    parser.add_argument("minutes", type=float, help="how long")
    minutes = parser.parse_args().minutes
    corpus = WORK / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = WORK / "words"
    escaped = ("".join(f"\\x{byte:02x}" for byte in word) for word in WORDS)
    words.write_text("".join(f'"{word}"\n' for word in escaped), encoding="ascii")
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder) / "any-2024-25", "any-2024-25")

        def read(data: bytes) -> None:
            form = FORMS[data[0] % len(FORMS)] if data else bytes
            place.path.write_bytes(form(data[1:]))
            for found in ingest(place, DEFINITIONS, None):
                if (found.cells is None) != (found.input.error is not None):
                    message = "an input is both read and not read"
                    raise AssertionError(message)

        atheris.Setup(
            [
                sys.argv[0], str(corpus), f"-max_total_time={minutes * 60:.0f}", "-timeout=20", "-rss_limit_mb=2048",
                "-max_len=8192", "-print_final_stats=1", f"-dict={words}", f"-artifact_prefix={WORK}/",
            ],
            read,
        )  # fmt: skip
        atheris.Fuzz()


if __name__ == "__main__":
    main()
