"""What a card is found to have, what is left in peace, and that checking never fails."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing import Finding, Rate, RateCard
from septet.costing.rates.checks import check_rates

HEADER = "prefix,price,currency,valid_from,country,per"


def check(*rows):
    names = HEADER.split(",")
    cells = [row.split(",") for row in rows]
    return RateCard.from_rows(dict(zip(names, row, strict=False)) for row in cells).check()


def found(*rows):
    return [(finding.kind, finding.prefix, finding.message) for finding in check(*rows)]


def test_a_card_as_they_are():
    """A longer prefix of another price or country and prices of a usual range are no finding."""
    assert (
        found(
            "1,0.0079,USD,,United States",
            "1204,0.0079,USD,,Canada",
            "1876,0.0785,USD,,Jamaica",
            "91,0.00225,USD,,India",
            "61,0.0515,USD,,Australia",
            "62,0.4414,USD,,Indonesia",
            "447,0.04,GBP,,United Kingdom",
            "33,0.06,EUR,,France",
            "33,0.07,EUR,2026-02-01,France",
        )
        == []
    )


class TestDuplicates:
    @pytest.mark.parametrize(("day", "since"), [("", ""), ("2026-02-01", " from 2026-02-01")])
    def test_row_twice(self, day, since):
        """A row that is there once more is told once for each time too many."""
        row = f"1,1,USD,{day}"
        message = f"the rate{since} is there more than once"
        assert found(row, f"+{row}", row) == [("duplicate", "1", message)] * 2

    def test_change_that_changes_nothing(self):
        """A rate that is what it was before its day is a row too many."""
        rows = ["1,1,USD,2026-03-01", "1,1,USD,2026-02-01", "1,2,USD,2026-04-01", "1,1,USD,"]
        assert found(*rows) == [
            ("duplicate", "1", "the rate from 2026-02-01 is the one before it"),
            ("duplicate", "1", "the rate from 2026-03-01 is the one before it"),
        ]

    def test_rates_by_hand(self):
        """Of two rates of one day the later wins, and it is told."""
        findings = RateCard([Rate("1", Decimal(1), "USD"), Rate("1", Decimal(2), "USD")]).check()
        assert [finding.kind for finding in findings] == ["duplicate"]


class TestOverlaps:
    def test_longer_prefix_says_nothing_new(self):
        """The nearest shorter prefix is the one that would be used."""
        rows = ["44,1,GBP,,UK", "447,2,GBP,,UK", "4477,2,GBP,,UK", "4479,1,GBP,,UK"]
        assert found(*rows) == [("overlap", "4477", "says the same as the shorter prefix 447")]

    def test_all_days_count(self):
        """A longer prefix that will cost as the shorter one only from some day on is needed."""
        shorter = ["44,1,GBP,", "44,2,GBP,2026-02-01"]
        message = "says the same as the shorter prefix 44"
        assert found(*shorter, "447,2,GBP,") == []
        assert found(*shorter, "447,1,GBP,", "447,2,GBP,2026-02-01") == [
            ("overlap", "447", message)
        ]

    def test_shorter_prefix_is_never_used(self):
        """Ten longer prefixes leave nothing to the shorter one, nine leave something."""
        rows = ["44,1,GBP"] + [f"44{digit},2,GBP" for digit in range(10)]
        message = "is never used: 440 to 449 have rates of their own"
        assert found(*rows) == [("overlap", "44", message)]
        assert found(*rows[:-1]) == []
        assert found(*rows[:-1], "449,2,GBP,2026-02-01") == []


class TestGaps:
    def test_late_start(self):
        """A prefix that begins after others of the card has no rate until then."""
        assert found("1,1,USD,2026-01-01", "44,1,GBP,2026-02-01", "447,2,GBP,2026-02-01") == [
            ("gap", "44", "has no rate before 2026-02-01, where others have one")
        ]

    def test_the_shorter_prefix_was_there(self):
        """Before a longer prefix begins the shorter one prices its numbers."""
        assert found("1,1,USD,2026-01-01", "1876,2,USD,2026-02-01") == []
        assert found("1,1,USD,2026-01-01", "33,1,EUR,2026-01-01") == []

    def test_the_longer_prefix_began_before(self):
        """Each of two prefixes is told the day from which its own numbers have a rate."""
        assert found("1,1,USD", "447,2,GBP,2026-02-01", "44,1,GBP,2026-03-01") == [
            ("gap", "44", "has no rate before 2026-03-01, where others have one"),
            ("gap", "447", "has no rate before 2026-02-01, where others have one"),
        ]

    def test_hole_between_neighbours(self):
        """Numbers without any rate are told if most of their neighbours have one."""
        rows = [f"44{digit},1,GBP" for digit in range(6)]
        assert found(*rows, "4471,2,GBP") == [
            ("gap", "44", "has rates for most of its numbers, but not for 446, 448, 449")
        ]
        assert found(*rows[:5]) == []

    def test_no_hole(self):
        """What a shorter prefix prices is no hole, and neither is what nobody prices."""
        rows = [f"447{digit},2,GBP" for digit in range(9)]
        assert found("4,1,GBP", *rows) == []
        assert found(*rows, "4479,2,GBP") == []


class TestPrices:
    OTHERS = tuple(f"{prefix},0.05,USD" for prefix in (20, 27, 30, 31))

    def test_costs_nothing(self):
        """A free message is told: it may be a price that somebody forgot."""
        assert found("1,0.00,USD", "44,0,GBP,2026-01-01")[-1:] == [
            ("price", "44", "costs nothing from 2026-01-01")
        ]
        assert found("1,0.00,USD") == [("price", "1", "costs nothing")]

    @pytest.mark.parametrize(
        ("price", "is_found"),
        [("2.5", True), ("2.499999", False), ("0.001", True), ("0.001001", False)],
    )
    def test_far_from_the_others(self, price, is_found):
        """Fifty times the price in the middle, or a fiftieth, is out of the ordinary."""
        message = f"costs {price} USD a segment, where others cost about 0.05"
        expected = [("price", "1", message.replace("2.5 ", "2.50 "))] if is_found else []
        assert found(*self.OTHERS, f"1,{price},USD") == expected

    def test_others_are_of_its_kind(self):
        """Other currencies and rates per message are no measure, and a few prices neither."""
        assert found(*self.OTHERS, "81,7,JPY", "1,3,USD,,,message") == []
        assert found(*self.OTHERS[1:], "1,5,USD") == []

    def test_change(self):
        """Ten times the price of the day before is a misplaced point, a currency a surprise."""
        assert found("1,0.01,USD", "1,0.099,USD,2026-01-02", "1,0.0099,USD,2026-01-03") == [
            ("price", "1", "the price changes from 0.099 to 0.0099 on 2026-01-03")
        ]
        assert found("44,1,GBP", "44,1,EUR,2026-01-02") == [
            ("price", "44", "the currency changes from GBP to EUR on 2026-01-02")
        ]


def test_findings_come_by_prefix():
    """Those of a prefix stand together, whatever they are."""
    findings = check("44,0,GBP,2026-02-01", "1,0,USD", "1,0,USD", "2,1,USD")
    assert [(finding.prefix, finding.kind) for finding in findings] == [
        ("1", "duplicate"), ("1", "price"), ("44", "gap"), ("44", "price"),
    ]  # fmt: skip
    assert isinstance(findings[0], Finding)


RATES = st.builds(
    Rate,
    prefix=st.from_regex(r"[1-3][0-9]{0,3}", fullmatch=True) | st.just("1" * 15),
    price=st.decimals(0, 100, places=6),
    currency=st.sampled_from(["USD", "EUR"]),
    per=st.sampled_from(["segment", "message"]),
    valid_from=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 3)),
)


@given(st.lists(RATES, max_size=30))
def test_never_fails(rates):
    """Any rates can be checked, none included, and their order changes nothing."""
    findings = check_rates(rates)
    assert all(finding.message and finding.prefix.isdigit() for finding in findings)
    distinct = {(rate.prefix, rate.valid_from): rate for rate in rates}
    assert check_rates(distinct.values()) == check_rates([*distinct.values()][::-1])


def test_places():
    """A finding names the row that it is about, and none if that is no single one."""
    rows = [
        "1,1,USD,",
        "1,1,USD,",
        "1,0,USD,2026-02-01",
        "1,20,USD,2026-03-01",
        "1,20,USD,2026-04-01",
    ]
    assert [(finding.kind, finding.place) for finding in check(*rows)] == [
        ("duplicate", "row 2"),
        ("duplicate", "row 5"),
        ("price", "row 3"),
    ]
    rows = [f"4{digit},1,USD,,X{digit}" for digit in range(9)] + [
        "401,1,USD,,X0",
        "5,1,USD,2026-01-01",
    ]
    assert [(finding.prefix, finding.place) for finding in check(*rows)] == [
        ("4", None),
        ("401", "row 10"),
        ("5", "row 11"),
    ]
