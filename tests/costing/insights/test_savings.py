"""Savings as sums: added up, and as plain values and back."""

from collections import Counter
from decimal import Decimal

from septet.costing import Cost, Group, Savings

SOME = Savings(
    changes={"letters": Group(1, 2, {"USD": Cost(1, 2, Decimal(3))}), "line ends": Group()},
    characters={"’": Group(1, 1), "ł": Group(2, 2)},
    occurrences=Counter({"’": 3, "ł": 4}),
    alone={"ł": Group(1, 1)},
    near={2: Group(1, 1), 10: Group(2, 2)},
    repeats={"same number": Group(1, 1)},
)


def test_sums():
    """Each figure is added to its like; repetitions are not known if they are not in either."""
    both = SOME + SOME
    assert both.changes["letters"] == Group(2, 4, {"USD": Cost(2, 4, Decimal(6))})
    assert (both.near[10], both.occurrences["’"]) == (Group(4, 4), 6)
    assert both.repeats == {"same number": Group(2, 2)}
    assert (SOME + Savings(repeats=None)).repeats is None
    assert SOME + Savings() == SOME


def test_ways():
    """Each way that saves something; fewer units are added up: without ten means without two."""
    assert SOME.ways() == {
        "Latin letters too": Group(1, 2, {"USD": Cost(1, 2, Decimal(3))}),
        "without up to 5 units": Group(1, 1),
        "without up to 10 units": Group(3, 3),
        "sent again: same number": Group(1, 1),
    }


def test_plain_values_and_back():
    """What is written is read again."""
    for savings in (SOME, Savings(), Savings(repeats=None)):
        assert Savings.from_dict(savings.to_dict()) == savings
