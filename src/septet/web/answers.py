"""The answers of the JSON API: results of the core and of `costing`, in the form of `schema`.

Every position is given in characters and in UTF-16 code units, because many languages index strings
by code units.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

from .. import rcs
from ..costing import Batch, Cost, Estimate, Price, RateCard
from ..costing.rates.pricing import find_price
from ..costing.rates.unpriced import DEPENDS_ON_NETWORK, NO_TEXT
from ..display.characters import code_point, describe, lone
from ..exceptions import EncodingError, MissingExtraError
from ..rewriting.advice import units_in
from ..rewriting.replacements import levels_to
from ..segmentation import Segmenter
from ..standard.encoding import Encoding, Language
from .schema import (
    MAX_CHARACTERS_WITH_LANGUAGES,
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
    PricedMessage,
    PricedTotal,
    Rcs,
    Replacement,
    RequestError,
    RulesRequest,
    Segment,
    TextIndex,
    Total,
    UnsetType,
)

__all__ = ["analyze", "estimate"]


def analyze(request: AnalyzeRequest, provider: str | None = None) -> Analysis:
    """Return the encoding, units, segments and possible savings of a text.

    Args:
        request: The text and its rules.
        provider: The provider whose rules apply if the request does not name one.

    Raises:
        RequestError: The rules do not allow this text.
    """
    segmenter = _segmenter(request, provider)
    text = request.text
    # Each level of transliteration is counted with each pair of alphabets.
    if request.languages and len(text) > MAX_CHARACTERS_WITH_LANGUAGES:
        reason = (
            f"with languages, a text may have up to {MAX_CHARACTERS_WITH_LANGUAGES:,} characters, "
            f"got {len(text):,}"
        )
        raise RequestError(422, reason, "text", text)
    try:
        analysis = segmenter.analyze(text)
    except EncodingError as error:
        raise RequestError(422, str(error), "text", error.char) from None
    text_index = _text_indexes(text)
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


def estimate(
    request: EstimateRequest, rates: RateCard | None = None, provider: str | None = None
) -> EstimateAnswer:
    """Return the size and the price of messages, and the totals.

    Args:
        request: The messages and their rules.
        rates: The rate card for prices; without one, nothing is priced.
        provider: The provider whose rules apply if the request does not name one.

    Raises:
        RequestError: The rules do not allow one of the texts.
    """
    segmenter = _segmenter(request, provider)
    texts = [message.text for message in request.messages]
    recipients = [message.to for message in request.messages]
    result = Estimate(segmenter, rates)
    try:
        counted = result.add(Batch(texts, recipients))
    except EncodingError as error:
        field = f"messages[{error.row}].text"
        raise RequestError(422, str(error), field, error.char) from None
    return EstimateAnswer(
        messages=[
            _priced(size, match, rates)
            for size, match in zip(counted.columns, counted.rates, strict=True)
            if size is not None
        ],
        segments=result.segments,
        without_text=result.without_text,
        totals={
            currency: PricedTotal(total.messages, total.segments, *_one_or_range(total))
            for currency, total in result.totals.items()
        },
        unpriced={
            reason: Total(tally.messages, tally.segments)
            for reason, tally in result.unpriced.items()
        },
    )


def _segmenter(rules: RulesRequest, provider: str | None) -> Segmenter:
    """Return a segmenter for the rules of a request."""
    name = provider if rules.provider is UNSET else rules.provider
    requested = {
        "encoding": rules.encoding,
        "reference_bits": rules.reference_bits,
        "languages": rules.languages,
        "keep_graphemes": rules.keep_graphemes,
    }
    options: dict[str, Any] = {
        option: value for option, value in requested.items() if value is not None
    }
    return Segmenter(provider=name, **options)


def _name(language: Language | None) -> str | None:
    return None if language is None else language.name.lower()


def _priced(size: tuple[Encoding, int, int], match: int, rates: RateCard | None) -> PricedMessage:
    """Return the size of a message with its price, or with the reason if it has none."""
    _, unit_count, segment_count = size
    if not unit_count:
        return PricedMessage(None, 0, 0, None, None, None, NO_TEXT)
    price = find_price(rates, match, segment_count)
    if rates is None or not isinstance(price, Price):
        reason = price if isinstance(price, str) else "no rate card"
        return PricedMessage(*size, None, None, None, reason)
    amount, *bounds = _one_or_range(price)
    note = DEPENDS_ON_NETWORK if amount is None else None
    destination = rates.entries[match].destination
    return PricedMessage(*size, amount, price.currency, destination, note, *bounds)


def _one_or_range(price: Price | Cost) -> tuple[str | None, str | UnsetType, str | UnsetType]:
    """Return an amount; or None and the lowest and the highest one."""
    if price.amount is not None:
        return str(price.amount), UNSET, UNSET
    return None, str(price.lowest), str(price.highest)


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
            [
                Replacement(index, text_index(index).utf16_index, char, replacement)
                for char, replacement, index in transliteration.replacements
            ],
        )
        if analysis.encoding == Encoding.GSM7:
            return  # deeper levels have nothing left to replace


def _text_indexes(text: str) -> Callable[[int], TextIndex]:
    """Return a function that adds the position in UTF-16 code units to one in characters."""
    if max(text, default="") <= "\uffff":
        return lambda index: TextIndex(index, index)
    offsets = list(accumulate((1 + (char > "\uffff") for char in text), initial=0))
    return lambda index: TextIndex(index, offsets[index])
