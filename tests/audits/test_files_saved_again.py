"""Files that were saved again are read as what they were, and never accused for how they were saved; rows invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from audits.test_files_as_people_have_them import audited, codes, month, text_of, told, with_figures
from cli.command import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Audit the invented month as the publisher writes it."""
    path = tmp_path_factory.mktemp("plain") / "month.csv"
    path.write_text(text_of(month()), encoding="utf-8")
    return audited(path)


def saved(text: str, folder: Path) -> dict[str, Any]:
    path = folder / "month.csv"
    path.write_bytes(text.encode())
    return audited(path)


def _german(text: str) -> str:
    return f"{int(text):,}".replace(",", ".") if text.isdigit() else text.replace(".", ",")


#: How a program writes the figures, and the separator beside it.
SAVED: dict[str, tuple[Callable[[str], str], str]] = {
    "Excel in Germany": (_german, ";"),
    "Excel in Germany, with tabs": (_german, "\t"),
    "binary fractions": (lambda text: text.replace("50.7", "50.699999999999996"), ","),
    "more binary fractions": (lambda text: text.replace("45.9", "45.900000000000006"), ","),
    "two decimals": (lambda text: f"{text}0" if "." in text else text, ","),
    "four decimals": (lambda text: f"{text}000" if "." in text else text, ","),
    "provisional": (lambda text: f"{text} [p]" if text != "*" else text, ","),
    "revised": (lambda text: f"{text}[r]" if text != "*" else text, ","),
    "revised and after a break": (lambda text: f"{text} [b][r]" if text != "*" else text, ","),
    "at most four": (lambda text: text.replace("*", "≤4"), ","),
}


@pytest.mark.parametrize(("change", "separator"), SAVED.values(), ids=list(SAVED))
def test_figures_saved_again_are_what_they_were(
    change: Callable[[str], str], separator: str, plain: dict[str, Any], tmp_path: Path
) -> None:
    content = saved(text_of(with_figures(change), separator), tmp_path)

    assert told(content) == told(plain)
    assert content["summary"]["findings"]["error"] == 0
    assert codes(content) - codes(plain) <= {"figure-mended", "symbol-not-publishers"} != set()
    assert codes(content) != codes(plain)


def test_a_percentage_has_no_thousands(tmp_path: Path) -> None:
    rows = with_figures(lambda text: "50,713" if text == "50.7" else text)
    content = saved(text_of(rows, ";"), tmp_path)

    # 50713% would be out of range, and contradicted
    assert content["summary"]["rates"]["contradicted"] == 0
    assert {"percentage-out-of-range", "rate-contradicted"}.isdisjoint(codes(content))


def test_a_point_is_a_decimal_point_where_no_comma_says_otherwise(tmp_path: Path) -> None:
    rows = with_figures(lambda text: "1.407" if text == "1407" else text)

    assert "too-many-decimals" in codes(saved(text_of(rows), tmp_path))


@pytest.mark.parametrize(
    "text", ["1.41E+03", "1.4e+03", "2e+12", "1e-05", "1407 [e]", "1407 [f]", "1407 [u]", "+", "[p"]
)
def test_a_figure_that_is_not_exactly_known_is_not_read(text: str, tmp_path: Path) -> None:
    content = saved(text_of(with_figures(lambda figure: text if figure == "1407" else figure)), tmp_path)

    assert "cell-unparseable" in codes(content)


def test_what_r_writes_for_a_hundred_thousand_is_read(tmp_path: Path) -> None:
    whole, short = (saved(text_of(with_figures(_whole(text))), tmp_path) for text in ("100000", "1e+05"))

    assert told(whole) == told(short)
    assert "figure-mended" in codes(short)


def test_an_unrounded_percentage_is_no_binary_fraction(tmp_path: Path) -> None:
    rows = with_figures(lambda text: "50.70842654735272" if text == "50.7" else text)
    found = codes(saved(text_of(rows), tmp_path))

    assert "too-many-decimals" in found
    assert "figure-mended" not in found


@pytest.mark.parametrize("text", ["3.00", "3 [p]", "3.0000000000000001"])
def test_a_small_count_that_slipped_leaves_in_no_form(text: str, tmp_path: Path) -> None:
    path = tmp_path / "month.csv"
    path.write_text(text_of(with_figures(lambda figure: figure.replace("*", text))), encoding="utf-8")
    content = audited(path)

    assert "count-not-disclosure-controlled" in codes(content)
    cells = [cell for finding in content["findings"] for cell in finding["cells"] if cell["measure"] == "M179"]
    assert cells
    assert all(cell["printed"] is None and cell["low"] is None for cell in cells)
    assert f"`{text}`" not in path.with_suffix(".json").name + str(content)


