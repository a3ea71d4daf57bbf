"""Lines of an invoice: read in any form, sorted, added up exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("sqlalchemy")
pytest.importorskip("httpx2")

from septet.bandwidth.reconciliation import InvoiceColumns
from septet.bandwidth.reconciliation.invoices.lines import InvoiceLines
from septet.exceptions import SourceError

HEAD = "message_id,to,segments,amount,currency,direction\n"


def read(tmp_path, *texts, encoding=None, **wanted):
    """Return the messages of files with some texts, and the lines."""
    paths = []
    for number, text in enumerate(texts):
        paths.append(tmp_path / f"{number}.csv")
        paths[-1].write_bytes(text if isinstance(text, bytes) else text.encode())
    with InvoiceLines([str(path) for path in paths], InvoiceColumns(**wanted), encoding) as lines:
        return list(lines.messages()), lines


def test_sorted_and_added_up(tmp_path) -> None:
    """By id, over all files; amounts are exact, by currency."""
    messages, lines = read(
        tmp_path,
        HEAD + "b,+1,1,0.1,USD,OUTBOUND\na,+1,2,0.2,USD,OUTBOUND\n",
        HEAD + "b,+2,3,0.20000000001,USD,INBOUND\nb,+3,1,(0.1),EUR,\nB,,,,,\n",
    )
    assert [message.message_id for message in messages] == ["B", "a", "b"]
    b = messages[2]
    assert (b.line_count, b.credit_count, b.charge_count, b.recipient_count) == (3, 1, 2, 2)
    assert (b.segments, b.is_received) == ([1, 3], True)
    assert b.amounts == {"USD": Decimal("0.30000000001"), "EUR": Decimal("-0.1")}
    assert messages[0].segments == [None]
    assert (lines.line_count, lines.credit_count, lines.unreadable.count) == (5, 1, 0)


def test_recipients(tmp_path) -> None:
    """The first line of each counts, however numbers are written."""
    messages, _ = read(tmp_path, HEAD + "a,+1,2,,,\na,1,7,,,\na,(2),3,,,\n")
    assert (messages[0].segments, messages[0].recipient_count) == ([2, 3], 2)


def test_lines_without_an_id(tmp_path) -> None:
    """Fees and sums are added up by themselves."""
    messages, lines = read(tmp_path, HEAD + ",,,12.5,USD,\n  ,,,-1,USD,\n,,,1,EUR,\na,,1,1,USD,\n")
    assert len(messages) == 1
    assert (lines.without_id, lines.line_count) == (3, 4)
    assert lines.amounts_without_id == {"USD": Decimal("11.5"), "EUR": 1}


def test_unreadable_lines(tmp_path) -> None:
    """Each is counted, with its place and reason; the others are read."""
    messages, lines = read(
        tmp_path,
        HEAD + 'a,,x,1,USD,\nb,,1,"1,234",USD,\nc,,1,€1,USD,\nd,,1,1,dollars,\ne\nf,,1,1,USD,\n',
    )
    assert [message.message_id for message in messages] == ["f"]
    assert lines.unreadable.count == 5
    path = tmp_path / "0.csv"
    assert [str(row) for row in lines.unreadable.examples] == [
        f"{path}, row 1: 'x' is not a number of segments",
        f"{path}, row 2: '1,234' is not an amount: write it with a decimal point and without "
        "thousands",
        f"{path}, row 3: '€1' is not an amount in USD",
        f"{path}, row 4: '1' is not an amount in DOLLARS",
        f"{path}, line 6: expected 6 fields, got 1",
    ]


def test_no_currency(tmp_path) -> None:
    """An amount whose currency nothing tells ends with one error that says what to do."""
    text = "message_id,amount\na,\nb,$1\n"
    with pytest.raises(SourceError, match=r"0\.csv, row 2: .*--invoice-currency, such as USD"):
        read(tmp_path, text)
    messages, _ = read(tmp_path, text, currency="CAD")
    assert messages[1].amounts == {"CAD": 1}


def test_segments_of_credits(tmp_path) -> None:
    """They are not counted, so they may be negative; those of a charge may not."""
    text = HEAD + "a,,1,0.01,USD,\na,,-1,-0.01,USD,\na,,(1),(0.01),USD,\na,,-1,0.01,USD,\n"
    (message,), lines = read(tmp_path, text)
    assert (message.segments, message.credit_count) == ([1], 2)
    assert message.amounts == {"USD": Decimal("-0.01")}
    assert lines.unreadable.count == 1


def test_dollar_signs(tmp_path) -> None:
    """They stand for any dollar, but not for other currencies."""
    messages, lines = read(tmp_path, HEAD + "a,,1,$1,AUD,\nb,,1,$1,EUR,\nc,,1,-$1,gbp,\n")
    assert [message.amounts for message in messages] == [{"AUD": 1}]
    assert [row.reason for row in lines.unreadable.examples] == [
        "'$1' is not an amount in EUR",
        "'-$1' is not an amount in GBP",
    ]


def test_other_forms(tmp_path) -> None:
    """Semicolons, another encoding, and ids that a database would refuse."""
    text = "message_id;Betrag\nü\0a;1,5\nü\0a;2,5\n"
    for encoding, written in (("windows-1252", "cp1252"), (None, "utf-16")):
        (message,), _ = read(
            tmp_path, text.encode(written), encoding=encoding, amount="Betrag", currency="EUR"
        )
        assert message.message_id == "\\xfc\\0a"
        assert message.key.startswith("sha256:")
        assert message.amounts == {"EUR": 4}


def test_parquet(tmp_path) -> None:
    """Numbers of typed columns are read as text."""
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "i.parquet"
    table = {"message_id": ["a", "a"], "segments": [1, 2], "amount": [0.5, None]}
    parquet.write_table(pa.table(table), path)
    with InvoiceLines([str(path)], InvoiceColumns(currency="USD")) as lines:
        (message,) = lines.messages()
    assert (message.segments, message.amounts) == ([1, 2], {"USD": Decimal("0.5")})
