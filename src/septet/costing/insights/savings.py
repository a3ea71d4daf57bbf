"""The savings that a campaign could make: cheaper characters, shorter texts, fewer repeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from ..rates.tallies import Group, add_tallies
from .alternatives import Alternative, add_alternatives

__all__ = ["SAME_MESSAGE", "SAME_NUMBER", "UNCERTAIN_WAYS", "Savings", "explain_way"]

SAME_MESSAGE, SAME_NUMBER = "same number and text", "same number"
"""The keys of `Savings.repeats`: what a message has in common with an earlier one."""

_CHANGES = {
    "line ends": "LF for CR LF",
    "punctuation": "punctuation replaced",
    "letters": "Latin letters too",
    "all": "everything replaced",
}
_UNITS_SHOWN = (1, 5, 10)
_SENT_AGAIN = "sent again: "
_WHERE_CHEAPER = " where it costs less"

UNCERTAIN_WAYS = (_SENT_AGAIN + SAME_NUMBER, f"RCS{_WHERE_CHEAPER}")
"""Ways that may not be open: several texts may be intended, and some telephones have no RCS."""


def _shorter(max_units: int) -> str:
    return f"without {'the last unit' if max_units == 1 else f'up to {max_units} units'}"


_EXPLANATIONS = {
    _CHANGES["line ends"]: "Line ends are one character instead of two; readers see no difference.",
    _CHANGES["punctuation"]: (
        "Typographic quotes, dashes and spaces become those that GSM-7 has, such as ' for ’."
    ),
    _CHANGES["letters"]: "Letters that GSM-7 lacks become similar ones too, such as c for ç.",
    _CHANGES["all"]: "All characters that GSM-7 lacks are written in Latin letters.",
    **{
        _shorter(max_units): (
            "These messages take a segment less if their texts are shortened by "
            f"{'one unit' if max_units == 1 else f'at most {max_units} units'} "
            "(septets of GSM-7, code units of UCS-2)."
        )
        for max_units in _UNITS_SHOWN
    },
    _SENT_AGAIN + SAME_MESSAGE: "The same text went to the same number before.",
    _SENT_AGAIN + SAME_NUMBER: "Another message went to the same number before; that can be right.",
    "MMS" + _WHERE_CHEAPER: "Each of these messages costs less as one MMS, by the rate card.",
    "RCS" + _WHERE_CHEAPER: (
        "Each of these messages costs less as RCS, by the rate card, if the recipient has RCS."
    ),
}


def explain_way(way: str) -> str:
    """Return a sentence about a way to save; an empty text if it is not known.

    Args:
        way: A key of `Savings.ways()`.
    """
    return _EXPLANATIONS.get(way, "")


@dataclass(slots=True)
class Savings:
    """The savings that a campaign could make, each by itself.

    Attributes:
        changes: By change, the messages that it makes shorter by a segment or more, and the
            segments and costs that it saves. The changes are "line ends" (CR LF to LF) and the
            levels of `transliterate` that are installed.
        characters: By character that forces UCS-2, the messages that contain it, all their segments
            and costs.
        occurrences: How often each of these characters occurs in the texts.
        alone: By character that is the only one to force a text into UCS-2, what replacing it
            saves, as in `changes`.
        near: By number of units from 1 to 10, the messages that take a segment less without so many
            units at the end, and what removing these units saves (more than a segment, if a
            character that forces UCS-2 is among them).
        repeats: The messages to a number that had the same text before ("same number and text"),
            and to a number that had any message before ("same number"), all their segments and
            costs. Numbers are compared as they are written. Repeats are found by two sets of 64-bit
            hashes with a secret key, which take at most 100 MB (in pure Python ten times as much):
            one campaign in a million may have one wrong repeat. None if there were more than
            4,000,000 different messages.
        mms: What the messages would cost as MMS; None if the card has no rates of MMS.
        rcs: What the messages would cost as RCS; None if the card has no rates of RCS.
    """

    changes: dict[str, Group] = field(default_factory=dict)
    characters: dict[str, Group] = field(default_factory=dict)
    occurrences: Counter[str] = field(default_factory=Counter)
    alone: dict[str, Group] = field(default_factory=dict)
    near: dict[int, Group] = field(default_factory=dict)
    repeats: dict[str, Group] | None = field(default_factory=dict)
    mms: Alternative | None = None
    rcs: Alternative | None = None

    def __add__(self, other: Savings) -> Savings:
        """Return the savings of both; messages that repeat one of the other are not found.

        Raises:
            ValueError: Their rates of MMS or RCS differ.
        """
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
            add_alternatives(self.mms, other.mms),
            add_alternatives(self.rcs, other.rcs),
        )

    def alternatives(self) -> dict[str, Alternative]:
        """Return what the messages would cost as MMS and as RCS, where the card has rates."""
        both = {"MMS": self.mms, "RCS": self.rcs}
        return {name: each for name, each in both.items() if each is not None}

    def ways(self) -> dict[str, Group]:
        """Return what each way to save would save.

        Changes come first, then shorter texts, repeats, and other kinds of messages.

        Returns:
            Groups of saved segments and costs, by the way in words; without those that would save
            nothing.
        """
        ways = {_CHANGES.get(name, name): group for name, group in self.changes.items()}
        for max_units in _UNITS_SHOWN:
            near = (group for units, group in self.near.items() if units <= max_units)
            ways[_shorter(max_units)] = sum(near, Group())
        for name, group in (self.repeats or {}).items():
            ways[_SENT_AGAIN + name] = group
        for name, alternative in self.alternatives().items():
            ways[name + _WHERE_CHEAPER] = alternative.cheaper
        return {way: group for way, group in ways.items() if group.messages}

    def comparisons(self) -> dict[str, dict[str, Group]]:
        """Return what messages cost as SMS and otherwise: the title of each table, and its rows."""
        return {
            f"Messages with a price as {name}": {
                "as SMS": alternative.as_sms,
                f"as {name}": alternative.instead,
            }
            for name, alternative in self.alternatives().items()
            if alternative.as_sms.messages
        }

    def to_dict(self) -> dict[str, object]:
        """Return the savings as plain values for JSON."""
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
            "mms": None if self.mms is None else self.mms.to_dict(),
            "rcs": None if self.rcs is None else self.rcs.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the savings that `to_dict` returned as plain values.

        Args:
            values: What `to_dict` returned.
        """
        characters = {row["char"]: row for row in values["characters"]}
        alone = {char: Group.from_dict(row["alone"]) for char, row in characters.items()}
        return cls(
            _groups(values["changes"]),
            _groups(characters),
            Counter({char: row["occurrences"] for char, row in characters.items()}),
            {char: group for char, group in alone.items() if group.messages},
            {int(units): group for units, group in _groups(values["near"]).items()},
            None if values["repeats"] is None else _groups(values["repeats"]),
            None if values["mms"] is None else Alternative.from_dict(values["mms"]),
            None if values["rcs"] is None else Alternative.from_dict(values["rcs"]),
        )


def _plain(groups: Mapping[str, Group]) -> dict[str, object]:
    return {name: group.to_dict() for name, group in groups.items()}


def _groups(values: Mapping[str, Any]) -> dict[str, Group]:
    return {name: Group.from_dict(group) for name, group in values.items()}
