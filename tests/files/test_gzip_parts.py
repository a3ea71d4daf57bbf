"""Gzip files in parts: any program reads them as one."""

import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.files.decompression import read_decompressed
from septet.files.gzip_parts import GzipWriter, compress_part


@given(parts=st.lists(st.binary(max_size=200)))
def test_parts(parts):
    """Nothing, empty parts, many parts; the size and the checksum are those of all."""
    file = io.BytesIO()
    writer = GzipWriter(file)
    for part in parts:
        writer.write(part, compress_part(part))
    writer.finish()
    assert gzip.decompress(file.getvalue()) == b"".join(parts)
    file.seek(0)
    assert b"".join(read_decompressed(file)) == b"".join(parts)


def test_size():
    """Long repetitive parts become small."""
    assert len(compress_part(b"septet," * 10_000)) < 500


def test_checksum():
    """A file whose parts were exchanged is refused."""
    file = io.BytesIO()
    writer = GzipWriter(file)
    writer.write(b"a", compress_part(b"b"))
    writer.finish()
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(file.getvalue())
