"""Parquet files as batches: what is read, what is noted as unreadable, what stops."""

import sys
from itertools import chain

import pytest

from message_files import listed, read, write
from septet.costing import UnreadableRow, open_source
from septet.exceptions import MissingExtraError, SourceError


class TestParquet:
    @pytest.fixture
    def pa(self):
        pytest.importorskip("pyarrow.parquet")
        import pyarrow

        return pyarrow

    def write(self, pa, tmp_path, **columns):
        path = tmp_path / "campaign.parquet"
        pa.parquet.write_table(pa.table(columns), path, row_group_size=1_000)
        return path

    @pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
    def test_kinds_of_text(self, pa, tmp_path, kind):
        """Every Arrow type that holds text is read, nulls included."""
        arrow_type = (
            pa.dictionary(pa.int32(), pa.string()) if kind == "dictionary" else getattr(pa, kind)()
        )
        texts = ["one", None, "", "zwei 😀", "one"]
        path = self.write(pa, tmp_path, id=[1, 2, 3, 4, 5], body=pa.array(texts, arrow_type))
        assert read(path)[0] == texts

    def test_a_column_of_nulls(self, pa, tmp_path):
        """A column without any text is one of rows without text, whatever Arrow calls it."""
        path = self.write(pa, tmp_path, id=[1, 2], body=pa.nulls(2))
        assert read(path)[0] == [None, None]

    def test_columns_are_not_mixed_up(self, pa, tmp_path):
        """Texts and recipients are told apart by name, whatever their order in the file."""
        path = self.write(pa, tmp_path, phone=["+12025550100"], body=["one"])
        assert read(path, to="phone")[:2] == (["one"], ["+12025550100"])

    def test_fraction_and_batches(self, pa, tmp_path):
        """A long file comes in bounded batches, and the fraction grows with the rows."""
        expected = [str(number) for number in range(80_000)]
        with open_source(self.write(pa, tmp_path, body=expected), "body") as source:
            steps = [(listed(batch.texts), source.fraction) for batch in source]
        assert [*chain.from_iterable(texts for texts, _ in steps)] == expected
        assert max(len(texts) for texts, _ in steps) < 40_000
        assert steps[-1][1] == 1.0
        assert source.rows_read == 80_000

    @pytest.mark.parametrize(
        ("columns", "message"),
        [
            ({"body": [1, 2]}, "column 'body' is not text but int64"),
            ({"body": [b"one"]}, "column 'body' is not text but binary"),
            ({"text": ["one"]}, "has no column 'body'; its columns are 'text'"),
            (
                {"body": ["one"], "phone": [12025550100]},
                "column 'phone' is not text but int64; a recipient is text, as in +12025550123",
            ),
        ],
    )
    def test_column_that_cannot_be_used(self, pa, tmp_path, columns, message):
        """A column that is missing or not text is refused with its Arrow type."""
        path = self.write(pa, tmp_path, **columns)
        with pytest.raises(SourceError) as caught:
            open_source(path, "body", "phone" if "phone" in columns else None)
        assert str(caught.value) in {f"{path} {message}", f"{path}: {message}"}

    def test_text_that_is_not_utf8(self, pa, tmp_path):
        """A row whose bytes are not UTF-8 is noted with its number, and the rest is read."""
        offsets = pa.py_buffer(b"\0\0\0\0\3\0\0\0\5\0\0\0\6\0\0\0")
        body = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"one\xff\xfex")])
        texts, recipients, source = read(
            self.write(pa, tmp_path, body=body, phone=["1", "2", "3"]), to="phone"
        )
        assert (texts, recipients) == (["one", "x"], ["1", "3"])
        assert source.rows_read == 3
        assert source.unreadable.examples == [UnreadableRow("row 2", "not valid UTF-8")]

    def test_not_parquet(self, pa, tmp_path):
        """A file that only has the name is refused."""
        path = write(tmp_path, "body\none\n", "campaign.parquet")
        with pytest.raises(SourceError, match="is not a Parquet file"):
            open_source(path, "body")

    def test_damaged_in_the_middle(self, pa, tmp_path):
        """Damage between good row groups is an error that says how far reading came."""
        path = self.write(pa, tmp_path, body=[f"text {number}" for number in range(80_000)])
        content = bytearray(path.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 2_000] = bytes(2_000)
        path.write_bytes(content)
        with pytest.raises(SourceError, match=r"is damaged after [1-9][\d,]* rows: "):
            read(path)

    def test_folder(self, pa, tmp_path):
        """A folder with the name of a file is Python's own error."""
        (tmp_path / "campaign.parquet").mkdir()
        with pytest.raises(IsADirectoryError):
            open_source(tmp_path / "campaign.parquet", "body")

    def test_without_pyarrow(self, tmp_path, monkeypatch):
        """Without pyarrow one sentence names the extra to install."""
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        path = write(tmp_path, b"PAR1", "campaign.parquet")
        with pytest.raises(MissingExtraError) as caught:
            open_source(path, "body")
        expected = "reading Parquet needs pyarrow: pip install 'septet[arrow]'"
        assert str(caught.value) == expected
