"""`septet bandwidth reconcile`: what is printed, the file that is written, and the exit status."""

from __future__ import annotations

import csv
import errno
import json
import os

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
from kept_messages import event, keep_events, keep_sent, message
from septet.bandwidth import open_store
from septet.display.characters import visible

REFERENCES = "counted with 16-bit references"
CARD = "prefix,price,currency\n1,0.0079,USD\n44,0.04,GBP\n"


@pytest.fixture
def card(tmp_path):
    """A rate card."""
    path = tmp_path / "rates.csv"
    path.write_text(CARD)
    return path


@pytest.fixture
def store(tmp_path):
    """A store in which two messages differ."""
    path = tmp_path / "events.db"
    sent = {
        "1": message("Don’t " * 13),
        "2": message("a" * 306, "+447700900123"),
        "3": message("Your table is ready"),
        "4": message("hi", ["+13125550140", "+13125550141"]),
    }
    with open_store(path) as opened:
        keep_sent(opened, sent, **{"1": 1, "2": 3, "3": 1, "4": 1})
        keep_events(opened, event("5"), event("1", "sent"))
    return path


def test_tables(run, store, card) -> None:
    """Sums, money by currency, reasons, messages, and what is not compared or priced."""
    status, out, err = run("bandwidth", "reconcile", "--store", store, "--rates", card)
    assert (status, err) == (1, "")
    assert (
        out
        == f"""\
Compared
  Kind      Messages  Estimated  Reported  Difference  in GBP   in USD
  --------  --------  ---------  --------  ----------  ------  -------
  MMS sent         1          1         1           0    0.00   0.0000
  SMS sent         3          5         5           0    0.04  -0.0079
  Total            4          6         6           0    0.04  -0.0079

Cost
  Currency  Estimated  Reported  Difference
  --------  ---------  --------  ----------
  GBP            0.08      0.12        0.04
  USD          0.0237    0.0158     -0.0079

Differences
  Likely reason         Messages  Estimated  Reported  Difference  in GBP   in USD
  --------------------  --------  ---------  --------  ----------  ------  -------
  16-bit references            1          2         3           1    0.04   0.0000
  punctuation replaced         1          2         1          -1    0.00  -0.0079

First messages with different counts
  Message  Time        To             Encoding  Units  Estimated  Reported  Likely reason
  -------  ----------  -------------  --------  -----  ---------  --------  --------------------
  1        2026-11-04  +13125550140   UCS-2        78          2         1  punctuation replaced
  2        2026-11-04  +447700900123  GSM-7       306          2         3  16-bit references

Without a price
  Reason    Messages  Estimated  Reported  Difference
  --------  --------  ---------  --------  ----------
  MMS sent         1          1         1           0

Not compared
  Reason             Messages  Estimated  Reported
  -----------------  --------  ---------  --------
  no text is stored         1          0         1

{store}: 5 messages, 2 with different counts
"""
    )


def test_equal(run, tmp_path) -> None:
    """Equal counts, or an empty store, give status 0."""
    path = tmp_path / "events.db"
    with open_store(path) as store:
        assert run("bandwidth", "reconcile", "--store", path)[0] == 0
        keep_events(store, event("1", "received", "hi"))
    status, out, err = run("bandwidth", "reconcile", "--store", path)
    assert (status, err) == (0, "")
    assert "Differences" not in out
    assert out.endswith(f"{path}: 1 message, 0 with different counts\n")


@pytest.mark.parametrize(("options", "ids"), [([], "12"), (["--all"], "12345")])
def test_output(run, store, tmp_path, options, ids) -> None:
    """--output writes the messages that differ, --all the others too."""
    path = tmp_path / "differences.csv"
    status, out, _ = run("bandwidth", "reconcile", "--store", store, "--output", path, *options)
    assert (status, out.splitlines()[0]) == (1, "Compared")
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["message_id"] for row in csv.DictReader(file)] == list(ids)


