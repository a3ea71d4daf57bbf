"""The codecs "gsm7" and "gsm7-packed" behave as the module `codecs` specifies."""

from __future__ import annotations

import codecs
import io
import re
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import oracle_wire
import strategies

BOTH = ("gsm7", "gsm7-packed")


@given(strategies.gsm7_texts)
def test_septets_are_those_of_the_oracle(text) -> None:
    """Each septet is in an octet of its own, and decodes to its character."""
    expected = b"".join(sent.septets for sent in oracle_wire.encode(text, 0, encoding="gsm7"))
    assert text.encode("gsm7") == expected
    assert expected.decode("gsm7") == text


@given(st.one_of(strategies.gsm7_texts, st.text("@a\r", max_size=40)))
@example("1234567")
@example("1234567@")
@example("1234567\r")
@example("\r" * 7)
@example("\r" * 8)
def test_packed_round_trip(text) -> None:
    """Every text decodes to itself, except for a second CR that ends an octet."""
    septets = text.encode("gsm7")
    expected = text
    if len(septets) % 8 == 1 and text.endswith("\r\r"):
        expected = text[:-1]
    octets = text.encode("gsm7-packed")
    assert octets.decode("gsm7-packed") == expected
    assert len(octets) == (7 * len(septets) + 7) // 8 + (
        len(septets) % 8 == 0 and text.endswith("\r")
    )


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("", ""),
        ("hello", "e8329bfd06"),
        ("[10€]", "1b5e0cb6296f7c"),
        ("\r", "0d"),
        ("02", "3019"),
        # 3GPP TS 23.038, 6.1.2.3.1, with octets of warthog618/sms, encoding/gsm7/7bit_test.go
        ("message", "edf27c1e3e971b"),
        ("message@", "edf27c1e3e9701"),
        ("filler?", "e6349b5d96ff1a"),
        ("pattern", "f0309d5e96bb1b"),
        ("pattern?", "f0309d5e96bb7f"),
        ("pattern!!", "f0309d5e96bb4321"),
        ("pattern\r", "f0309d5e96bb1b0d"),
    ],
)
def test_known_packed_octets(text, octets) -> None:
    """Seven spare bits hold a CR, as in USSD and cell broadcast."""
    assert text.encode("gsm7-packed").hex() == octets
    assert bytes.fromhex(octets).decode("gsm7-packed") == text


@pytest.mark.parametrize("name", ["gsm7", "GSM7", "gsm7-packed", "gsm7_packed", "GSM7 packed"])
def test_names(name) -> None:
    """Any spelling of the name finds the codec, whose own name is the documented one."""
    assert codecs.lookup(name).name == ("gsm7-packed" if "packed" in name else "gsm7")


def test_known_after_import() -> None:
    """`import septet` registers the codecs without loading them; other names stay unknown."""
    program = (
        "import septet, sys; assert 'septet.wire.codec' not in sys.modules; "
        "print('é€'.encode('gsm7').hex()); 'x'.encode('gsm8')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "051b65\n"
    assert done.stderr.splitlines()[-1].startswith("LookupError: ")


@pytest.mark.parametrize("name", BOTH)
def test_strict_encoding(name) -> None:
    """The error names adjacent characters outside the alphabet, and their positions."""
    with pytest.raises(UnicodeEncodeError) as caught:
        "at ☕☕ 😀".encode(name)
    error = caught.value
    assert (error.encoding, error.start, error.end) == (name, 3, 5)
    assert error.reason == "not in the GSM 7-bit alphabet"


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ("ignore", "at  [x] "),
        ("replace", "at ?? [x] ?"),
        ("xmlcharrefreplace", "at &#9749;&#9749; [x] &#128512;"),
        ("backslashreplace", r"at \u2615\u2615 [x] \U0001f600"),
        ("namereplace", r"at \N{HOT BEVERAGE}\N{HOT BEVERAGE} [x] \N{GRINNING FACE}"),
    ],
)
@pytest.mark.parametrize("name", BOTH)
def test_handled_encoding(name, errors, expected) -> None:
    """The replacement of a standard error handler is encoded, too."""
    assert "at ☕☕ [x] 😀".encode(name, errors) == expected.encode(name)


