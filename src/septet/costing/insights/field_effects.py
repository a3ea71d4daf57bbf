"""The effects of a template's fields: the messages that values change to UCS-2 or make longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from ...display.characters import visible
from ...standard.encoding import Encoding
from ..rates.tallies import Group, add_tallies

__all__ = ["FieldEffects"]


@dataclass(slots=True)
class FieldEffects:
    """The effects that the values of a template's fields have on messages.

    The groups have the extra segments and costs, not all segments. A message on which several
    fields have an effect, each by itself, counts for each of them; one on which no field has it by
    itself, but several together, counts for the name None.

    Attributes:
        encoding: The encoding of the template with all fields empty.
        segments: The segments of the template with all fields empty.
        affected: The messages that are in UCS-2 or take more segments, although the template with
            all fields empty does not; the extra is compared with it.
        into_ucs2: By field, the messages that would not be in UCS-2 if its value were empty; the
            extra is compared with the message with that value empty.
        into_segments: By field, the messages that would take fewer segments if its value were
            empty; the extra likewise.
        empty: By field, the rows whose value is an empty text.
    """

    encoding: Encoding
    segments: int
    affected: Group
    into_ucs2: dict[str | None, Group]
    into_segments: dict[str | None, Group]
    empty: Counter[str | None] = field(default_factory=Counter)

    def __add__(self, other: FieldEffects) -> FieldEffects:
        """Return the effects of both, which must be of the same template."""
        return FieldEffects(
            self.encoding,
            self.segments,
            self.affected + other.affected,
            add_tallies(self.into_ucs2, other.into_ucs2),
            add_tallies(self.into_segments, other.into_segments),
            self.empty + other.empty,
        )

    def lines(self) -> list[tuple[str, Group]]:
        """Return labels and groups to show: each field's effects, then all affected messages."""
        lines = [
            (f"{'several together' if name is None else visible(name)}, {effect}", group)
            for effect, groups in (
                ("into UCS-2", self.into_ucs2),
                ("more segments", self.into_segments),
            )
            for name, group in groups.items()
            if group.messages
        ]
        return [*lines, ("any of them", self.affected)]

    def to_dict(self) -> dict[str, object]:
        """Return the effects as plain values for JSON."""
        return {
            "encoding": str(self.encoding),
            "segments": self.segments,
            "affected": self.affected.to_dict(),
            "fields": [
                {
                    "field": name,
                    "empty": self.empty[name],
                    "into_ucs2": group.to_dict(),
                    "into_segments": self.into_segments[name].to_dict(),
                }
                for name, group in self.into_ucs2.items()
            ],
        }

    @classmethod
    def of(cls, encoding: Encoding, segments: int, fields: Sequence[str]) -> Self:
        """Return the effects on no messages.

        Args:
            encoding: The encoding of the template with all fields empty.
            segments: The segments of the template with all fields empty.
            fields: The names of the fields.
        """
        into_ucs2, into_segments = ({name: Group() for name in (*fields, None)} for _ in range(2))
        return cls(encoding, segments, Group(), into_ucs2, into_segments)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the effects that `to_dict` returned as plain values.

        Args:
            values: What `to_dict` returned.
        """
        rows = values["fields"]
        return cls(
            Encoding(values["encoding"]),
            values["segments"],
            Group.from_dict(values["affected"]),
            {row["field"]: Group.from_dict(row["into_ucs2"]) for row in rows},
            {row["field"]: Group.from_dict(row["into_segments"]) for row in rows},
            Counter({row["field"]: row["empty"] for row in rows if row["empty"]}),
        )
