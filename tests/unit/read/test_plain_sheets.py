"""A sheet that is taken out at once says what the parser says of it; all rows and figures here were invented."""

from __future__ import annotations

import pytest
from hostile.made import workbook
from hypothesis import example, given
from hypothesis import strategies as st

from iapt_audit.errors.inputs import InputError
from iapt_audit.read import workbooks
from iapt_audit.read.plain_sheets import plain_cells

STRINGS = (
    b'<sst xmlns="x"><si><t>Org</t></si><si><t>Figure</t></si><si><t>Tr\xc3\xbast &amp; Co</t></si><si><t/></si></sst>'
)
PLAIN = (
    '<row r="1" spans="1:2"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1" t="s"><v>1</v></c></row>'
    '<row r="2" spans="1:2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>50.200000000000003</v></c></row>'
    '<row r="5"><c r="A5" s="1"><v>44197</v></c><c r="B5" t="str"><v> a "b" </v></c></row>'
)
#: Pieces of sheets, plain and odd, that are put together in any order.
PIECES = [
    PLAIN,
    '<row r="7"><c r="C7" t="s"><v>1</v></c></row>',
    '<row r="8"><c r="A8" t="s"><v>3</v></c></row>',
    '<row r="9"><c r="B9"><v></v></c><c r="D9" t="b"><v>1</v></c></row>',
    '<row r="9"><c r="A9" t="s"><v>99</v></c></row>',
    '<row r="10"><c r="B10" s="2"><v>0.5</v></c></row>',
    '<row r="11"><c r="B11"><v>1</v></c><c r="B11"><v>2</v></c></row>',
    '<row r="3"><c r="B3"><v>1E-3</v></c></row>',
    '<row r="12"><c r="A12"/></row>',
    '<row r="13"/>',
    '<row r="14"><c r="A14" t="inlineStr"><is><t>x</t></is></c></row>',
    '<row r="15"><c r="A15"><f>1+1</f><v>2</v></c></row>',
    '<row r="16"><c r="A16" t="str"><v>a&amp;b</v></c></row>',
    '<row r="17"><c r="A17" t="str"><v>a]]>b</v></c></row>',
    '<row r="18"><!-- <c r="A18"><v>1</v></c> --><c r="B18"><v>2</v></c></row>',
    '<row r="19"><c r="A19" r="B19"><v>1</v></c></row>',
    '<row r="20"><c r="A20"><v>1</v></c>',
    '</row><row r="21"><c r="A21"><v>1</v></c></row>',
    "<row><c><v>1</v></c></row>",
    '<row r="0"><c r="A0"><v>1</v></c></row>',
    '<row r="22"><c r="A22" t="str"><v>a\nb</v></c></row>',
    "</sheetData><sheetData>",
    '<x:row r="23"><x:c r="A23"><v>1</v></x:c></x:row>',
    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
]  # fmt: skip


def _said(data: bytes) -> list[tuple[object, ...]] | str:
    """Return all that is said of a workbook: each sheet, or the fault."""
    try:
        return [
            (each.sheet, each.header_row, each.frame.to_dict(as_series=False), str(each.fault))
            for each in workbooks.sheets(data)
        ]
    except InputError as error:
        return str(error)


def _by_parser(data: bytes) -> list[tuple[object, ...]] | str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbooks, "plain_cells", lambda *_: None)
        return _said(data)


def _with_strings(sheet: str) -> bytes:
    return workbook({"a": sheet}, {"xl/sharedStrings.xml": STRINGS})


@given(st.lists(st.sampled_from(PIECES), max_size=5))
@example([PIECES[0], PIECES[1]])
def test_every_sheet_says_what_the_parser_says_of_it(pieces: list[str]) -> None:
    data = _with_strings("".join(pieces))

    assert _said(data) == _by_parser(data)


@given(st.integers(0, len(PLAIN) - 1), st.sampled_from(["", "<", ">", '"', "&", "0", "r", "</row>", " ", "é", "\x00"]))
def test_plain_sheet_with_a_letter_changed_says_what_the_parser_says_of_it(at: int, letter: str) -> None:
    data = _with_strings(PLAIN[:at] + letter + PLAIN[at + 1 :])

    assert _said(data) == _by_parser(data)


def test_plain_sheet_is_taken_out_at_once() -> None:
    part = f"<worksheet><sheetData>{PLAIN}</sheetData></worksheet>".encode()

    actual = plain_cells(part, "a")

    assert actual is not None
    told = actual.cells.join(actual.said, on="said", maintain_order="left").drop("said")
    assert told.rows()[-2:] == [(5, "A", "1", None, "44197"), (5, "B", None, "str", ' a "b" ')]


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("<worksheet><!-- <sheetData>{}</sheetData> --></worksheet>", id="in a comment"),
        pytest.param("<worksheet><![CDATA[<sheetData>{}</sheetData>]]></worksheet>", id="in plain text"),
        pytest.param('<!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData>{}</sheetData></worksheet>', id="entities"),
        pytest.param(
            '<?xml version="1.0" encoding="cp037"?><worksheet><sheetData>{}</sheetData></worksheet>', id="code"
        ),
        pytest.param("<worksheet><row><c><v>1</v></c></row><sheetData>{}</sheetData></worksheet>", id="a cell before"),
        pytest.param("<worksheet><sheetData>{}</sheetData><v>1</v></worksheet>", id="a value behind"),
        pytest.param("<worksheet><sheetData>{}</sheetData><sheetData/></worksheet>", id="two of them"),
        pytest.param("<worksheet><sheetData>{}</sheetData>", id="cut off"),
        pytest.param("<worksheet><sheetData> {}</sheetData></worksheet>", id="a blank before"),
    ],
)
def test_rows_that_do_not_stand_plainly_are_left_to_the_parser(part: str) -> None:
    data = part.replace("{}", PLAIN).encode()

    assert plain_cells(data, "a") is None
    book = workbook({"a": ""}, {"xl/worksheets/sheet1.xml": data, "xl/sharedStrings.xml": STRINGS})
    assert _said(book) == _by_parser(book)
