"""National numbers: which number they are depends on the region, and E.164 stays what it is."""

import pickle
import sys
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from septet.costing import Batch, Estimate, RateCard, Unpriced
from septet.costing.rates.card import is_e164
from septet.costing.rates.phone_numbers import (
    InternationalNumbers,
    RegionalNumbers,
    country_of,
    may_be_number,
)
from septet.exceptions import MissingExtraError

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.01", "currency": "USD"},
        {"prefix": "44", "price": "0.04", "currency": "GBP"},
    ]
)
US, GB = 0, 1


@pytest.fixture
def british():
    """The card in the United Kingdom."""
    pytest.importorskip("phonenumbers")
    return RATES.in_region("GB")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("07700 900123", GB),
        ("(0)20 7946 0000", GB),
        ("0044 7700-900123", GB),
        ("+44 7700 900123", GB),
        ("001 202 555 0123", US),
        ("+12025550123", US),
        ("+1 (202) 555-0123", US),
        ("", Unpriced.NO_NUMBER),
        (None, Unpriced.NO_NUMBER),
        ("none", Unpriced.NOT_E164),
        ("123", Unpriced.NOT_E164),
        ("07700 900123 00000", Unpriced.NOT_E164),
    ],
)
def test_numbers(british, number, expected):
    """In lists, iterables and Arrow columns, and one by one."""
    assert list(british.match_many([number, "+12", "none"])) == [expected, US, Unpriced.NOT_E164]
    assert list(british.match_many(iter([number]))) == [expected]
    found = british.match(number or "")
    assert found == (british.rates[expected] if expected >= 0 else None)
    pa = pytest.importorskip("pyarrow")
    for kind in (pa.string(), pa.string_view()):
        assert list(british.match_many(pa.array(["+12", number], kind))) == [US, expected]
    dictionary = pa.array(["+12", number, number]).dictionary_encode()
    assert list(british.match_many(dictionary)) == [US, expected, expected]


NO_NUMBERS = [
    "447911123456.0",
    "12025550123.0",
    "447911123456.00",
    "2026-11-29",
    "2026-11-29 10:15",
    "2026-11-29T10:15:00Z",
    "2026-11-29 10.15",
    "29/11/2026",
    "29.11.2026",
    "11/29/2026",
    "29-11-2026",
    "29.11.26",
    "11/29/26",
    "2026/11/29",
    "2026.11.29",
    "2026-11",
    "11/2026",
    "$12.50",
    "£447911123456",
    "12,50 €",
    "19.99",
    "1234567.5",
    "1.2025550123E10",
    "4.47911E+11",
    "4,47911E+11",
    "1E+11",
    "12:30",
    "12:30:45",
    "192.168.0.1",
    "10.0.0.0/24",
    "255.255.255.0",
    "::1",
    "2001:db8::1",
    "50%",
    "1-800-FLOWERS",
    "none",
    "n/a",
    "-447911123456",
    "-12",
    "1.2.3",
    "10.15.7",
    "A1234567890",
    "447911abc456",
    "0x1A2B3C4D",
    "52.520008, 13.404954",
    "447,911,123,456",
    "ann@example.com",
    "12025550123@x.com",
    "*123#",
    "#12025550123",
    "0000000000",
    "0",
    "1/2",
    "29 Nov 2026",
    "#REF!",
    "1.234,56",
    "1,234.56",
    "٢٩/١١/٢٠٢٦",
    "４４７９１１１２３４５６.０",
    "07700 900123, 07700 900124",
    "5e10",
    "INV-2026001234",
    "12025550123x",
    "'",
    "+",
    "−447911123456",
    "12.5.2026",
    "46873,5",
    "29. 11. 2026",
    "2026. 11. 29.",
    "29 / 11 / 2026",
    "2026 - 11 - 29",
    "29 11 2026",
    "2026 11 29",
    "2026-11-29 1015",
    "29.11.2026 10.15",
    "2026-2027",
    "2026/2027",
    "09.00-17.30",
    "9.00 - 17.00",
    "52.5200 13.4050",
    "1920x1080",
    "1024x768",
    "192.168.001.001",
    "10.0.0.1 ",
    "2.0.1.11",
    "12.34.56.78.9",
    "203.0.113.255",
    " ",
]
REGIONS = ("AU", "BR", "DE", "DK", "FR", "GB", "JP", "US")


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number(british, text):
    """Decimal numbers, dates, times, amounts, addresses and names are none, in any region."""
    assert not may_be_number(text)
    for region in REGIONS:
        card = RATES.in_region(region)
        assert card.match(text) is None
        assert card.match_many([text])[0] < 0


