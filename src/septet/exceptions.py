"""The errors of septet: one tree with one root.

    SeptetError
    ├── EncodingError        (ValueError)   a text cannot be sent in the encoding that was asked for
    ├── DecodingError        (ValueError)   octets that cannot be decoded to a text
    ├── SegmentLimitError    (ValueError)   a text needs more segments than a message can have
    ├── UserDataHeaderError  (ValueError)   octets or values that are not a user data header
    ├── SourceError          (ValueError)   a file that cannot be read as a campaign or catalogue
    ├── RateCardError        (ValueError)   a rate card that cannot be used
    └── MissingExtraError    (ImportError)  an optional package that is not installed

`septet.bandwidth.exceptions` draws the errors of that package, which have the same root.

A wrong type is a plain TypeError, an option value that is not allowed a plain ValueError.
"""

from __future__ import annotations

__all__ = [
    "DecodingError",
    "EncodingError",
    "MissingExtraError",
    "RateCardError",
    "SegmentLimitError",
    "SeptetError",
    "SourceError",
    "UserDataHeaderError",
]


class SeptetError(Exception):
    """The root of every error that septet raises on its own account."""


class EncodingError(SeptetError, ValueError):
    """A text cannot be sent in the encoding that was asked for.

    Attributes:
        char: The first character that the encoding lacks.
        index: Its index in the text, in characters.
        row: The row of the text in its column, from 0; None for a single text.
    """

    def __init__(self, char: str, index: int, row: int | None = None) -> None:
        super().__init__(char, index, row)
        self.char = char
        self.index = index
        self.row = row

    def __str__(self) -> str:
        place = f"index {self.index}" if self.row is None else f"row {self.row}, index {self.index}"
        return f"character {self.char!r} at {place} is not in the GSM 7-bit alphabet"


class DecodingError(SeptetError, ValueError):
    """Octets that cannot be decoded; the message gives the value and its position."""


class SegmentLimitError(SeptetError, ValueError):
    """A text needs more segments than a concatenated message can have (255).

    The total is one octet on the air (3GPP TS 23.040, 9.2.3.24.1).

    Attributes:
        segment_count: Segments that the text needs.
    """

    def __init__(self, segment_count: int) -> None:
        super().__init__(segment_count)
        self.segment_count = segment_count

    def __str__(self) -> str:
        return (
            f"the text needs {self.segment_count} segments; "
            "a concatenated message can have at most 255"
        )


class UserDataHeaderError(SeptetError, ValueError):
    """Octets that are not a user data header, or an element that does not fit into one."""


class SourceError(SeptetError, ValueError):
    """A campaign or catalogue that cannot be read; the message names the file and the reason."""


class RateCardError(SeptetError, ValueError):
    """A rate card that cannot be used.

    The arguments are its errors, of which each names the file and the place; the message has a line
    for each.
    """

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


class MissingExtraError(SeptetError, ImportError):
    """An optional package is needed and not installed.

    Attributes:
        package: The package as it is called on the package index.
        extra: The extra of septet that installs it.
    """

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(package, extra, purpose)
        self.package = package
        self.extra = extra
        self.purpose = purpose

    def __str__(self) -> str:
        return f"{self.purpose} needs {self.package}: pip install 'septet[{self.extra}]'"
