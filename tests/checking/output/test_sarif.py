"""Findings as SARIF."""

import dataclasses
import json
import os

from septet.checking.output.sarif import to_sarif


def test_log(finding) -> None:
    """One result, its rule, its place; the path is a URI."""
    (text,) = to_sarif([finding])
    log = json.loads(text)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["max-segments"]
    (result,) = run["results"]
    assert result == {
        "ruleId": "max-segments",
        "level": "error",
        "message": {"text": f"{finding.message} [100%\nx]"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "a%2Cb%3Ac.po"},
                    "region": {"startLine": 3, "startColumn": 9},
                }
            }
        ],
    }


def test_name_that_is_not_text(finding) -> None:
    """A file name of any bytes is a URI."""
    path = os.fsdecode(b"\xff/a.po")
    (text,) = to_sarif([dataclasses.replace(finding, path=path)])
    assert '"uri": "%FF/a.po"' in text


def test_no_findings() -> None:
    assert json.loads(to_sarif([])[0])["runs"][0]["results"] == []
