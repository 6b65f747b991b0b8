"""Parse the command line, call, print, and give the exit code; no logic of its own."""

import sys

# each of these adds its commands to the application, in this order
from iapt_audit.cli import auditing, claiming, comparing, defining, exporting
from iapt_audit.cli.options import EXIT_INTERRUPTED
from iapt_audit.cli.running import app

__all__ = ["app", "auditing", "claiming", "comparing", "defining", "exporting", "main"]


def main() -> None:
    """Run the command line."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
