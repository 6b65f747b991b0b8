"""Run the command line with `python -m iapt_audit`."""

from iapt_audit.cli import main

main()
