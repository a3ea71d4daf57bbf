"""Findings as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..findings import Finding

__all__ = ["to_json"]

_VERSION = 1


def to_json(findings: Sequence[Finding]) -> list[str]:
    """Return one JSON object: {"version": 1, "findings": [...]}."""
    content = {"version": _VERSION, "findings": list(map(_to_dict, findings))}
    return [json.dumps(content, indent=2)]


def _to_dict(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "key": finding.key,
        "language": finding.language,
        "message": finding.message,
        "exceeded_limits": [each._asdict() for each in finding.exceeded_limits],
        "encoding": str(finding.encoding),
        "unit_count": finding.unit_count,
        "segment_count": finding.segment_count,
        "non_gsm_characters": list(finding.non_gsm_characters),
        "replacements": [
            {"char": char, "replacement": replacement} for char, replacement in finding.replacements
        ],
        "segments_after": finding.segments_after,
    }
