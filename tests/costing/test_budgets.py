"""Budgets: which limits are exceeded, and which messages are too long, with file and row."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet import count
from septet.costing import Batch, Budget, Estimate, RateCard, estimate, find_long_messages

RATES = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.1", "currency": "USD"},
        {"prefix": "44", "price": "0.2", "currency": "GBP"},
    ]
)


@pytest.fixture
def result():
    """Three segments and two messages in dollars, a segment in pounds, a message of two."""
    result = Estimate(rates=RATES)
    result.add(Batch(["a" * 161, "one", "two"], ["+12", "+12", "+447"]))
    return result


class TestViolations:
    @pytest.mark.parametrize(
        ("budget", "expected"),
        [
            (Budget(), []),
            (Budget({"USD": Decimal("0.3"), "GBP": Decimal("0.2")}, 4, 2), []),
            (Budget({"USD": Decimal("0.299999")}), ["0.30 USD (limit 0.299999)"]),
            (
                Budget({"USD": Decimal(0), "GBP": Decimal(0)}),
                ["0.30 USD (limit 0.00)", "0.20 GBP (limit 0.00)"],
            ),
            (Budget({"EUR": Decimal(0)}), []),
            (Budget(segments=3), ["4 segments (limit 3)"]),
            (Budget(per_message=1), ["1 message longer than 1 segment"]),
            (Budget(per_message=0), ["3 messages longer than 0 segments"]),
        ],
    )
    def test_violations(self, result, budget, expected):
        """A limit may be reached; 0.000001 more exceeds it."""
        assert budget.violations(result) == expected
        assert budget.violations(Estimate.from_json(result.to_json())) == expected

    def test_exact(self):
        """Ten times 0.1 is not more than 1, which binary fractions miss."""
        result = Estimate(rates=RATES)
        result.add(Batch(["one"] * 10, ["+12"] * 10))
        assert Budget({"USD": Decimal(1)}).violations(result) == []


ROWS = st.lists(st.sampled_from(["one", "a" * 161, "’" * 71, "", "broken"]), max_size=30)


class TestLongMessages:
    @given(ROWS)
    @pytest.mark.parametrize("kind", ["csv", "jsonl"])
    def test_places(self, tmp_path_factory, kind, texts):
        """The row is that of the file, unreadable rows counted and blank lines not."""
        path = tmp_path_factory.mktemp("campaign") / f"a.{kind}"
        lines = [
            {"csv": f"+12,{text}", "jsonl": json.dumps({"to": "+12", "body": text})}[kind]
            if text != "broken"
            else "broken"
            for text in ["one", *texts]
        ]
        head = "to,body\n" if kind == "csv" else ""
        path.write_text(head + "\n\n".join(lines) + "\n", "utf-8")
        expected = [
            (str(path), row, count(text), "+12", text)
            for row, text in enumerate(texts, 2)
            if text != "broken" and count(text) > 1
        ]
        found = find_long_messages(path, 1, text="body", to="to")
        assert [(m.source, m.row, m.segments, m.recipient, m.text) for m in found] == expected

    def test_arrow(self):
        """Rows of tables, behind rows that are not UTF-8 and in later batches."""
        pa = pytest.importorskip("pyarrow")
        offsets = pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0")
        body = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"\xffx")])
        body = pa.chunked_array([body, pa.array(["a" * 161])])
        tables = [pa.table({"body": body}), pa.table({"body": ["x"] * 40_000 + ["’" * 71]})]
        found = list(find_long_messages(tables, 1, text="body"))
        assert [(m.source, m.row, m.segments, m.recipient) for m in found] == [
            ("batch 1", 3, 2, None),
            ("batch 2", 40_001, 2, None),
        ]
        assert estimate(tables, text="body").distribution[2] == 2

    @pytest.mark.parametrize("kind", ["list", "arrow"])
    def test_template(self, kind):
        """The texts that a template makes, by the numbers of their rows behind those without."""
        table = {"name": [None, "Ann", None, "a" * 160], "to": ["+11", "+12", "+13", "+14"]}
        if kind == "arrow":
            table = pytest.importorskip("pyarrow").table(table)
        (found,) = find_long_messages(table, 1, template="Hi {name}", to="to")
        assert (found.row, found.segments, found.recipient) == (4, 2, "+14")
        assert found.text == "Hi " + "a" * 160
