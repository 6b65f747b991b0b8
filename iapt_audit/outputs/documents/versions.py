"""Make `diff.json` of two versions compared, in the form of `audit.json`: the same bytes in give the same bytes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from iapt_audit.model.text import decimal_text
from iapt_audit.outputs.documents.audit import input_json
from iapt_audit.outputs.documents.json_text import ATTRIBUTION, SCHEMA_VERSION, tool
from iapt_audit.versions.line_up import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iapt_audit.model.inputs import Part
    from iapt_audit.outputs.documents.json_text import Json
    from iapt_audit.results import Compared


_SIDES = ("old", "new")


def versions_document(compared: Compared) -> Json:
    """Return the whole of `diff.json` (its JSON Schema ships as `diff.schema.json`)."""
    old, new = compared.inputs
    lined = compared.lined
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": tool(compared.definitions),
        "attribution": ATTRIBUTION,
        "different": compared.different,
        "old": [input_json(each) for each in old],
        "new": [input_json(each) for each in new],
        "compared": _compared(compared),
        "unpaired": [
            {"side": side, **_part(part)}
            for side, parts in zip(_SIDES, compared.unpaired, strict=True)
            for part in sorted(parts, key=lambda part: (part.publication, part.period))
        ],
        "summary": {
            "changes": counted(compared),
            "hidden": compared.changes["hidden"].drop_nulls().len(),
            "headline": len(compared.headline),
        },
        "measures": by_measure(compared),
        "organisations": by_organisation(compared),
        "one_sided_organisations": list(placed(lined.organisations, compared)),
        "one_sided_measures": list(placed(lined.measures, compared)),
        "names": list(placed(lined.names, compared)),
        "twice": list(placed(lined.twice, compared)),
        "headline": [_headline(row) for row in placed(compared.headline, compared)],
        "changes": list(placed(compared.changes, compared)),
    }


def counted(compared: Compared) -> dict[str, int]:
    """Count the changed cells by what became of them."""
    found = dict(compared.changes.group_by("change").len().iter_rows())
    return {each.value: found.get(each.value, 0) for each in Change}


def by_measure(compared: Compared) -> list[Json]:
    """Count the changed cells of each measure, by what became of them."""
    return _counted_by(compared, ["measure", "statistic"])


def by_organisation(compared: Compared) -> list[Json]:
    """Count the changed cells of each organisation, by what became of them."""
    return _counted_by(compared, ["level", "org_code"])


def _counted_by(compared: Compared, what: list[str]) -> list[Json]:
    key = ["pair", *what]
    counts = [(pl.col("change") == each.value).sum().alias(each.value) for each in Change]
    found = compared.changes.group_by(key).agg(counts)
    texts = [pl.col(name).cast(pl.String) if name in {"measure", "org_code"} else pl.col(name) for name in key]
    return list(placed(found.sort(texts), compared))


def placed(frame: pl.DataFrame, compared: Compared) -> Iterator[Json]:
    """Return the rows of a frame with publication and periods instead of the number of their pair."""
    for row in frame.iter_rows(named=True):
        pair = compared.pairs[row.pop("pair")]
        yield {"publication": pair.publication, "old_period": pair.old_period, "new_period": pair.new_period, **row}


def _compared(compared: Compared) -> list[Json]:
    both = dict(compared.lined.both.group_by("pair").len().iter_rows())
    changed = dict(compared.changes.group_by("pair").len().iter_rows())
    twice = dict(compared.lined.twice.group_by("pair").agg(pl.col("cells").sum()).iter_rows())
    return [
        {
            "publication": pair.publication,
            "old_period": pair.old_period,
            "new_period": pair.new_period,
            "reissue": pair.reissue,
            "cells": both.get(number, 0),
            "changed": changed.get(number, 0),
            "twice": twice.get(number, 0),
        }
        for number, pair in enumerate(compared.pairs)
    ]


def _part(part: Part) -> Json:
    return {"publication": part.publication, "period": part.period}


def _headline(row: Json) -> Json:
    place = ("publication", "old_period", "new_period", "level", "org_code", "org_name", "measure", "standard")
    points = None
    if row["points_low"] is not None:
        points = {"low": decimal_text(row["points_low"]), "high": decimal_text(row["points_high"])}
    return {
        **{name: row[name] for name in place},
        "told": row["told"],
        **{side: _side(row, side) for side in _SIDES},
        "points": points,
        "exact": row["exact"],
    }


def _side(row: Json, side: str) -> Json | None:
    """Return one side of a headline rate, None where that side has none that may be told."""
    if row[f"{side}_low"] is None:
        return None
    exact = None
    if row[f"{side}_exact_numerator"] is not None:
        exact = {"numerator": row[f"{side}_exact_numerator"], "denominator": row[f"{side}_exact_denominator"]}
    return {
        "printed": row[f"{side}_printed"],
        "printed_contradicted": row[f"{side}_contradicted"],
        "exact": exact,
        "low": decimal_text(row[f"{side}_low"]),
        "high": decimal_text(row[f"{side}_high"]),
        "standing": row[f"{side}_standing"],
    }
