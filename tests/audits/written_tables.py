"""Write tables for the tests of whole audits; every row and figure in them was invented."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path


Row = dict[str, str]
START, END, LEVEL, PROVIDER = "REPORTING_PERIOD_START", "REPORTING_PERIOD_END", "GROUP_TYPE", "ORG_CODE2"
MEASURE, VALUE, SERIES_VALUE = "MEASURE_ID", "MEASURE_VALUE_SUPPRESSED", "MEASURE_VALUE"
MONTHLY = (
    START, END, LEVEL, "ORG_CODE1", "ORG_NAME1", PROVIDER, "ORG_NAME2", MEASURE, "MEASURE_NAME", VALUE
)  # fmt: skip
#: 680 of 1,407 - 66 = 50.7%, and below England 340 of 705 - 30 and 315 of 615 - 30: finished, not at caseness,
#: recovered, the rate. The third service is small: its count of those not at caseness is suppressed.
ENGLAND = {"M076": "1407", "M179": "66", "M191": "680", "M192": "50.7"}
SERVICES = {
    "INV01": {"M076": "705", "M179": "30", "M191": "340", "M192": "50"},
    "INV02": {"M076": "615", "M179": "30", "M191": "315", "M192": "54"},
    "INV03": {"M076": "85", "M179": "*", "M191": "25", "M192": "30"},
}
LAST_DAYS = {"01": "31", "02": "28", "03": "31", "04": "30"}


def rows_of(level: str, code: str, figures: Mapping[str, str], month: str = "2026-02") -> list[Row]:
    """Return the rows of one organisation in a month."""
    return [
        {
            START: f"{month}-01", END: f"{month}-{LAST_DAYS[month[-2:]]}", LEVEL: level, "ORG_CODE1": "all",
            "ORG_NAME1": "all SubICBs", PROVIDER: code, "ORG_NAME2": f"INVENTED {code}", MEASURE: measure,
            "MEASURE_NAME": "Invented", VALUE: figure,
        }
        for measure, figure in figures.items()
    ]  # fmt: skip


def month(name: str = "2026-02", services: Mapping[str, Mapping[str, str]] | None = None) -> list[Row]:
    """Return a sound month: England and its three services."""
    rows = rows_of("England", "all", ENGLAND, name)
    for code, figures in (SERVICES if services is None else services).items():
        rows += rows_of("Provider", code, figures, name)
    return rows


def changed(rows: Iterable[Row], column: str, change: Callable[[str], str]) -> list[Row]:
    """Return rows with one column changed."""
    return [{**row, column: change(row[column])} for row in rows]


def written(path: Path, rows: Sequence[Row], header: Sequence[str] = MONTHLY) -> Path:
    """Write rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def opendocument(rows: Sequence[Sequence[str]]) -> bytes:
    """Write a sheet of OpenDocument, as a zip of its parts."""
    body = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<office:document-content xmlns:office="{_OFFICE}:office:1.0" xmlns:table="{_OFFICE}:table:1.0" '
        f'xmlns:text="{_OFFICE}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Figures">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{_OFFICE}:manifest:1.0"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f'<?xml version="1.0" encoding="UTF-8"?>{content}')
        archive.writestr("META-INF/manifest.xml", f'<?xml version="1.0" encoding="UTF-8"?>{manifest}')
    return out.getvalue()


def _cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
