"""Draw the Data Docs so that they open offline: nothing in a page is loaded from any host."""

from great_expectations.render.view.view import DefaultJinjaIndexPageView, DefaultJinjaPageView


class OfflinePageView(DefaultJinjaPageView):
    """Draw a page of a suite or of a result."""


class OfflineIndexView(DefaultJinjaIndexPageView):
    """Draw the index."""
