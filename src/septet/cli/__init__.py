"""The command line: arguments, tables, progress and exit statuses; it calculates nothing itself.

May import everything.
"""

from .main import main

__all__ = ["main"]
