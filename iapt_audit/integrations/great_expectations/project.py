"""Write a project of Great Expectations to a folder: a suite and a checkpoint for each layout, and Data Docs."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import great_expectations as gx
from great_expectations.checkpoint import UpdateDataDocsAction
from great_expectations.checkpoint.checkpoint import Checkpoint
from great_expectations.core.validation_definition import ValidationDefinition
from great_expectations.data_context.types.base import ProgressBarsConfig

from iapt_audit.errors.base import OutputError
from iapt_audit.integrations.great_expectations.suites import suite_name, suite_of

if TYPE_CHECKING:
    from great_expectations.data_context import FileDataContext
    from great_expectations.datasource.fluent.pandas_datasource import PandasDatasource

    from iapt_audit.definitions import Definitions, Layout

#: The data source of the tables, of which each layout is an asset.
SOURCE = "published_figures"
#: The definition of a batch that is a whole frame.
WHOLE = "whole_table"
#: Values that break an expectation are not stored: in a table that is out of step one may be a small count.
RESULT_FORMAT: dict[str, Any] = {"result_format": "COMPLETE", "exclude_unexpected_values": True}
_PACKAGE = "iapt_audit.integrations.great_expectations"
_STORE = "expectations_store"
_DOCS = "iapt_audit.integrations.great_expectations.data_docs"
_SITE: dict[str, Any] = {
    "module_name": _DOCS,
    "class_name": "OfflineSiteBuilder",
    "show_how_to_buttons": False,
    "store_backend": {
        "class_name": "TupleFilesystemStoreBackend",
        "base_directory": "uncommitted/data_docs/local_site/",
    },
    "site_index_builder": {
        "class_name": "DefaultSiteIndexBuilder",
        "view": {"module_name": _DOCS, "class_name": "OfflinePageView"},
    },
    "site_section_builders": {
        "expectations": {
            "class_name": "DefaultSiteSectionBuilder",
            "source_store_name": _STORE,
            "renderer": {"class_name": "ExpectationSuitePageRenderer"},
            "view": {"module_name": _DOCS, "class_name": "OfflinePageView"},
        },
        "validations": {
            "class_name": "DefaultSiteSectionBuilder",
            "source_store_name": "validation_results_store",
            "renderer": {"class_name": "ValidationResultsPageRenderer"},
            "view": {"module_name": _DOCS, "class_name": "OfflinePageView"},
        },
        "profiling": "None",
    },
}


def write_project(folder: Path, definitions: Definitions, own: Path | None = None) -> int:
    """
    Write a project of Great Expectations, for `great_expectations.get_context(context_root_dir=folder)` to open.

    Args:
        folder: Where to; it must not be there, or be empty.
        definitions: The layouts and rules.
        own: The folder of definitions beside the shipped ones, if `definitions` has such.

    Returns:
        How many suites were written.

    Raises:
        OutputError: If something is at the place, or it cannot be written to.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise OutputError.there_already(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        # all or nothing: half a project would be in the way of the next
        with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
            made = Path(beside) / "project"
            _write(made, definitions, str(own.resolve()) if own is not None else None)
            if folder.exists():
                folder.rmdir()
            shutil.move(made, folder)
    except OSError as error:
        raise OutputError.from_os(folder, error) from None
    return len(definitions.layouts)


def _write(folder: Path, definitions: Definitions, own: str | None) -> None:
    context = gx.get_context(mode="file", context_root_dir=folder, cloud_mode=False)
    context.enable_analytics(enable=False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    context.variables.data_docs_sites = {"local_site": _SITE}
    # whoever opens the project has our expectations with it
    stores = context.variables.stores or {}
    context.variables.stores = {**stores, _STORE: {**stores[_STORE], "module_name": _PACKAGE}}
    context.variables.save()
    source = context.data_sources.add_pandas(SOURCE)
    for layout in definitions.layouts.values():
        _add(context, source, layout, definitions, own)


def _add(
    context: FileDataContext, source: PandasDatasource, layout: Layout, definitions: Definitions, own: str | None
) -> None:
    name = suite_name(layout.id)
    suite = context.suites.add(suite_of(layout, definitions, own))
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(WHOLE)
    validation = context.validation_definitions.add(ValidationDefinition(name=name, data=batch, suite=suite))
    context.checkpoints.add(
        Checkpoint(
            name=name,
            validation_definitions=[validation],
            actions=[UpdateDataDocsAction(name="data_docs")],
            result_format=RESULT_FORMAT,
        )
    )