@pytest.mark.parametrize(
    ("number", "region", "expected"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06.12.34.56.78", "FR", "+33612345678"),
        ("06-12-34-56-78", "FR", "+33612345678"),
        ("06\u202f12\u202f34\u202f56\u202f78", "FR", "+33612345678"),
        ("0033612345678", "FR", "+33612345678"),
        ("00 33 6 12 34 56 78", "DE", "+33612345678"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("202.555.0123", "US", "+12025550123"),
        ("202-555-0000", "US", "+12025550000"),
        ("202.555.0000", "US", "+12025550000"),
        ("1.202.555.0123", "US", "+12025550123"),
        ("+1 (202) 555-0123", "US", "+12025550123"),
        ("1 202 555 0123", "US", "+12025550123"),
        ("12025550123", "US", "+12025550123"),
        ("030/1234567", "DE", "+49301234567"),
        ("0171/123 45 67", "DE", "+491711234567"),
        ("0171.1234567", "DE", "+491711234567"),
        ("+49.15112345678", "US", "+4915112345678"),
        ("+49 (0)151 12345678", "US", "+4915112345678"),
        ("(+44) 7700 900123", "US", "+447700900123"),
        ("+44(0)7700900123", "US", "+447700900123"),
        ("tel:+49-151-12345678", "US", "+4915112345678"),
        ("Tel: 07700 900123", "GB", "+447700900123"),
        ("Tel. 07700 900123", "GB", "+447700900123"),
        ("'07700900123", "GB", "+447700900123"),
        ("07700 900123 x123", "GB", "+447700900123"),
        ("07700 900123 ext. 12", "GB", "+447700900123"),
        ("07700900123;ext=12", "GB", "+447700900123"),
        ("(202) 555-0123 #12", "US", "+12025550123"),
        ("٠٧٧٠٠٩٠٠١٢٣", "GB", "+447700900123"),
        ("０７７００ ９００１２３", "GB", "+447700900123"),
        ("＋４４７７００９００１２３", "US", "+447700900123"),
        ("\u202a+44 7700 900123\u202c", "US", "+447700900123"),
        (" 07700 900123 ", "GB", "+447700900123"),
        ("07700\t900123", "GB", "+447700900123"),
        ("07700\u00a0900123", "GB", "+447700900123"),
        ("06–12–34–56–78", "FR", "+33612345678"),
        ("22.33.44.55", "DK", "+4522334455"),
        ("22 33 44 55", "NO", "+4722334455"),
        ("447911123456", "GB", "+447911123456"),
        ("+447911 123456", "GB", "+447911123456"),
        ("[202] 555-0123", "US", "+12025550123"),
        ("09012345678", "JP", "+819012345678"),
        ("(11) 91234-5678", "BR", "+5511912345678"),
        ("0412 345 678", "AU", "+61412345678"),
        ("07700 900123.", "GB", "+447700900123"),
        ("0044 7700-900123", "GB", "+447700900123"),
        ("011 44 7700 900123", "US", "+447700900123"),
        ("+ 44 7700 900123", "US", "+447700900123"),
        ("(0)20 7946 0000", "GB", "+442079460000"),
        ("Telefon: 030 1234567", "DE", "+49301234567"),
        ("☎ 030 1234567", "DE", "+49301234567"),
        ("📱 +44 7700 900123", "US", "+447700900123"),
        ("020.123.45.67", "FR", "+33201234567"),
        ("0033 (0)6 12 34 56 78", "DE", "+33612345678"),
        ("202.555.0123 ext. 5", "US", "+12025550123"),
        ("12-11-5512", "DK", "+4512115512"),
        ("2012 10 24 56", "AU", "+612012102456"),
        ("22 33 44 55", "DK", "+4522334455"),
        ("mobile 07700 900123", "GB", "+447700900123"),
    ],
)
def test_what_people_write(british, number, region, expected):
    """Any grouping, other digits, labels, extensions, and what telephones copy with a number."""
    assert may_be_number(number)
    assert RegionalNumbers(region).to_e164(number) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("447911123456", "+447911123456"),
        ("0044 7911 123456", "+447911123456"),
        (" 49 151 12345678", "+4915112345678"),
        ("49-151-12345678", "+4915112345678"),
        ("49 151/123 45 67", "+491511234567"),
        ("49.151.1234567", "+491511234567"),
        ("'447911123456", "+447911123456"),
        ("'+447911123456", "+447911123456"),
        ('="00447911123456"', "+447911123456"),
        ("+44 7911 123456", "+447911123456"),
        ("+44 (0)7911 123456", "+447911123456"),
        ("0044(0)7911123456", "+447911123456"),
        ("(+44) 7911 123456", "+447911123456"),
        ("1 (202) 555-0123", "+12025550123"),
        ("tel:+49-151-12345678", "+4915112345678"),
        ("44 7911 123456 ext. 12", "+447911123456"),
        ("４４７９１１１２３４５６", "+447911123456"),
        ("\u202a44 7911 123456\u202c", "+447911123456"),
        ("44\u00a07911\u202f123456", "+447911123456"),
        ("6834000", "+6834000"),
        ("07911 123456", None),
        ("0 44 7911 123456", None),
        ("(0)7911 123456", None),
        ("(202) 555-0123", None),
        ("011 44 7911 123456", None),
        ("46873", None),
        ("+46 873", None),
        ("447911123456447911", None),
        ("10.20.30.40", None),
        ("", None),
    ],
)
def test_numbers_with_country_codes(number, expected):
    """With "+", "00" or nothing, as people write them; no package is needed."""
    assert InternationalNumbers().to_e164(number) == expected
    card = RateCard.from_rows([{"prefix": "44", "price": "0.04", "currency": "GBP"}]).with_plus()
    rate = card.match(number)
    assert (rate is not None) == (expected or "").startswith("+44")
    assert (card.match_many([number])[0] >= 0) == (rate is not None)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_number_with_country_codes(text):
    """What is no number in a region is none with its country code either."""
    assert InternationalNumbers().to_e164(text) is None
    assert RATES.with_plus().match(text) is None


