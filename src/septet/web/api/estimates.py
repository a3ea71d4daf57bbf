"""`/v1/estimate`: the size and the price of messages."""

from __future__ import annotations

from typing import Annotated

from ...costing import Batch, Cost, Estimate, Price, RateCard
from ...costing.rates.pricing import find_price
from ...costing.rates.unpriced import DEPENDS_ON_NETWORK, NO_TEXT
from ...exceptions import EncodingError
from ...standard.encoding import Encoding
from .rules import NO_SURROGATES, RulesRequest, Text, refused_text
from .schema import UNSET, Meta, Struct, UnsetType

__all__ = ["EstimateAnswer", "EstimateRequest", "MessageRequest", "estimate"]

_MAX_MESSAGES = 10_000
_MAX_RECIPIENT_CHARACTERS = 64


class MessageRequest(Struct, forbid_unknown_fields=True):
    """A text and its recipient."""

    text: Text
    to: (
        Annotated[
            str,
            Meta(
                max_length=_MAX_RECIPIENT_CHARACTERS,
                **NO_SURROGATES,
                description="An E.164 number.",
            ),
        ]
        | None
    ) = None


class EstimateRequest(RulesRequest):
    """Messages, and the rules to count them by."""

    messages: Annotated[list[MessageRequest], Meta(max_length=_MAX_MESSAGES)]


class PricedMessage(Struct):
    """The size and the price of a message.

    `price` is a decimal string. It is null without a price, for which `note` has the reason, or as
    a range, `price_lowest` to `price_highest`. An empty text is no message and takes no segment.
    """

    encoding: Encoding | None
    unit_count: int
    segment_count: int
    price: str | None
    currency: str | None
    destination: str | None
    note: str | None
    price_lowest: str | UnsetType = UNSET
    price_highest: str | UnsetType = UNSET


class Total(Struct):
    """A number of messages and their segments."""

    messages: int
    segments: int


class PricedTotal(Total):
    """Priced messages and their decimal cost; null if it is a range, with `lowest`, `highest`."""

    cost: str | None
    lowest: str | UnsetType = UNSET
    highest: str | UnsetType = UNSET


class EstimateAnswer(Struct):
    """The size and the price of each message, in the order of the request, and the totals.

    `totals` is by currency, `unpriced` by reason. Messages without text have no price.
    """

    messages: list[PricedMessage]
    segments: int
    without_text: int
    totals: dict[str, PricedTotal]
    unpriced: dict[str, Total]


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
    segmenter = request.segmenter(provider, request.encoding)
    texts = [message.text for message in request.messages]
    recipients = [message.to for message in request.messages]
    result = Estimate(segmenter, rates)
    try:
        counted = result.add(Batch(texts, recipients))
    except EncodingError as error:
        raise refused_text(error, f"messages[{error.row}].text") from None
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
