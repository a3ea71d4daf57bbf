"""Checks of rate cards: each kind of finding, ordinary cards without any, and odd ones."""

from dataclasses import replace
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


def findings_of(*rows):
    return [(finding.kind, finding.prefix, finding.message) for finding in check(*rows)]


def test_an_ordinary_card():
    """Longer prefixes with other prices or countries, and usual prices, are not reported."""
    assert (
        findings_of(
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


def test_kinds_are_checked_apart():
    """A rate of MMS does not repeat, replace or outbid one of SMS."""
    sms = Rate("1", Decimal("0.01"), "USD")
    mms = Rate("1", Decimal("0.2"), "USD", valid_from=date(2026, 2, 1), kind="mms")
    assert check_rates([sms, mms]) == []
    assert [finding.kind for finding in check_rates([mms, mms, sms])] == ["duplicate"]


def test_networks_are_checked_apart():
    """Rates of two networks of a prefix do not repeat each other, nor do their prices change."""
    networks = {
        name: Rate("1", Decimal(price), "USD", network=name)
        for name, price in [("a", "0.01"), ("b", "0.2")]
    }
    longer = [replace(rate, prefix="12") for rate in networks.values()]
    assert check_rates(networks.values()) == []
    assert check_rates([*networks.values(), longer[0]]) == []
    (finding,) = check_rates([*networks.values(), *longer])
    assert (finding.kind, finding.prefix) == ("overlap", "12")
    (finding,) = check_rates([*networks.values(), replace(networks["a"], network="A")])
    assert finding.kind == "duplicate"


class TestDuplicates:
    @pytest.mark.parametrize(("day", "since"), [("", ""), ("2026-02-01", " from 2026-02-01")])
    def test_row_twice(self, day, since):
        """Each repetition of a row is one finding."""
        row = f"1,1,USD,{day}"
        message = f"the rate{since} is listed more than once"
        assert findings_of(row, f"+{row}", row) == [("duplicate", "1", message)] * 2

    def test_change_that_changes_nothing(self):
        """A rate that equals the one before it is superfluous."""
        rows = ["1,1,USD,2026-03-01", "1,1,USD,2026-02-01", "1,2,USD,2026-04-01", "1,1,USD,"]
        assert findings_of(*rows) == [
            ("duplicate", "1", "the rate from 2026-02-01 is the same as the one before it"),
            ("duplicate", "1", "the rate from 2026-03-01 is the same as the one before it"),
        ]

    def test_rates_by_hand(self):
        """Of two rates for one day the later one is used, and the repetition is a finding."""
        findings = RateCard([Rate("1", Decimal(1), "USD"), Rate("1", Decimal(2), "USD")]).check()
        assert [finding.kind for finding in findings] == ["duplicate"]


class TestOverlaps:
    def test_longer_prefix_with_the_same_rate(self):
        """A longer prefix is compared with the nearest shorter one."""
        rows = ["44,1,GBP,,UK", "447,2,GBP,,UK", "4477,2,GBP,,UK", "4479,1,GBP,,UK"]
        assert findings_of(*rows) == [
            ("overlap", "4477", "has the same rates as the shorter prefix 447")
        ]

    def test_all_days_count(self):
        """A longer prefix is superfluous only if its rates are the same on all days."""
        shorter = ["44,1,GBP,", "44,2,GBP,2026-02-01"]
        message = "has the same rates as the shorter prefix 44"
        assert findings_of(*shorter, "447,2,GBP,") == []
        assert findings_of(*shorter, "447,1,GBP,", "447,2,GBP,2026-02-01") == [
            ("overlap", "447", message)
        ]

    def test_shorter_prefix_is_never_used(self):
        """Ten longer prefixes cover all numbers of the shorter one, nine do not."""
        rows = ["44,1,GBP"] + [f"44{digit},2,GBP" for digit in range(10)]
        message = "is never used: 440 to 449 have their own rates"
        assert findings_of(*rows) == [("overlap", "44", message)]
        assert findings_of(*rows[:-1]) == []
        assert findings_of(*rows[:-1], "449,2,GBP,2026-02-01") == []


class TestGaps:
    def test_late_start(self):
        """A prefix whose first rate begins after those of other prefixes is reported."""
        assert findings_of("1,1,USD,2026-01-01", "44,1,GBP,2026-02-01", "447,2,GBP,2026-02-01") == [
            ("gap", "44", "has no rate before 2026-02-01, although other prefixes have one")
        ]

    def test_shorter_prefix_began_before(self):
        """Until the longer prefix begins, the shorter one applies."""
        assert findings_of("1,1,USD,2026-01-01", "1876,2,USD,2026-02-01") == []
        assert findings_of("1,1,USD,2026-01-01", "33,1,EUR,2026-01-01") == []

    def test_longer_prefix_began_before(self):
        """Each of two prefixes is reported with the first day of its own rate."""
        assert findings_of("1,1,USD", "447,2,GBP,2026-02-01", "44,1,GBP,2026-03-01") == [
            ("gap", "44", "has no rate before 2026-03-01, although other prefixes have one"),
            ("gap", "447", "has no rate before 2026-02-01, although other prefixes have one"),
        ]

    def test_hole_between_neighbours(self):
        """Prefixes without a rate are reported if most of their neighbours have one."""
        rows = [f"44{digit},1,GBP" for digit in range(6)]
        assert findings_of(*rows, "4471,2,GBP") == [
            ("gap", "44", "most longer prefixes have rates, but not 446, 448, 449")
        ]
        assert findings_of(*rows[:5]) == []

    def test_no_hole(self):
        """Numbers that a shorter prefix covers, or most neighbours lack, are not reported."""
        rows = [f"447{digit},2,GBP" for digit in range(9)]
        assert findings_of("4,1,GBP", *rows) == []
        assert findings_of(*rows, "4479,2,GBP") == []


class TestPrices:
    OTHERS = tuple(f"{prefix},0.05,USD" for prefix in (20, 27, 30, 31))

    def test_zero_price(self):
        """A zero price is reported: it may be a price that somebody forgot."""
        assert findings_of("1,0.00,USD", "44,0,GBP,2026-01-01")[-1:] == [
            ("price", "44", "the price from 2026-01-01 is zero")
        ]
        assert findings_of("1,0.00,USD") == [("price", "1", "the price is zero")]

    @pytest.mark.parametrize(
        ("price", "is_reported"),
        [("2.5", True), ("2.499999", False), ("0.001", True), ("0.001001", False)],
    )
    def test_far_from_the_others(self, price, is_reported):
        """A price of 50 times the median, or a fiftieth of it, is reported."""
        message = f"costs {price} USD per segment; the median is 0.05"
        expected = [("price", "1", message.replace("2.5 ", "2.50 "))] if is_reported else []
        assert findings_of(*self.OTHERS, f"1,{price},USD") == expected

    def test_the_median_is_per_currency_and_kind(self):
        """Other currencies and rates per message are left out, and few prices have no median."""
        assert findings_of(*self.OTHERS, "81,7,JPY", "1,3,USD,,,message") == []
        assert findings_of(*self.OTHERS[1:], "1,5,USD") == []

    def test_change(self):
        """A price that changes by a factor of 10 and a new currency are reported."""
        assert findings_of("1,0.01,USD", "1,0.099,USD,2026-01-02", "1,0.0099,USD,2026-01-03") == [
            ("price", "1", "the price changes from 0.099 to 0.0099 on 2026-01-03")
        ]
        assert findings_of("44,1,GBP", "44,1,EUR,2026-01-02") == [
            ("price", "44", "the currency changes from GBP to EUR on 2026-01-02")
        ]


def test_findings_are_ordered_by_prefix():
    """Findings about one prefix are next to each other, whatever their kind."""
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
    """Any rates can be checked, also none, and their order does not matter."""
    findings = check_rates(rates)
    assert all(finding.message and finding.prefix.isdigit() for finding in findings)
    distinct = {(rate.prefix, rate.valid_from): rate for rate in rates}
    assert check_rates(distinct.values()) == check_rates([*distinct.values()][::-1])


def test_places():
    """A finding names the row that it is about, unless there is no single one."""
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
