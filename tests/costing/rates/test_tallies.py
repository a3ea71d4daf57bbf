"""Sums of messages: added up by themselves and under keys."""

from decimal import Decimal

from septet.costing import Cost, Group, Tally
from septet.costing.rates.tallies import add_tallies


def test_sums():
    """Each figure is added to its like, and nothing is changed in place."""
    cost = Cost(1, 2, Decimal(30))
    assert cost + Cost(4, 5, Decimal(60)) == Cost(5, 7, Decimal(90))
    group = Group(1, 2, {"USD": cost})
    both = group + Group(1, 1, {"USD": Cost(1, 1, Decimal(10)), "EUR": Cost(1, 1, Decimal(5))})
    assert both == Group(2, 3, {"USD": Cost(2, 3, Decimal(40)), "EUR": Cost(1, 1, Decimal(5))})
    assert group == Group(1, 2, {"USD": Cost(1, 2, Decimal(30))})


def test_tallies_under_keys():
    """Keys of either are there, those of both once."""
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
