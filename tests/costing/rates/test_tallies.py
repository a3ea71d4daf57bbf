"""Sums of messages: added up by themselves and under keys."""

import pickle
from decimal import Decimal, localcontext

import pytest

from septet.costing import Cost, Group, Tally
from septet.costing.rates.tallies import add_tallies, format_costs


def test_sums():
    """Each figure is added to its like, and nothing is changed in place."""
    cost = Cost(1, 2, Decimal(30))
    assert cost + Cost(4, 5, Decimal(60)) == Cost(5, 7, Decimal(90))
    group = Group(1, 2, {"USD": cost})
    both = group + Group(1, 1, {"USD": Cost(1, 1, Decimal(10)), "EUR": Cost(1, 1, Decimal(5))})
    assert both == Group(2, 3, {"USD": Cost(2, 3, Decimal(40)), "EUR": Cost(1, 1, Decimal(5))})
    assert group == Group(1, 2, {"USD": Cost(1, 2, Decimal(30))})


def test_tallies_under_keys():
    """The sum has the keys of either, those of both once."""
    some, others = {"a": Tally(1, 2), "b": Tally(1, 1)}, {"a": Tally(3, 4), "c": Tally(5, 6)}
    assert add_tallies(some, others) == {"a": Tally(4, 6), "b": Tally(1, 1), "c": Tally(5, 6)}
    assert some["a"] == Tally(1, 2)


def test_plain_values_and_back():
    """What is written is read again, costs of any size included."""
    for tally in (
        Tally(1, 2),
        Cost(1, 2, Decimal(10**21 + 1)),
        Group(3, 4, {"USD": Cost(1, 2, Decimal(3))}),
    ):
        assert type(tally).from_dict(tally.to_dict()) == tally


def test_sum_and_order_of_costs():
    """Costs add up, and sort by amount whatever the decimal context is; the highest is first."""
    costs = [Cost(1, 1, Decimal("0.1")), Cost(1, 2, Decimal(f"{10**30}.1")), Cost()]
    with localcontext(prec=2):
        total = Cost.sum(costs)
        assert sorted(costs, key=lambda cost: cost.sort_key) == [costs[1], costs[0], costs[2]]
    assert (total.messages, total.segments) == (2, 3)
    assert str(total.amount) == f"{10**30}.20"
    assert Cost.sum([]) == Cost()


def test_costs_have_a_repr_and_a_copy():
    """A repr can be evaluated; copies and pickles are equal and independent."""
    cost = Cost(1, 2, Decimal("0.5"))
    assert repr(cost) == "Cost(messages=1, segments=2, amount=Decimal('0.50'))"
    assert eval(repr(cost)) == cost
    other = pickle.loads(pickle.dumps(cost))
    other.add_priced(1, 1, 5 * 10**11, 5 * 10**11)
    assert (cost.amount, other.amount) == (Decimal("0.5"), 1)
    assert cost != other
    assert cost != Tally(1, 2)


def test_ranges():
    """A range has no amount; bounds add up, sort by the highest, and are written and read."""
    cost = Cost(1, 2, Decimal("0.5"), Decimal("0.000000000001") + 1)
    assert (cost.lowest, cost.highest, cost.amount) == (
        Decimal("0.5"),
        Decimal("1.000000000001"),
        None,
    )
    assert repr(cost).endswith("amount=Decimal('0.50'), highest=Decimal('1.000000000001'))")
    assert eval(repr(cost)) == pickle.loads(pickle.dumps(cost)) == cost
    assert cost.to_dict() == {
        "messages": 1,
        "segments": 2,
        "cost": None,
        "lowest": "0.50",
        "highest": "1.000000000001",
    }
    assert Cost.from_dict(cost.to_dict()) == cost
    total = cost + Cost(1, 1, Decimal(2))
    assert (total.lowest, total.highest) == (Decimal("2.5"), Decimal("3.000000000001"))
    assert str(cost) == "0.50 to 1.000000000001"
    assert cost.sort_key < Cost(1, 1, Decimal(1)).sort_key
    with pytest.raises(ValueError, match="expected a cost from low to high, got 2 and 1"):
        Cost(1, 1, Decimal(2), Decimal(1))


def test_costs_for_a_column():
    """All amounts have the decimals of the longest."""
    costs = [Cost(1, 1, Decimal(1)), Cost(1, 1, Decimal("0.5"), Decimal("1.125"))]
    assert format_costs(costs) == ["1.000", "0.500 to 1.125"]


@pytest.mark.parametrize("amount", [1, 0.5, "1"])
def test_amounts_of_costs_are_decimal(amount):
    """Integers could be millionths, and floats are not exact."""
    with pytest.raises(TypeError, match="as Decimal"):
        Cost(1, 1, amount)