def test_json(run, store, card) -> None:
    """--json prints the figures with the same status."""
    status, out, _ = run("bandwidth", "reconcile", "--store", store, "--rates", card, "--json")
    facts = json.loads(out)
    assert (status, facts["messages"], facts["differing"]) == (1, 5, 2)
    assert facts["total"]["cost"]["USD"]["difference"] == "-0.0079"


def test_period(run, store) -> None:
    """--since and --until select days; a message without a time is not compared."""
    with open_store(store) as opened:
        keep_events(opened, event("6", "received", "hi", time_=None))
    period = ["--since", "2026-11-04", "--until", "2026-11-04"]
    _, out, _ = run("bandwidth", "reconcile", "--store", store, *period)
    assert "no time was reported         1" in out
    assert out.endswith(f"{store}: 6 messages, 2 with different counts\n")
    status, out, _ = run("bandwidth", "reconcile", "--store", store, "--until", "2026-11-03")
    assert (status, out.splitlines()[-1]) == (0, f"{store}: 1 message, 0 with different counts")


def test_rules(run, store) -> None:
    """Options set the counting rules."""
    _, out, _ = run("bandwidth", "reconcile", "--store", store, "--reference-bits", "16", "--json")
    assert list(json.loads(out)["differences"]) == ["punctuation replaced"]
    status, _, _ = run("bandwidth", "reconcile", "--store", store, "--provider", "bandwidth")
    assert status == 1


def test_odd_texts(run, tmp_path) -> None:
    """Control characters and lone surrogates are shown as escapes."""
    path = tmp_path / "events.db"
    with open_store(path) as store:
        keep_events(store, event("\x1b[2J\ud83d", "received", "\0" * 2048, segmentCount=2))
    _, out, _ = run("bandwidth", "reconcile", "--store", path)
    assert "\x1b" not in out
    assert visible("\ud83d") in out
    assert "31         2  unknown" in out


def test_on_a_terminal(run, store, on_terminal) -> None:
    """Output is in colour."""
    pytest.importorskip("rich")
    _, out, _ = run("bandwidth", "reconcile", "--store", store)
    assert "\x1b[1m" in out


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--all"], "--all needs --output"),
        (
            ["--since", "2026-11-05", "--until", "2026-11-04"],
            "--until 2026-11-04 is before --since 2026-11-05",
        ),
        (["--since", "november"], "'november' is not a date such as 2026-01-31"),
        (["--output", "a.parquet"], "the name must end in .csv: a.parquet"),
        (["--provider", "nobody"], "nobody"),
    ],
)
def test_wrong_usage(run, store, capsys, options, reason) -> None:
    """Reported before anything is read."""
    with pytest.raises(SystemExit) as caught:
        run("bandwidth", "reconcile", "--store", store, *options)
    assert caught.value.code == 2
    assert reason in capsys.readouterr().err


def test_nothing_there(run, store, tmp_path) -> None:
    """A missing store, card or folder is one line with status 1; no store is created."""
    path = tmp_path / "none.db"
    expected = (1, "", f"septet: {path}: {os.strerror(errno.ENOENT)}\n")
    assert run("bandwidth", "reconcile", "--store", path) == expected
    assert not path.exists()
    assert run("bandwidth", "reconcile", "--store", store, "--rates", path) == expected
    status, out, err = run(
        "bandwidth", "reconcile", "--store", store, "--output", tmp_path / "none" / "a.csv"
    )
    assert (status, out) == (1, "")
    assert os.strerror(errno.ENOENT) in err


INVOICE = """\
Message ID,To,Segments,Amount
1,+13125550140,2,$0.0158
2,+447700900123,3,$0.0237
3,+13125550140,1,$0.01
9,+13125550140,1,$0.0079
,,,$25
3,+13125550140,x,$0.01
"""


@pytest.fixture
def invoice(tmp_path):
    """An invoice for the messages of the store."""
    path = tmp_path / "invoice.csv"
    path.write_text(INVOICE)
    return path


