"""The heading of an estimate: what it is called, what it was made from, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from .fields import Fields

__all__ = ["Heading", "describe_rules"]

_MAX_NAMES = 20


@dataclass(frozen=True, slots=True)
class Heading:
    """What is said about an estimate above its figures.

    Attributes:
        title: What the campaign is called; None if it has no name.
        made_on: The day on which the messages were counted; None if it is not known.
        source_count: How many files were read.
        sources: The first twenty of their paths.
        remarks: What is not plain about how they were read, such as the sheet of a workbook.
    """

    title: str | None = None
    made_on: date | None = None
    source_count: int = 0
    sources: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @classmethod
    def of_files(cls, files: list[str], remarks: Sequence[str] = ()) -> Self:
        """Return the heading of an estimate that is made today from some files.

        Args:
            files: The names of the files.
            remarks: What is not plain about how they were read.
        """
        names = tuple(files[:_MAX_NAMES])
        return cls(None, date.today(), len(files), names, tuple(remarks[:_MAX_NAMES]))

    def __add__(self, other: Self) -> Self:
        """Return the heading of the sum of two estimates: the first title, and the later day."""
        days = [day for day in (self.made_on, other.made_on) if day is not None]
        return type(self)(
            other.title if self.title is None else self.title,
            max(days, default=None),
            self.source_count + other.source_count,
            (*self.sources, *other.sources)[:_MAX_NAMES],
            (*self.remarks, *other.remarks)[:_MAX_NAMES],
        )

    def to_dict(self) -> dict[str, object]:
        """Return the heading as plain values for JSON."""
        return {
            "title": self.title,
            "made_on": self.made_on and str(self.made_on),
            "sources": {
                "count": self.source_count,
                "names": list(self.sources),
                **({"remarks": list(self.remarks)} if self.remarks else {}),
            },
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the heading that `to_dict` returned as plain values; each may be missing.

        Args:
            values: What `to_dict` returned.

        Raises:
            SourceError: A field is missing.
            AttributeError, TypeError, ValueError: A value has another form.
        """
        title, made_on = values.get("title"), values.get("made_on")
        given = values.get("sources", {"count": 0, "names": []})
        sources = Fields({"remarks": [], **given}, "sources")
        count, names, remarks = sources["count"], sources["names"], sources["remarks"]
        texts = [*names, *remarks, "" if title is None else title]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("expected title and names of sources as text")
        if count < len(names):
            raise ValueError(f"{count!r} is not the number of sources")
        day = None if made_on is None else date.fromisoformat(made_on)
        return cls(title, day, count, tuple(names), tuple(remarks))


def describe_rules(rules: Mapping[str, Any]) -> list[str]:
    """Return the rules that messages were counted by in words.

    Args:
        rules: The options of a segmenter, as `Rules.to_dict` returns them.
    """
    encodings = {None: "GSM-7 where a text allows it, else UCS-2", "gsm7": "GSM-7", "ucs2": "UCS-2"}
    encoding = rules["encoding"]
    words = [
        encodings.get(encoding, f"{encoding}"),
        f"{rules['reference_bits']}-bit references in the headers of long messages",
    ]
    if rules["provider"] is not None:
        words.insert(0, f"the rules of {rules['provider']}")
    if rules["languages"]:
        words.append(f"national alphabets: {', '.join(map(str, rules['languages']))}")
    if rules["keep_graphemes"]:
        words.append("grapheme clusters kept whole")
    if rules["header_octets"]:
        words.append(f"{rules['header_octets']} octets of other headers in each segment")
    return words
