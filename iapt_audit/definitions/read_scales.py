"""Read the scales of the questionnaires, and what their effect sizes are worked out from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iapt_audit.definitions.fields import near_miss, once
from iapt_audit.definitions.model import EffectSize, Scale

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from iapt_audit.definitions.fields import FieldTable, Roots
    from iapt_audit.model.columns import Statistic

    Measures = Mapping[str, Mapping[str, Statistic]]


def read_scales(roots: Roots, measures: Measures) -> tuple[tuple[Scale, ...], tuple[EffectSize, ...]]:
    """Read `checks/measures/scales.toml`: the scales, and the effect sizes."""
    scales: dict[str, Scale] = {}
    effects: dict[str, EffectSize] = {}
    for _, table in roots.tables("checks/measures/scales.toml"):
        source = table.source()
        for entry in table.tables("scale"):
            scale = Scale(
                id=entry.text("id"),
                title=entry.text("title"),
                publication=entry.choice("publication", tuple(measures)),
                measures=entry.texts("measures"),
                within=entry.text("within", ""),
                low=entry.integer("low"),
                high=entry.integer("high"),
                source=entry.source() if "source" in entry.values else source,
                file=table.file,
            )
            if scale.low >= scale.high:
                entry.fault("high", f"expected more than `{scale.low}`, the low end, got `{scale.high}`")
            _known(entry, "measures", scale.measures, "mean", measures.get(scale.publication, {}))
            once(scales, entry, scale.id)
            scales[scale.id] = scale
            entry.close()
        for entry in table.tables("effect_size"):
            effect = EffectSize(
                id=entry.text("id"),
                publication=entry.choice("publication", tuple(measures)),
                measure=entry.text("measure"),
                start=entry.text("start"),
                end=entry.text("end"),
                source=entry.source() if "source" in entry.values else source,
                file=table.file,
            )
            of_publication = measures.get(effect.publication, {})
            _known(entry, "measure", [effect.measure], "effect_size", of_publication)
            for key, measure in (("start", effect.start), ("end", effect.end)):
                _known(entry, key, [measure], "mean", of_publication)
            once(effects, entry, effect.id)
            effects[effect.id] = effect
            entry.close()
        table.close()
    return tuple(scales.values()), tuple(effects.values())


def _known(entry: FieldTable, key: str, named: Collection[str], statistic: str, measures: Collection[str]) -> None:
    """Note the measures that the publication has no such figure of."""
    known = [measure.partition(" ")[2] for measure in measures if measure.startswith(f"{statistic} ")]
    for measure in named:
        if measure not in known:
            entry.fault(key, f"no {statistic} is called `{measure}`", near_miss(measure, known))
