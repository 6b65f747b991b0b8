"""Every entry of the headline is written as Python's own encoder writes it; the odd names are invented."""

from __future__ import annotations

import json

import polars as pl
import pytest

from iapt_audit.definitions import load_default
from iapt_audit.model.text import decimal_text
from iapt_audit.outputs.documents.headline import lines
from iapt_audit.outputs.queries import over_denominators
from iapt_audit.pipeline import audit_facts

DEFINITIONS = load_default()
HEADLINE = audit_facts(DEFINITIONS).headline
ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _entry(row: dict[str, object]) -> dict[str, object]:
    exact = {"numerator": row["exact_numerator"], "denominator": row["exact_denominator"]}
    return {
        **{
            name: row[name] for name in ("publication", "period", "level", "org_code", "org_name", "measure", "printed")
        },
        "printed_contradicted": row["contradicted"],
        "exact": None if row["exact_numerator"] is None else exact,
        "low": decimal_text(int(str(row["low"]))),
        "high": decimal_text(int(str(row["high"]))),
        "standard": row["standard"],
        "standing": row["standing"],
        "decided_together": row["decided_together"],
        "short_by": None if row["standing"] is None else {"low": row["short_low"], "high": row["short_high"]},
        "denominators": over_denominators(row, DEFINITIONS),
    }


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("org_name", 'A "quoted" \\ name'),
        ("org_name", "lines\nand\ttabs\x01\x7f\x85\u2028"),
        ("org_name", "Ymddiriedolaeth Tŷ é \N{GRINNING FACE} </script>"),
        ("org_name", ""),
        ("org_name", None),
        ("printed", None),
        ("low", 0),
        ("low", -5),
        ("high", 1_000_000),
        ("high", 99),
        ("exact_numerator", None),
        ("standing", None),
        ("short_low", -1_234),
        ("contradicted", True),
        ("decided_together", True),
        ("finished_low", None),
        ("finished_other_run", True),
    ],
)
def test_line_is_what_the_encoder_writes(column: str, value: object) -> None:
    dtype = pl.String() if column == "org_name" else HEADLINE.schema[column]
    headline = HEADLINE.with_columns(pl.lit(value, dtype=dtype).alias(column))

    assert lines(headline, DEFINITIONS) == [ENCODE(_entry(row)) for row in headline.iter_rows(named=True)]


def test_lines_keep_the_order_of_the_rows() -> None:
    headline = HEADLINE.sort("period", "measure", descending=[True, False])

    told = [json.loads(line) for line in lines(headline, DEFINITIONS)]

    assert [(each["period"], each["measure"]) for each in told] == headline.select("period", "measure").rows()


def test_headline_of_no_rows_has_no_lines() -> None:
    assert lines(HEADLINE.clear(), DEFINITIONS) == []
