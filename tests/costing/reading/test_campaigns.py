"""Files, folders and globs: which are found, and which are refused before the first batch."""

import os

import pytest

from septet.costing.reading.campaigns import find_files, without_repeats
from septet.exceptions import SourceError


class TestFindFiles:
    @pytest.fixture
    def folder(self, tmp_path):
        """A folder with data files, hidden files and unfinished output of Spark."""
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
        """All files of supported types in order, except hidden and unfinished ones."""
        expected = ["a.parquet", "b.csv", "odd[1].csv", "deep/er/c.NDJSON.gz"]
        assert self.find(folder, folder) == expected

    def test_glob(self, folder):
        """A glob matches files and folders; an existing name with brackets is no glob."""
        assert self.find(folder, f"{folder}/*.csv") == ["_SUCCESS.csv", "b.csv", "odd[1].csv"]
        assert self.find(folder, f"{folder}/[adn]*") == [
            "a.parquet",
            "deep/er/c.NDJSON.gz",
            "notes.txt",
        ]
        assert self.find(folder, folder / "odd[1].csv") == ["odd[1].csv"]
        assert self.find(folder, f"{folder}/**/*.gz") == ["deep/er/c.NDJSON.gz"]

    def test_literal_names(self, folder):
        """What exists is no pattern, also a folder within a pattern; other brackets are."""
        for name in ("[a]/x.csv", "a/y.csv", "odd1.csv", "100%?/z.csv", "wh*t.csv", "what.csv"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).touch()
        assert self.find(folder, f"{folder}/[a]/*.csv") == ["[a]/x.csv"]
        assert self.find(folder, f"{folder}/[ab]/*.csv") == ["a/y.csv"]
        assert self.find(folder, f"{folder}/odd[1].csv") == ["odd[1].csv"]
        assert self.find(folder, f"{folder}/odd[12].csv") == ["odd1.csv"]
        assert self.find(folder, f"{folder}/100%?/[z].csv") == ["100%?/z.csv"]
        assert self.find(folder, f"{folder}/wh*t.csv") == ["wh*t.csv"]
        assert self.find(folder, f"{folder}/wh?t.csv") == ["wh*t.csv", "what.csv"]

    def test_all_below(self, folder, monkeypatch):
        """`**` at the end is the folder, and what a pattern matches twice is found once."""
        assert self.find(folder, f"{folder}/**") == self.find(folder, folder)
        assert self.find(folder, f"{folder}/d*/**") == ["deep/er/c.NDJSON.gz"]
        assert self.find(folder, f"{folder}/deep/**/*") == ["deep/er/c.NDJSON.gz"]
        monkeypatch.chdir(folder / "deep")
        assert find_files("**") == ["./er/c.NDJSON.gz"]

    def test_relative_patterns(self, folder, monkeypatch):
        """Names are as they were written."""
        monkeypatch.chdir(folder)
        assert find_files("*.parquet") == ["a.parquet"]
        assert find_files("./b*.csv") == ["b.csv"]
        assert find_files("**/*.gz") == ["deep/er/c.NDJSON.gz"]
        assert find_files("deep/**/*.gz") == ["deep/er/c.NDJSON.gz"]
        assert find_files("deep/../b?csv") == ["deep/../b.csv"]

    @pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
    def test_links_in_circles(self, folder):
        """They end, and each file is found once."""
        for name in ("one", "two", "deep/one", "deep/two"):
            (folder / name).symlink_to(folder)
        deep = "deep/er/c.NDJSON.gz"
        assert self.find(folder, folder) == ["a.parquet", "b.csv", "odd[1].csv", deep]
        assert self.find(folder, f"{folder}/**/*.gz") == [deep]
        assert self.find(folder, f"{folder}/**/er/**/*.gz") == [deep]
        assert without_repeats(["one/b.csv", "b.csv"]) == ["one/b.csv", "b.csv"]
        names = [str(folder / name) for name in ("one/b.csv", "b.csv", "a.parquet", "two/b.csv")]
        assert without_repeats(names) == [names[0], names[2]]

    def test_more_kinds(self, folder):
        """Further suffixes are found in folders, in any case."""
        (folder / "deep" / "sum.JSON").touch()
        assert find_files(folder / "deep") == [str(folder / "deep/er/c.NDJSON.gz")]
        found = find_files(folder / "deep", (".json",))
        assert found == [str(folder / "deep/sum.JSON"), str(folder / "deep/er/c.NDJSON.gz")]

    def test_folders_of_a_pattern(self, folder):
        """Folders without supported files do not matter beside others."""
        (folder / "deep2").mkdir()
        assert self.find(folder, f"{folder}/deep*") == ["deep/er/c.NDJSON.gz"]
        with pytest.raises(SourceError, match=r"no files match .*/deep2\*$"):
            find_files(f"{folder}/deep2*")

    def test_no_files(self, folder):
        """A folder without supported files and a glob without matches are errors."""
        (folder / "empty").mkdir()
        with pytest.raises(
            SourceError, match=r"no supported files in .*empty \(supported: \.csv, "
        ):
            find_files(folder / "empty")
        with pytest.raises(SourceError, match=r"no files match .*/\*\.xlsx$"):
            find_files(f"{folder}/*.xlsx")

    def test_folder_without_permission(self, tmp_path, monkeypatch):
        """A folder that cannot be listed is an error and not an empty one."""
        (tmp_path / "a.csv").touch()

        def refuse(path):
            raise PermissionError(13, "Permission denied", path)

        monkeypatch.setattr("os.scandir", refuse)
        with pytest.raises(PermissionError):
            find_files(tmp_path)
