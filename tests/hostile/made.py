"""Make good and hostile files; all rows and figures in them were invented."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

GOOD = (Path(__file__).parents[2] / "examples" / "invented_month.csv").read_bytes()
# fixed, so that the bytes of an archive are the same in every run
WHEN = (2026, 1, 1, 0, 0, 0)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
#: Style 0 prints as it is, 1 as a date, 2 as a percentage, 3 as a date of the user's own form.
STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy;@"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="0"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="10"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack members in the order given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, WHEN), data, compress_type=compression)
    return buffer.getvalue()


def workbook(sheets: dict[str, str], more: dict[str, bytes] | None = None) -> bytes:
    """Pack a workbook of sheets, whose cells are given as XML."""
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
    related = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _ in enumerate(sheets, 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="s1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="s2" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"/>',
    }
    for number, cells in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>{cells}</sheetData></worksheet>'
        )
    return zipped({**{name: text.encode() for name, text in parts.items()}, **(more or {})})


def cells(rows: list[list[str]], first_row: int = 1) -> str:
    """Write rows of text as the XML of a sheet; text that begins with `<` is a cell already."""
    lines = []
    for number, row in enumerate(rows, first_row):
        written = "".join(
            text
            if text.startswith("<c")
            else f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
            for text in row
        )
        lines.append(f'<row r="{number}">{written}</row>')
    return "".join(lines)


def good_rows() -> list[list[str]]:
    """Return the good file's rows, header first; no field of it is quoted."""
    return [line.split(",") for line in GOOD.decode().splitlines()]


def good_workbook() -> bytes:
    """Return the good file as a workbook of one sheet."""
    return workbook({"Month": cells(good_rows())})
