"""Contents of pages: what was compressed, or an error if its size is another one."""

import pytest

pa = pytest.importorskip("pyarrow")

import septet  # noqa: E402
from septet.costing.reading.arrow import page_contents  # noqa: E402
from septet.costing.reading.arrow.checks import DAMAGE  # noqa: E402
from septet.costing.reading.arrow.page_contents import (  # noqa: E402
    EXACT_CODECS,
    decompress_page,
    decompress_pages,
)

CONTENTS = [b"a page " * 99, b"another page"]


@pytest.mark.parametrize("codec", [None, *EXACT_CODECS, "lz4"])
def test_contents(codec):
    """One page or two, of any codec; no bytes need not be stored."""
    stored = CONTENTS if codec is None else [pa.compress(c, codec, asbytes=True) for c in CONTENTS]
    sizes = [*map(len, CONTENTS)]
    assert [*map(bytes, decompress_pages(stored, codec, sizes))] == CONTENTS
    assert bytes(decompress_page(memoryview(stored[0]), codec, sizes[0])) == CONTENTS[0]
    assert [*map(bytes, decompress_pages([b"", stored[0]], codec, [0, sizes[0]]))][1] == CONTENTS[0]


@pytest.mark.skipif(septet.IMPLEMENTATION == "python", reason="pyarrow reads Snappy then")
@pytest.mark.parametrize("codec", [None, *EXACT_CODECS])
@pytest.mark.parametrize("difference", [-1, 1])
def test_wrong_sizes(codec, difference):
    """Neither more nor fewer bytes are accepted."""
    stored = CONTENTS if codec is None else [pa.compress(c, codec, asbytes=True) for c in CONTENTS]
    sizes = [*map(len, CONTENTS)]
    with pytest.raises(DAMAGE):
        decompress_page(stored[0], codec, sizes[0] + difference)
    with pytest.raises(DAMAGE):
        decompress_pages(stored, codec, [sizes[0], sizes[1] + difference])


def test_the_python_implementation(monkeypatch):
    """It leaves Snappy to pyarrow."""
    monkeypatch.setattr(page_contents, "IMPLEMENTATION", "python")
    stored = pa.compress(CONTENTS[0], "snappy", asbytes=True)
    monkeypatch.setattr(page_contents, "decompress_snappy", None)
    assert bytes(decompress_page(stored, "snappy", len(CONTENTS[0]))) == CONTENTS[0]
