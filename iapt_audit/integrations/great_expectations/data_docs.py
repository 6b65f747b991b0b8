"""
Draw the Data Docs so that they open offline: nothing in a page is loaded from any host.

The templates of Great Expectations load styles, fonts, pictures and scripts; ours, in `templates/`, stand in for those
that do. A policy in each page forbids what would slip through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from great_expectations.render.renderer.site_builder import SiteBuilder
from great_expectations.render.view import DefaultJinjaPageView
from jinja2 import BaseLoader, ChoiceLoader, PackageLoader

from iapt_audit.model.columns import LICENCE_LINE

if TYPE_CHECKING:
    from collections.abc import Sequence


class OfflinePageView(DefaultJinjaPageView):
    """Draw a page, of a suite, of a result, or the index, with our templates before those of Great Expectations."""

    def __init__(self, custom_styles_directory: str | None = None, custom_views_directory: str | None = None) -> None:
        """Take what Great Expectations gives; templates of the project's own still come last."""
        super().__init__(custom_styles_directory, custom_views_directory)
        theirs: BaseLoader | None = self.env.loader
        ours = PackageLoader("iapt_audit.integrations.great_expectations", "templates")
        self.env.loader = ChoiceLoader([ours, *([theirs] if theirs else [])])
        self.env.globals["licence_line"] = LICENCE_LINE


class OfflineSiteBuilder(SiteBuilder):
    """Build the site without the styles, pictures and fonts that its pages have no use for."""

    def build(
        self,
        resource_identifiers: Sequence[Any] | None = None,
        build_index: bool = True,  # noqa: FBT001, FBT002 - as theirs
    ) -> tuple[str | None, Any]:
        """
        Build the pages and the index.

        Args:
            resource_identifiers: The suites and results to build the pages of; all if left out.
            build_index: Whether to build the index.

        Returns:
            The address of the index, and what it links to.
        """
        for section in self.site_section_builders.values():
            section.build(resource_identifiers=resource_identifiers)
        _, links = self.site_index_builder.build(build_index=build_index)
        return self.get_resource_url(only_if_exists=False), links