def test_custom_error_handlers() -> None:
    """They may return a str or bytes, and any position in the text."""
    codecs.register_error("septet.octets", lambda error: (b"\x1b\x65", error.end))
    codecs.register_error("septet.back", lambda error: ("-", -1))
    codecs.register_error("septet.foreign", lambda error: ("é☕", error.end))
    codecs.register_error("septet.eight", lambda error: (b"\x80", error.end))
    codecs.register_error("septet.beyond", lambda error: ("", 99))
    assert "a☕b".encode("gsm7", "septet.octets") == b"a\x1b\x65b"
    assert "a☕bcd".encode("gsm7", "septet.back") == b"a-d"
    assert b"a\x1b\x00b".decode("gsm7", "septet.back") == "a-b"
    for name in ("septet.foreign", "septet.eight"):
        with pytest.raises(UnicodeEncodeError):
            "a☕b".encode("gsm7", name)
    with pytest.raises(IndexError):
        "a☕b".encode("gsm7", "septet.beyond")
    with pytest.raises(LookupError, match=re.escape("septet.none")):
        "a☕b".encode("gsm7", "septet.none")


def test_surrogateescape_is_refused() -> None:
    """The bytes that `surrogateescape` restores are not septets."""
    with pytest.raises(UnicodeEncodeError):
        "\udc80".encode("gsm7", "surrogateescape")


@pytest.mark.parametrize(
    ("septets", "span", "reason", "replaced", "ignored"),
    [
        (b"ab\x80c", (2, 3), "not a septet", "ab\ufffdc", "abc"),
        (b"\x1b\x41b", (0, 2), "an escape without a character", "\ufffdb", "b"),
        (b"ab\x1b", (2, 3), "an escape without a character", "ab\ufffd", "ab"),
        (b"a\x1b\x1b\x65", (1, 3), "an escape without a character", "a\ufffde", "ae"),
        (b"\x1b\xff", (0, 1), "an escape without a character", "\ufffd\ufffd", ""),
    ],
)
def test_decoding_errors(septets, span, reason, replaced, ignored) -> None:
    """The error has position and reason; `replace` and `ignore` continue after it."""
    with pytest.raises(UnicodeDecodeError) as caught:
        septets.decode("gsm7")
    error = caught.value
    assert (error.encoding, error.start, error.end, error.reason) == ("gsm7", *span, reason)
    assert septets.decode("gsm7", "replace") == replaced
    assert septets.decode("gsm7", "ignore") == ignored


def test_packed_decoding_errors() -> None:
    """Positions in errors count septets."""
    octets = septet_pack(b"ab\x1b\x41b")
    with pytest.raises(UnicodeDecodeError) as caught:
        octets.decode("gsm7-packed")
    assert (caught.value.start, caught.value.end) == (2, 4)
    assert octets.decode("gsm7-packed", "replace") == "ab\ufffdb"


def septet_pack(septets: bytes) -> bytes:
    bits = "".join(f"{code:07b}"[::-1] for code in septets)
    return oracle_wire._octets(bits)


pieces = st.lists(st.integers(0, 9), min_size=1)


@given(text=strategies.gsm7_texts, sizes=pieces)
def test_incremental_encoder(text, sizes) -> None:
    """Pieces of any size give the same octets as the whole text."""
    encoder = codecs.getincrementalencoder("gsm7")()
    octets, start = b"", 0
    for size in sizes:
        octets += encoder.encode(text[start : start + size])
        start += size
    assert octets + encoder.encode(text[start:], final=True) == text.encode("gsm7")


@pytest.mark.parametrize("name", BOTH)
@given(text=strategies.gsm7_texts, sizes=pieces)
@example(text="1234567\r", sizes=[7, 1])
def test_incremental_decoder(name, text, sizes) -> None:
    """Pieces of any size give the same text, even if the state is saved and restored."""
    octets = text.encode(name)
    decoder = codecs.getincrementaldecoder(name)()
    decoded, start = "", 0
    for size in sizes:
        decoded += decoder.decode(octets[start : start + size])
        start += size
        state = decoder.getstate()
        decoder = codecs.getincrementaldecoder(name)()
        decoder.setstate(state)
    assert decoded + decoder.decode(octets[start:], final=True) == octets.decode(name)


@pytest.mark.parametrize("name", BOTH)
def test_reset(name) -> None:
    """A reset drops octets that are not decoded yet."""
    decoder = codecs.getincrementaldecoder(name)()
    decoder.decode("abcd€".encode(name)[:-1])
    decoder.reset()
    assert decoder.decode("hello".encode(name), final=True) == "hello"


