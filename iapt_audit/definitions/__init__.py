"""Turn the files of `schemas/` and `checks/` into frozen, typed objects."""

from iapt_audit.definitions.load import load, load_default, load_with
from iapt_audit.definitions.model import (
    Concept,
    Definitions,
    Fact,
    Facts,
    Layout,
    LevelName,
    MeasureName,
    Rate,
    Source,
    Standard,
)

__all__ = [
    "Concept",
    "Definitions",
    "Fact",
    "Facts",
    "Layout",
    "LevelName",
    "MeasureName",
    "Rate",
    "Source",
    "Standard",
    "load",
    "load_default",
    "load_with",
]
