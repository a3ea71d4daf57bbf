"""`/v1/transliterate`: a text with replacements for characters that are not GSM-7."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, cast

from ...exceptions import EncodingError, MissingExtraError
from ...segmentation import Segmenter
from .rules import (
    LevelName,
    Replacement,
    TextRequest,
    described,
    refused_text,
    replacements_of,
    text_indexes,
)
from .schema import RequestError, Struct

if TYPE_CHECKING:
    from ...rewriting.replacements import Level

__all__ = ["TransliterateAnswer", "TransliterateRequest", "transliterate"]


class TransliterateRequest(TextRequest, kw_only=True):
    """A text, the replacements that are allowed, and the rules to count the text by.

    With `languages`, the text may have up to 10,000 characters.
    """

    level: LevelName = "punctuation"
    when: Annotated[
        Literal["helps", "cheaper", "always"],
        described(
            "helps: only if the text is GSM-7 then, and takes no more segments; cheaper: only if "
            "it takes fewer segments; always: replace whatever can be replaced."
        ),
    ] = "helps"


class TransliterateAnswer(Struct):
    """A text after replacements, and its segments without and with them.

    The numbers of segments are null for a text that the forced encoding does not have. Indexes are
    positions in the original text.
    """

    text: str
    segments_before: int | None
    segments_after: int | None
    replacements: list[Replacement]


def transliterate(
    request: TransliterateRequest, provider: str | None = None
) -> TransliterateAnswer:
    """Return a text with replacements.

    Args:
        request: The text, the replacements and the rules.
        provider: The provider whose rules apply if the request does not name one.

    Raises:
        RequestError: The rules do not allow this text, or the level needs a package that is not
            installed.
    """
    request.check()
    segmenter = request.segmenter(provider, request.encoding)
    text = request.text
    level = cast("Level", request.level)
    try:
        transliteration = segmenter.transliterate(text, level, when=request.when)
    except EncodingError as error:
        raise refused_text(error) from None
    except MissingExtraError as error:
        raise RequestError(422, str(error), "level", request.level) from None
    return TransliterateAnswer(
        text=transliteration.text,
        segments_before=_count(segmenter, text),
        segments_after=_count(segmenter, transliteration.text),
        replacements=replacements_of(transliteration, text_indexes(text)),
    )


def _count(segmenter: Segmenter, text: str) -> int | None:
    try:
        return segmenter.count(text)
    except EncodingError:
        return None
