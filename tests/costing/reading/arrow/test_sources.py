"""Arrow files as batches: what is read, and what stops."""

import sys
from itertools import chain

import pytest

from message_files import listed, read, write
from septet.costing import open_source
from septet.exceptions import MissingExtraError, SourceError


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
