"""What the package names, and what it costs to import it."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

import iapt_audit

HEAVY = (
    "pandas", "polars", "pyarrow", "ortools", "altair", "great_expectations", "pandera", "numpy", "typer", "rich",
    "jinja2", "narwhals",
)  # fmt: skip
IMPORT_SECONDS = 0.3
TIMED = "import time; t = time.perf_counter(); import iapt_audit; print(time.perf_counter() - t)"


def test_every_public_name_is_listed_in_order_and_can_be_had() -> None:
    had = [getattr(iapt_audit, name) for name in iapt_audit.__all__]

    assert iapt_audit.__all__ == sorted(set(iapt_audit.__all__))
    assert None not in had
    assert set(iapt_audit.__all__) <= set(dir(iapt_audit))


def test_what_a_type_checker_is_shown_is_what_is_listed() -> None:
    tree = ast.parse(Path(iapt_audit.__file__).read_text(encoding="utf-8"))
    (shown,) = (each for each in tree.body if isinstance(each, ast.If))
    names = [name.name for each in shown.body if isinstance(each, ast.ImportFrom) for name in each.names]

    assert sorted(names) == iapt_audit.__all__


@pytest.mark.parametrize("name", iapt_audit.__all__)
def test_no_public_name_is_a_module_that_would_hide_it_once_imported(name: str) -> None:
    assert importlib.util.find_spec(f"iapt_audit.{name}") is None


def test_the_function_stays_a_function_when_every_module_is_imported() -> None:
    code = (
        "import iapt_audit, iapt_audit.cli.audit, iapt_audit.pipeline, iapt_audit.api.functions, iapt_audit.api.audit\n"
        "from iapt_audit import audit\n"
        "assert callable(audit) and audit is iapt_audit.audit"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute `adit`"):
        _ = iapt_audit.adit


def test_the_import_loads_no_heavy_library() -> None:
    code = f"import sys, iapt_audit; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"


def test_the_import_takes_less_than_a_third_of_a_second() -> None:
    # the quickest of some: the machine does other things as well
    taken = min(
        float(subprocess.run([sys.executable, "-c", TIMED], check=True, capture_output=True, text=True).stdout)
        for _ in range(3)
    )

    assert taken < IMPORT_SECONDS


def test_a_type_checker_is_told_that_the_package_has_types() -> None:
    assert (files("iapt_audit") / "py.typed").is_file()


@pytest.mark.parametrize("name", [name for name in iapt_audit.__all__ if name != "__version__"])
def test_everything_public_says_what_it_is(name: str) -> None:
    assert (getattr(iapt_audit, name).__doc__ or "").strip()
