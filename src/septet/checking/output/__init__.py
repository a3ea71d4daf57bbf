"""The formats of findings: one module each, with a function that returns the lines to print."""

from __future__ import annotations