def test_an_escape_at_the_end_of_a_piece() -> None:
    """It is kept for the next piece; at the end of the data it is an error."""
    decoder = codecs.getincrementaldecoder("gsm7")()
    assert decoder.decode(b"a\x1b") == "a"
    assert decoder.decode(b"\x65") == "€"
    assert decoder.decode(b"\x1b") == ""
    with pytest.raises(UnicodeDecodeError):
        decoder.decode(b"", final=True)
    replacing = codecs.getincrementaldecoder("gsm7-packed")("replace")
    assert replacing.decode(septet_pack(b"1234567\x1b\x65"), final=True) == "1234567€"
    assert replacing.decode(septet_pack(b"ab\x1b"), final=True) == "ab\ufffd"


@pytest.mark.parametrize("name", BOTH)
def test_files(name, tmp_path) -> None:
    """Text files can be read with both codecs, but written only with "gsm7"."""
    text = "ein Straßenfest\n" * 500 + "[€]"
    path = tmp_path / "septets"
    path.write_bytes(text.encode(name))
    with path.open(encoding=name, newline="") as file:
        assert "".join(file) == text
    if name == "gsm7-packed":
        with pytest.raises(io.UnsupportedOperation, match="cannot be written in pieces: write "):
            path.write_text(text, encoding=name)
    else:
        path.write_text(text, encoding=name, newline="")
        assert path.read_bytes() == text.encode(name)


def test_streams() -> None:
    """There are stream readers and writers for "gsm7", but not for packed octets."""
    octets = io.BytesIO()
    codecs.getwriter("gsm7")(octets).write("a€" * 100)
    octets.seek(0)
    reader = codecs.getreader("gsm7")(octets)
    assert "".join(iter(lambda: reader.read(7), "")) == "a€" * 100
    for find in (codecs.getincrementalencoder, codecs.getwriter, codecs.getreader):
        with pytest.raises(io.UnsupportedOperation, match="cannot be written in pieces"):
            find("gsm7-packed")(io.BytesIO())  # type: ignore[operator]


@pytest.mark.parametrize(
    "alias",
    ["gsm7", "gsm-7", "gsm_7", "gsm 7", "GSM7", "Gsm-7", "GSM 7", "GSM-7-bit", "gsm7bit"]
    + ["gsm0338", "gsm-0338", "gsm03.38", "GSM 03.38", "gsm_03_38", "gsm-03-38", "GSM_03.38"],
)
@pytest.mark.parametrize("suffix", ["", "-packed", "_packed", " packed", "packed", "-PACKED"])
def test_aliases(alias, suffix) -> None:
    """Each spelling that people use is one of the two codecs."""
    name = "gsm7-packed" if suffix else "gsm7"
    assert codecs.lookup(alias + suffix).name == name
    assert "[€]".encode(alias + suffix) == "[€]".encode(name)


@pytest.mark.parametrize(
    "name", ["gsm", "gsm8", "gsm77", "gsm7-unpacked", "gsmpacked", "gsm7packe"]
)
def test_other_names(name) -> None:
    """Names that are nearly right are unknown."""
    with pytest.raises(LookupError):
        codecs.lookup(name)


def test_surrogateescape() -> None:
    """It decodes any octet, but the alphabet is no superset of ASCII: the way back is not given."""
    text = b"caf\xe9".decode("gsm7", "surrogateescape")
    assert text == "caf\udce9"
    with pytest.raises(UnicodeEncodeError):
        text.encode("gsm7", "surrogateescape")


def test_a_page_of_cell_broadcast() -> None:
    """A page has 93 septets, filled with CR, which stay until the receiver strips them."""
    page = septet_pack(b"hello" + b"\r" * 88)
    assert len(page) == 82
    assert page.decode("gsm7-packed") == "hello" + "\r" * 88


@pytest.mark.parametrize("name", BOTH)
def test_wrong_types(name) -> None:
    """Encoding refuses bytes, decoding refuses text."""
    with pytest.raises(TypeError, match="text must be str, not bytes"):
        codecs.encode(b"text", name)
    for wrong in ("text", 5):
        with pytest.raises(TypeError):
            codecs.decode(wrong, name)  # type: ignore[arg-type]
    assert codecs.decode(bytearray(b""), name) == ""
    assert codecs.decode(memoryview("a".encode(name)), name) == "a"
