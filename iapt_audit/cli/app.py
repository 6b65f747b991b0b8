"""Hold the application, and run its commands so that no traceback is shown."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Annotated, ParamSpec

import typer

from iapt_audit.cli.console import echo
from iapt_audit.cli.exit_codes import EXIT_INTERRUPTED, EXIT_OWN_FAULT, EXIT_UNREAD
from iapt_audit.errors.base import IaptAuditError

P = ParamSpec("P")

app = typer.Typer(
    name="iapt-audit",
    help="Does the headline about NHS Talking Therapies follow from the published counts?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
definitions_app = typer.Typer(
    help="Look at the definitions: layouts, measures, rates, standards and cited facts.", no_args_is_help=True
)
app.add_typer(definitions_app, name="definitions")


def _version(wanted: bool) -> None:
    if wanted:
        from iapt_audit.about import __version__

        echo(f"iapt-audit {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Return whether the headline about NHS Talking Therapies follows from the published counts."""
    del version


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Turn every way to fail into one message on stderr and the exit code of its kind; no traceback is shown."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except IaptAuditError as error:
            echo(f"error: {error}", err=True)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt:
            echo("interrupted", err=True)
            raise typer.Exit(EXIT_INTERRUPTED) from None
        except BrokenPipeError:
            # the reader has seen enough; nothing more may be written, not even at shutdown
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except typer.Exit:
            raise
        except OSError as error:
            echo(f"error: the result cannot be written: {error.strerror or error}", err=True)
            raise typer.Exit(EXIT_UNREAD) from None
        except Exception as error:
            if isinstance(error, typer.BadParameter):
                raise
            message = f"error: iapt-audit itself failed: {type(error).__name__}: {error}".splitlines()[0]
            echo(f"{message}\n\nhint: report it with the command and the file's name, see CONTRIBUTING", err=True)
            raise typer.Exit(EXIT_OWN_FAULT) from None

    return run
