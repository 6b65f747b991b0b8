"""
Judge published figures about NHS Talking Therapies by the counts they rest on.

What is named here is imported when it is first used: `import iapt_audit` loads no library.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from iapt_audit.about import __version__
    from iapt_audit.api.answers import Judgement, Reading, Trace, TraceMatch
    from iapt_audit.api.audit import Audit
    from iapt_audit.api.errors import FindingsError, TableError, UnjudgedError, UnreadError
    from iapt_audit.api.functions import ClaimOptions, audit, judge, trace
    from iapt_audit.api.schemas import checks, schema_for
    from iapt_audit.errors.base import (
        ArgumentError,
        ClaimError,
        DefinitionError,
        IaptAuditError,
        MissingExtraError,
        NotFoundError,
        OutputError,
        WaiverError,
    )
    from iapt_audit.errors.inputs import (
        InputError,
        PeriodUnknownError,
        UnknownLayoutError,
        UnreadableInputError,
        UnreadableTableError,
    )
    from iapt_audit.model.columns import Verdict
    from iapt_audit.model.findings import Code, Finding, Severity

#: Where each name stands.
_MODULES = {
    "about": ("__version__",),
    "api.answers": ("Judgement", "Reading", "Trace", "TraceMatch"),
    "api.audit": ("Audit",),
    "api.errors": ("FindingsError", "TableError", "UnjudgedError", "UnreadError"),
    "api.functions": ("ClaimOptions", "audit", "judge", "trace"),
    "api.schemas": ("checks", "schema_for"),
    "errors.base": (
        "ArgumentError", "ClaimError", "DefinitionError", "IaptAuditError", "MissingExtraError", "NotFoundError",
        "OutputError", "WaiverError",
    ),
    "errors.inputs": (
        "InputError", "PeriodUnknownError", "UnknownLayoutError", "UnreadableInputError", "UnreadableTableError",
    ),
    "model.columns": ("Verdict",),
    "model.findings": ("Code", "Finding", "Severity"),
}  # fmt: skip
_WHERE = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "ArgumentError",
    "Audit",
    "ClaimError",
    "ClaimOptions",
    "Code",
    "DefinitionError",
    "Finding",
    "FindingsError",
    "IaptAuditError",
    "InputError",
    "Judgement",
    "MissingExtraError",
    "NotFoundError",
    "OutputError",
    "PeriodUnknownError",
    "Reading",
    "Severity",
    "TableError",
    "Trace",
    "TraceMatch",
    "UnjudgedError",
    "UnknownLayoutError",
    "UnreadError",
    "UnreadableInputError",
    "UnreadableTableError",
    "Verdict",
    "WaiverError",
    "__version__",
    "audit",
    "checks",
    "judge",
    "schema_for",
    "trace",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is named
    """Import what is named when it is first asked for."""
    if name not in _WHERE:
        message = f"module `{__name__}` has no attribute `{name}`"
        raise AttributeError(message)
    found = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List what can be asked for."""
    return sorted({*globals(), *__all__})
