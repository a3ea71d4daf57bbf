"""Files as batches: which can be read, and which are refused before the first batch."""

import pytest

from message_files import read, write
from septet.costing import open_source
from septet.exceptions import SourceError


class TestFilesThatCannotBeRead:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("", "is empty"),
            ("\n\n", "is empty"),
            ("id,text\n1,one\n", "has no column 'body'; its columns are 'id', 'text'"),
            ("body,body\n1,2\n", "has more than one column 'body'"),
            ('"body\none\n', "the header is not valid CSV"),
            (b"\xff\xfeb\0o\0d\0y\0\n\0", "the header is not valid UTF-8"),
        ],
    )
    def test_header_without_the_column(self, tmp_path, content, message):
        """The message names the file, what is wrong, and the columns there are."""
        path = write(tmp_path, content)
        with pytest.raises(SourceError) as caught:
            open_source(path, "body")
        assert str(path) in str(caught.value)
        assert message in str(caught.value)

    def test_duplicate_name_that_is_not_needed(self, tmp_path):
        """Two columns of one name do no harm while none of them is asked for."""
        assert read(write(tmp_path, "x,x,body\n1,2,one\n"))[0] == ["one"]

    @pytest.mark.parametrize("name", ["campaign.xlsx", "campaign", "campaign.csv.zip"])
    def test_unknown_kind(self, tmp_path, name):
        """Another kind of file is refused with the kinds that can be read."""
        with pytest.raises(SourceError, match=r"\.csv, \.csv\.gz and \.parquet can be read"):
            open_source(write(tmp_path, "body\none\n", name), "body")

    @pytest.mark.parametrize("name", ["none.csv", "none.csv.gz", "none.parquet"])
    def test_missing_file(self, tmp_path, name):
        """A file that is not there is Python's own error, which names it."""
        if name.endswith("parquet"):
            pytest.importorskip("pyarrow")
        with pytest.raises(FileNotFoundError) as caught:
            open_source(tmp_path / name, "body")
        assert caught.value.filename == str(tmp_path / name)
