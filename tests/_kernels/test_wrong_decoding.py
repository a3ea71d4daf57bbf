"""Texts that may be UTF-8 decoded as Windows-1252 or Latin-1 are found in columns."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from septet.columns import surveys
from septet.rewriting.wrong_decoding import candidate_in_utf8

MARKS = ["", "a", *"ÁÂÃôõ\x7f\x80¿À’€™ƒˆŒ≤ж😀"]


@given(texts=st.lists(st.none() | st.lists(st.sampled_from(MARKS)).map("".join), max_size=5))
@example(texts=[first + second for first in MARKS for second in MARKS])
@example(texts=[f"é{chr(code)}" for code in range(0x80, 0x2200)])
def test_texts_that_may_be_wrongly_decoded(kernels, texts) -> None:
    """All rows in UCS-2 in which the pattern matches, and no other."""
    pa = pytest.importorskip("pyarrow")
    encodings = bytearray(index % 7 != 3 for index in range(len(texts)))
    expected = [
        row
        for row, text in enumerate(texts)
        if text and encodings[row] and candidate_in_utf8().search(text.encode())
    ]
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        for piece in surveys.read_plain_pieces(pa.array(["Â©", *texts], kind)[1:]):
            rows = kernels.functions.find_wrong_decoding(
                piece.addresses, piece.offset, piece.offset + piece.length, memoryview(encodings)
            )
            assert rows.tolist() == expected
