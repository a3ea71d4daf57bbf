"""Files are opened by their names, and refused before the first batch if they are unreadable."""

import zipfile

import pytest

from message_files import read, write
from septet.costing import open_source
from septet.costing.reading.campaigns import find_files
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
            (",,\n,,\n", "has no header"),
            (b"\xffbody\none\n", "the header is not valid UTF-8"),
            (b"\xff\xfe\0\xd8\n\0", "the header is not valid UTF-16"),
            ("body\none\n".encode("utf-32"), "is UTF-32; convert it first"),
            (b"PK\x03\x04", "is damaged after 0 rows: File is not a zip file"),
        ],
    )
    def test_header_without_the_column(self, tmp_path, content, message):
        """The error names the file, the fault and the columns of the file."""
        path = write(tmp_path, content)
        with pytest.raises(SourceError) as caught:
            open_source(path, "body")
        assert str(path) in str(caught.value)
        assert message in str(caught.value)

    def test_duplicate_name_that_is_not_needed(self, tmp_path):
        """Two columns of one name are fine as long as neither is read."""
        assert read(write(tmp_path, "x,x,body\n1,2,one\n"))[0] == ["one"]

    @pytest.mark.parametrize("name", ["campaign.xls", "campaign", "campaign.csv.xz"])
    def test_unsupported_type(self, tmp_path, name):
        """The error lists the supported types."""
        with pytest.raises(
            SourceError, match=r"unsupported file type: .*campaign.* \(supported: \.csv, "
        ):
            open_source(write(tmp_path, "body\none\n", name), "body")

    @pytest.mark.parametrize("name", ["none.csv", "none.csv.gz", "none.parquet"])
    def test_missing_file(self, tmp_path, name):
        """A missing file raises the usual FileNotFoundError with its name."""
        if name.endswith("parquet"):
            pytest.importorskip("pyarrow")
        with pytest.raises(FileNotFoundError) as caught:
            open_source(tmp_path / name, "body")
        assert caught.value.filename == str(tmp_path / name)


class TestZip:
    @pytest.mark.parametrize(
        ("name", "content"),
        [("a.csv", "x,body\n1,one\n"), ("a.TXT", "body\none\n"), ("b/a.jsonl", '{"body": "one"}')],
    )
    def test_one_file(self, tmp_path, name, content):
        """The name in the archive says how it is read; the archive may have any name."""
        path = tmp_path / "campaign.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, content)
        assert read(path)[0] == ["one"]
        if name == "a.csv":
            assert read(path.rename(tmp_path / "campaign.csv"))[0] == ["one"]

    def test_other_files(self, tmp_path):
        """The error names what is in the archive; in a folder, archives are left out."""
        path = tmp_path / "campaign.zip"
        for names, message in (
            (["a.xls"], r"unsupported file type: 'a\.xls' in .*campaign\.zip \(supported: "),
            (["a.csv", "b.csv"], "got 2 files: 'a.csv', 'b.csv'$"),
        ):
            with zipfile.ZipFile(path, "w") as archive:
                for name in names:
                    archive.writestr(name, "")
            with pytest.raises(SourceError, match=message):
                open_source(path, "body")
        path.write_bytes(b"PK")
        with pytest.raises(SourceError, match=r"campaign\.zip is not a ZIP archive: "):
            open_source(path, "body")
        with pytest.raises(SourceError, match="no supported files"):
            find_files(tmp_path)
