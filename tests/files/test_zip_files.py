"""ZIP archives of one file; others, damaged ones and pipes are errors."""

from __future__ import annotations

import os
import zipfile

import pytest

from septet.exceptions import SourceError
from septet.files.decompression import read_decompressed
from septet.files.zip_files import find_only_file, read_only_file


def archive(folder, files):
    """Write an archive of some files with contents, and open it."""
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return path.open("rb")


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"\0" * 200_000])
def test_one_file(tmp_path, content):
    """Its content comes in blocks, also by the signature; what macOS adds is left out."""
    files = {"data/": b"", "data/a.csv": content, "__MACOSX/data/._a.csv": b"?"}
    with archive(tmp_path, files) as file:
        assert find_only_file(file) == "data/a.csv"
        for read in (read_only_file, read_decompressed):
            file.seek(0)
            blocks = list(read(file))
            assert b"".join(blocks) == content
            assert max(map(len, blocks), default=0) <= 1 << 16


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["a.csv", "b.csv"], "expected a ZIP archive of one file, got 2 files: 'a.csv', 'b.csv'"),
        (list("abcdefg"), "got 7 files: 'a', 'b', 'c', 'd', 'e', …"),
        (["a/", "__MACOSX/a"], "got none"),
        (["xl/workbook.xml", "b"], "is an Excel workbook; its name must end in .xlsx"),
    ],
)
def test_other_archives(tmp_path, files, message):
    """The error names the archive and its files."""
    with archive(tmp_path, dict.fromkeys(files, b"")) as file, pytest.raises(SourceError) as caught:
        list(read_decompressed(file))
    assert str(caught.value).startswith(str(tmp_path / "a.zip"))
    assert str(caught.value).endswith(message)


def test_damage(tmp_path):
    """Cut, changed and encrypted archives are I/O errors."""
    with archive(tmp_path, {"a.csv": os.urandom(1000)}) as file:
        content = file.read()
    changed = bytearray(content)
    changed[500] ^= 1
    encrypted = bytearray(content)
    encrypted[6] |= 1
    encrypted[content.index(b"PK\x01\x02") + 8] |= 1
    reasons = ("not a zip file", "CRC|Error", "encrypted")
    for damaged, reason in zip((content[:500], changed, encrypted), reasons, strict=True):
        path = tmp_path / "b.zip"
        path.write_bytes(damaged)
        with path.open("rb") as file, pytest.raises(OSError, match=reason):
            list(read_decompressed(file))


def test_a_pipe(tmp_path):
    """An archive has its table of contents at its end."""
    with archive(tmp_path, {"a.csv": b"a"}) as file:
        content = file.read()
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    with os.fdopen(reading, "rb") as file, pytest.raises(SourceError, match="cannot be read from"):
        list(read_decompressed(file))
