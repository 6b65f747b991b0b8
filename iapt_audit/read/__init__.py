"""
Open files, folders and archives and give their tables as text, just as printed.

What is opened may be hostile: every wrong file ends in an `InputError`, and nothing is ever written or fetched.
"""

from iapt_audit.read.delimited import table
from iapt_audit.read.finding import find, passed_over
from iapt_audit.read.frames import Table
from iapt_audit.read.kinds import Kind
from iapt_audit.read.memory import frame_of, is_table, text_of
from iapt_audit.read.opening import Opened, open_all
from iapt_audit.read.places import Held, Place, Source, shown
from iapt_audit.read.tabular import tables

__all__ = [
    "Held",
    "Kind",
    "Opened",
    "Place",
    "Source",
    "Table",
    "find",
    "frame_of",
    "is_table",
    "open_all",
    "passed_over",
    "shown",
    "table",
    "tables",
    "text_of",
]
