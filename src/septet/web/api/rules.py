"""What requests share: texts, the rules to count them by, and positions in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Annotated, Any, Literal

from ...exceptions import EncodingError
from ...rewriting.replacements import levels_to
from ...rules.providers import provider_names
from ...rules.records import Transliteration
from ...segmentation import Segmenter
from ...standard.encoding import Language
from .schema import UNSET, Meta, RequestError, Struct, UnsetType, field

__all__ = [
    "NO_SURROGATES",
    "CountingRules",
    "LevelName",
    "Replacement",
    "RulesRequest",
    "Text",
    "TextIndex",
    "TextRequest",
    "described",
    "one_of",
    "refused_text",
    "replacements_of",
    "text_indexes",
]

_MAX_CHARACTERS = 40_000  # the 255 segments of the longest message hold 39,015
_MAX_CHARACTERS_WITH_LANGUAGES = 10_000

NO_SURROGATES: dict[str, Any] = {
    "pattern": r"^[^\ud800-\udfff]*$",  # valid in Python and in JSON Schema
    "extra": {"pattern": "whole characters, got a lone surrogate"},
}
"""The arguments of a `Meta` for texts that can be encoded."""


def one_of(names: Sequence[str], description: str) -> Meta:
    """Return the annotation of a string that must be one of some names."""
    return Meta(
        pattern=f"^({'|'.join(names)})$",
        description=description,
        extra_json_schema={"enum": list(names)},
        extra={"pattern": f"one of {', '.join(names)}"},
    )


def described(description: str) -> Meta:
    """Return the annotation that describes a field."""
    return Meta(description=description)


_LANGUAGES = [language.name.lower() for language in Language]
Text = Annotated[
    str,
    Meta(
        max_length=_MAX_CHARACTERS,
        **NO_SURROGATES,
        description="Any text without lone surrogates; it is not normalised.",
    ),
]
LevelName = Annotated[str, one_of(levels_to("all"), "A level of transliteration.")]
_Provider = Annotated[str, one_of(provider_names(), "The provider whose published rules apply.")]
_Language = Annotated[str, one_of(_LANGUAGES, "A national language of TS 23.038.")]


class CountingRules(Struct, forbid_unknown_fields=True, kw_only=True):
    """The rules to count by. A field that is null or missing follows the provider or the standard.

    Without `provider`, the provider that the service was started with applies; null means none.
    """

    provider: _Provider | UnsetType | None = UNSET
    reference_bits: Annotated[
        Literal[8, 16] | None, described("Width of the concatenation reference.")
    ] = None
    languages: Annotated[
        list[_Language], described("National languages whose alphabets may be used.")
    ] = field(default_factory=list)
    keep_graphemes: Annotated[
        bool | None, described("Never split what a reader sees as one character.")
    ] = None

    def segmenter(self, provider: str | None, encoding: str | None = None) -> Segmenter:
        """Return a segmenter for these rules.

        Args:
            provider: The provider whose rules apply if the request does not name one.
            encoding: The encoding to force.
        """
        requested = {
            "encoding": encoding,
            "reference_bits": self.reference_bits,
            "languages": self.languages,
            "keep_graphemes": self.keep_graphemes,
        }
        options: dict[str, Any] = {
            option: value for option, value in requested.items() if value is not None
        }
        return Segmenter(provider=provider if self.provider is UNSET else self.provider, **options)


class RulesRequest(CountingRules, kw_only=True):
    """The rules to count by, with an encoding that may be forced."""

    encoding: Annotated[Literal["gsm7", "ucs2"] | None, described("Forces this encoding.")] = None


class TextRequest(RulesRequest):
    """A text, and the rules to count it by."""

    text: Text

    def check(self) -> None:
        """Check the length of a text with national languages, which take the most time.

        Raises:
            RequestError: The text is too long.
        """
        if self.languages and len(self.text) > _MAX_CHARACTERS_WITH_LANGUAGES:
            raise RequestError(
                422,
                f"with languages, a text may have up to {_MAX_CHARACTERS_WITH_LANGUAGES:,} "
                f"characters, got {len(self.text):,}",
                "text",
                self.text,
            )


def refused_text(error: EncodingError, field: str = "text") -> RequestError:
    """Return the refusal of a text that the forced encoding does not have."""
    return RequestError(422, str(error), field, error.char)


class TextIndex(Struct):
    """A position in a text.

    `index` counts characters (code points), `utf16_index` counts UTF-16 code units as JavaScript,
    Java and C# do.
    """

    index: int
    utf16_index: int


class Replacement(TextIndex):
    """A replacement for a character and the combining marks that follow it, at one position."""

    char: str
    replacement: str


def text_indexes(text: str) -> Callable[[int], TextIndex]:
    """Return a function that adds the position in UTF-16 code units to one in characters."""
    if max(text, default="") <= "\uffff":
        return lambda index: TextIndex(index, index)
    offsets = list(accumulate((1 + (char > "\uffff") for char in text), initial=0))
    return lambda index: TextIndex(index, offsets[index])


def replacements_of(
    transliteration: Transliteration, text_index: Callable[[int], TextIndex]
) -> list[Replacement]:
    """Return the replacements of a transliteration with both kinds of positions."""
    return [
        Replacement(index, text_index(index).utf16_index, char, replacement)
        for char, replacement, index in transliteration.replacements
    ]
