"""Findings as lines for people, which editors understand too: path:line:column: message [key]."""

from __future__ import annotations

from collections.abc import Sequence

from ...display.characters import visible
from ...display.wording import shorten
from ..findings import Finding

__all__ = ["to_text"]

_KEY_CHARACTERS = 60


def to_text(findings: Sequence[Finding]) -> list[str]:
    """Return a line for each finding."""
    return [
        f"{visible(each.path)}:{each.line}:{each.column}: {each.message}"
        f" [{visible(shorten(each.key, _KEY_CHARACTERS))}]"
        for each in findings
    ]
