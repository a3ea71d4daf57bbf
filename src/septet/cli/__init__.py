"""The command line: arguments, exit statuses, progress and tables; all arithmetic is below.

May import everything.
"""

from .main import main

__all__ = ["main"]
