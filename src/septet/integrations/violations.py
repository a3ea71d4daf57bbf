"""`Violation`: how a text exceeds a limit, and the message about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..display.characters import code_point, lone, visible
from ..rules.records import NonGsmCharacter, Replacement
from ..standard.encoding import Encoding

__all__ = ["Translate", "TranslatePlural", "Violation", "choose_plural"]

Translate: TypeAlias = Callable[[str], str]
TranslatePlural: TypeAlias = Callable[[str, str, int], str]

_ITEMS_SHOWN = 5
_MESSAGES = {
    "max_segments": (
        "This text takes %(actual)d SMS segments; at most %(allowed)d is allowed.",
        "This text takes %(actual)d SMS segments; at most %(allowed)d are allowed.",
    ),
    "max_units": (
        "This text takes %(actual)d units; at most %(allowed)d is allowed.",
        "This text takes %(actual)d units; at most %(allowed)d are allowed.",
    ),
    "max_characters": (
        "This text has %(actual)d characters; at most %(allowed)d is allowed.",
        "This text has %(actual)d characters; at most %(allowed)d are allowed.",
    ),
}
_ENCODING = "This text has characters that are not in GSM-7."
_CAUSES = ("%(characters)s forces UCS-2.", "%(characters)s force UCS-2.")
_PLACE = "%(character)s at position %(position)d"
_CHANGES = "This would help: %(changes)s"
_CHANGE = "%(character)s to %(replacement)s"
_NOTHING = "nothing"


def choose_plural(singular: str, plural: str, number: int) -> str:
    """Return the English message for a number."""
    return singular if number == 1 else plural


@dataclass(frozen=True, slots=True)
class Violation:
    """How a text exceeds a limit; `str()` gives the message in English.

    Attributes:
        code: "encoding", "max_segments" or "max_units"; or the name of a provider's limit, such as
            "max_characters".
        actual: What the text takes: a number, or "ucs2".
        allowed: What it may take: a number, or "gsm7".
        encoding: The encoding that it needs.
        unit_count: Its septets or code units.
        segment_count: Its segments.
        non_gsm_characters: The characters that force UCS-2, each where it comes first.
        replacements: The replacements that `transliterate` makes at the level "punctuation", each
            where it comes first, if the text is allowed with them; none for a text that is more
            than twice as long as any that is allowed.
    """

    code: str
    actual: int | str
    allowed: int | str
    encoding: Encoding
    unit_count: int
    segment_count: int
    non_gsm_characters: tuple[NonGsmCharacter, ...]
    replacements: tuple[Replacement, ...]

    @property
    def params(self) -> dict[str, Any]:
        """Values for messages, which JSON can hold.

        They are the attributes, but of the characters only the first: `character`, visible in any
        text, its `position` from 1, and `replacement`; None without one.
        """
        char, index = next(iter(self.non_gsm_characters), (None, None))
        replacement = next((each for each in self.replacements if each.index == index), None)
        return {
            "actual": self.actual,
            "allowed": self.allowed,
            "encoding": str(self.encoding),
            "unit_count": self.unit_count,
            "segment_count": self.segment_count,
            "character": None if char is None else lone(char),
            "position": None if index is None else index + 1,
            "replacement": replacement and replacement.replacement,
        }

    def message(self, gettext: Translate = str, ngettext: TranslatePlural = choose_plural) -> str:
        """Return what is wrong and what would help, in sentences of visible characters.

        Args:
            gettext: Translates a message; English without it.
            ngettext: Translates a message with a number; English without it.
        """
        if self.code == "encoding":
            sentences = [gettext(_ENCODING)]
        else:
            messages = _MESSAGES.get(self.code, _MESSAGES["max_characters"])
            sentences = [ngettext(*messages, int(self.allowed)) % self.params]
        if self.non_gsm_characters:
            places = [
                gettext(_PLACE)
                % {"character": f"{lone(char)} ({code_point(char)})", "position": index + 1}
                for char, index in self.non_gsm_characters
            ]
            causes = ngettext(*_CAUSES, len(places))
            sentences.append(causes % {"characters": _listed(places)})
        if self.replacements:
            changes = [
                gettext(_CHANGE)
                % {
                    "character": "".join(map(lone, piece)),
                    "replacement": visible(replacement) or gettext(_NOTHING),
                }
                for piece, replacement, _ in self.replacements
            ]
            sentences.append(gettext(_CHANGES) % {"changes": _listed(changes)})
        return " ".join(sentences)

    def __str__(self) -> str:
        return self.message()


def _listed(items: list[str]) -> str:
    return ", ".join(items[:_ITEMS_SHOWN]) + ", …" * (len(items) > _ITEMS_SHOWN)
