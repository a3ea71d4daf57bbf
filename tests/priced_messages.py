"""Random messages and a card with networks, surcharges, rates per message: priced with Decimals."""

from __future__ import annotations

from decimal import Context, Decimal
from random import Random

from septet import count
from septet.costing import RateCard

EXACT = Context(prec=200)
ADDED = ("price", "price_lowest", "price_highest", "currency")
LINES = [
    # prefix, price, currency, network, surcharge, per, country
    ("1", "0.0079", "USD", "AT&T", "0.003", "segment", "United States"),
    ("1", "0.0079", "USD", "T-Mobile", "0.0045", "segment", "United States"),
    ("1", "0.008123", "USD", "Verizon", "0.0031", "segment", "United States"),
    ("1876", "0.0785", "USD", "", "0", "segment", "Jamaica"),
    ("49", "0.07", "EUR", "Vodafone", "0.000001", "segment", ""),
    ("49", "0.15", "EUR", "", "0.01", "message", ""),
    ("33", "0.05", "EUR", "Orange", "0", "segment", ""),
    ("33", "0.05", "EUR", "SFR", "0", "segment", ""),
    ("44", "0.04", "GBP", "", "0", "message", ""),
]
COLUMNS = ("prefix", "price", "currency", "network", "surcharge", "per", "country")
CARD = RateCard.from_rows(dict(zip(COLUMNS, line, strict=True)) for line in LINES)
NETWORKS = ("AT&T", "t-mobile", "VERIZON", "vodafone", "Orange", "Nobody", "", None)
TEXTS = ("Hi", "a" * 161, "’" * 71, "€" * 400, "", None, "x" * 153 * 3)


class Messages:
    """Some random messages.

    Attributes:
        columns: The columns `id`, `body`, `phone` and `network`.
        prices: The lowest and the highest price of each row and its currency; None without a price.
    """

    def __init__(self, row_count: int, seed: int = 0) -> None:
        random = Random(seed)
        segments = {text: count(text) if text else 0 for text in TEXTS}
        starts = ("+1202", "+1876", "+4915", "+336", "+447", "+99", "0123", "")
        self.columns: dict[str, list[str | None]] = {
            "id": [str(row) for row in range(row_count)],
            "body": random.choices(TEXTS, k=row_count),
            "phone": [
                start and f"{start}{row:07}"
                for row, start in enumerate(random.choices(starts, k=row_count))
            ],
            "network": random.choices(NETWORKS, k=row_count),
        }
        rows = zip(*(self.columns[name] for name in ("body", "phone", "network")), strict=True)
        self.prices = [
            price_of(segments[body], phone or "", network) if body else None
            for body, phone, network in rows
        ]

    def totals(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Return the lowest and the highest cost of all messages, by currency."""
        totals: dict[str, tuple[Decimal, Decimal]] = {}
        for price in filter(None, self.prices):
            lowest, highest, currency = price
            before = totals.get(currency, (Decimal(0), Decimal(0)))
            totals[currency] = EXACT.add(before[0], lowest), EXACT.add(before[1], highest)
        return totals

    def column(self, currency: str, bound: str | None = None) -> list[Decimal | None]:
        """Return the price of each row in a currency, without ranges or one bound of each."""
        return [
            None
            if price is None or price[2] != currency or (bound is None and price[0] != price[1])
            else price[bound == "highest"]
            for price in self.prices
        ]


def price_of(
    segments: int, number: str, network: str | None
) -> tuple[Decimal, Decimal, str] | None:
    """Return the lowest and the highest price of a message and their currency."""
    prefixes = [line[0] for line in LINES if number.startswith(f"+{line[0]}")]
    lines = [line for line in LINES if line[0] == max(prefixes, key=len, default=None)]
    of_network = [line for line in lines if network and line[3].lower() == network.lower()]
    prices = [
        (Decimal(line[1]) + Decimal(line[4])) * (segments if line[5] == "segment" else 1)
        for line in of_network or lines
    ]
    return (min(prices), max(prices), lines[0][2]) if lines else None
