"""Headings of price lists: synonyms, inbound prices, fees, and where the header is."""

import pytest

from septet.costing.rates.lists.values.headings import find_header, read_heading


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Prefix", "prefix"),
        ("DIAL CODE", "prefix"),
        ("dialcode", "prefix"),
        ("dialingPrefix", "prefix"),
        ("Country code", "code"),
        ("country_iso", "iso"),
        ("countryIsoCode", "iso"),
        ("ISO", "iso"),
        ("Country Name", "country"),
        ("Ländervorwahl", "prefix"),
        ("Währung", "currency"),
        ("Gültig ab", "valid_from"),
        ("Price / msg", "price"),
        ("Rate", "price"),
        ("Outbound price", "price"),
        ("Outbound SMS", "price"),
        ("SMS price (USD)", "price"),
        ("Price per SMS segment", "price"),
        ("defaultPrice", "price"),
        ("EUR", "price"),
        ("networks.price", "price"),
        ("message.outbound.rate", "price"),
        ("Inbound SMS", "inbound"),
        ("message.inbound.rate", "inbound"),
        ("voice.outbound.rate", ""),
        ("Price per minute", ""),
        ("Monthly price", ""),
        ("Price in cents", "price"),
        ("Price in per cent", ""),
        ("Price excl. VAT (EUR)", "price"),
        ("Price incl. VAT", ""),
        ("Calling code(s)", "prefix"),
        ("Price per 1000", "price"),
        ("Price per 1,000,000", ""),
        ("Price per minute in cents", ""),
        ("Inbound price (cents)", "inbound"),
        ("networks.priceInCents", "price"),
        ("Carrier fee (EUR cent)", "surcharge"),
        ("Cents", ""),
        ("Carrier fee", "surcharge"),
        ("Passthrough surcharge", "surcharge"),
        ("Setup fee", ""),
        ("Effective date", "valid_from"),
        ("rate_start_date", "valid_from"),
        ("MCC/MNC", "mccmnc"),
        ("mccmnc", "mccmnc"),
        ("Operator", "network"),
        ("networks.networkName", "network"),
        ("networks.name", "network"),
        ("countries.networks.name", "network"),
        ("outbound_sms_prices.carrier", "network"),
        ("outbound_sms_prices.prices.number_type", "type"),
        ("phone_numbers.rate", ""),
        ("Preis je SMS in EUR", "price"),
        ("Prix HT (€)", "price"),
        ("Tarif SMS (EUR HT)", "price"),
        ("Precio por SMS sin IVA (EUR)", "price"),
        ("Prix TTC (€)", ""),
        ("Price %", ""),
        ("USD/msg", "price"),
        ("VAT (EUR)", ""),
        ("Gebühr", "surcharge"),
        ("Vigente desde", "valid_from"),
        ("Date d'effet", "valid_from"),
        ("E.164", "prefix"),
        ("Zielland", "country"),
        ("Réseau mobile", "network"),
        ("Comment", ""),
        ("", ""),
    ],
)
def test_roles(text, role):
    """Case, order and marks do not matter, and the usual names are known."""
    assert read_heading(text).role == role


def test_kinds_currencies_and_networks():
    """A heading also tells what is sent, the currency, and the network of a fee."""
    assert read_heading("Outbound MMS (EUR)")[2:4] == ("mms", "EUR")
    assert read_heading("AT&T carrier fee").network == "AT&T"
    assert read_heading("T-Mobile surcharge ($)")[3:5] == ("$", "T-Mobile")
    assert read_heading("Carrier fee").network is None
    assert read_heading("base_price").is_old
    assert not read_heading("current_price").is_old
    heading = read_heading("MMS price (EUR cent)")
    assert (heading.text, heading.kind, heading.currency) == ("MMS price (EUR cent)", "mms", "EUR")
    assert heading.unit == (2, True)


def test_header():
    """The header is the first row with a price and a place; titles may be above it."""
    rows = [["Price list", ""], ["", ""], ["Prefix", "Rate"], ["1", "2"]]
    found = find_header(rows)
    assert found is not None
    assert found[0] == 2
    assert [heading.role for heading in found[1]] == ["prefix", "price"]
    assert find_header([["Prefix", "Name"]]) is None
    assert find_header([["Rate"]]) is None
