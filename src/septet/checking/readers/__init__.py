"""The formats of message catalogues: one module each, with a function that yields the texts."""

from __future__ import annotations
