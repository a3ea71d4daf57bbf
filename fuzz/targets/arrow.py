"""Invalid Arrow structures: both implementations give the same result or the same error.

Input: one octet each for layout and flags, the rules, the number of rows, the first row, the fault
in the structures, and its parameter; then the rows as in `columns.c`. Facts that cannot be verified
are always true: the number of rows, the last offset, and the sizes of the buffers of views.

Every buffer is allocated with its exact size, so that AddressSanitizer detects a read outside it.
"""

from __future__ import annotations

import ctypes
import struct
from contextlib import contextmanager
from importlib import import_module

from conftest import Implementation
from septet import Language
from septet.arrow.structures import STRINGS, Array, Schema, read_chunks, release_function
from septet.costing import RateCard

LAYOUTS = ("u", "U", "vu")
INDEXES = "cCsSiIlL"
BUFFERS = 3
RAW = 0xF0
MOST_OCTETS = 0x1FFF
INLINE = 12
WITH_FACTS, WITH_VALIDITY, UNALIGNED, WITH_DICTIONARY, AS_TABLE = 4, 8, 16, 32, 64

OPTIONS = [
    {},
    {"encoding": "gsm7"},
    {"encoding": "ucs2"},
    {"languages": ["turkish"]},
    {"languages": list(Language), "reference_bits": 16},
    {"keep_graphemes": True},
]
SEGMENTERS = [
    [package.Segmenter(**options) for options in OPTIONS]
    for package in map(Implementation, ("python", "compiled"))
]
TALLIES = [import_module(f"septet._kernels.{name}") for name in ("python.tally", "_compiled_tally")]
CARD = RateCard.from_rows(
    {"prefix": prefix, "price": "0.01", "currency": "USD"} for prefix in ("1", "44", "4420", "999")
)

_memory = ctypes.CDLL(None)
_memory.malloc.restype = ctypes.c_void_p
_memory.malloc.argtypes = [ctypes.c_size_t]
_memory.free.argtypes = [ctypes.c_void_p]
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


def _releaser(kind):
    def release(address):
        kind.from_address(address).release = None

    return release_function(release)


RELEASERS = {kind: _releaser(kind) for kind in (Schema, Array)}


