"""Finding and reading catalogues."""

import re

import pytest

from septet.checking import find_catalogues, read_catalogue
from septet.exceptions import SourceError


def test_files_of_a_folder(tmp_path) -> None:
    """Catalogues in order; hidden folders and other files are passed over."""
    names = [
        "b/fr.po",
        "a.json",
        "res/values-fr/strings.xml",
        "res/layout/x.xml",
        "a.txt",
        ".x/a.po",
    ]
    for name in [*names, "node_modules/a.json", "a.py"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [path.removeprefix(f"{tmp_path}/") for path in find_catalogues(str(tmp_path))]
    assert found == ["a.json", "b/fr.po", "res/values-fr/strings.xml"]


def test_file(tmp_path) -> None:
    """A file is taken whatever its name is; a missing one is an error."""
    path = tmp_path / "a.txt"
    path.touch()
    assert list(find_catalogues(str(path))) == [str(path)]
    with pytest.raises(FileNotFoundError):
        list(find_catalogues(str(tmp_path / "b")))


def test_unreadable_folder(tmp_path, monkeypatch) -> None:
    """A folder that cannot be read is an error, and not a folder without catalogues."""

    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("os.scandir", refuse)
    with pytest.raises(PermissionError, match=re.escape(str(tmp_path))):
        list(find_catalogues(str(tmp_path)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(tmp_path, encoding) -> None:
    path = tmp_path / "a.strings"
    path.write_text('"a" = "é’";', encoding)
    ((key, text, line, column, *_),) = read_catalogue(str(path)).entries
    assert (key, text, line, column) == ("a", "é’", 1, 7)


def test_latin_1(tmp_path) -> None:
    """Properties may be Latin-1; other files may not."""
    path = tmp_path / "a.properties"
    path.write_bytes(b"a=\xe9")
    assert read_catalogue(str(path)).entries[0].text == "é"
    path = tmp_path / "a.po"
    path.write_bytes(b"\n\xe9")
    with pytest.raises(SourceError, match=r"a\.po, line 2: not valid UTF-8"):
        read_catalogue(str(path))


def test_charset_of_gettext(tmp_path) -> None:
    """The header of a catalogue that is not UTF-8 names its encoding."""
    path = tmp_path / "a.po"
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset={}\\n"\n'
    text = '\nmsgid "a"\nmsgstr "žluť"\n'
    path.write_bytes((header.format("ISO-8859-2") + text).encode("iso-8859-2"))
    catalogue = read_catalogue(str(path))
    assert [entry.text for entry in catalogue.entries] == ["žluť"]
    assert catalogue.codec == "ISO-8859-2"
    for charset in ("CHARSET", "hex", "ascii"):
        path.write_bytes((header.format(charset) + text).encode("iso-8859-2"))
        with pytest.raises(SourceError, match="line 5: not valid UTF-8"):
            read_catalogue(str(path))


def test_large_file(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("septet.checking.catalogues._MAX_BYTES", 3 << 20)
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * (3 << 20))
    assert len(read_catalogue(str(path)).entries) == 1
    path.write_bytes(b"a" * (3 << 20) + b"a")
    with pytest.raises(SourceError, match="larger than 3 MiB"):
        read_catalogue(str(path))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xyz", "", r"a\.xyz: expected a file that ends with \.po"),
        ("a.json", "{", r"a\.json, line 1, column 2: expected a key"),
    ],
)
def test_errors(tmp_path, name, content, message) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(SourceError, match=message):
        read_catalogue(str(path))
