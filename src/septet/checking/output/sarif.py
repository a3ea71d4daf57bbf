"""Findings as SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from ... import __version__
from ..findings import Finding

__all__ = ["to_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_RULES = {
    "encoding": (
        "The text needs UCS-2, but only GSM-7 is allowed.",
        "Replace the characters that GSM-7 lacks.",
    ),
    "max_segments": (
        "The text takes more segments than are allowed.",
        "Shorten the text, or replace the characters that GSM-7 lacks.",
    ),
    "max_units": (
        "The text takes more septets or code units than are allowed.",
        "Shorten the text, or replace the characters that GSM-7 lacks.",
    ),
}
_OTHER_RULE = "The text exceeds a limit of the provider.", "Shorten the text."


def to_sarif(findings: Sequence[Finding]) -> list[str]:
    """Return one log with a result for each finding.

    Paths in the current folder are written relative to it, as code scanning of GitHub needs them.
    """
    names = sorted({each.exceeded_limits[0].limit for each in findings})
    driver = {"name": "septet", "version": __version__, "rules": list(map(_rule, names))}
    occurrences: Counter[str] = Counter()
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, names, occurrences) for each in findings],
    }
    return [json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)]


def _rule(name: str) -> dict[str, Any]:
    description, advice = _RULES.get(name, _OTHER_RULE)
    return {
        "id": name,
        "shortDescription": {"text": description},
        "fullDescription": {"text": description},
        "help": {"text": advice},
        "defaultConfiguration": {"level": "error"},
    }


def _result(finding: Finding, names: list[str], occurrences: Counter[str]) -> dict[str, Any]:
    rule = finding.exceeded_limits[0].limit
    uri = _uri(finding.path)
    # It stays the same when the text moves or changes. The name is the one that GitHub reads.
    identity = json.dumps([rule, uri, finding.key, finding.language])
    occurrences[identity] += 1
    digest = sha256(identity.encode()).hexdigest()[:16]
    region = {"startLine": finding.line, "startColumn": finding.column}
    return {
        "ruleId": rule,
        "ruleIndex": names.index(rule),
        "level": "error",
        "message": {"text": f"{finding.message} [{finding.key}]"},
        "locations": [
            {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}},
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{digest}:{occurrences[identity]}"},
    }


def _uri(path: str) -> str:
    """Return a path as a URI: relative to the current folder if it is in it."""
    name = PurePath(path)
    if name.is_absolute() and name.is_relative_to(os.getcwd()):
        name = name.relative_to(os.getcwd())
    return name.as_uri() if name.is_absolute() else quote(os.fsencode(name.as_posix()))
