"""What messages of a template take before there are recipients: the lowest, likely and highest."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ...standard.limits import MAX_SEGMENTS
from ..rates.card import RateCard
from ..rates.money import format_amount, to_amount, to_micros
from ..rates.rate import Price
from ..reading.templates import Template

__all__ = ["FieldValues", "TemplateBill", "TemplateEstimate", "estimate_template"]

FieldValues: TypeAlias = "int | range | Sequence[str]"
"""The length of a field's values, the range of their lengths, or sample values."""

_MAX_COMBINATIONS = 100_000
_MAX_LENGTH = 10_000
_GSM_LETTER, _UCS2_LETTER = "n", "ł"


@dataclass(frozen=True, slots=True)
class TemplateBill:
    """What messages of a template take and cost.

    Attributes:
        segments: The segments of all messages; rounded to two decimals if they are an average.
        price: The cost of all messages; None without a rate, or if a message needs more than 255
            segments. An average is rounded to six decimals.
    """

    segments: Decimal
    price: Price | None

    def to_dict(self) -> dict[str, object]:
        """Return the figures as plain values for JSON; they are decimal numbers in text."""
        price = self.price and {
            "lowest": format_amount(self.price.lowest),
            "highest": format_amount(self.price.highest),
            "currency": self.price.currency,
        }
        return {"segments": f"{self.segments:f}", "price": price}


@dataclass(frozen=True, slots=True)
class TemplateEstimate:
    """The bills of a template whose fields have many possible values.

    Attributes:
        messages: How many messages there are.
        lowest: The bill if all messages have the values that take the fewest segments.
        likely: The average over all combinations of values.
        highest: The bill if all messages have the values that take the most segments.
        highest_ucs2: The bill if values of the greatest lengths have a character that is not
            GSM-7; None if no field is given by its length, or that is no higher.
    """

    messages: int
    lowest: TemplateBill
    likely: TemplateBill
    highest: TemplateBill
    highest_ucs2: TemplateBill | None

    def to_dict(self) -> dict[str, object]:
        """Return the figures as plain values for JSON."""
        return {
            "messages": self.messages,
            "lowest": self.lowest.to_dict(),
            "likely": self.likely.to_dict(),
            "highest": self.highest.to_dict(),
            "highest_ucs2": self.highest_ucs2 and self.highest_ucs2.to_dict(),
        }


def estimate_template(
    template: Template | str,
    fields: Mapping[str, FieldValues],
    *,
    messages: int = 1,
    to: str | None = None,
    rates: RateCard | None = None,
    segmenter: Segmenter | None = None,
) -> TemplateEstimate:
    """Estimate messages of a template before there are recipients.

    Every combination of values is counted. If there are more than 100,000, only the shortest, the
    middle and the longest of each range of lengths are.

    >>> estimate_template("Hi {name}", {"name": range(2, 31)}).highest.segments
    Decimal('1')

    Args:
        template: The template; see `estimate`.
        fields: For each field the length of its values, as an int or a range, or sample values.
            Values of a length consist of letters of GSM-7.
        messages: How many messages there are.
        to: A number of the destination, as `RateCard.price` takes it.
        rates: The card to price by; nothing is priced without one.
        segmenter: The rules to count by; the default rules if left out.

    Raises:
        ValueError: The template is invalid; it has another field than `fields`; a field has no
            values, or a length is negative or more than 10,000; there are too many combinations of
            sample values; `messages` is less than 1; or there is a card but no number.
        EncodingError: The segmenter forces GSM 7-bit and a text has another character.
    """
    if messages < 1:
        raise ValueError(f"messages must be 1 or more, not {messages!r}")
    if rates is not None and to is None:
        raise ValueError("a rate card needs a number of the destination: pass to=")
    parsed = Template.parse(template) if isinstance(template, str) else template
    _check_names(parsed, fields)
    rules = segmenter or Segmenter()
    combinations = _combine(
        [fields[name] for name in parsed.fields],
        [_list_values(name, fields[name]) for name in parsed.fields],
    )
    counts = Counter(rules.count_many(list(map(parsed.fill, combinations))).memory)

    def price(segments: int) -> Price | None:
        if rates is None or to is None or segments > MAX_SEGMENTS:
            return None
        return rates.price(to, segments)

    def bill(segments: int) -> TemplateBill:
        return _average({segments: 1}, {segments: price(segments)}, messages)

    highest_ucs2 = _count_ucs2(parsed, fields, rules)
    return TemplateEstimate(
        messages,
        bill(min(counts)),
        _average(counts, {segments: price(segments) for segments in counts}, messages),
        bill(max(counts)),
        bill(highest_ucs2) if highest_ucs2 > max(counts) else None,
    )


