"""Templates: they make what `str.format` makes, and whatever it has beyond names is refused."""

import json
import pickle
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.costing import RateCard, estimate
from septet.costing.reading.templates import Filled, Template, missing_value, parse_template
from septet.exceptions import SourceError

RATES = RateCard.from_rows([{"prefix": "1", "price": "0.1", "currency": "USD"}])
CHARACTERS = st.characters(exclude_categories=["Cs"])
NAMES = st.sampled_from(["name", "order", "first name", "naïve", "x1", "to"])
PIECES = st.one_of(
    st.text(CHARACTERS, max_size=20).map(lambda text: text.replace("{", "").replace("}", "")),
    st.sampled_from(["{{", "}}", "’", "%s", "%", "a" * 70, "$name"]),
    NAMES.map("{{{}}}".format),
)
TEMPLATES = st.lists(PIECES, max_size=8).map("".join)
VALUES = st.one_of(st.text(CHARACTERS, max_size=12), st.sampled_from(["", "Łukasz", "{to}", "€€"]))


@given(template=TEMPLATES, values=st.lists(st.lists(VALUES, min_size=6, max_size=6), max_size=4))
def test_like_str_format(template, values):
    """Lists and Arrow arrays give the texts that `str.format` gives row by row."""
    pa = pytest.importorskip("pyarrow")
    parsed = Template.parse(template)
    names = ["name", "order", "first name", "naïve", "x1", "to"]
    rows = [dict(zip(names, row, strict=True)) for row in values]
    expected = [template.format_map(row) for row in rows]
    assert set(parsed.fields) <= set(names)
    columns = [[row[name] for row in rows] for name in parsed.fields]
    assert parsed.render(columns, len(rows)) == expected
    arrays = [pa.array(column, pa.string()) for column in columns]
    found = parsed.render(arrays, len(rows))
    assert (found if isinstance(found, list) else found.to_list()) == expected
    assert parsed.blank == template.format_map(dict.fromkeys(names, ""))


@given(text=st.text(st.sampled_from("{}a!:.[]0 "), max_size=10))
def test_what_is_taken(text):
    """What is taken means the same to `str.format`, whatever the braces."""
    try:
        template = Template.parse(text)
    except ValueError:
        return
    values = {name: f"<{name}>" for name in template.fields}
    assert template.render(list(values.values()), 1) == [text.format_map(values)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hi {name", "has an unpaired '{' at index 3; write '{{' for a literal brace"),
        ("Hi name}", "has an unpaired '}' at index 7; write '}}' for a literal brace"),
        ("{a{b}}", "has an unpaired '{' at index 0"),
        ("Hi {}", r"the field '{}' at index 3 of the template has no name"),
        ("{a} {0}", r"the field '{0}' at index 4 of the template is a position"),
        ("{a!r}", "the field '{a!r}' at index 0 of the template has a conversion"),
        ("{a:>9}", "has a format; expected the name of a column, as in {name}"),
        ("{a.b}", "has an attribute"),
        ("{a[0]}", "has an index"),
        ("a\ud800", "is not valid text at index 1"),
    ],
)
def test_what_is_refused(text, message):
    """The message says what it is and where."""
    with pytest.raises(ValueError, match=re.escape(message)):
        Template.parse(text)


def test_facts():
    """Each field is listed once; a template is a plain value."""
    template = parse_template("{b} {a} {b}")
    assert template.fields == ("b", "a")
    assert template == pickle.loads(pickle.dumps(template))
    assert parse_template(None) is None
    assert parse_template("").render([], 2) == ["", ""]


class TestFilled:
    def test_render(self):
        """Lists give a list, and arrays an array."""
        pa = pytest.importorskip("pyarrow")
        template = Template.parse("{a}-{b}")
        columns = [["1", "2"], ["x", "y"]]
        assert Filled(template, columns).render() == ["1-x", "2-y"]
        assert Filled(template, list(map(pa.array, columns))).render().to_list() == ["1-x", "2-y"]
        assert len(Filled(template, columns)) == 2

    @pytest.mark.parametrize(
        ("text", "values", "message"),
        [
            ("Sale", [], "expected a template with fields"),
            ("{a} {b}", [["x"]], "expected 2 columns of values, one for each field, got 1"),
            ("{a}", [], "expected 1 columns of values, one for each field, got 0"),
            ("{a} {b}", [["x"], ["y", "z"]], r"columns of values differ in length: \[1, 2\] rows"),
        ],
    )
    def test_wrong_columns(self, text, values, message):
        """A template needs one column for each field, all of one length."""
        with pytest.raises(ValueError, match=f"^{message}$"):
            Filled(Template.parse(text), values)