def test_invoice(run, store, card, invoice) -> None:
    """Totals by finding, money by currency, lines without an id, examples, unreadable lines."""
    status, out, err = run(
        *("bandwidth", "reconcile", "--store", store, "--rates", card, "--invoice", invoice),
        *("--invoice-currency", "USD"),
    )
    assert status == 1
    tables, _, rest = out.partition("First messages that were not billed as expected\n")
    assert "\n  2        2026-11-04  +447700900123 " in rest
    assert " 3         2  -0.08 GBP, 0.0237 USD  billed with other segments\n" in rest
    assert (
        tables + rest.rpartition("\n\n")[2]
        == """\
Messages
                                Messages  Lines  Segments billed  Segments expected
  ----------------------------  --------  -----  ---------------  -----------------
  billed as expected                   1      1                2                  2
  sent, but not billed                 2      0                0                  2
  billed at another price              1      1                1                  1
  billed with other segments           1      1                3                  2
  billed, but not in the store         1      1                1                  0
  Total                                6      4                7                  7

Amounts in GBP
                              Billed  Expected  Difference
  --------------------------  ------  --------  ----------
  billed with other segments    0.00      0.08       -0.08
  Total                         0.00      0.08       -0.08

Amounts in USD
                                Billed  Expected  Difference
  ----------------------------  ------  --------  ----------
  billed as expected            0.0158    0.0158      0.0000
  billed at another price       0.0100    0.0079      0.0021
  billed with other segments    0.0237    0.0000      0.0237
  billed, but not in the store  0.0079    0.0000      0.0079
  Total                         0.0574    0.0237      0.0337

Lines without a message id: 1
  Currency  Billed
  --------  ------
  USD        25.00

5 lines for 6 messages, 5 not as expected
"""
    )
    assert err == (
        f"septet: 1 line could not be read ({invoice}, row 6: 'x' is not a number of segments)\n"
    )


def test_invoice_as_json_and_file(run, store, card, invoice, tmp_path) -> None:
    """Both have the findings; cells of the file are texts."""
    target = tmp_path / "found.csv"
    status, out, _ = run(
        *("bandwidth", "reconcile", "--store", store, "--rates", card, "--invoice", invoice),
        *("--invoice-currency", "USD", "--json", "--output", target),
    )
    values = json.loads(out)
    assert status == 1
    assert values["unreadable"]["count"] == 1
    assert values["has_amounts"] is True
    assert values["without_id"] == {"lines": 1, "amounts": {"USD": "25.00"}}
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = {row["message_id"]: row["finding"] for row in rows}
    assert found["9"] == "billed, but not in the store"
    assert found["3"] == "billed at another price"
    assert len(found) == sum(each["messages"] for each in values["findings"].values())


def test_invoice_without_findings(run, store, tmp_path) -> None:
    """The exit status is 0."""
    path = tmp_path / "invoice.csv"
    path.write_text("MessageID,CallDirection\n" + "".join(f"{n},OUTBOUND\n" for n in "11223445"))
    status, out, err = run("bandwidth", "reconcile", "--store", store, "--invoice", path)
    assert (status, err) == (0, "")
    assert out.endswith(
        "No column of amounts is known: billed segments are priced by the rate card.\n"
        "8 lines for 5 messages, 0 not as expected\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--invoice", "nowhere.csv"], "nowhere.csv"),
        (["--invoice", "tests/conftest.py"], "unsupported file type"),
    ],
)
def test_invoice_errors(run, store, options, message) -> None:
    """One line says what is wrong."""
    status, out, err = run("bandwidth", "reconcile", "--store", store, *options)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert message in err


def test_invoice_options_without_an_invoice(run, store, capsys) -> None:
    """They are useless, so they are refused."""
    with pytest.raises(SystemExit) as error:
        run("bandwidth", "reconcile", "--store", store, "--invoice-id", "a")
    assert error.value.code == 2
    assert "--invoice-id needs --invoice" in capsys.readouterr().err


def test_invoice_is_not_overwritten(run, store, invoice) -> None:
    """The output is another file."""
    command = ("bandwidth", "reconcile", "--store", store, "--invoice", invoice)
    with pytest.raises(SystemExit):
        run(*command, "--output", invoice)
    assert invoice.read_text() == INVOICE
