"""ZIP archives that hold one file, read in blocks."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from ..exceptions import SourceError

__all__ = ["find_only_file", "read_only_file"]

_BLOCK_BYTES = 1 << 16
_MAX_NAMES = 5
_WORKBOOK = "xl/workbook.xml"
# What zipfile raises for damage, encryption, and compression that it does not know.
_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def find_only_file(file: BinaryIO) -> str:
    """Return the name of the only file of an archive.

    What macOS adds, in the folder `__MACOSX`, is left out.

    Args:
        file: The archive, which has a name and is not a pipe.

    Raises:
        OSError: The archive cannot be read.
        SourceError: It has no file, or several, or is an Excel workbook.
    """
    if not file.seekable():
        raise SourceError(f"{file.name} is a ZIP archive, which cannot be read from a pipe")
    try:
        with zipfile.ZipFile(file) as archive:
            names = [
                name
                for name in archive.namelist()
                if not name.endswith("/") and not name.startswith("__MACOSX/")
            ]
    except _ERRORS as error:
        raise OSError(str(error)) from error
    if _WORKBOOK in names:
        raise SourceError(f"{file.name} is an Excel workbook; its name must end in .xlsx")
    if len(names) != 1:
        shown = ", ".join(map(repr, names[:_MAX_NAMES])) + ", …" * (len(names) > _MAX_NAMES)
        found = f"{len(names):,} files: {shown}" if names else "none"
        raise SourceError(f"{file.name}: expected a ZIP archive of one file, got {found}")
    return names[0]


def read_only_file(file: BinaryIO) -> Iterator[bytes]:
    """Yield the only file of an archive in blocks of 1 to 65,536 bytes.

    Args:
        file: The archive, which has a name and is not a pipe.

    Raises:
        OSError: The archive cannot be read, or is damaged.
        SourceError: As for `find_only_file`.
    """
    name = find_only_file(file)
    try:
        with zipfile.ZipFile(file) as archive, archive.open(name) as member:
            while block := member.read(_BLOCK_BYTES):
                yield block
    except _ERRORS as error:
        raise OSError(str(error)) from error