class TestEstimate:
    TEMPLATE = "Hi {name}, no. {n} {{’}}"
    TABLE = {  # noqa: RUF012
        "name": ["Ann", "", "Łukasz", "x" * 200],
        "n": [7, 8, 9, 10],
        "to": ["+12025550123", "+4", "", "+12025550123"],
    }
    TEXTS = ("Hi Ann, no. 7 {’}", "Hi , no. 8 {’}", "Hi Łukasz, no. 9 {’}")

    def sources(self, tmp_path):
        pa = pytest.importorskip("pyarrow")
        pq = pytest.importorskip("pyarrow.parquet")
        import csv

        rows = list(zip(*self.TABLE.values(), strict=True))
        with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([self.TABLE, *rows])
        lines = [json.dumps(dict(zip(self.TABLE, row, strict=True))) + "\n" for row in rows]
        (tmp_path / "a.jsonl").write_text("".join(lines), encoding="utf-8")
        table = pa.table(self.TABLE)
        pq.write_table(table, tmp_path / "a.parquet")
        halves = ({name: cells[i::2] for name, cells in self.TABLE.items()} for i in range(2))
        files = [tmp_path / f"a.{kind}" for kind in ("csv", "jsonl", "parquet")]
        return [self.TABLE, table, halves, *files]

    def test_as_a_column_of_texts(self, tmp_path):
        """All sources give the figures of the texts themselves, savings and groups among them."""
        texts = [*self.TEXTS, f"Hi {'x' * 200}, no. 10 {{’}}"]
        columns = {**self.TABLE, "body": texts}
        options = {"to": "to", "rates": RATES, "by": ["name"], "savings": True}
        expected = estimate(columns, text="body", **options).to_dict()
        found = [
            estimate(source, template=self.TEMPLATE, **options).to_dict()
            for source in self.sources(tmp_path)
        ]
        assert all(facts == found[0] for facts in found)
        assert found[0].pop("template")["text"] == self.TEMPLATE
        assert found[0] == {k: v for k, v in expected.items() if k != "template"}

    @pytest.mark.parametrize("kind", ["table", "arrow", "jsonl"])
    def test_rows_without_a_value(self, tmp_path, kind):
        """Such a row is unreadable, with its place and the field; the others count."""
        table = {
            "name": ["Ann", None, "Bob", "Cy"],
            "n": ["1", None, None, "4"],
            "kind": ["a", "b", "c", "d"],
        }
        source = table
        place = "row"
        if kind == "arrow":
            source = pytest.importorskip("pyarrow").table(table)
        if kind == "jsonl":
            place, source = "line", tmp_path / "a.jsonl"
            rows = (dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True))
            lines = ({k: v for k, v in row.items() if v} for row in rows)
            source.write_text("".join(json.dumps(line) + "\n" for line in lines))
        found = estimate(source, template="{n}: {name}", by=["kind"])
        assert (found.rows, found.messages, found.unreadable.count) == (4, 2, 2)
        assert [str(row).rpartition(", ")[2] for row in found.unreadable.examples] == [
            f"{place} 2: no value for {{n}}",
            f"{place} 3: no value for {{n}}",
        ]
        assert set(found.groups["kind"]) == {"a", "d"}
        assert missing_value("n") == "no value for {n}"

    @pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
    def test_layouts(self, kind):
        """Fields may have any layout, and each another, rows that cannot be read or not."""
        pa = pytest.importorskip("pyarrow")
        names, orders = ["Ann", "Łukasz", "", "x" * 200, None], ["1", "2", "3", "4", "5"]
        table = {"name": names, "order": orders, "to": ["+1"] * 5}
        if kind == "dictionary":
            column = pa.array(names).dictionary_encode()
        else:
            column = pa.array(names, getattr(pa, kind)())
        recipients = pa.array(table["to"], pa.string_view())
        arrow = pa.table({"name": column, "order": orders, "to": recipients})
        options = {"template": "{name}/{order}{name}", "to": "to", "rates": RATES}
        assert estimate(arrow, **options).to_dict() == estimate(table, **options).to_dict()
        assert estimate(arrow[:4], **options).messages == 4

    def test_numbers(self):
        """Numbers are taken as text, decimal ones too; what is neither is no value."""
        pa = pytest.importorskip("pyarrow")
        table = {"n": [7], "amount": [Decimal("1.50")], "list": [["x"]]}
        found = estimate(pa.table(table), template="{n} for {amount}", by=["amount"])
        assert (found.messages, list(found.groups["amount"])) == (1, ["1.50"])
        with pytest.raises(
            SourceError, match="expected text or numbers in column 'list', got list"
        ):
            estimate(pa.table(table), template="{list}")
        with pytest.raises(SourceError, match="row 1: expected text in column 'list', got list"):
            estimate(table, template="{list}")

    def test_either_a_column_or_a_template(self):
        """One of both is needed; a template without fields needs the recipients."""
        for options in ({}, {"text": "n", "template": "{n}"}):
            with pytest.raises(ValueError, match=r"^pass either text=, template= or "):
                estimate(self.TABLE, **options)
        with pytest.raises(ValueError, match="without fields needs the column of recipients"):
            estimate(self.TABLE, template="Sale")
        assert estimate(self.TABLE, template="Sale", to="to").messages == 4
        pa = pytest.importorskip("pyarrow")
        found = estimate(pa.table(self.TABLE), template="Sale", to="to", rates=RATES)
        assert (
            found.to_dict() == estimate(self.TABLE, template="Sale", to="to", rates=RATES).to_dict()
        )
