"""What costs money in a campaign, and what would be saved without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..rates.tallies import Group, add_tallies

__all__ = ["SAME_MESSAGE", "SAME_NUMBER", "Savings"]

SAME_MESSAGE, SAME_NUMBER = "same number and text", "same number"
"""What a message may repeat."""

_CHANGES = {
    "line ends": "LF for CR LF",
    "punctuation": "punctuation replaced",
    "letters": "Latin letters too",
    "all": "everything replaced",
}
_UNITS_TOLD = (1, 5, 10)


@dataclass(slots=True)
class Savings:
    """What costs money in a campaign, and what would be saved without it.

    Attributes:
        changes: By a change that is made to each text for which it saves a segment: how many
            messages that are, and the segments and costs that are saved. The changes are "line
            ends" (CR LF to LF) and, if installed, the levels of `transliterate`.
        characters: By a character that forces UCS-2: the messages that have it, all their segments
            and what they cost.
        occurrences: How often each of these characters stands in the texts.
        alone: By a character that is the only one to force a text into UCS-2: what replacing it
            saves, as in `changes`.
        near: By 1 to 10 units: the messages that take a segment less (or more, if a character that
            forces UCS-2 is among them) without so many units at the end, and what that saves.
        repeats: Messages to a number that had the same text before, and to a number that had any;
            all their segments and costs. None if there were too many messages to remember.
    """

    changes: dict[str, Group] = field(default_factory=dict)
    characters: dict[str, Group] = field(default_factory=dict)
    occurrences: Counter[str] = field(default_factory=Counter)
    alone: dict[str, Group] = field(default_factory=dict)
    near: dict[int, Group] = field(default_factory=dict)
    repeats: dict[str, Group] | None = field(default_factory=dict)

    def __add__(self, other: Savings) -> Savings:
        """Return the savings of both; what repeats a message of the other is not known."""
        repeats = None
        if self.repeats is not None and other.repeats is not None:
            repeats = add_tallies(self.repeats, other.repeats)
        return Savings(
            add_tallies(self.changes, other.changes),
            add_tallies(self.characters, other.characters),
            self.occurrences + other.occurrences,
            add_tallies(self.alone, other.alone),
            add_tallies(self.near, other.near),
            repeats,
        )

    def ways(self) -> dict[str, Group]:
        """Return what would be saved, by the way in words: changes, fewer units, repetitions."""
        ways = {_CHANGES.get(name, name): group for name, group in self.changes.items()}
        for most in _UNITS_TOLD:
            name = f"without {'the last unit' if most == 1 else f'up to {most} units'}"
            near = (group for units, group in self.near.items() if units <= most)
            ways[name] = sum(near, Group())
        for name, group in (self.repeats or {}).items():
            ways[f"sent again: {name}"] = group
        return ways

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "changes": _plain(self.changes),
            "characters": [
                {
                    "char": char,
                    "occurrences": self.occurrences[char],
                    **group.to_dict(),
                    "alone": self.alone.get(char, Group()).to_dict(),
                }
                for char, group in sorted(self.characters.items())
            ],
            "near": _plain({str(units): self.near[units] for units in sorted(self.near)}),
            "repeats": None if self.repeats is None else _plain(self.repeats),
        }

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any]) -> Self:
        """Return what `to_dict` told."""
        characters = {its["char"]: its for its in facts["characters"]}
        alone = {char: Group.from_dict(its["alone"]) for char, its in characters.items()}
        return cls(
            _groups(facts["changes"]),
            _groups(characters),
            Counter({char: its["occurrences"] for char, its in characters.items()}),
            {char: group for char, group in alone.items() if group.messages},
            {int(units): group for units, group in _groups(facts["near"]).items()},
            None if facts["repeats"] is None else _groups(facts["repeats"]),
        )


def _plain(groups: Mapping[str, Group]) -> dict[str, object]:
    return {name: group.to_dict() for name, group in groups.items()}


def _groups(facts: Mapping[str, Any]) -> dict[str, Group]:
    return {name: Group.from_dict(its) for name, its in facts.items()}
