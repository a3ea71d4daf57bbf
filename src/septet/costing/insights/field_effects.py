"""What the values of a template's fields do: texts that they tip into UCS-2 or more segments."""

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
    """What the values of a template's fields do.

    The groups count segments, and costs, that messages take beyond what they would take otherwise.
    A field's name is None for messages that no field affects alone, only several together; one that
    several fields tip, each by itself, is counted for each.

    Attributes:
        encoding: What the template is counted in with all fields empty.
        segments: The segments that it takes so.
        affected: The messages that are in UCS-2, or take more segments, though the template is or
            does not; beyond the template.
        into_ucs2: By field those of them that would not be in UCS-2 if only its value were empty;
            beyond what they would take then.
        into_segments: By field those that would take fewer segments then; likewise.
        empty: By field the rows whose value is an empty text.
    """

    encoding: Encoding
    segments: int
    affected: Group
    into_ucs2: dict[str | None, Group]
    into_segments: dict[str | None, Group]
    empty: Counter[str | None] = field(default_factory=Counter)

    def __add__(self, other: FieldEffects) -> FieldEffects:
        """Return the field_effects of both, which must be of one template."""
        return FieldEffects(
            self.encoding,
            self.segments,
            self.affected + other.affected,
            add_tallies(self.into_ucs2, other.into_ucs2),
            add_tallies(self.into_segments, other.into_segments),
            self.empty + other.empty,
        )

    def lines(self) -> list[tuple[str, Group]]:
        """Return what to show: the fields that tip messages, and into what, then all that do."""
        lines = [
            (f"{'several together' if name is None else visible(name)}, {what}", group)
            for what, groups in (
                ("into UCS-2", self.into_ucs2),
                ("more segments", self.into_segments),
            )
            for name, group in groups.items()
            if group.messages
        ]
        return [*lines, ("any of them", self.affected)]

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
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
        """Return the field_effects of no message yet."""
        into_ucs2, into_segments = ({name: Group() for name in (*fields, None)} for _ in range(2))
        return cls(encoding, segments, Group(), into_ucs2, into_segments)

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """Return what `to_dict` told."""
        return cls(
            Encoding(facts["encoding"]),
            facts["segments"],
            Group.from_dict(facts["affected"]),
            _groups(facts, "into_ucs2"),
            _groups(facts, "into_segments"),
            Counter({its["field"]: its["empty"] for its in facts["fields"] if its["empty"]}),
        )


def _groups(facts: Mapping[str, Any], what: str) -> dict[str | None, Group]:
    return {its["field"]: Group.from_dict(its[what]) for its in facts["fields"]}
