"""Findings as SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..findings import Finding

__all__ = ["to_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = {
    "encoding": "The text needs UCS-2, but only GSM-7 is allowed.",
    "max-segments": "The text takes more segments than are allowed.",
    "max-units": "The text takes more septets or code units than are allowed.",
}
_OTHER_RULE = "The text exceeds a limit of the provider."


def to_sarif(findings: Sequence[Finding]) -> list[str]:
    """Return one log with a result for each finding."""
    names = sorted({each.exceeded[0].limit for each in findings})
    rules = [
        {"id": name, "shortDescription": {"text": _RULES.get(name, _OTHER_RULE)}} for name in names
    ]
    run = {
        "tool": {"driver": {"name": "septet", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": list(map(_result, findings)),
    }
    return [json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)]


def _result(finding: Finding) -> dict[str, Any]:
    region = {"startLine": finding.line, "startColumn": finding.column}
    artifact = {"uri": quote(os.fsencode(finding.path))}
    return {
        "ruleId": finding.exceeded[0].limit,
        "level": "error",
        "message": {"text": f"{finding.message} [{finding.key}]"},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
    }