def test_the_card_with_plus():
    """Damaged numbers keep their reasons; other days and processes keep the rule."""
    card = RATES.with_plus()
    numbers = ["447911123456", "4.47911E+11", "447911123456.0", "07911 1", None, "+12025550123"]
    pa = pytest.importorskip("pyarrow")
    for column in (numbers, pa.array(numbers), pa.array(numbers).dictionary_encode()):
        assert list(card.match_many(column)) == [
            GB,
            Unpriced.LOST_DIGITS,
            Unpriced.ADDED_DECIMALS,
            Unpriced.NOT_E164,
            Unpriced.NO_NUMBER,
            US,
        ]
    for same in (card.on(card.day), pickle.loads(pickle.dumps(card)), card.with_plus()):
        assert same == card
        assert hash(same) == hash(card)
        assert same.adds_plus
        assert same.fingerprint == card.fingerprint
    assert card != RATES
    assert card.fingerprint != RATES.fingerprint
    assert repr(card).endswith(' with "+" added>')
    with pytest.raises(ValueError, match="or are dialled in a region, but not both"):
        card.in_region("GB")


def test_repeats_with_plus():
    """Only what the card reads as a number can be repeated."""
    result = Estimate(rates=RATES.with_plus(), savings=True)
    numbers = ["447911123456", "447911123456", "07911 123456", "07911 123456", "4E+11", "4E+11"]
    result.add(Batch(["one", "two"] * 3, numbers))
    assert result.savings.repeats["same number"].messages == 1


@given(st.text("0123456789", max_size=12) | st.text("0129+-./ ()xX#:,;=eE'٣２tel.", max_size=24))
@example("(" * 249 + "1")
@example(" ( " * 80 + "+")
@example("1 " * 2_000_000)
@example("(" * 2_000_000)
@example("1" * 125 + "x" * 125)
@example("1." * 125)
def test_any_text(text):
    """The answer is an E.164 number or None, soon, whatever the text is."""
    pytest.importorskip("phonenumbers")
    for numbers in (RegionalNumbers("DE"), InternationalNumbers()):
        number = numbers.to_e164(text)
        assert number is None or is_e164(number)
        assert number is None or may_be_number(text)


@pytest.mark.parametrize(
    ("number", "region"),
    [("911", "US"), ("5550123", "US"), ("110", "DE"), ("12", "DE"), ("10.20.30.40", "DE")],
)
def test_what_can_only_be_dialled_locally(british, number, region):
    """A number without its area, an emergency number, and one that is no valid number in pairs."""
    assert RegionalNumbers(region).to_e164(number) is None


@pytest.mark.parametrize("region", ["US", "GB", "FR", "DE", "AT", "AU", "JP", "BR", "IN"])
def test_short_codes_and_years(british, region):
    """They are no numbers, also where a number may be that short."""
    numbers = RegionalNumbers(region)
    found = {text: numbers.to_e164(text) for text in ("46873", "2026", "32665", "100")}
    assert found == dict.fromkeys(found)


