"""The command line: arguments, exit statuses, progress and tables; all arithmetic is below."""

from .main import main

__all__ = ["main"]
