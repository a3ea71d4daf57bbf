"""Files, folders and globs: which can be read, and which are refused before the first batch."""

import pytest

from message_files import read, write
from septet.costing import open_source
from septet.costing.reading.campaigns import ListSource, find_files
from septet.costing.reading.sources import Columns
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
        with pytest.raises(SourceError, match=r"of an unknown kind; these can be read: \.csv, "):
            open_source(write(tmp_path, "body\none\n", name), "body")

    @pytest.mark.parametrize("name", ["none.csv", "none.csv.gz", "none.parquet"])
    def test_missing_file(self, tmp_path, name):
        """A file that is not there is Python's own error, which names it."""
        if name.endswith("parquet"):
            pytest.importorskip("pyarrow")
        with pytest.raises(FileNotFoundError) as caught:
            open_source(tmp_path / name, "body")
        assert caught.value.filename == str(tmp_path / name)


def test_how_much_of_a_table_is_read():
    """Nobody knows, for only files have a size."""
    with ListSource("the table", {"body": ["one"]}, Columns("body")) as source:
        assert [(batch.texts, source.fraction) for batch in source] == [(["one"], 0.0)]


class TestFindFiles:
    @pytest.fixture
    def folder(self, tmp_path):
        """A folder as Spark and people leave it."""
        for name in (
            "b.csv",
            "a.parquet",
            "notes.txt",
            ".hidden.csv",
            "_SUCCESS.csv",
            "deep/er/c.NDJSON.gz",
            "_temporary/d.csv",
            ".git/e.csv",
            "odd[1].csv",
        ):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        return tmp_path

    def find(self, folder, path):
        return [file.removeprefix(f"{folder}/") for file in find_files(path)]

    def test_folder(self, folder):
        """All files of a kind that can be read, in order, but what is hidden or unfinished."""
        expected = ["a.parquet", "b.csv", "odd[1].csv", "deep/er/c.NDJSON.gz"]
        assert self.find(folder, folder) == expected

    def test_glob(self, folder):
        """What a glob matches, folders included; a name with brackets that is there is itself."""
        assert self.find(folder, f"{folder}/*.csv") == ["_SUCCESS.csv", "b.csv", "odd[1].csv"]
        assert self.find(folder, f"{folder}/[adn]*") == [
            "a.parquet",
            "deep/er/c.NDJSON.gz",
            "notes.txt",
        ]
        assert self.find(folder, folder / "odd[1].csv") == ["odd[1].csv"]
        assert self.find(folder, f"{folder}/**/*.gz") == ["deep/er/c.NDJSON.gz"]

    def test_nothing(self, folder):
        """A folder or a glob that stands for nothing is an error that says which."""
        (folder / "empty").mkdir()
        with pytest.raises(SourceError, match=r"empty has no files that can be read: \.csv, "):
            find_files(folder / "empty")
        with pytest.raises(SourceError, match=r"no file is called .*/\*\.xlsx$"):
            find_files(f"{folder}/*.xlsx")

    def test_folder_that_may_not_be_read(self, tmp_path, monkeypatch):
        """A folder that cannot be listed is an error and not an empty one."""
        (tmp_path / "a.csv").touch()

        def refuse(path):
            raise PermissionError(13, "Permission denied", path)

        monkeypatch.setattr("os.scandir", refuse)
        with pytest.raises(PermissionError):
            find_files(tmp_path)