class Input:
    """The octets of the input in order, followed by zeros."""

    def __init__(self, octets):
        self.octets, self.at = octets, 0

    def take(self, count=1):
        """Return the next octets."""
        taken = self.octets[self.at : self.at + count].ljust(count, b"\0")
        self.at += count
        return taken

    def byte(self):
        """Return the next octet."""
        return self.take()[0]

    def values(self, size):
        """Return the remaining octets, repeated up to a size."""
        left = self.octets[self.at :]
        return (left * (size // len(left) + 1))[:size] if left else bytes(size)


class Hostile:
    """A column of Arrow structures; each export gets copies of them."""

    def __init__(self, schema, array):
        self.schema, self.array = schema, array
        self.kept = []

    def __arrow_c_array__(self, requested_schema=None):
        copies = [type(part).from_buffer_copy(part) for part in (self.schema, self.array)]
        self.kept += copies
        names = (b"arrow_schema", b"arrow_array")
        return tuple(
            _new_capsule(ctypes.addressof(copy), name, None)
            for copy, name in zip(copies, names, strict=True)
        )


class Memory:
    """Buffers with their exact sizes, which are freed together."""

    def __init__(self):
        self.addresses = []
        self.kept = []

    def put(self, octets, shift=0):
        """Copy octets to a new buffer, shifted if unaligned, and return their address."""
        address = _memory.malloc(len(octets) + shift)
        self.addresses.append(address)
        ctypes.memmove(address + shift, octets, len(octets))
        return address + shift

    def free(self):
        """Free all buffers."""
        for address in self.addresses:
            _memory.free(address)


def offsets(data, is_large, stop):
    """Return the offsets as octets, and the last of them."""
    size, code = (8, "<q") if is_large else (4, "<i")
    offset, rows = data.byte(), []
    for row in range(stop + 1):
        octet = data.byte()
        if octet >= RAW:
            rows.append(struct.unpack(code, data.take(size))[0])
            continue
        offset += octet if row else 0
        rows.append(offset)
    if rows[-1] > MOST_OCTETS:
        rows[-1] &= MOST_OCTETS
    return b"".join(struct.pack(code, row) for row in rows), max(rows[-1], 0)


def views(data, stop):
    """Return the views as octets."""
    rows = []
    for _ in range(stop):
        octet = data.byte()
        if octet >= RAW:
            rows.append(data.take(16))
        elif octet <= INLINE:
            rows.append(struct.pack("<i", octet) + data.take(octet).ljust(INLINE, b"\0"))
        else:
            buffer, offset = data.byte() % (BUFFERS + 1), data.byte()
            rows.append(struct.pack("<iiii", octet, 0, buffer, offset))
    return b"".join(rows)


def texts(data, memory, layout, flags, length, offset):
    """Return the schema and array of a column of texts."""
    stop, shift = offset + length, 1 if flags & UNALIGNED else 0
    validity = memory.put(data.take(stop + 7 >> 3)) if flags & WITH_VALIDITY else None
    if layout == "vu":
        sizes = list(data.take(BUFFERS))
        rows = memory.put(views(data, stop), shift)
        buffers = [memory.put(data.values(size)) if size else None for size in sizes]
        addresses = [validity, rows, *buffers, memory.put(struct.pack("<3q", *sizes))]
    else:
        rows, last = offsets(data, layout == "U", stop)
        addresses = [
            validity,
            memory.put(rows, shift),
            memory.put(data.values(last)) if last else None,
        ]
    return _describe(memory, layout.encode(), length, offset, addresses)


def dictionary(data, memory, values, flags, length, offset):
    """Return the schema and array of a dictionary column with these values."""
    layout = INDEXES[data.byte() % len(INDEXES)]
    size = 1 << INDEXES.index(layout) // 2
    stop = offset + length
    validity = memory.put(data.take(stop + 7 >> 3)) if flags & WITH_VALIDITY else None
    indexes = b"".join(bytes([data.byte()]).ljust(size, b"\0") for _ in range(stop))
    if data.byte() >= RAW:
        indexes = data.take(len(indexes))
    indexes = memory.put(indexes, 1 if flags & UNALIGNED else 0)
    schema, array = _describe(memory, layout.encode(), length, offset, [validity, indexes])
    schema.dictionary, array.dictionary = map(ctypes.pointer, values)
    return schema, array


def table(memory, column):
    """Return the schema and array of a table with one column."""
    schema, array = _describe(memory, b"+s", column[1].length, 0, [None])
    for parent, child in ((schema, column[0]), (array, column[1])):
        children = (ctypes.POINTER(type(child)) * 1)(ctypes.pointer(child))
        memory.kept.append(children)
        parent.n_children, parent.children = 1, children
    return schema, array


def _describe(memory, layout, length, offset, addresses):
    schema, array = Schema(format=layout), Array(length=length, offset=offset)
    buffers = (ctypes.c_void_p * len(addresses)).from_address(
        memory.put(struct.pack(f"<{len(addresses)}Q", *(a or 0 for a in addresses)))
    )
    array.null_count = -1 if addresses[0] else 0
    array.n_buffers = len(addresses)
    array.buffers = ctypes.cast(buffers, ctypes.POINTER(ctypes.c_void_p))
    for part in (schema, array):
        part.release = ctypes.cast(RELEASERS[type(part)], ctypes.c_void_p)
    memory.kept += [schema, array]
    return schema, array


def spoil(schema, array, wrong, how):
    """Change one field of a structure so that it contradicts the others."""
    if wrong == 1:
        array.length = ~how
    elif wrong == 2:
        array.offset = ~how
    elif wrong == 3:
        array.n_buffers = how % max(array.n_buffers, 1) - (how >> 7)
    elif wrong == 4 and schema.format != b"vu":
        array.n_buffers += how
    elif wrong == 5:
        array.buffers = None
    elif wrong == 6 and array.buffers:
        array.buffers[how % max(array.n_buffers, 1)] = None
    elif wrong == 7:
        array.dictionary = None
    elif wrong == 8:
        (schema, array)[how & 1].release = None
    elif wrong == 9:
        schema.format = [b"vz", b"z", b"n", b"+s", b"\xff", b"", None, b"i", b"+r"][how % 9]
    elif wrong == 10:
        array.null_count = how - 1
    elif wrong == 11:
        array.n_children = how
    elif wrong == 12 and how & 1:
        schema.n_children = how
    elif wrong == 13 and schema.dictionary:
        spoil(schema.dictionary.contents, array.dictionary.contents, how % 12, how >> 4)
    elif wrong == 14 and schema.n_children == 1:
        spoil(schema.children[0].contents, array.children[0].contents, how % 14, how >> 4)


@contextmanager
def column(octets):
    """Yield the column that the input describes, its flags, and the number of its rules."""
    data, memory = Input(octets), Memory()
    flags, rules, stop = data.byte(), data.byte(), data.byte()
    offset = data.byte() % stop if stop else 0
    wrong, how = data.byte(), data.byte()
    structures = texts(data, memory, LAYOUTS[(flags & 3) % 3], flags, stop - offset, offset)
    if flags & WITH_DICTIONARY:
        structures = dictionary(data, memory, structures, flags, how % 50, wrong >> 4)
    if flags & AS_TABLE:
        structures = table(memory, structures)
    spoil(*structures, wrong % 16, how)
    try:
        yield Hostile(*structures), flags, rules
    finally:
        memory.free()


def answer(function, *arguments):
    """Return the result of a call as lists, or its error as text."""
    try:
        result = function(*arguments)
    except (TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    if hasattr(result, "segment_count"):
        columns = (result.encoding, result.unit_count, result.segment_count)
        return [values.to_list() for values in columns]
    return result.tolist() if hasattr(result, "tolist") else result.to_list()


def rows(tally, source):
    """Return the results of joining the rows, counting empty ones, and checking for UTF-8."""
    try:
        (chunk,) = read_chunks(source)
    except (TypeError, ValueError) as error:
        return str(error)
    if chunk.format not in STRINGS:
        return None
    place, stop = (chunk.addresses, chunk.offset), chunk.offset + chunk.length
    results = []
    for name, arguments in (
        ("join_rows", ([b"Hi ", place, b"," * 40, place], chunk.length)),
        ("count_empty", (*place, stop)),
    ):
        try:
            results.append(getattr(tally, name)(*arguments))
        except ValueError as error:
            results.append(str(error))
    return results, chunk.format == "vu" or tally.are_utf8(*place, stop)


def target(octets: bytes) -> None:
    """Count and join the column in both implementations, and look its texts up as numbers."""
    with column(octets) as (source, flags, rules):
        name = "analyze_many" if flags & WITH_FACTS else "count_many"
        chosen = [segmenters[rules % len(OPTIONS)] for segmenters in SEGMENTERS]
        answers = [answer(getattr(segmenter, name), source) for segmenter in chosen]
        assert answers[0] == answers[1], answers
        answers = [rows(tally, source) for tally in TALLIES]
        assert answers[0] == answers[1], answers
        answer(SEGMENTERS[1][0].transliterate_many, source)
        answer(CARD.match_many, source)
