"""Findings as JSON."""

import json

from septet.checking.output.json_text import to_json


def test_object(finding) -> None:
    (text,) = to_json([finding])
    assert json.loads(text) == {
        "version": 1,
        "findings": [
            {
                "path": "a,b:c.po",
                "line": 3,
                "column": 9,
                "key": "100%\nx",
                "language": "fr",
                "message": finding.message,
                "exceeded_limits": [{"limit": "max_segments", "actual": 2, "allowed": 1}],
                "encoding": "ucs2",
                "unit_count": 80,
                "segment_count": 2,
                "non_gsm_characters": ["’"],
                "replacements": [{"char": "’", "replacement": "'"}],
                "segments_after": 1,
            }
        ],
    }