def test_short_numbers(british):
    """Some small countries have numbers of four or five digits."""
    assert RegionalNumbers("NU").to_e164("4000") == "+6834000"
    assert RegionalNumbers("FK").to_e164("51234") == "+50051234"


def test_damaged_numbers(british):
    """They have reasons of their own with and without a region, and no price."""
    numbers = ["4.47911E+11", "4,47911E+11", "447911123456.0", "+447911123456.0", "19.99"]
    expected = [Unpriced.LOST_DIGITS] * 2 + [Unpriced.ADDED_DECIMALS] * 2 + [Unpriced.NOT_E164]
    for card in (RATES, british, RATES.in_region("DE")):
        assert list(card.match_many(numbers)) == expected
        assert [card.price(number) for number in numbers] == [None] * 5


def test_the_region_decides(british):
    """The same digits are another number elsewhere, or none."""
    assert list(RATES.in_region("US").match_many(["202 555 0123", "07700 900123"])) == [
        US,
        Unpriced.NOT_E164,
    ]
    assert list(RATES.match_many(["202 555 0123"])) == [Unpriced.NOT_E164]


def test_the_region_is_part_of_the_card(british):
    """Other days and processes keep it, and cards of different regions differ."""
    for same in (british.on(british.day), pickle.loads(pickle.dumps(british))):
        assert same == british
        assert hash(same) == hash(british)
        assert same.region == "GB"
    assert british != RATES
    assert british.fingerprint != RATES.fingerprint
    parts = [Estimate(rates=card) for card in (british, RATES)]
    with pytest.raises(ValueError, match="different rules or rates"):
        parts[0] + parts[1]


def test_estimate(british):
    """National numbers are priced, and other texts are counted as not priced."""
    result = Estimate(rates=british)
    result.add(Batch(["one", "two", "three"], ["07700 900123", "?", "+12025550123"]))
    assert {currency: cost.amount for currency, cost in result.totals.items()} == {
        "GBP": Decimal("0.04"),
        "USD": Decimal("0.01"),
    }
    assert result.unpriced["not an E.164 number"].messages == 1


@pytest.mark.parametrize("region", ["", "gb", "UK", "GBR", "1"])
def test_no_region(british, region):
    """An unknown region is an error that names it."""
    with pytest.raises(ValueError, match=f"unknown region '{region}'"):
        british.in_region(region)


@pytest.mark.parametrize(
    ("prefix", "country"),
    [
        ("33", "France"),
        ("336", "France"),
        ("1", "United States and others"),
        ("1212", "United States and others"),
        ("1876", "Jamaica"),
        ("18", "United States and others"),
        ("7", "Russia and others"),
        ("77", "Kazakhstan"),
        ("44", "United Kingdom and others"),
        ("353", "Ireland"),
        ("881", None),  # satellites
        ("383", None),  # no name in the library
        ("3", None),
        ("999", None),
    ],
)
def test_countries(prefix, country):
    """By the calling code, and by what stands behind it where several share it."""
    pytest.importorskip("phonenumbers.geocoder")
    assert country_of(prefix) == country


def test_cards_with_countries(british):
    """Names of the card stay, and so do its day and its region; rates of all days are named."""
    rows = [
        {"prefix": "1", "price": "0.01", "currency": "USD", "valid_from": "2999-01-01"},
        {"prefix": "49", "price": "0.07", "currency": "EUR"},
        {"prefix": "44", "price": "0.04", "currency": "GBP", "country": "Britain"},
        {"prefix": "870", "price": "4", "currency": "EUR"},
    ]
    card = RateCard.from_rows(rows).in_region("GB").with_countries()
    assert [rate.destination for rate in card.rates] == ["Germany", "Britain", "+870"]
    assert card.all_rates[0].country == "United States and others"
    assert (card.region, card.day) == ("GB", british.day)


@pytest.mark.parametrize(
    ("call", "purpose"),
    [
        (lambda: RATES.in_region("US"), "reading national numbers"),
        (RATES.with_countries, "naming countries"),
    ],
)
def test_without_the_extra(monkeypatch, call, purpose):
    """Without the library one sentence names the extra to install."""
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    monkeypatch.delitem(sys.modules, "phonenumbers.geocoder", raising=False)
    with pytest.raises(MissingExtraError) as caught:
        call()
    assert str(caught.value) == f"{purpose} needs phonenumbers: pip install 'septet[phone]'"
