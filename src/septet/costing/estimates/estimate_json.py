"""Estimates as plain values for JSON, and back: version 1, described in docs/costing.md.

The sums and the terms are read back. All other figures follow from them, and are only compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ..insights.field_effects import FieldEffects
from ..insights.savings import Savings
from ..rates.tallies import Cost, Group, Tally
from ..reading.sources import UnreadableRow, UnreadableRows
from .fields import Fields, as_label, find_difference
from .figures import Figures
from .sums import EstimateSums, EstimateTerms

__all__ = ["VERSION", "find_contradiction", "read_estimate", "write_estimate"]

VERSION = 1

_RULES = tuple(Segmenter().rules.to_dict())

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


def read_estimate(values: Mapping[str, Any]) -> tuple[EstimateTerms, EstimateSums]:
    """Return the terms and sums of an estimate that `write_estimate` returned as plain values.

    Args:
        values: The plain values; figures that follow from others are not read.

    Raises:
        SourceError: A field is missing.
        TypeError, ValueError, AttributeError: A value has another form.
    """
    values = Fields(values)
    cost = values["cost"] or {"card": None, "destinations": [], "unpriced": {}}
    template, rules = values["template"], values["rules"]
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
    )
    return terms, sums


def find_contradiction(
    terms: EstimateTerms, figures: Figures, values: Mapping[str, Any]
) -> str | None:
    """Return the path of the first figure that does not follow from the others; None if all do.

    Args:
        terms: The terms that `read_estimate` returned.
        figures: The figures of the sums that it returned.
        values: The plain values that it read.

    Raises:
        SourceError: A field is missing.
    """
    return find_difference(write_estimate(terms, figures), values, _TABLES)
