"""Judge published figures about NHS Talking Therapies by the counts they rest on."""

from importlib.metadata import version

__version__ = version("iapt-audit")

__all__ = ["__version__"]
