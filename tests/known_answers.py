"""The known answers of vectors/known_answers.json, one by one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

PATH = Path(__file__).with_name("vectors") / "known_answers.json"


class Expected(NamedTuple):
    """What a text must be found to take."""

    encoding: str
    unit_count: int
    segment_count: int


def known_answers() -> Iterator[tuple[str, str, dict[str, Any], Expected]]:
    """Yield an id, the text, the options as keyword arguments, and the answer of each case."""
    document = json.loads(PATH.read_text(encoding="ascii"))
    for number, row in enumerate(document["answers"]):
        text = row["text"]
        if isinstance(text, list):
            text = "".join(piece * times for piece, times in text)
        expected = Expected(row["encoding"], row["unit_count"], row["segment_count"])
        yield f"{number}-{row['source']}", text, row.get("options", {}), expected
