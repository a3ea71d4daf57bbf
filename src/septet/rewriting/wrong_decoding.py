"""Recognise text that was UTF-8 and has been decoded as Windows-1252 or Latin-1.

Such a text encodes to octets that are UTF-8 again. That alone proves nothing: "JOSÉ’S BAR" does so
too. So one sequence of octets must be one that people do not write, which depends on the characters
around it. A capital Ã, for instance, ends words of capitals in Portuguese, and may be followed by
an ellipsis there; but it follows no small letter.

A text may be only partly wrong: a name from one file in a template from another. Then each run of
sequences is looked at by itself.
"""

from __future__ import annotations

import codecs
import re
from functools import cache

__all__ = [
    "CANDIDATE_CHARACTERS",
    "candidate_in_utf8",
    "undo_wrong_decoding",
]

_MAX_TIMES = 4  # a text can have been decoded wrongly more than once

# Windows-1252 has no characters at five octets; there it is read as Latin-1, as browsers do.
_HOLES = b"\x81\x8d\x8f\x90\x9d"
_CHARS = "".join(
    chr(octet) if octet in _HOLES else bytes((octet,)).decode("cp1252") for octet in range(256)
)
_WINDOWS_1252 = codecs.charmap_build(_CHARS)
_FROM_C1 = {octet: _CHARS[octet] for octet in range(0x80, 0xA0)}

_TO_OCTETS = {ord(char): octet for octet, char in enumerate(_CHARS) if ord(char) != octet}

_C1 = re.compile("[\x80-\x9f]")
_UTF_8_RUN = re.compile(
    "(?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+"
)

CANDIDATE_CHARACTERS = frozenset(map(chr, range(0x80, 0xF5))) | frozenset(_CHARS[0x80:0xA0])
"""The characters of which a wrongly decoded text has some."""


@cache
def candidate_in_utf8() -> re.Pattern[bytes]:
    """Return a pattern for two characters in UTF-8, of which a wrongly decoded text has some."""
    return re.compile(
        rb"\xC3[\x82-\xB4]"
        rb"(?:\xC2[\x80-\xBF]|\xC5[\x92\x93\xA0\xA1\xB8\xBD\xBE]|\xC6\x92|\xCB[\x86\x9C]"
        rb"|\xE2(?:\x80[\x93\x94\x98-\x9A\x9C-\x9E\xA0-\xA2\xA6\xB0\xB9\xBA]|\x82\xAC|\x84\xA2))"
    )


# Octets below are those of Windows-1252. Some of the characters that continue a sequence also
# follow words: … ‘ ’ “ ” • – — ™ › no-break space © ® · ». All others do not.
_NEXT_TO_WORDS = rb"\x85\x91-\x97\x99\x9B\xA0\xA9\xAE\xB7\xBB"
_NOT_BEFORE_LETTERS = rb"\x91\x93-\x97\x99\x9B\xA9\xAE\xB7\xBB"
_NEXT_TO_CAPITALS = _NEXT_TO_WORDS + rb"\x80\xA1\xA3\xA5\xAB\xB2\xB3\xB9\xBF"

