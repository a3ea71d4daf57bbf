"""Findings as SARIF."""

import dataclasses
import json
import os
from pathlib import Path

import pytest

from septet import __version__
from septet.checking.output.sarif import to_sarif


def parse(findings):
    (text,) = to_sarif(findings)
    return json.loads(text)


def test_log(finding) -> None:
    """One result, its rule, its place; the path is a URI."""
    log = parse([finding])
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["version"] == __version__
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "max_segments"
    assert rule["fullDescription"] == {"text": "The text takes more segments than are allowed."}
    (result,) = run["results"]
    fingerprint = result.pop("partialFingerprints")["primaryLocationLineHash"]
    assert fingerprint.endswith(":1")
    assert result == {
        "ruleId": "max_segments",
        "ruleIndex": 0,
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


def test_schema(finding) -> None:
    """Logs follow the schema of OASIS; the copy is from github.com/oasis-tcs/sarif-spec."""
    validator = pytest.importorskip("jsonschema").Draft7Validator(
        json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text("utf-8"))
    )
    other = dataclasses.replace(finding, path="/x y/ü.po", key="ü\ud83d", language=None)
    for findings in ([], [finding], [finding, other]):
        validator.validate(parse(findings))


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (os.fsdecode(b"\xff/a b.po"), "%FF/a%20b.po"),
        (os.path.join(os.getcwd(), "x", "ü.po"), "x/%C3%BC.po"),
        ("../a.po", "../a.po"),
        ("/outside/a b.po", "file:///outside/a%20b.po"),
    ],
)
def test_paths(finding, path, uri) -> None:
    """Any file name is a URI; paths in the current folder are relative."""
    (result,) = parse([dataclasses.replace(finding, path=path)])["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_fingerprints(finding) -> None:
    """They stay when the text moves, and tell texts with the same key apart."""

    def fingerprints(*findings):
        (run,) = parse(findings)["runs"]
        return [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]

    moved = dataclasses.replace(finding, line=5, segment_count=3)
    other = dataclasses.replace(finding, language="de")
    assert fingerprints(finding) == fingerprints(moved)
    assert len(set(fingerprints(finding, moved, other))) == 3
