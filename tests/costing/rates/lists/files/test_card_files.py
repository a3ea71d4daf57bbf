"""Rate cards as files."""

from datetime import date
from decimal import Decimal

from septet.costing import Rate, RateCard
from septet.costing.rates.lists.files.card_files import write_card

RATES = [
    Rate("1", Decimal("0.0079"), "USD"),
    Rate(
        prefix="44",
        price=Decimal(12),
        currency="GBP",
        country="United Kingdom, Jersey",
        network="Acme",
        surcharge=Decimal("0.003"),
        per="message",
        kind="mms",
        valid_from=date(2026, 1, 31),
    ),
]


def test_columns(tmp_path):
    """A card has all columns, and amounts are exact."""
    path = tmp_path / "card.csv"
    write_card(path, RATES)
    assert path.read_bytes().decode() == (
        "prefix,price,currency,country,network,kind,surcharge,per,valid_from\n"
        "1,0.0079,USD,,,sms,,segment,\n"
        '44,12.00,GBP,"United Kingdom, Jersey",Acme,mms,0.003,message,2026-01-31\n'
    )
    assert RateCard.read(path).all_rates == tuple(RATES)


def test_formulas(tmp_path):
    """A spreadsheet does not run what a list calls a country or a network."""
    path = tmp_path / "card.csv"
    write_card(path, [Rate("1", Decimal(1), "USD", country="=A1", network="@x")])
    assert path.read_text().splitlines()[1] == "1,1.00,USD,'=A1,'@x,sms,,segment,"
