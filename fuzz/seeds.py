"""Write the seeds in fuzz/corpus/: small inputs made from the test vectors.

The comment at the top of each target describes how it interprets the octets.
"""

from __future__ import annotations

import bz2
import hashlib
import shutil
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from callback_bodies import BODIES  # noqa: E402
from known_answers import known_answers  # noqa: E402
from pdus import messages  # noqa: E402

LONGEST = 340  # characters in a text, octets in a column
RULES = 11
WITH_VALIDITY = 8
INLINE = 12  # octets stored in a view itself


def texts() -> list[str]:
    """Return the different texts of the known answers, except the longest."""
    distinct = dict.fromkeys(text for _, text, _, _ in known_answers())
    return [text for text in distinct if len(text) <= LONGEST]


def scalar() -> Iterator[bytes]:
    """Yield every eighth text in its own character width, with changing rules."""
    for number, text in enumerate(texts()[::8]):
        widest = max(map(ord, text), default=0)
        width, codec = (0, "latin-1") if widest < 0x100 else (1, "utf-16-le")
        if widest > 0xFFFF:
            width, codec = 2, "utf-32-le"
        yield bytes([number % RULES, width | number % 2 << 2]) + text.encode(codec, "surrogatepass")


def columns() -> Iterator[bytes]:
    """Yield texts as columns in each layout, with changing flags and rules."""
    rows: list[bytes] = []
    number = 0
    for text in texts()[::4]:
        row = text.encode("utf-8", "surrogatepass")[:0xEF]
        if sum(map(len, rows)) + len(row) <= LONGEST:
            rows.append(row)
            continue
        yield column(rows, number % 3, number % 32 & 0x1C, number % RULES)
        rows = [row]
        number += 1


def column(rows: list[bytes], layout: int, flags: int, rules: int) -> bytes:
    """Return a column in the input format of the targets."""
    head = bytes([layout | flags, rules, len(rows), 0])
    if flags & WITH_VALIDITY:
        head += b"\xfe" * (len(rows) + 7 >> 3)
    octets = b"".join(rows)
    if layout < 2:
        return head + bytes([0, 0, *map(len, rows)]) + octets
    views = b""
    for at, row in zip(accumulate(map(len, rows), initial=0), rows, strict=False):
        views += bytes([len(row)]) + (row if len(row) <= INLINE else bytes([0, at & 0xFF]))
    return head + b"\xff\xff\xff" + views + octets


