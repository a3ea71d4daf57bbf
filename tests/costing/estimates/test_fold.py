"""The fold: sums are complete whenever they are read, and nothing is counted twice."""

from decimal import Decimal

from septet import Encoding, Segmenter
from septet.costing import Batch, Cost, Group, RateCard, Tally
from septet.costing.estimates.fold import Fold

RATES = RateCard.from_rows([{"prefix": "1", "price": "0.1", "currency": "USD"}])
BATCH = Batch(["one", "’" * 71, "two"], ["+12", "+12", "7"], [["a", "a", "b"]])


def test_reading_in_between():
    """Sums that are read between batches are those of the batches so far."""
    fold = Fold(Segmenter(), RATES, ("kind",))
    for times in (1, 2, 3):
        fold.add(BATCH)
        fold.settle()
        fold.settle()
        assert fold.sums.messages == {(Encoding.GSM7, 1): 2 * times, (Encoding.UCS2, 2): times}
        cost = Cost(2 * times, 3 * times, Decimal("0.3") * times)
        assert fold.sums.destinations == {("+1", "USD"): cost}
        assert fold.sums.unpriced == {"not an E.164 number": Tally(times, times)}
        groups = {"a": Group(2 * times, 3 * times, {"USD": cost}), "b": Group(times, times)}
        assert fold.sums.groups == {"kind": groups}