def _whole(text: str) -> Callable[[str], str]:
    return lambda figure: text if figure == "1407" else figure


def _line(at: int, *texts: str) -> Callable[[list[list[str]]], list[list[str]]]:
    """Put a line into the table, filled up with empty fields."""
    return lambda rows: [*rows[:at], [*texts, *[""] * (len(rows[0]) - len(texts))], *rows[at:]]


#: Lines of a table that are no rows of it.
LINES: dict[str, Callable[[list[list[str]]], list[list[str]]]] = {
    "types below the header": _line(1, *["Date"] * 2, *["Text"] * 7, "Number"),
    "units below the header": _line(1, "date", "date", "name", "code", "name", "code", "name", "code", "name", "n"),
    "a rule below the header": _line(1, *["---"] * 10),
    "the header again": lambda rows: [*rows[:7], rows[0], *rows[7:]],
    "the header again at each organisation": lambda rows: [*rows[:7], rows[0], *rows[7:13], rows[0], *rows[13:]],
    "a total at the end": lambda rows: [*rows, ["Total", *[""] * 8, "5000"]],
    "a total in the column of levels": lambda rows: [*rows, ["", "", "Grand Total", *[""] * 6, "5000"]],
    "a total in the column of names": lambda rows: [*rows, [*[""] * 6, "Total", "", "", "5000"]],
    "a count of rows": lambda rows: [*rows, ["(18 rows affected)", *[""] * 9]],
    "a note with a figure": lambda rows: [*rows, ["Source: NHS England", *[""] * 8, "2"]],
}


@pytest.mark.parametrize("write", LINES.values(), ids=list(LINES))
def test_lines_that_are_no_rows_change_nothing(
    write: Callable[[list[list[str]]], list[list[str]]], plain: dict[str, Any], tmp_path: Path
) -> None:
    content = saved(text_of(write(month())), tmp_path)

    assert told(content) == told(plain)
    assert codes(content) - codes(plain) == {"lines-left-out"}
    assert content["summary"]["findings"]["error"] == 0


@pytest.mark.parametrize("column", [0, 2, 7])
def test_a_row_that_lost_one_key_is_still_a_row(column: int, tmp_path: Path) -> None:
    rows = month()
    rows[3][column] = "lost"

    assert "lines-left-out" not in codes(saved(text_of(rows), tmp_path))


def test_a_table_of_nothing_but_lost_keys_is_not_emptied(tmp_path: Path) -> None:
    header, *rows = month()
    path = tmp_path / "month.csv"
    path.write_text(text_of([header, *([*["x"] * 9, row[-1]] for row in rows)]), encoding="utf-8")

    assert run("audit", path).returncode == 3


_FORMS = ("table", "json", "markdown", "csv", "junit", "sarif", "github")


@pytest.fixture(scope="module")
def partly_dated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a month of which the register has headlines, and rows whose dates nobody can read."""
    figures = {"M001": "152000", "M053": "90.3", "M076": "1400", "M179": "65", "M191": "680", "M192": "50.7"}
    rows = [
        [*dates, "England", "All", "All", "All", "All", measure, measure, text]
        for dates in (("01/04/2025", "30/04/2025"), ("soon", "later"))
        for measure, text in figures.items()
    ]
    path = tmp_path_factory.mktemp("partly") / "month.csv"
    path.write_text(text_of([month()[0], *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize("form", _FORMS)
def test_rows_without_a_period_are_told_in_every_form(form: str, partly_dated: Path) -> None:
    done = run("audit", partly_dated, "--format", form)

    assert done.returncode == 1, done.stderr
    assert "itself failed" not in done.stderr


def test_rows_without_a_period_are_written_and_reported(partly_dated: Path, tmp_path: Path) -> None:
    assert run("audit", partly_dated, "--out", tmp_path / "out").returncode == 1
    assert run("report", partly_dated, "-o", tmp_path / "report.html").returncode == 1


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_a_table_cut_off_before_its_last_figure_is_no_fault_of_ours(separator: str, tmp_path: Path) -> None:
    cut = text_of(month()[:3], separator).rstrip()
    path = tmp_path / "month.csv"
    path.write_text(cut[: cut.rindex(separator) + 1], encoding="utf-8")

    assert run("audit", path).returncode in {0, 1, 3}