_SEQUENCES = (
    # Signs of Latin-1 after Â, such as ¿ £ °, and letters after Ã. A capital Â or Ã ends words of
    # capitals only.
    rb"\xC2[\xA1-\xB6\xB8-\xBA\xBC-\xBF]",
    rb"(?<![A-Z])\xC2[\xA0\xB7\xBB]",
    rb"(?<=[a-z])\xC2[\x80-\x9F]",
    rb"\xC2[\x80-\x9F](?=[A-Za-z])",
    rb"(?<![A-Z])\xC3[\x80-\xBF]",
    rb"\xC3[^%s]" % _NEXT_TO_WORDS,
    rb"\xC3[%s](?=[A-Za-z])" % _NOT_BEFORE_LETTERS,
    # Other Latin letters after Ä Å, and ƒ ơ ư ș ț ə.
    rb"(?<=[a-z])(?:[\xC4\xC5][\x80-\xBF]|\xC6[\x92\xA0\xA1\xAF\xB0]|\xC8[\x98-\x9B]|\xC9\x99)",
    rb"[\xC4\xC5][^%s]" % _NEXT_TO_CAPITALS,
    rb"[\xC4\xC5][\x80\x91\x93\x99\x9B\xA1\xA3\xA5\xA9\xAB\xAE\xB2\xB3\xB9\xBB\xBF](?=[a-z])",
    # Œ before any letter but those of endings, as in "Å’en" and "Å’s".
    rb"\xC5\x92(?=[A-DF-RT-Za-df-rt-z])",
    rb"\xC6[\xA1\xAF\xB0](?=[a-z])",
    rb"\xC8(?:\x98|[\x99-\x9B](?=[a-z])|(?<=[A-Z]\xC8)\x9A(?=[A-Z]))",
    # Two letters of another script: Greek, Cyrillic, Armenian, Hebrew, Arabic.
    rb"(?:[\xCE\xCF][\x80-\xBF]){2}",
    rb"(?:[\xD0-\xD3][\x80-\xBF]){2}",
    rb"(?:[\xD4-\xD6][\x80-\xBF]){2}",
    rb"(?:\xD7[\x90-\xAA]){2}",
    rb"(?:[\xD8-\xDB][\x80-\xBF]){2}",
    # Three octets or four: punctuation, other scripts, emoji. Two characters that follow words may
    # follow each other, as in “…café…”. Two letters, or one and a superscript, may also end a word,
    # as in "víš…".
    rb"(?!(?<=[A-Za-z])[\xE0-\xEF][\x9A\x9E\xAA\xB2\xB3\xB9\xBA][%s])"
    rb"[\xE0-\xEF](?:[^%s][\x80-\xBF]|[\x80-\xBF][^%s])" % ((_NEXT_TO_WORDS,) * 3),
    rb"[\xF0-\xF4][\x80-\xBF]{3}",
)

# A word of capitals and a character after it. If all of a text is UTF-8, that outweighs this.
_END_OF_CAPITALS = re.compile(
    rb"[A-Z](?:\xC2[%s]|\xC3(?:\x97|[%s](?![A-Z])))" % (_NEXT_TO_WORDS, _NEXT_TO_WORDS)
)


@cache
def _written_by_nobody() -> re.Pattern[bytes]:
    return re.compile(b"|".join(_SEQUENCES))


def undo_wrong_decoding(text: str) -> str | None:
    """Return what a text probably was before UTF-8 was decoded as Windows-1252 or Latin-1.

    Args:
        text: Any `str`.

    Returns:
        The text as it was, also if it was decoded wrongly several times, or only in parts. None if
        it does not look so.

    Raises:
        TypeError: `text` is not a `str`.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be str, not {type(text).__name__}")
    undone = None
    before: str | None = str.__str__(text)
    for _ in range(_MAX_TIMES):
        before = _undo_once(before) if before is not None else None
        if before is None:
            break
        undone = before
    return undone


def _undo_once(text: str) -> str | None:
    if text.isascii():
        return None
    for encode in (_encode_windows_1252, codecs.latin_1_encode):
        try:
            octets, _ = encode(text)
            undone = octets.decode()
        except UnicodeError:
            continue
        if _written_by_nobody().search(octets) is not None:
            return _without_c1(undone)
    return _undo_parts(text)


def _undo_parts(text: str) -> str | None:
    """Undo the decoding where it looks wrong; None if it does so nowhere."""
    as_octets = text.translate(_TO_OCTETS)
    parts: list[str] = []
    copied = 0
    for match in _UTF_8_RUN.finditer(as_octets):
        start, stop = match.span()
        octets = match[0].encode("latin-1")
        # The sequences look at one character before them, and at one after them.
        before, after = text[max(start - 1, 0) : start], text[stop : stop + 1]
        in_context = _kind(before) + octets + _kind(after)
        if (
            _written_by_nobody().search(in_context) is None
            or _END_OF_CAPITALS.match(in_context) is not None
        ):
            continue
        try:
            undone = octets.decode()
        except UnicodeError:
            continue
        parts += text[copied:start], _without_c1(undone)
        copied = stop
    return "".join(parts) + text[copied:] if parts else None


def _encode_windows_1252(text: str) -> tuple[bytes, int]:
    return codecs.charmap_encode(text, "strict", _WINDOWS_1252)


def _kind(char: str) -> bytes:
    """Return an ASCII character of the same kind: a Latin letter, a capital, or neither."""
    if char.isascii():
        return char.encode()
    if "\xc0" <= char <= "\u024f":
        return b"A" if char.isupper() else b"a"
    return b"?"


def _without_c1(text: str) -> str:
    # C1 controls are characters of Windows-1252 that were read as Latin-1 before.
    return text.translate(_FROM_C1) if _C1.search(text) else text
