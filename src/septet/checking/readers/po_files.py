"""gettext catalogues: .po, and .pot, which have only the texts to translate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..entries import Entry
from ..languages import language_tag

__all__ = ["read_po"]

_LINE = re.compile(
    r"\s*(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\s*\[\s*(\d{1,3})\s*\])?\s*)?"
    r'((?:"(?:[^"\\]|\\.)*+"\s*)*+)(?:#.*)?$'
)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a"}
_LANGUAGE = re.compile(r"^Language:\s*(\S+)", re.MULTILINE)
_FLAGS = re.compile(r"#,(.*)")


@dataclass(slots=True)
class _Message:
    """A message of the catalogue: its parts, by the word before them, with their places."""

    is_fuzzy: bool
    first_line: int
    parts: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    def text(self, part: str) -> str:
        return "".join(self.parts.get(part, ()))


def read_po(text: str) -> Iterator[Entry]:
    """Yield the texts of a gettext catalogue.

    gettext sends the msgid where a message is not translated, or is fuzzy; then that is yielded, as
    a text to translate. Obsolete entries are left out, and so is the header.

    Args:
        text: The catalogue.

    Raises:
        ValueError: A line cannot be read; the message gives its number.
    """
    language = None
    for message in _messages(text):
        if not message.text("msgid") and "msgctxt" not in message.parts:
            if match := _LANGUAGE.search(message.text("msgstr")):
                language = language_tag(match[1])
            continue
        key, context = message.text("msgid"), message.text("msgctxt")
        translations = [part for part in message.parts if part.startswith("msgstr")]
        is_source = message.is_fuzzy or not any(map(message.text, translations))
        for part in message.parts if is_source else translations:
            if part == "msgctxt" or (is_source and part in translations):
                continue
            if not (content := message.text(part)):
                continue
            number = "[1]" if part == "msgid_plural" else part[6:]
            line, column = message.places[part]
            yield Entry(
                key if part == "msgid" else key + number,
                content,
                line,
                column,
                None if is_source else language,
                context,
                message.first_line,
                is_source,
            )


def _messages(text: str) -> Iterator[_Message]:
    message: _Message | None = None
    is_fuzzy = False
    part = ""
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        stripped = line.lstrip()
        if not stripped or stripped.startswith("#"):
            if match := _FLAGS.match(stripped):
                is_fuzzy = is_fuzzy or "fuzzy" in match[1].replace(",", " ").split()
            elif stripped.startswith("#~"):
                is_fuzzy = False
            continue
        match = _LINE.match(line)
        if match is None:
            raise ValueError(f'line {number}: expected msgid "…" or another part of a message')
        word, index, _ = match.groups()
        if word:
            part = word if index is None else f"{word}[{index}]"
            if word in ("msgctxt", "msgid") and (
                message is None or "msgid" in message.parts or word in message.parts
            ):
                if message is not None:
                    yield message
                message = _Message(is_fuzzy, number)
                is_fuzzy = False
        if message is None:
            raise ValueError(f"line {number}: a text without msgid before it")
        texts = message.parts.setdefault(part, [])
        for string in _STRING.finditer(line, *match.span(3)):
            if not texts:  # a text of several lines begins with an empty one
                message.places[part] = number, string.start(1) + 1
            if string[1]:
                texts.append(_unescape(string[1]))
    if message is not None:
        yield message


def _unescape(content: str) -> str:
    if "\\" not in content:
        return content

    def char(match: re.Match[str]) -> str:
        octal, hexadecimal, other = match.groups()
        if other:
            return _CONTROLS.get(other, other)
        return chr(int(octal, 8) if octal else int(hexadecimal, 16))

    return _ESCAPE.sub(char, content)
