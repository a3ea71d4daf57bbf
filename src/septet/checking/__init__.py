"""Checks the texts of message catalogues against limits, before they are ever sent.

A catalogue is a file of the texts of a program, with a key for each: gettext, JSON, Android, Apple
and so on. `Checker` reads catalogues and returns findings. May import layers 2 to 7 of
docs/architecture.md.
"""

from __future__ import annotations

from .catalogues import Catalogue, find_catalogues, read_catalogue
from .checker import Checker
from .entries import Entry
from .findings import Exceeded, Finding
from .limits import LimitException, Limits

__all__ = [
    "Catalogue",
    "Checker",
    "Entry",
    "Exceeded",
    "Finding",
    "LimitException",
    "Limits",
    "find_catalogues",
    "read_catalogue",
]
