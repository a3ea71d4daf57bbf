"""`/v1/analyze`: everything about one text.

Classes such as `Segment` are the JSON form of the class of that name in the core.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from ... import rcs
from ...display.characters import code_point, describe, lone
from ...exceptions import EncodingError, MissingExtraError
from ...rcs import RcsKind
from ...rewriting.advice import units_in
from ...rewriting.replacements import levels_to
from ...segmentation import Segmenter
from ...standard.encoding import Encoding, Language
from .rules import (
    LevelName,
    Replacement,
    TextIndex,
    TextRequest,
    refused_text,
    replacements_of,
    text_indexes,
)
from .schema import Struct

__all__ = ["Analysis", "AnalyzeRequest", "analyze"]


class AnalyzeRequest(TextRequest):
    """A text, and the rules to count it by.

    With `languages`, the text may have up to 10,000 characters.
    """


class Segment(Struct):
    """One billed short message of a text.

    `start` and `stop` are positions in the text in characters, `utf16_start` and `utf16_stop` in
    UTF-16 code units. `unit_count` does not include headers.
    """

    sequence: int
    body: str
    unit_count: int
    start: int
    stop: int
    utf16_start: int
    utf16_stop: int


class Character(Struct):
    """A distinct character of a text: its size in units, and how often it occurs.

    `shown` is a visible form of the character: an escape or a symbol for characters that are
    invisible or change the order of others.
    """

    char: str
    shown: str
    code_point: str
    name: str
    unit_count: int
    count: int


class NonGsmCharacter(Struct):
    """A character that forces a text into UCS-2, and all its positions."""

    char: str
    indexes: list[TextIndex]


class Level(Struct):
    """The text after a level of transliteration has replaced characters that are not GSM-7."""

    level: LevelName
    text: str
    encoding: Encoding
    segment_count: int
    replacements: list[Replacement]


class Advice(Struct):
    """The changes that give the fewest segments.

    `text` includes the changes: replacements of `level`, and LF for CR LF if `line_ends` is true.
    It takes `segments_after`. The original text takes one segment less without its last
    `units_over` units. `irreplaceable` lists the characters that have no replacement.
    """

    text: str
    level: LevelName | None
    line_ends: bool
    segments_before: int
    segments_after: int
    units_over: int
    irreplaceable: list[str]


class ExceededLimit(Struct):
    """A limit that a text exceeds, and the page or clause that states it."""

    limit: str
    allowed: int
    actual: int
    source: str


class Rcs(Struct):
    """How the text is billed as an RCS message without media or suggestions.

    `us_segment_count` counts segments of 160 bytes of UTF-8, as the US bills them; elsewhere the
    message is one of `kind`.
    """

    byte_count: int
    us_segment_count: int
    kind: RcsKind


class Analysis(Struct):
    """The encoding, units and segments of a text.

    `unit_count` is in septets (gsm7) or 16-bit code units (ucs2), without headers. A segment holds
    `unit_limit` units; the last one has space for `units_left` more. `levels` lists each level of
    transliteration that changes more than the level before it.
    """

    encoding: Encoding
    locking_shift: str | None
    single_shift: str | None
    unit_count: int
    segment_count: int
    unit_limit: int
    units_left: int
    segments: list[Segment]
    characters: list[Character]
    non_gsm_characters: list[NonGsmCharacter]
    levels: list[Level]
    advice: Advice
    exceeded_limits: list[ExceededLimit]
    rcs: Rcs


def analyze(request: AnalyzeRequest, provider: str | None = None) -> Analysis:
    """Return the encoding, units, segments and possible savings of a text.

    Args:
        request: The text and its rules.
        provider: The provider whose rules apply if the request does not name one.

    Raises:
        RequestError: The rules do not allow this text.
    """
    request.check()
    segmenter = request.segmenter(provider, request.encoding)
    text = request.text
    try:
        analysis = segmenter.analyze(text)
    except EncodingError as error:
        raise refused_text(error) from None
    text_index = text_indexes(text)
    segments = segmenter.split(text)
    positions = defaultdict(list)
    for char, index in analysis.non_gsm_characters:
        positions[char].append(text_index(index))
    return Analysis(
        encoding=analysis.encoding,
        locking_shift=_name(analysis.locking_shift),
        single_shift=_name(analysis.single_shift),
        unit_count=analysis.unit_count,
        segment_count=analysis.segment_count,
        unit_limit=segments[-1].unit_count + analysis.units_left,
        units_left=analysis.units_left,
        segments=[
            Segment(
                sequence=segment.sequence,
                body=segment.body,
                unit_count=segment.unit_count,
                start=segment.start,
                stop=segment.stop,
                utf16_start=text_index(segment.start).utf16_index,
                utf16_stop=text_index(segment.stop).utf16_index,
            )
            for segment in segments
        ],
        characters=[
            Character(
                char=char,
                shown=lone(char),
                code_point=code_point(char),
                name=describe(char),
                unit_count=units_in(analysis, char),
                count=count,
            )
            for char, count in Counter(text).items()
        ],
        non_gsm_characters=[NonGsmCharacter(*item) for item in positions.items()],
        levels=list(_levels(segmenter, text, text_index)) if positions else [],
        # One segment of GSM-7 cannot become cheaper.
        advice=(
            _advice(segmenter, text)
            if positions or analysis.segment_count > 1
            else Advice(text, None, False, 1, 1, 0, [])
        ),
        exceeded_limits=[ExceededLimit(*limit) for limit in analysis.exceeded_limits],
        rcs=Rcs(*rcs.analyze(text)[1:], rcs.analyze(text, "standard").kind),
    )


def _name(language: Language | None) -> str | None:
    return None if language is None else language.name.lower()


def _advice(segmenter: Segmenter, text: str) -> Advice:
    advice = segmenter.advise(text)
    return Advice(
        text=advice.text,
        level=advice.level,
        line_ends=any(change.char == "\r" for change in advice.changes),
        segments_before=advice.segments_before,
        segments_after=advice.segments_after,
        units_over=advice.units_over,
        irreplaceable=list(advice.irreplaceable),
    )


def _levels(
    segmenter: Segmenter, text: str, text_index: Callable[[int], TextIndex]
) -> Iterator[Level]:
    """Yield the levels of transliteration that change more than the level before them.

    The last ones need an extra; without it, they are left out.
    """
    previous = text
    for level in levels_to("all"):
        try:
            transliteration = segmenter.transliterate(text, level, when="always")
        except MissingExtraError:
            return
        if transliteration.text == previous:
            continue
        previous = transliteration.text
        analysis = segmenter.analyze(previous)
        yield Level(
            level,
            previous,
            analysis.encoding,
            analysis.segment_count,
            replacements_of(transliteration, text_index),
        )
        if analysis.encoding == Encoding.GSM7:
            return  # deeper levels have nothing left to replace
