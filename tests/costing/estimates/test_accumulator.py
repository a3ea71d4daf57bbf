"""The accumulator: sums are complete whenever they are read, and nothing is counted twice."""

from decimal import Decimal

from septet import Encoding
from septet.costing import Batch, Cost, Group, RateCard, Tally
from septet.costing.estimates.accumulator import Accumulator
from septet.costing.estimates.job import Job

RATES = RateCard.from_rows([{"prefix": "1", "price": "0.1", "currency": "USD"}])
BATCH = Batch(["one", "’" * 71, "two"], ["+12", "+12", "7"], [["a", "a", "b"]])


def test_reading_in_between():
    """Sums that are read between batches are those of the batches so far."""
    accumulator = Accumulator(Job(rates=RATES, by=("kind",)))
    for times in (1, 2, 3):
        accumulator.add(BATCH)
        accumulator.flush()
        accumulator.flush()
        sums = accumulator.sums
        assert sums.messages == {
            (Encoding.GSM7, 1): 2 * times,
            (Encoding.UCS2, 2): times,
        }
        cost = Cost(2 * times, 3 * times, Decimal("0.3") * times)
        assert sums.destinations == {("+1", "USD"): cost}
        assert sums.unpriced == {"not an E.164 number": Tally(times, times)}
        groups = {"a": Group(2 * times, 3 * times, {"USD": cost}), "b": Group(times, times)}
        assert sums.groups == {"kind": groups}
