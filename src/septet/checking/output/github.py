"""Findings as workflow commands of GitHub Actions, which it shows beside the lines of files."""

from __future__ import annotations

from collections.abc import Sequence

from ..findings import Finding

__all__ = ["to_github"]


def to_github(findings: Sequence[Finding]) -> list[str]:
    """Return a command for each finding."""
    return [
        f"::error file={_property(each.path)},line={each.line},col={each.column},"
        f"title=septet {each.exceeded_limits[0].limit}::{_escape(f'{each.message} [{each.key}]')}"
        for each in findings
    ]


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
