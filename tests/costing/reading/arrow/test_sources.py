"""Parquet and Arrow files as batches: what is read, what is noted as unreadable, what stops."""

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
        body = pa.array(texts, arrow_type)
        try:
            path = self.write(pa, tmp_path, id=[1, 2, 3, 4, 5], body=body)
        except pa.ArrowNotImplementedError:
            pytest.skip(f"pyarrow {pa.__version__} writes no such column to Parquet")
        assert read(path)[0] == texts

    def test_a_column_of_nulls(self, pa, tmp_path):
        """A column without any text is one of rows without text, whatever Arrow calls it."""
        path = self.write(pa, tmp_path, id=[1, 2], body=pa.nulls(2))
        assert read(path)[0] == [None, None]

    def test_columns_are_not_mixed_up(self, pa, tmp_path):
        """Texts and recipients are distinguished by name, whatever their order in the file."""
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
            ({"body": [1, 2]}, "expected text in column 'body', got int64"),
            ({"body": [b"one"]}, "expected text in column 'body', got binary"),
            ({"text": ["one"]}, "has no column 'body'; its columns are 'text'"),
            (
                {"body": ["one"], "phone": [12025550100]},
                "expected text in column 'phone', got int64; "
                "write recipients as text, such as +12025550123",
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


class TestArrow:
    @pytest.fixture
    def pa(self):
        pytest.importorskip("pyarrow.feather")
        import pyarrow

        return pyarrow

    def write(self, pa, path, table, form="file", **options):
        new = {"file": pa.ipc.new_file, "stream": pa.ipc.new_stream}[form]
        with pa.OSFile(str(path), "wb") as file, new(file, table.schema) as writer:
            writer.write_table(table, **options)
        return path

    @pytest.mark.parametrize("form", ["file", "stream"])
    @pytest.mark.parametrize("name", ["a.arrow", "a.arrows", "a.ipc", "A.FEATHER"])
    def test_both_forms_by_any_name(self, pa, tmp_path, form, name):
        """Texts and recipients by name, whatever their order; other columns are not read."""
        table = pa.table({"to": ["+1", None], "x": [[1], [2]], "body": ["one", None], "y": [1, 2]})
        path = self.write(pa, tmp_path / name, table, form)
        texts, recipients, source = read(path, to="to")
        assert (texts, recipients) == (["one", None], ["+1", None])
        assert source.rows_read == 2

    def test_feather(self, pa, tmp_path):
        """A compressed Feather file, and a column of a dictionary."""
        table = pa.table({"body": pa.array(["one", "two", "one"]).dictionary_encode()})
        pa.feather.write_feather(table, tmp_path / "a.feather", compression="zstd")
        assert read(tmp_path / "a.feather")[0] == ["one", "two", "one"]

    @pytest.mark.parametrize("form", ["file", "stream"])
    def test_fraction_and_batches(self, pa, tmp_path, form):
        """A long file comes in bounded batches, and the fraction grows with them."""
        expected = [str(number) for number in range(200_000)]
        table = pa.table({"body": expected})
        path = self.write(pa, tmp_path / "a.arrow", table, form, max_chunksize=50_000)
        with open_source(path, "body") as source:
            steps = [(listed(batch.texts), source.fraction) for batch in source]
        assert [*chain.from_iterable(texts for texts, _ in steps)] == expected
        assert max(len(texts) for texts, _ in steps) < 40_000
        fractions = [fraction for _, fraction in steps]
        assert fractions == sorted(fractions)
        assert 0 < fractions[0] < 0.5
        assert fractions[-1] > 0.9

    def test_not_text(self, pa, tmp_path):
        """A column of another type is refused with it."""
        path = self.write(pa, tmp_path / "a.arrow", pa.table({"body": [1]}))
        with pytest.raises(
            SourceError, match=r"a\.arrow: expected text in column 'body', got int64"
        ):
            open_source(path, "body")

    @pytest.mark.parametrize("content", [b"", b"body\none\n"])
    def test_not_arrow(self, pa, tmp_path, content):
        """A file that only has the name is refused."""
        with pytest.raises(SourceError, match=r"a\.arrow is not an Arrow file: "):
            open_source(write(tmp_path, content, "a.arrow"), "body")

    @pytest.mark.parametrize("form", ["file", "stream"])
    def test_damaged_in_the_middle(self, pa, tmp_path, form):
        """Damage behind good batches is an error that says how far reading came."""
        table = pa.table({"body": [f"text {number}" for number in range(80_000)]})
        path = self.write(pa, tmp_path / "a.arrow", table, form, max_chunksize=10_000)
        content = bytearray(path.read_bytes())
        middle = len(content) // 2
        content[middle : middle + 300_000] = bytes(300_000)
        path.write_bytes(content)
        with pytest.raises(SourceError, match=r"is damaged after [1-9][\d,]* rows: "):
            read(path)

    def test_missing_file(self, pa, tmp_path):
        """A file that is not there is Python's own error, which names it."""
        with pytest.raises(FileNotFoundError) as caught:
            open_source(tmp_path / "a.arrow", "body")
        assert caught.value.filename == str(tmp_path / "a.arrow")

    def test_without_pyarrow(self, tmp_path, monkeypatch):
        """Without pyarrow one sentence names the extra to install."""
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        with pytest.raises(MissingExtraError, match="reading Arrow files needs pyarrow: pip"):
            open_source(write(tmp_path, b"ARROW1", "a.arrow"), "body")
