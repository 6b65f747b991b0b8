"""Turn the files of `schemas/` and `checks/` into frozen, typed objects."""

from iapt_audit.definitions.load import load, load_default, load_with
from iapt_audit.definitions.model import (
    Concept,
    Definitions,
    Denominator,
    Fact,
    Facts,
    Layout,
    LevelName,
    MeasureName,
    Rate,
    Series,
    Source,
    Standard,
)

__all__ = [
    "Concept",
    "Definitions",
    "Denominator",
    "Fact",
    "Facts",
    "Layout",
    "LevelName",
    "MeasureName",
    "Rate",
    "Series",
    "Source",
    "Standard",
    "load",
    "load_default",
    "load_with",
]
