"""One project of Great Expectations for all tests: it takes seconds to import it and to write one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from iapt_audit.definitions import Definitions, load_default

if TYPE_CHECKING:
    from pathlib import Path

    from great_expectations.data_context import FileDataContext

# also for versions that send what is run to their makers
os.environ["GX_ANALYTICS_ENABLED"] = "false"


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return load_default()


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, definitions: Definitions) -> Path:
    from iapt_audit.integrations.great_expectations.project import write_project

    folder = tmp_path_factory.mktemp("gx") / "project"
    write_project(folder, definitions)
    return folder


@pytest.fixture(scope="session")
def context(project: Path) -> FileDataContext:
    import great_expectations as gx

    return gx.get_context(mode="file", context_root_dir=project)
