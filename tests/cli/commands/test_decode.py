"""`septet decode`, also of what `septet encode` writes."""

import io
import json
import sys

import pytest

import septet

LONG = "Straße [€] " * 30


@pytest.fixture
def decode(run, monkeypatch):
    """Decode what standard input has."""

    def decode(content, *arguments):
        stdin = io.TextIOWrapper(io.BytesIO(content.encode()), newline="")
        monkeypatch.setattr(sys, "stdin", stdin)
        return run("decode", *arguments)

    return decode


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["c834"], "Hi"),
        (["C8 34", "c834"], "Hi\nHi"),
        ([""], ""),
        (["--data-coding", "0x08", "041f"], "П"),
        (["--data-coding", "3", "--protocol", "smpp", "e95b"], "é["),
        (["--default-alphabet", "utf-8", "--protocol", "smpp", "c3a9"], "é"),
        (["--packed", "--protocol", "smpp", "c834"], "Hi"),
        (["--no-packed", "4869"], "Hi"),
        (["--no-packed", "--udh", "032501010c"], "ğ"),
        (["edf27c1e3e9701"], "message"),
        (["--user-data-length", "8", "edf27c1e3e9701"], "message@"),
        (["--no-packed", "1b7f41"], "àA"),
    ],
)
def test_options(run, arguments, text):
    """The options are those of `septet.decode`."""
    assert run("decode", *arguments) == (0, text + "\n", "")


@pytest.mark.parametrize("text", ["", "Hi", "message@", "a\nb\n\n", LONG, "я" * 200, "a\0\r😀"])
@pytest.mark.parametrize("options", [[], ["--no-packed"], ["--reference-bits", "16"]])
def test_there_and_back(run, decode, text, options):
    """What `septet encode --json` writes gives the text again, as text and as JSON."""
    encoded = run("encode", "--json", *options, text)[1]
    assert decode(encoded) == (0, text + "\n", "")
    status, out, err = decode(encoded, "--json", "-")
    assert (status, json.loads(out), err) == (0, {"text": text}, "")
    assert run("decode", encoded) == (0, text + "\n", "")


def test_many_texts(run, decode, monkeypatch):
    """Each list is a text of its own, although the references are equal."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{LONG}\na\n".encode() * 2)))
    encoded = run("encode", "--json", "--lines", "--reference", "7")[1]
    assert encoded.count("\n") == 4
    status, out, err = decode(encoded, "--json")
    texts = [json.loads(line)["text"] for line in out.splitlines()]
    assert (status, texts, err) == (0, [LONG, "a"] * 2, "")


def test_segments_in_any_order(decode):
    """Segments are joined by their headers, whether they are digits or objects."""
    segments = septet.encode(LONG, reference=7)[::-1]
    digits = "\r\n".join(segment.user_data.hex() for segment in segments)
    assert decode(digits + "\n\n", "--udh") == (0, LONG + "\n", "")
    objects = [json.dumps({"user_data": s.user_data.hex(), "has_udh": True}) for s in segments]
    assert decode("\n".join(objects)) == (0, LONG + "\n", "")


def test_missing_segments(decode):
    """Texts that are whole are written; the status is 1 if another is not."""
    first, *_ = septet.encode(LONG, reference=7)
    content = [{"user_data": first.user_data.hex(), "has_udh": True}, {"user_data": "c834"}]
    message = "septet: only 1 of 3 segments with reference 7 were given\n"
    assert decode(json.dumps(content)) == (1, "Hi\n", message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("c834\n\nzz", "segment 2: expected pairs of hexadecimal digits, got 'zz'"),
        ("c83", "segment 1: expected pairs of hexadecimal digits, got 'c83'"),
        ("[1]", "segment 1: expected an object with user_data"),
        ("{}", "segment 1: expected user_data to be a string, got null"),
        ('{"user_data": "c8", "data_coding": true}', "expected data_coding to be an integer, got"),
        ('{"user_data": "c8", "data_coding": 256}', "segment 1: data_coding "),
        ('{"user_data": "c8", "has_udh": 1}', "expected has_udh to be true or false, got 1"),
        ('{"user_data": "c8", "packed": "a"}', "packed to be true or false or null, got "),
        ('{"user_data": "c8", "user_data_length": 9}', "segment 1: user_data_length is 9 septets"),
        ("{", "the segments are not JSON: "),
        ("[" * 100_000, "the segments are not JSON: "),
        ("1b", "segment 1: "),
    ],
)
def test_errors(decode, content, message):
    """An invalid segment ends with status 1, after the texts before it, and is named."""
    status, out, err = decode(content, "--strict")
    assert (status, out, err.count("\n")) == (1, "Hi\n" * content.startswith("c834"), 1)
    assert err.startswith("septet: ")
    assert message in err


def test_strict(run):
    """--strict refuses invalid data."""
    assert run("decode", "--no-packed", "--strict", "1b7f")[:2] == (1, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--default-alphabet", "latin-1"],
        ["--default-alphabet", "klingon", "--protocol", "smpp"],
        ["--data-coding", "256"],
        ["--data-coding", "x"],
        ["--protocol", "cdma"],
    ],
)
def test_wrong_usage(run, capsys, arguments):
    """Options that do not fit are wrong usage."""
    with pytest.raises(SystemExit) as caught:
        run("decode", *arguments, "c834")
    assert caught.value.code == 2
    assert "septet decode: error: " in capsys.readouterr().err