def arrow_files() -> Iterator[bytes]:
    """Yield Arrow and Parquet files with columns of many types, after the octets of the target."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = ["one", None, "twö ’ " * 3]
    views = pa.array(texts, pa.string_view())
    columns = {
        "body": pa.array(texts),
        "view": views,
        "category": pa.DictionaryArray.from_arrays(pa.array([2, 0, None], pa.int8()), views),
        "phone": pa.array(["+12025550123", "?", None]).dictionary_encode(),
        "number": pa.array([1, None, 3]),
    }
    nested = {
        "list": pa.ListArray.from_arrays(pa.array([0, 1, 1, 3], pa.int32()), columns["category"]),
        "struct": pa.StructArray.from_arrays([views, columns["number"]], ["view", "number"]),
        "runs": pa.RunEndEncodedArray.from_arrays(
            pa.array([2, 3], pa.int32()), pa.array(["a", "b"])
        ),
    }
    for kind, new in enumerate((pa.ipc.new_file, pa.ipc.new_stream)):
        for compression in (None, "lz4", "zstd"):
            for kept in ({}, nested):
                table = pa.table(columns | kept)
                sink = pa.BufferOutputStream()
                options = pa.ipc.IpcWriteOptions(compression=compression)
                with new(sink, table.schema, options=options) as writer:
                    writer.write_table(table, max_chunksize=2)
                for choice in (4 | 8, 1, 2 | 8) if kept else (2 | 4, 3, 0x80 | 16):
                    yield bytes([choice, kind]) + sink.getvalue().to_pybytes()
    flat = pa.table({name: columns[name] for name in ("body", "phone", "number")})
    table = flat.append_column("category", flat["body"]).append_column("view", flat["body"])
    for version in ("1.0", "2.0"):
        sink = pa.BufferOutputStream()
        pq.write_table(table, sink, data_page_version=version, store_schema=False)
        for choice in (0, 4 | 8, 3):
            yield bytes([choice, 2]) + sink.getvalue().to_pybytes()


def snappy() -> Iterator[bytes]:
    """Yield pairs of blocks of Snappy after the size of the first, whole and damaged."""
    import pyarrow as pa

    contents = [
        b"",
        b"a",
        b"ab" * 200,
        bytes(range(256)),
        "".join(texts()[:40]).encode("utf-8", "surrogatepass"),
    ]
    blocks = [pa.compress(content, "snappy", asbytes=True) for content in contents]
    for first, second in zip(blocks, blocks[1:] + blocks[:1], strict=True):
        for other in (second, second[:-1], second + b"\xff\x01"):
            yield len(first).to_bytes(2, "little") + first + other


def octets() -> Iterator[bytes]:
    """Yield published messages, with the segments of each in order."""
    for message in messages():
        yield b"".join(
            bytes([1 | part.has_udh << 1, part.data_coding, part.user_data_length])
            + bytes([len(part.user_data)])
            + part.user_data
            for part in message.segments
        )


def callbacks() -> Iterator[bytes]:
    """Yield the bodies of callbacks."""
    yield from BODIES


def rate_card() -> Iterator[bytes]:
    """Yield rate cards: CSV after the octet 0, or TOML after the octet 1."""
    yield b"\0" + (HERE.parent / "examples" / "rates.csv").read_bytes()
    yield (
        b"\0prefix,price,currency,country,network,kind,surcharge,per,valid_from\n"
        b'1,0.0079,USD,"United States",,sms,0.003,segment,2026-01-01\n'
        b"1,0.0081,USD,United States,,sms,0.003,segment,2026-07-01\n"
        b"1,0.015,USD,United States,Any,mms,,message,\n"
    )
    yield (
        b'\1[[rates]]\nprefix = "44"\nprice = 0.0315\ncurrency = "GBP"\n'
        b'[[rates]]\nprefix = 49\nprice = "0.07"\ncurrency = "EUR"\nvalid_from = 2026-01-01\n'
    )


def segmenter() -> Iterator[bytes]:
    """Yield every eighth text in UTF-8, after an octet that selects the rules."""
    for number, text in enumerate(texts()[4::8]):
        yield bytes([number % 256]) + text.encode("utf-8", "surrogatepass")


def templates() -> Iterator[bytes]:
    """Yield templates with values, and some invalid templates."""
    yield "Hi {name}, your code is {code}.\0Zoë\x00123456".encode()
    yield b"{{braces}} stay, {a}{a}{b} do not\0x"
    yield b"{user name}\n{\x00{}"
    yield from (b"{", b"}", b"{}", b"{0}", b"{a.b}", b"{a[0]}", b"{a!r}", b"{a:>9}", b"{a{b}}")


def message_files() -> Iterator[bytes]:
    """Yield files of messages in several dialects and encodings; the first octet has flags."""
    plain = 'to,body\r\n+12025550123,Hi\r\n,"two ""lines"",\n’"\r\n1,"open\r\n2,two\r\n'
    for number, text in enumerate([plain, "sep=;\n;;\n" + plain.replace(",", ";")]):
        for codec in ("utf-8", "utf-8-sig", "utf-16", "windows-1252"):
            yield bytes([number * 4]) + text.encode(codec)
    yield b"\2" + plain.encode()
    yield b"\0" + bz2.compress(plain.encode())
    lines = '{"to": "+12025550123", "body": "Hi"}\n\n{"body": null}\n{"body": 7}\n[]\n{\n'
    yield from (b"\1" + lines.encode(), b"\5" + lines.encode("utf-16"), b"\3" + lines.encode())


TARGETS = {
    "scalar": scalar,
    "columns": columns,
    "arrow": columns,
    "arrow_files": arrow_files,
    "snappy": snappy,
    "octets": octets,
    "callbacks": callbacks,
    "rate_card": rate_card,
    "message_files": message_files,
    "templates": templates,
    "segmenter": segmenter,
}


def main() -> None:
    """Replace the seeds of the targets that are named on the command line, or of all."""
    for name in sys.argv[1:] or TARGETS:
        seeds = TARGETS[name]
        folder = HERE / "corpus" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for seed in seeds():
            digest = hashlib.sha256(seed).hexdigest()[:16]
            (folder / digest).write_bytes(seed)


if __name__ == "__main__":
    main()
