"""Texts to fix: an example for each encoding and number of segments of messages that take several.

An example is the shortest of these texts, which needs the smallest change to take a segment less;
of several the first by code points. So it does not depend on the order of the messages, and the
examples of two estimates add up. Python code runs for each batch.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import NamedTuple

from ...columns.surveys import Survey
from ...standard.encoding import Encoding
from ...standard.limits import MAX_SEGMENTS

__all__ = ["Example", "ExampleFinder", "Examples", "TextToFix", "add_examples"]

_MAX_CHARACTERS = 1_000
_ENCODINGS = tuple(Encoding)  # the kernels number them 0 and 1
_MAX_UNITS = 2**31 - 1


class Example(NamedTuple):
    """The shortest text of an encoding and number of segments.

    Attributes:
        unit_count: The septets or code units of the text.
        text: Its first 1,000 characters.
    """

    unit_count: int
    text: str


Examples = dict[tuple[Encoding, int], Example]
"""Examples by encoding and number of segments, from 2 to 255."""


class TextToFix(NamedTuple):
    """Messages of the same encoding and number of segments, which is more than one.

    Attributes:
        encoding: The encoding of the messages.
        segment_count: The segments of each.
        messages: How many messages there are.
        unit_count: The units of the shortest of them.
        text: The first 1,000 characters of the shortest of them.
    """

    encoding: Encoding
    segment_count: int
    messages: int
    unit_count: int
    text: str

    @property
    def extra_segments(self) -> int:
        """The segments that the messages take beyond one each."""
        return self.messages * (self.segment_count - 1)


class ExampleFinder:
    """Finds the examples of batches."""

    def __init__(self, examples: Examples) -> None:
        """Start with no batches.

        Args:
            examples: Receives the examples.
        """
        self._examples = examples
        self._known = array("i", [_MAX_UNITS]) * (len(Encoding) * (MAX_SEGMENTS + 1))

    def add(self, survey: Survey) -> None:
        """Look at the texts of one more batch."""
        for is_ucs2, segments, units, text in survey.find_shortest(memoryview(self._known)):
            example = Example(units, text[:_MAX_CHARACTERS])
            key = _ENCODINGS[is_ucs2], segments
            if key not in self._examples or example < self._examples[key]:
                self._examples[key] = example
                self._known[is_ucs2 * (MAX_SEGMENTS + 1) + segments] = units


def add_examples(examples: Mapping[tuple[Encoding, int], Example], others: Examples) -> Examples:
    """Return the examples of both: the shorter of two."""
    both = dict(examples)
    for key, example in others.items():
        both[key] = min(example, both.get(key, example))
    return both
