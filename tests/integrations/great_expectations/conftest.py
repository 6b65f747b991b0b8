"""One project of Great Expectations for all tests: it takes seconds to import it and to write one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

import pytest
from cli.command import Done
from cli.command import run as command

from iapt_audit.definitions import Definitions, load_default

if TYPE_CHECKING:
    from pathlib import Path

    from great_expectations.data_context import FileDataContext

# also for versions that send what is run to their makers
os.environ["GX_ANALYTICS_ENABLED"] = "false"


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return load_default()


class Exported(NamedTuple):
    """A project, and what the command that wrote it said."""

    folder: Path
    said: Done
    #: what stood beside the project as soon as it was written
    beside: list[str]


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("gx") / "new" / "project"
    said = command("export", "gx", folder)
    return Exported(folder, said, [path.name for path in folder.parent.iterdir()])


@pytest.fixture(scope="session")
def project(exported: Exported) -> Path:
    assert exported.said.returncode == 0, exported.said.stderr
    return exported.folder


@pytest.fixture(scope="session")
def context(project: Path) -> FileDataContext:
    import great_expectations as gx

    return gx.get_context(mode="file", context_root_dir=project)
