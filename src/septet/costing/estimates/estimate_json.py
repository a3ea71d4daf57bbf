"""Estimates as plain values for JSON, and back: docs/reference/estimate-json.md has the format.

The sums and the terms are read back. All other figures follow from them, and are only compared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from ...exceptions import SourceError
from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ..insights.field_effects import FieldEffects
from ..insights.savings import Savings
from ..insights.texts_to_fix import Example
from ..rates.tallies import Cost, Group, Tally
from ..reading.unreadable_rows import UnreadableRow, UnreadableRows
from .fields import Fields, as_label, find_difference
from .figures import Figures
from .heading import Heading
from .sums import EstimateSums, EstimateTerms

__all__ = ["VERSION", "read_estimate", "read_json", "write_estimate"]

VERSION = 1

_RULES = tuple(Segmenter().rules.to_dict())

# The first files of version 1 lack these.
_ADDED_LATER: dict[str, object] = {
    "template": None,
    "wrongly_decoded": {"count": 0},
    "texts_to_fix": [],
}

_ADDED_TO_SAVINGS = {"mms": None, "rcs": None}

# Objects whose keys are data, such as numbers or currencies, and not names of fields.
_TABLES = frozenset(
    {
        "distribution",
        "cost.totals",
        "savings.near",
        *(f"by_encoding.{encoding}.distribution" for encoding in Encoding),
    }
)


def write_estimate(terms: EstimateTerms, figures: Figures) -> dict[str, object]:
    """Return an estimate as plain values; amounts are decimal numbers in text.

    Args:
        terms: How messages were counted and priced.
        figures: The figures of the estimate.
    """
    sums = figures.sums
    return {
        "version": VERSION,
        "rules": dict(terms.rules),
        "rows": figures.rows,
        "messages": figures.messages,
        "without_text": sums.without_text,
        "unreadable": sums.unreadable.to_dict(),
        "segments": figures.segments,
        "over_limit": figures.over_limit,
        "by_encoding": {
            str(encoding): {
                **tally.to_dict(),
                "distribution": {
                    str(segments): messages
                    for (other, segments), messages in sorted(sums.messages.items())
                    if other == encoding
                },
            }
            for encoding, tally in figures.by_encoding.items()
        },
        "distribution": {str(n): messages for n, messages in sorted(figures.distribution.items())},
        "non_gsm_characters": [
            {"char": char, "code_point": f"U+{ord(char):04X}", "messages": messages}
            for char, messages in figures.ranked_non_gsm_characters
        ],
        "wrongly_decoded": {"count": sums.wrongly_decoded},
        "texts_to_fix": [
            {**each._asdict(), "encoding": str(each.encoding)} for each in figures.texts_to_fix
        ],
        "cost": _write_cost(terms, figures) if terms.card is not None else None,
        "by": {
            column: [
                {"value": value, **group.to_dict()}
                for value, group in figures.ranked(sums.groups[column])
            ]
            for column in terms.by
        },
        "exceeded_limits": [
            {"limit": limit, "allowed": allowed, **group.to_dict()}
            for (limit, allowed), group in sorted(sums.exceeded_limits.items())
        ],
        "savings": None if sums.savings is None else sums.savings.to_dict(),
        "template": None
        if sums.field_effects is None
        else {"text": terms.template, **sums.field_effects.to_dict()},
    }


def _write_cost(terms: EstimateTerms, figures: Figures) -> dict[str, object]:
    return {
        "card": terms.card,
        "priced_on": str(terms.priced_on),
        "totals": {currency: total.to_dict() for currency, total in figures.totals.items()},
        "destinations": [
            {"destination": label, "currency": currency, **cost.to_dict()}
            for label, currency, cost in figures.ranked_destinations
        ],
        "unpriced": {
            reason: tally.to_dict() for reason, tally in sorted(figures.sums.unpriced.items())
        },
    }


def read_estimate(
    values: Mapping[str, Any],
) -> tuple[EstimateTerms, EstimateSums, Heading]:
    """Return the parts of an estimate that were written as plain values.

    Args:
        values: What `write_estimate` returned, with what `Heading.to_dict` returned or without it.
            Unknown fields are ignored.

    Raises:
        SourceError: The values are not an estimate, lack a field, contradict each other, or have a
            newer version than this septet can read.
    """
    version = values.get("version") if isinstance(values, Mapping) else None
    if not isinstance(version, int) or version < 1:
        raise SourceError("not an estimate as septet writes it")
    if version > VERSION:
        raise SourceError(f"an estimate of version {version}: this septet reads up to {VERSION}")
    values = {**_ADDED_LATER, **values}
    if isinstance(values.get("savings"), dict):
        values["savings"] = {**_ADDED_TO_SAVINGS, **values["savings"]}
    try:
        terms, sums = _read(values)
        heading = Heading.from_dict(values)
        path = find_difference(write_estimate(terms, Figures(sums)), values, _TABLES)
    except SourceError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SourceError(f"not a whole estimate: {error!r}") from error
    if path is not None:
        raise SourceError(f"an estimate whose figures contradict each other: see {path}")
    return terms, sums, heading


def read_json(text: str | bytes) -> tuple[EstimateTerms, EstimateSums, Heading]:
    """Return the parts of an estimate that were written as JSON; see `read_estimate`.

    Raises:
        SourceError: The text is not JSON, or not an estimate.
    """
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not valid JSON: {error}") from error
    return read_estimate(values)


def _read(values: Mapping[str, Any]) -> tuple[EstimateTerms, EstimateSums]:
    values = Fields(values)
    cost = values["cost"] or {"card": None, "destinations": [], "unpriced": {}}
    template, rules = values["template"], values["rules"]
    if not isinstance(rules["languages"], list):
        raise TypeError("expected the languages as an array")
    terms = EstimateTerms(
        {name: rules[name] for name in _RULES},
        cost["card"],
        tuple(values["by"]),
        values["savings"] is not None,
        None if template is None else template["text"],
        date.fromisoformat(cost["priced_on"]) if values["cost"] else None,
    )
    unreadable = values["unreadable"]
    sums = EstimateSums(
        messages=Counter(
            {
                (Encoding(encoding), int(segments)): messages
                for encoding, tally in values["by_encoding"].items()
                for segments, messages in tally["distribution"].items()
            }
        ),
        destinations={
            (row["destination"], row["currency"]): Cost.from_dict(row)
            for row in cost["destinations"]
        },
        unpriced={reason: Tally.from_dict(tally) for reason, tally in cost["unpriced"].items()},
        groups={
            column: {as_label(row["value"]): Group.from_dict(row) for row in rows}
            for column, rows in values["by"].items()
        },
        non_gsm_characters=Counter(
            {row["char"]: row["messages"] for row in values["non_gsm_characters"]}
        ),
        without_text=values["without_text"],
        unreadable=UnreadableRows(
            unreadable["count"],
            [UnreadableRow(row["place"], row["reason"]) for row in unreadable["examples"]],
        ),
        exceeded_limits={
            (row["limit"], row["allowed"]): Group.from_dict(row)
            for row in values["exceeded_limits"]
        },
        savings=None if values["savings"] is None else Savings.from_dict(values["savings"]),
        field_effects=None if template is None else FieldEffects.from_dict(template),
        wrongly_decoded=values["wrongly_decoded"]["count"],
        examples=dict(map(_read_example, values["texts_to_fix"])),
    )
    return terms, sums


def _read_example(row: Fields) -> tuple[tuple[Encoding, int], Example]:
    segments, units, text = row["segment_count"], row["unit_count"], row["text"]
    if not (type(segments) is type(units) is int and isinstance(text, str)):
        raise TypeError("expected an example of a text with its counts")
    return (Encoding(row["encoding"]), segments), Example(units, text)
