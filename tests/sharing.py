"""
Share the tests between processes: those of a file stay together, and those that share something dear do.

xdist's own groups (`--dist loadgroup`) name an item anew, which pytest no longer takes from them: none ever was in one
process. So the groups are folders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    import pytest
    from xdist.remote import Producer

#: Folders of which one process runs all, since each file needs what takes long to make.
TOGETHER = (
    "tests/integrations/great_expectations",  # a project
    "tests/browser",  # pages, and a browser
    "tests/packaging",  # a wheel, and an environment
    "tests/published",  # the audit of all that is published
)
#: What takes longest comes first, so that no process is left with it at the end.
FIRST = (
    "tests/integrations/great_expectations",
    "tests/claims/test_soundness.py",
    "tests/browser",
    "tests/published",
    "tests/properties",
    "tests/packaging",
    "tests/benchmarks",
    "tests/api",
    "tests/hostile",
    "tests/cli",
)


def shared_by(nodeid: str) -> str:
    """
    Name what one process runs whole: a folder or a file.

    >>> shared_by("tests/browser/test_what_hands_do.py::test_one")
    'tests/browser'
    >>> shared_by("tests/unit/model/test_bounds.py::test_one[a::b]")
    'tests/unit/model/test_bounds.py'
    """
    file = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if file.startswith(f"{folder}/")), file)


def rank(nodeid: str) -> int:
    """
    Return how early a test comes: least first.

    >>> rank("tests/browser/test_what_hands_do.py::test_one") < rank("tests/unit/model/test_bounds.py::test_one")
    True
    """
    return next((place for place, part in enumerate(FIRST) if nodeid.startswith(part)), len(FIRST))


class Sharing(LoadScopeScheduling):  # type: ignore[misc] # xdist ships no types
    """Return a process a whole file, or a whole folder of `TOGETHER`, in the order in which tests were collected."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        # else a file of many quick tests would come before one of few that take long
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return shared_by(nodeid)
