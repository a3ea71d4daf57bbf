"""Estimates as plain values for JSON, and back: version 1, described in docs/costing.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ...segmentation import Segmenter
from ...standard.encoding import Encoding
from ..insights.field_effects import FieldEffects
from ..insights.savings import Savings
from ..rates.tallies import Cost, Group, Tally
from ..reading.sources import UnreadableRow, UnreadableRows
from .fields import Fields, differing
from .sums import Sums, Terms

if TYPE_CHECKING:
    from .estimate import Estimate

__all__ = ["VERSION", "contradiction", "read_estimate", "write_estimate"]

VERSION = 1

_RULES = tuple(Terms.of(Segmenter()).rules)

# Objects whose keys are figures that follow from others, or are numbers.
_TABLES = frozenset(
    {
        "distribution",
        "cost.totals",
        "savings.near",
        *(f"by_encoding.{encoding}.distribution" for encoding in Encoding),
    }
)


def write_estimate(estimate: Estimate, terms: Terms, sums: Sums) -> dict[str, object]:
    """Return an estimate as plain values; amounts are decimal numbers in text."""
    return {
        "version": VERSION,
        "rules": dict(terms.rules),
        "rows": estimate.rows,
        "messages": estimate.messages,
        "without_text": sums.without_text,
        "unreadable": sums.unreadable.to_dict(),
        "segments": estimate.segments,
        "over_limit": estimate.over_limit,
        "by_encoding": {
            str(encoding): {
                **tally.to_dict(),
                "distribution": {
                    str(segments): messages
                    for (its, segments), messages in sorted(sums.messages.items())
                    if its == encoding
                },
            }
            for encoding, tally in estimate.by_encoding.items()
        },
        "distribution": {str(n): messages for n, messages in sorted(estimate.distribution.items())},
        "non_gsm_characters": [
            {"char": char, "code_point": f"U+{ord(char):04X}", "messages": messages}
            for char, messages in estimate.ranked_non_gsm_characters(None)
        ],
        "cost": _write_cost(estimate, terms, sums) if terms.card is not None else None,
        "by": {
            column: [
                {"value": value, **group.to_dict()}
                for value, group in estimate.ranked(sums.groups[column])
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


def _write_cost(estimate: Estimate, terms: Terms, sums: Sums) -> dict[str, object]:
    return {
        "card": terms.card,
        "priced_on": str(terms.priced_on),
        "totals": {currency: total.to_dict() for currency, total in estimate.totals.items()},
        "destinations": [
            {"destination": label, "currency": currency, **cost.to_dict()}
            for label, currency, cost in estimate.ranked_destinations()
        ],
        "unpriced": {reason: tally.to_dict() for reason, tally in sorted(sums.unpriced.items())},
    }


def read_estimate(facts: Mapping[str, Any]) -> tuple[Terms, Sums]:
    """Return the terms and sums that `write_estimate` told; what follows from them is not read.

    Raises:
        SourceError: A field is missing.
        TypeError, ValueError, AttributeError: The values are of another form.
    """
    facts = Fields(facts)
    cost = facts["cost"] or {"card": None, "destinations": [], "unpriced": {}}
    template = facts["template"]
    rules = facts["rules"]
    terms = Terms(
        {name: rules[name] for name in _RULES},
        cost["card"],
        tuple(facts["by"]),
        facts["savings"] is not None,
        None if template is None else template["text"],
        date.fromisoformat(cost["priced_on"]) if facts["cost"] else None,
    )
    sums = Sums(
        messages=Counter(
            {
                (Encoding(encoding), int(segments)): messages
                for encoding, its in facts["by_encoding"].items()
                for segments, messages in its["distribution"].items()
            }
        ),
        destinations={
            (its["destination"], its["currency"]): Cost.from_dict(its)
            for its in cost["destinations"]
        },
        unpriced={reason: Tally.from_dict(its) for reason, its in cost["unpriced"].items()},
        groups={
            column: {its["value"]: Group.from_dict(its) for its in groups}
            for column, groups in facts["by"].items()
        },
        non_gsm_characters=Counter(
            {its["char"]: its["messages"] for its in facts["non_gsm_characters"]}
        ),
        without_text=facts["without_text"],
        unreadable=UnreadableRows(
            facts["unreadable"]["count"],
            [UnreadableRow(row["place"], row["reason"]) for row in facts["unreadable"]["examples"]],
        ),
        exceeded_limits={
            (its["limit"], its["allowed"]): Group.from_dict(its) for its in facts["exceeded_limits"]
        },
        savings=None if facts["savings"] is None else Savings.from_dict(facts["savings"]),
        field_effects=None if template is None else FieldEffects.from_dict(template),
    )
    return terms, sums


def contradiction(estimate: Estimate, facts: Mapping[str, Any]) -> str | None:
    """Return the path of the first figure that does not follow from those that were read.

    Args:
        estimate: The estimate made of what `read_estimate` returned.
        facts: The values that it was read from.

    Raises:
        SourceError: A field is missing.
    """
    return differing(estimate.to_dict(), facts, _TABLES)
