"""`septet estimate --plus` and `--region`: how recipients are read that are not E.164 numbers."""

from __future__ import annotations

import json

import pytest

CARD = "prefix,price,currency\n44,0.05,GBP\n1,1,USD\n"


@pytest.fixture
def command(tmp_path):
    """A campaign from a spreadsheet, and its rate card."""
    path, card = tmp_path / "campaign.csv", tmp_path / "card.csv"
    numbers = ["447911123456", "0044 7911 123457", "+44 7911 123458", "07911 123459"]
    numbers += ["4.47911E+11", "447911123456.0", "", "+12025550123"]
    path.write_text("phone;body\n" + "".join(f"{number};Hi\n" for number in numbers))
    card.write_text(CARD)
    return ["estimate", path, "--text", "body", "--to", "phone", "--rates", card]


def test_plus(run, command):
    """Numbers with their country code are priced, and damaged ones keep their reasons."""
    status, out, err = run(*command, "--plus", "--json")
    cost = json.loads(out)["cost"]
    assert (status, err) == (0, "")
    assert cost["totals"]["GBP"] == {"messages": 3, "segments": 3, "cost": "0.15"}
    assert cost["totals"]["USD"]["messages"] == 1
    assert {reason: tally["messages"] for reason, tally in cost["unpriced"].items()} == {
        "decimals added by a program (as in 447911123456.0)": 1,
        "digits lost by a spreadsheet (as in 4.47911E+11)": 1,
        "no number": 1,
        "not an E.164 number": 1,
    }
    assert "--plus" not in run(*command, "--plus")[2]


def test_usage(run, command, capsys):
    """`--plus` needs prices, and contradicts `--region`."""
    for arguments, expected in (
        ([*command, "--plus", "--region", "GB"], "--region: not allowed with argument --plus"),
        ([*command[:-2], "--plus"], "--plus needs --rates"),
    ):
        with pytest.raises(SystemExit, match="2"):
            run(*arguments)
        assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("447911123456", ["--plus", "--region"]),
        ("0044 7911 123456", ["--plus"]),
        ("+44 7911 123456", ["--plus"]),
        ("07911 123456", ["--region"]),
        ("(202) 555-0123", ["--region"]),
        ("n/a", []),
        ("2026-11-29", []),
    ],
)
def test_hints(run, command, number, expected):
    """They name an option only where it can help."""
    command[1].write_text(f"phone,body\n{number},Hi\n+12025550123,Hi\n")
    status, _, err = run(*command)
    assert status == 0
    assert err.startswith('septet: E.164 numbers are "+" and digits')
    assert [option for option in ("--plus", "--region") if option in err] == expected
