"""Prices by network on the command line: from a column, from shares, or as ranges."""

import json

import pytest

from septet.cli import main

CARD = """\
prefix,price,currency,network,surcharge
1,0.01,USD,AT&T,0.003
1,0.01,USD,T-Mobile,0.005
44,0.04,GBP,,
"""
ROWS = "body,phone,carrier\nHi,+12025550101,at&t\nHi,+12025550102,\nHi,+447700900123,EE\n"


@pytest.fixture
def paths(tmp_path):
    card, campaign = tmp_path / "card.csv", tmp_path / "campaign.csv"
    card.write_text(CARD)
    campaign.write_text(ROWS)
    return [str(campaign), "--text", "body", "--to", "phone", "--rates", str(card)]


def total(capsys, *arguments):
    assert main(["estimate", *arguments, "--json"]) == 0
    totals = json.loads(capsys.readouterr().out)["cost"]["totals"]
    assert totals["GBP"] == {"messages": 1, "segments": 1, "cost": "0.04"}
    return {name: totals["USD"].get(name) for name in ("cost", "lowest", "highest")}


def test_unknown_networks(paths, capsys):
    """The cost is a range, and a hint tells what could be done."""
    expected = {"cost": None, "lowest": "0.026", "highest": "0.03"}
    assert total(capsys, *paths) == expected
    assert main(["estimate", *paths, "--max-cost", "0.029", "USD"]) == 3
    captured = capsys.readouterr()
    assert "0.026 to 0.030" in captured.out
    assert "limit exceeded: 0.026 to 0.03 USD (limit 0.029)" in captured.err
    assert "some prices depend on the network" in captured.err


def test_column_of_networks(paths, capsys):
    """Its names settle the price, and what is empty stays a range."""
    expected = {"cost": None, "lowest": "0.026", "highest": "0.028"}
    assert total(capsys, *paths, "--network", "carrier") == expected


def test_shares(paths, capsys):
    """They settle the rest, given at once or one by one."""
    known = {"cost": "0.0276", "lowest": None, "highest": None}
    arguments = [*paths, "--network-share", "AT&T=0.6,T-Mobile=0.4"]
    assert total(capsys, *arguments) == known
    arguments = [*paths, "--network-share=1: AT&T=.6", "--network-share=1: T-Mobile=.4"]
    assert total(capsys, *arguments) == known
    assert main(["estimate", *arguments]) == 0
    assert "depend on the network" not in capsys.readouterr().err
    arguments = [*paths, "--network", "carrier", "--network-share", "T-Mobile=0.25"]
    expected = {"cost": None, "lowest": "0.0265", "highest": "0.028"}
    assert total(capsys, *arguments) == expected


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        (["AT&T"], "network shares 'AT&T' are not written like"),
        (["AT&T=0.6", "AT&T=0.4"], "network 'AT&T' has two shares"),
        (["AT&T=0.6,T-Mobile=0.5"], "the shares of AT&T, T-Mobile add up to more than 1"),
        (["EE=1"], "no rate is for network 'EE'; the networks are: AT&T, T-Mobile"),
        (["44: AT&T=1"], "no rate is for network 'AT&T'; the networks are: none"),
        (["33: AT&T=1"], "no rate is for country '33'"),
    ],
)
def test_refused_shares(paths, capsys, shares, message):
    """They are usage errors."""
    options = [f"--network-share={share}" for share in shares]
    with pytest.raises(SystemExit, match="2"):
        main(["estimate", *paths, *options])
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--network=carrier", "--network-share=AT&T=1"])
def test_networks_need_rates(paths, capsys, option):
    """Without a card they would have no effect."""
    with pytest.raises(SystemExit, match="2"):
        main(["estimate", *paths[:-2], option])
    assert "needs --rates" in capsys.readouterr().err
