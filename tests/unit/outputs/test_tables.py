"""The list of tables that the gate, the selection, `--out` and the Python API go by."""

from __future__ import annotations

from dataclasses import fields

import polars as pl
import pytest

from iapt_audit import Audit, results
from iapt_audit.definitions import load_default
from iapt_audit.disclosure.gate import Private, publish
from iapt_audit.model.tables import TABLES, Gate, Tables
from iapt_audit.model.tally import Tally
from iapt_audit.outputs.tables import NAMES, table_of
from iapt_audit.pipeline import audit_facts
from iapt_audit.selection.narrow import select

FOUND = audit_facts(load_default())


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_in_the_audit_of_a_program_under_its_name(name: str) -> None:
    assert getattr(Audit(FOUND), name).equals(table_of(FOUND, name))
    assert hasattr(results.AuditResult, name) or name == "claims"


def test_every_table_has_a_kind() -> None:
    assert [each.name for each in fields(Tables)] == list(TABLES)


# no group is beside another in the cited facts, and nothing is found in them
@pytest.mark.parametrize("name", sorted(set(TABLES) - {"gaps", "places"}))
def test_every_table_is_narrowed_to_a_period(name: str) -> None:
    narrowed = getattr(select(FOUND, period="2024-25").published.tables, name)
    files = [number for number, part in enumerate(FOUND.parts) if part.period == "2024-25"]

    assert set(narrowed["file"]) == set(files) & set(getattr(FOUND.published.tables, name)["file"])
    assert len(narrowed) < len(getattr(FOUND.published.tables, name))


@pytest.mark.parametrize("name", [name for name, kind in TABLES.items() if kind.gate is Gate.CELLS])
def test_a_table_of_cells_loses_what_is_held_back(name: str) -> None:
    cell = pl.DataFrame(
        {"printed": ["3", "20"], "value": [3, 20], "low": [3, 18], "high": [3, 22], "held_back": [True, False]}
    )
    none = pl.DataFrame()
    tables = Tables(
        cells=cell, rates=none, headline=headline_before_the_gate(), series=cell, gaps=none, power=none, places=cell
    )

    gated = publish(Private(tables, findings=(), tally=Tally(), widths=none))

    assert getattr(gated.tables, name)["printed"].to_list() == [None, "20"]
    assert getattr(gated.tables, name)["low"].to_list() == [None, 18]


def headline_before_the_gate() -> pl.DataFrame:
    names = ("low", "high", "standing", "short_low", "short_high")
    sides = {f"{side}_{name}": [None] for side in ("face", "exact") for name in names}
    return pl.DataFrame({"entangled": [True], "exact_numerator": [1], "exact_denominator": [2], **sides})
