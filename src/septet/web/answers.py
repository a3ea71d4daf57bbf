"""What the API answers: the core's findings in the words of the schema, and nothing counted here.

Every index is told twice, in characters and in UTF-16 code units, for not every language that asks
counts characters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

from ..costing import Batch, Estimate, Rate, RateCard
from ..costing.rates.pricing import find_rate
from ..costing.rates.unpriced import NO_TEXT
from ..display.characters import code_point, describe, lone
from ..exceptions import EncodingError, MissingExtraError
from ..rewriting.advice import units_in
from ..rewriting.transliteration import levels_to
from ..segmentation import Segmenter
from ..standard.encoding import Encoding, Language
from .schema import (
    UNSET,
    Advice,
    Analysis,
    AnalyzeRequest,
    Character,
    EstimateAnswer,
    EstimateRequest,
    ExceededLimit,
    Level,
    NonGsmCharacter,
    Place,
    PricedMessage,
    PricedTotal,
    RefusedError,
    Replacement,
    Rules,
    Segment,
    Total,
)

__all__ = ["analyze", "estimate"]


def analyze(request: AnalyzeRequest, provider: str | None = None) -> Analysis:
    """Tell what a text is billed as.

    Args:
        request: The text and its rules.
        provider: Whose rules hold if the request does not say.

    Raises:
        RefusedError: The rules cannot be had, or not for this text.
    """
    segmenter = _segmenter(request, provider)
    text = request.text
    try:
        found = segmenter.analyze(text)
    except EncodingError as error:
        raise RefusedError(422, str(error), "text", error.char) from None
    place = _places(text)
    segments = segmenter.split(text)
    non_gsm_characters = defaultdict(list)
    for char, index in found.non_gsm_characters:
        non_gsm_characters[char].append(place(index))
    return Analysis(
        encoding=found.encoding,
        locking_shift=_named(found.locking_shift),
        single_shift=_named(found.single_shift),
        unit_count=found.unit_count,
        segment_count=found.segment_count,
        unit_limit=segments[-1].unit_count + found.units_left,
        units_left=found.units_left,
        segments=[
            Segment(
                sequence=segment.sequence,
                body=segment.body,
                unit_count=segment.unit_count,
                start=segment.start,
                stop=segment.stop,
                utf16_start=place(segment.start).utf16_index,
                utf16_stop=place(segment.stop).utf16_index,
            )
            for segment in segments
        ],
        characters=[
            Character(char, lone(char), code_point(char), describe(char), units_in(found, char), n)
            for char, n in Counter(text).items()
        ],
        non_gsm_characters=[
            NonGsmCharacter(char, places) for char, places in non_gsm_characters.items()
        ],
        levels=list(_levels(segmenter, text, place)),
        advice=_advice(segmenter, text),
        exceeded_limits=[ExceededLimit(*limit) for limit in found.exceeded_limits],
    )


def estimate(
    request: EstimateRequest, rates: RateCard | None = None, provider: str | None = None
) -> EstimateAnswer:
    """Tell what messages take and cost.

    Args:
        request: The messages and their rules.
        rates: The card to price by; nothing is priced without one.
        provider: Whose rules hold if the request does not say.

    Raises:
        RefusedError: The rules cannot be had, or not for one of the texts.
    """
    segmenter = _segmenter(request, provider)
    texts = [message.text for message in request.messages]
    recipients = [message.to for message in request.messages]
    result = Estimate(segmenter, rates)
    try:
        batch_facts = result.add(Batch(texts, recipients))
    except EncodingError as error:
        field = f"messages[{error.row}].text"
        raise RefusedError(422, str(error), field, error.char) from None
    return EstimateAnswer(
        messages=[
            PricedMessage(*facts, *_priced(facts, match, rates))
            for facts, match in zip(batch_facts.columns, batch_facts.rates, strict=True)
            if facts is not None
        ],
        segments=result.segments,
        without_text=result.without_text,
        totals={
            currency: PricedTotal(total.messages, total.segments, str(total.amount))
            for currency, total in result.totals.items()
        },
        unpriced={
            reason: Total(tally.messages, tally.segments)
            for reason, tally in result.unpriced.items()
        },
    )


def _segmenter(rules: Rules, provider: str | None) -> Segmenter:
    """Return the rules that a request asks for."""
    name = provider if rules.provider is UNSET else rules.provider
    wanted = {
        "encoding": rules.encoding,
        "reference_bits": rules.reference_bits,
        "languages": rules.languages,
        "keep_graphemes": rules.keep_graphemes,
    }
    options: dict[str, Any] = {
        option: value for option, value in wanted.items() if value is not None
    }
    try:
        return Segmenter(**options) if name is None else Segmenter.for_provider(name, **options)
    except MissingExtraError as error:
        raise RefusedError(422, str(error), "keep_graphemes", True) from None


def _named(language: Language | None) -> str | None:
    return None if language is None else language.name.lower()


def _priced(
    facts: tuple[Encoding, int, int], match: int, rates: RateCard | None
) -> tuple[str | None, ...]:
    """Return price, currency and destination of a message, and the note where it has none."""
    _, units, segments = facts
    rate = find_rate(rates, match, segments) if units else NO_TEXT
    if isinstance(rate, Rate):
        return str(rate.cost(segments)), rate.currency, rate.destination, None
    return None, None, None, rate or "no rate card"


def _advice(segmenter: Segmenter, text: str) -> Advice:
    found = segmenter.advise(text)
    return Advice(
        text=found.text,
        level=found.level,
        line_ends=any(change.char == "\r" for change in found.changes),
        segments_before=found.segments_before,
        segments_after=found.segments_after,
        units_over=found.units_over,
        irreplaceable=list(found.irreplaceable),
    )


def _levels(segmenter: Segmenter, text: str, place: Callable[[int], Place]) -> Iterator[Level]:
    """Yield the levels that change something, as deep as what is installed goes."""
    before = text
    for level in levels_to("all"):
        try:
            found = segmenter.transliterate(text, level)
        except MissingExtraError:
            return
        if found.text == before:
            continue
        before = found.text
        counted = segmenter.analyze(before)
        yield Level(
            level,
            before,
            counted.encoding,
            counted.segment_count,
            [
                Replacement(index, place(index).utf16_index, char, replacement)
                for char, replacement, index in found.replacements
            ],
        )


def _places(text: str) -> Callable[[int], Place]:
    """Return what tells both indexes of a character by the one in characters."""
    if max(text, default="") <= "\uffff":
        return lambda index: Place(index, index)
    offsets = list(accumulate((1 + (char > "\uffff") for char in text), initial=0))
    return lambda index: Place(index, offsets[index])
