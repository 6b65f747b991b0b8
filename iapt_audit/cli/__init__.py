"""Parse the command line, call, print, and give the exit code; no logic of its own."""

import sys

from iapt_audit.cli import audit, claims, compare, definitions, export, report
from iapt_audit.cli.app import app

# each of these adds its commands to the application, in this order
from iapt_audit.cli.exit_codes import EXIT_INTERRUPTED
from iapt_audit.cli.streams import prepare_streams

__all__ = ["app", "audit", "claims", "compare", "definitions", "export", "main", "report"]


def main() -> None:
    """Run the command line."""
    prepare_streams()
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
