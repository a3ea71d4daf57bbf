"""Call every function of the compiled implementation on some texts; `make valgrind` runs this."""

from __future__ import annotations

from array import array
from itertools import accumulate

import septet
from known_answers import known_answers
from septet import Language, Segmenter
from septet._kernels import (
    PrefixIndex,
    are_utf8,
    count_distinct_rows,
    count_empty,
    find_rows_beyond,
    join_rows,
)
from septet.arrow.export import Exported, export_array
from septet.arrow.structures import read_chunks
from septet.exceptions import EncodingError, SegmentLimitError

OPTIONS = [{}, {"encoding": "gsm7"}, {"encoding": "ucs2"}, {"languages": list(Language)}]
INLINE = 12


def texts() -> list[str]:
    """Return the texts of the known answers, but for the longest."""
    return [text for _, text, _, _ in known_answers() if len(text) < 1_000]


class Source:
    """Rows as an Arrow array."""

    def __init__(self, array):
        self.array = array

    def __arrow_c_array__(self, requested_schema=None):
        return export_array(self.array)


def columns(rows: list[bytes]) -> list[Source]:
    """Return the rows in each layout, the last one null, and as values of dictionaries."""
    ends = list(accumulate(map(len, rows), initial=0))
    octets = bytearray().join(rows)
    views = bytearray()
    for begin, row in zip(ends, rows, strict=False):
        inline = row if len(row) <= INLINE else row[:4] + array("i", [0, begin]).tobytes()
        views += array("i", [len(row)]).tobytes() + inline.ljust(INLINE, b"\0")
    length = len(rows)
    bits = bytearray(((1 << length - 1) - 1).to_bytes(length + 7 >> 3, "little"))
    found = [
        Exported("u", length, 1, [bits, array("i", ends), octets], {}, None),
        Exported("U", length, 1, [bits, array("q", ends), octets], {}, None),
        Exported("vu", length, 1, [bits, views, octets, array("q", [len(octets)])], {}, None),
    ]
    indexes = array("i", reversed(range(length)))
    found += [Exported("i", length, 0, [None, indexes], {}, values) for values in found]
    return [Source(array) for array in found]


def main() -> None:
    """Call everything, and check that the results agree."""
    assert septet.IMPLEMENTATION == "compiled"
    known = texts()
    rows = [text.encode("utf-8", "surrogatepass") for text in known] + [b"\xc3", b"\xe2\x82", b""]
    for options in OPTIONS:
        segmenter = Segmenter(**options)
        for text in known:
            try:
                segments = segmenter.encode(text, reference=7)
            except (EncodingError, SegmentLimitError):
                continue
            assert len(segments) == segmenter.count(text) == len(segmenter.split(text))
            bodies = [
                septet.decode(
                    segment.user_data,
                    data_coding=segment.data_coding,
                    has_udh=bool(segment.udh),
                    user_data_length=segment.user_data_length,
                )
                for segment in segments
            ]
            assert "".join(bodies).encode("utf-16", "surrogatepass") == text.encode(
                "utf-16", "surrogatepass"
            )
        if segmenter.encoding == "gsm7":
            continue
        counts = [segmenter.count_many(column).to_list() for column in columns(rows)]
        assert counts[0] == counts[1] == counts[2]
        assert counts[3] == counts[4] == counts[5] == counts[0][::-1]
        segmenter.analyze_many(known)
        for column in columns(rows):
            segmenter.analyze_many(column, threads=2)
    counts = [septet.rcs.count_many(column).to_list() for column in columns(rows)]
    assert counts[0] == counts[1] == counts[2]
    assert counts[3] == counts[4] == counts[5] == counts[0][::-1]
    assert septet.rcs.count_many(known).to_list() == counts[0][: len(known)]
    joined = set()
    for column in columns(rows)[:3]:
        (chunk,) = read_chunks(column)
        piece, stop = (chunk.addresses, chunk.offset), chunk.offset + chunk.length
        offsets, octets = join_rows([b"Hi ", piece, b"," * 40, piece], chunk.length)
        joined.add((bytes(offsets), bytes(octets)))
        assert count_empty(*piece, stop) == 1 + rows[:-1].count(b"")
        assert chunk.format == "vu" or not are_utf8(*piece, stop)
    assert len(joined) == 1
    facts = [memoryview(array(kind, [1, 2, 1])) for kind in "iB"]
    assert count_distinct_rows(facts, find_rows_beyond(*facts, 0, False), []) == [
        (2, 1, 1),
        (1, 2, 2),
    ]
    assert PrefixIndex(("1", "44")).find("+4420") == 1


if __name__ == "__main__":
    main()