def _check_names(template: Template, fields: Mapping[str, FieldValues]) -> None:
    for name in template.fields:
        if name not in fields:
            raise ValueError(f"the field {{{name}}} of the template has no length and no values")
    for name in fields:
        if name not in template.fields:
            raise ValueError(f"the template has no field {{{name}}}")


def _list_values(name: str, values: FieldValues) -> list[str]:
    """Return the values of a field; those of a length consist of letters of GSM-7."""
    lengths = range(values, values + 1) if isinstance(values, int) else values
    if not len(lengths):
        raise ValueError(f"the field {{{name}}} has no values")
    if not isinstance(lengths, range):
        return list(lengths)
    if min(lengths) < 0 or max(lengths) > _MAX_LENGTH:
        raise ValueError(f"the field {{{name}}}: a length must be 0 to {_MAX_LENGTH:,}")
    return [_GSM_LETTER * length for length in lengths]


def _combine(fields: Sequence[FieldValues], values: list[list[str]]) -> list[tuple[str, ...]]:
    """Return all combinations of the values of fields; fewer of ranges if they are too many.

    Raises:
        ValueError: They are too many even so.
    """
    if math.prod(map(len, values)) > _MAX_COMBINATIONS:
        pairs = zip(fields, values, strict=True)
        values = [_thin(each) if isinstance(field, range) else each for field, each in pairs]
    if (count := math.prod(map(len, values))) > _MAX_COMBINATIONS:
        raise ValueError(
            f"{count:,} combinations of sample values are more than {_MAX_COMBINATIONS:,}"
        )
    return list(product(*values))


def _thin(values: Sequence[str]) -> list[str]:
    """Return the first, the middle and the last value."""
    return list(dict.fromkeys((values[0], values[len(values) // 2], values[-1])))


def _count_ucs2(template: Template, fields: Mapping[str, FieldValues], rules: Segmenter) -> int:
    """Return the segments of the longest values if those of lengths are UCS-2; 0 without such."""
    values = [fields[name] for name in template.fields]
    if rules.encoding is not None or not any(isinstance(each, int | range) for each in values):
        return 0
    longest = [
        _UCS2_LETTER * (each if isinstance(each, int) else max(each))
        if isinstance(each, int | range)
        else max(each, key=lambda text: len(text.encode("utf-16-le", "surrogatepass")))
        for each in values
    ]
    analysis = rules.analyze(template.fill(longest))
    return analysis.segment_count if analysis.encoding == Encoding.UCS2 else 0


def _average(
    counts: Mapping[int, int], prices: Mapping[int, Price | None], messages: int
) -> TemplateBill:
    """Return the bill of messages with the segments of some texts on average."""
    total = sum(counts.values())
    known = {each: price for each, price in prices.items() if price is not None}
    price = None
    if len(known) == len(counts):
        lowest = sum(counts[each] * to_micros(known[each].lowest) for each in known)
        highest = sum(counts[each] * to_micros(known[each].highest) for each in known)
        price = Price(
            to_amount(round(Fraction(lowest * messages, total))),
            to_amount(round(Fraction(highest * messages, total))),
            next(iter(known.values())).currency,
        )
    segments = sum(count * each for each, count in counts.items()) * messages
    hundredths = round(Fraction(100 * segments, total))
    whole, rest = divmod(hundredths, 100)
    return TemplateBill(Decimal(f"{hundredths}E-2") if rest else Decimal(whole), price)
