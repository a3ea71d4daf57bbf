"""Android's string resources: strings, plurals and arrays of strings.xml."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from ..entries import Entry

__all__ = ["read_android"]

_MAX_ENTITY_CHARACTERS = 1_000
_MAX_GROWTH = 10
# Outside quotes white space is one space; no-break spaces are no white space.
_SPACES = r"[^\S\u00a0\u2007\u202f]+"
_PIECE = re.compile(rf'\\u([0-9A-Fa-f]{{4}})|\\(.)|"|({_SPACES})', re.DOTALL)
_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_AROUND = re.compile(rf"\A{_SPACES}|{_SPACES}\Z")
_LISTS = ("plurals", "string-array", "array")
_CONTROLS = {"n": "\n", "t": "\t"}


@dataclass(slots=True)
class _Open:
    """The element that is read."""

    key: str
    line: int
    column: int
    first_line: int
    parts: list[str] = field(default_factory=list)


def read_android(text: str) -> list[Entry]:
    """Return the texts of a file of string resources; those that are not <resources> have none.

    Entities that the file declares are replaced, if they are short texts. External entities, and
    entities that contain others, are refused.

    Args:
        text: The file.

    Raises:
        ValueError: The file is not well-formed, or its entities are refused; the message gives the
            place.
    """
    reader = _Reader(text.encode("utf-8", "surrogatepass"))
    try:
        reader.parser.Parse(reader.content, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise ValueError(f"line {error.lineno}, column {error.offset + 1}: {reason}") from None
    return reader.entries


class _Reader:
    """The handlers of the parser."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.entries: list[Entry] = []
        self._room = len(content) * _MAX_GROWTH
        self._names: list[str] = []
        self._parent = ""
        self._index = 0
        self._open: _Open | None = None
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity

    def _error(self, reason: str) -> ValueError:
        column = self.parser.CurrentColumnNumber + 1
        return ValueError(f"line {self.parser.CurrentLineNumber}, column {column}: {reason}")

    def _entity(self, name: str, _: Any, value: str | None, *external: Any) -> None:
        if value is None or len(value) > _MAX_ENTITY_CHARACTERS or "&" in value:
            raise self._error(f"the entity {name} is refused: it is not a short text")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        depth = len(self._names)
        self._names.append(name)
        if self._names[0] != "resources" or self._open is not None:
            return
        if depth == 1:
            self._parent, self._index = attributes.get("name", ""), 0
        if depth == 1 and "string" in (name, attributes.get("type")):  # <item type="string"> too
            key = self._parent
        elif depth == 2 and name == "item" and self._names[1] in _LISTS:
            key = f"{self._parent}[{attributes.get('quantity', self._index)}]"
            self._index += 1
        else:
            return
        first_line = line = self.parser.CurrentLineNumber
        column = self.parser.CurrentColumnNumber + 1
        if match := _TAG.match(self.content, self.parser.CurrentByteIndex):
            *before, last = re.split("\r\n|\n|\r", match[0].decode("utf-8", "surrogatepass"))
            line += len(before)
            column = len(last) + 1 if before else column + len(last)
        self._open = _Open(key, line, column, first_line)
        self._depth = depth

    def _text(self, text: str) -> None:
        self._room -= len(text)
        if self._room < 0:
            raise self._error("entities make the file too large")
        if self._open is not None:
            self._open.parts.append(text)

    def _end(self, _: str) -> None:
        self._names.pop()
        if self._open is not None and len(self._names) == self._depth:
            element, self._open = self._open, None
            text = _plain("".join(element.parts))
            self.entries.append(
                Entry(
                    element.key, text, element.line, element.column, first_line=element.first_line
                )
            )


def _plain(text: str) -> str:
    """Return a text as Android reads it: escapes, quotes and white space replaced."""
    is_quoted = False

    def piece(match: re.Match[str]) -> str:
        nonlocal is_quoted
        if match[1]:
            return chr(int(match[1], 16))
        if match[2]:
            return _CONTROLS.get(match[2], match[2])
        if match[3]:
            return match[3] if is_quoted else " "
        is_quoted = not is_quoted
        return ""

    plain = _PIECE.sub(piece, _AROUND.sub("", text))
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
