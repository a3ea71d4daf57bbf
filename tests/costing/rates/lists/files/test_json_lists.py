"""JSON of price APIs as rows."""

import pytest

from septet.costing.rates.lists.files.json_lists import read_json
from septet.exceptions import RateCardError


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('[{"prefix": 1, "price": 0.10}]', [("[0]", {"prefix": "1", "price": "0.10"})]),
        ('{"price": 1, "country": "\\ud800x"}', [("", {"price": "1", "country": "?x"})]),
        ('{"price": 5e-05, "a": 1E400}', [("", {"price": "0.00005", "a": "1E400"})]),
        ('{"price": null, "a": [1, 2]}', [("", {"price": "", "a": "1; 2"})]),
        (
            '{"currency": "EUR", "prices": [{"price": 1}, {"price": 2}]}',
            [
                ("prices[0]", {"currency": "EUR", "prices.price": "1"}),
                ("prices[1]", {"currency": "EUR", "prices.price": "2"}),
            ],
        ),
        (
            '{"iso": "DE", "defaultPrice": 1, "networks": [{"price": 2}, {"price": 3}]}',
            [
                ("", {"iso": "DE", "defaultPrice": "1"}),
                ("networks[0]", {"iso": "DE", "networks.price": "2"}),
                ("networks[1]", {"iso": "DE", "networks.price": "3"}),
            ],
        ),
        (
            '{"DE": {"price": 1}, "FR": "0.2"}',
            [("DE", {"iso": "DE", "price": "1"}), ("FR", {"iso": "FR", "price": "0.2"})],
        ),
        (
            '{"prices": {"DE": 1, "FR": 2}}',
            [
                ("prices.DE", {"prices.iso": "DE", "prices.price": "1"}),
                ("prices.FR", {"prices.iso": "FR", "prices.price": "2"}),
            ],
        ),
        (
            '{"price": 1, "inbound_sms_prices": [{"price": 2}], "voice": {"rates": [{}]}}',
            [("", {"price": "1", "inbound_sms_prices": "", "voice.rates": ""})],
        ),
        ('{"price": 1}\n\n{"price": 2}\n', [("[0]", {"price": "1"}), ("[1]", {"price": "2"})]),
    ],
)
def test_rows(text, rows):
    """Objects with a price are rows, and those in lists inside them."""
    assert list(read_json("list.json", text)) == rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"price": 1,\nx}', r"list\.json, line 2: not valid JSON"),
        ('[{"price": 1, "price": 2}]', r"list\.json: an object has the key 'price' more than once"),
        ('{"price": 1}\n{"price": 1, "price": 2}', "has the key 'price' more than once"),
        ("[" * 100_000, r"list\.json: too many objects in objects"),
        ('{"a":' * 100_000, r"list\.json: too many objects in objects"),
    ],
)
def test_no_json(text, message):
    """What is no JSON is an error with its line."""
    with pytest.raises(RateCardError, match=message):
        list(read_json("list.json", text))
