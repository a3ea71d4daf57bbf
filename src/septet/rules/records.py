"""The plain records of a text: its segments, its characters, and what was replaced in it.

They are named tuples of `collections`: importing `typing` would double the time that importing
septet takes.
"""

from __future__ import annotations

from collections import namedtuple

__all__ = ["NonGsmCharacter", "Replacement", "Segment", "Transliteration"]


class NonGsmCharacter(namedtuple("NonGsmCharacter", ("char", "index"))):
    """A character that forces a text into UCS-2.

    Attributes:
        char: The character.
        index: Its index in the text, in characters.
    """

    __slots__ = ()

    char: str
    index: int


class Replacement(namedtuple("Replacement", ("char", "replacement", "index"))):
    """One replacement in a text.

    Attributes:
        char: The character that was replaced, with the combining marks that are part of it.
        replacement: The text in its place; may be empty.
        index: Index of the character in the original text, in characters.
    """

    __slots__ = ()

    char: str
    replacement: str
    index: int


class Segment(namedtuple("Segment", ("body", "unit_count", "start", "stop", "sequence", "total"))):
    """One billed short message of a text.

    Attributes:
        body: The text of the segment.
        unit_count: Septets or code units of the body, without any header.
        start: Index in the text of the first character of the segment.
        stop: Index in the text after its last character.
        sequence: Number of the segment, from 1.
        total: Segments of the text.
    """

    __slots__ = ()

    body: str
    unit_count: int
    start: int
    stop: int
    sequence: int
    total: int


class Transliteration(namedtuple("Transliteration", ("text", "replacements"))):
    """A text after replacements.

    Attributes:
        text: The new text; the same object as the original if nothing was replaced.
        replacements: The replacements, in the order of the text.
    """

    __slots__ = ()

    text: str
    replacements: tuple[Replacement, ...]
