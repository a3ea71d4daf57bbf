"""FieldEffects as sums: added up, and as plain values and back."""

from collections import Counter
from decimal import Decimal

from septet import Encoding
from septet.costing import Cost, Group
from septet.costing.insights.field_effects import FieldEffects

SOME = FieldEffects(
    Encoding.GSM7,
    1,
    Group(3, 2, {"USD": Cost(2, 2, Decimal(7))}),
    {"name": Group(2, 1), None: Group(1, 1)},
    {"name": Group(1, 1, {"USD": Cost(1, 1, Decimal(3))}), None: Group()},
    Counter({"name": 4}),
)


def test_sums():
    """Each figure is added to its like."""
    both = SOME + SOME
    assert (both.encoding, both.segments) == (Encoding.GSM7, 1)
    assert both.affected == Group(6, 4, {"USD": Cost(4, 4, Decimal(14))})
    assert both.into_ucs2 == {"name": Group(4, 2), None: Group(2, 2)}
    assert both.into_segments["name"] == Group(2, 2, {"USD": Cost(2, 2, Decimal(6))})
    assert both.empty == {"name": 8}
    assert FieldEffects.of(Encoding.GSM7, 1, ["name"]) + SOME == SOME


def test_plain_values_and_back():
    """What is written is read again, the fields in their order and then several together."""
    for field_effects in (SOME, FieldEffects.of(Encoding.UCS2, 2, ["b", "a"])):
        assert FieldEffects.from_dict(field_effects.to_dict()) == field_effects
    names = [
        its["field"] for its in FieldEffects.of(Encoding.UCS2, 2, ["b", "a"]).to_dict()["fields"]
    ]
    assert names == ["b", "a", None]
