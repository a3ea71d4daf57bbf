"""`septet encode`."""

import json

import pytest

import septet

LONG = "Tonight: jazz at the café. " * 6


def test_hexadecimal(run):
    """Each segment is a line."""
    assert run("encode", "Hi") == (0, "c834\n", "")
    assert run("encode", "") == (0, "\n", "")
    expected = [segment.user_data.hex() for segment in septet.encode(LONG, reference=7)]
    status, out, err = run("encode", "--reference", "7", LONG)
    assert (status, out.splitlines(), err) == (0, expected, "")


@pytest.mark.parametrize(
    ("arguments", "text", "segments"),
    [
        (["--reference", "7"], LONG, septet.encode(LONG, reference=7)),
        (["--message-class", "0"], "я", septet.encode("я", message_class=0)),
        (["--languages", "turkish"], "ş", septet.Segmenter(languages=["turkish"]).encode("ş")),
        (
            ["--reference-bits", "16", "--reference", "300"],
            LONG,
            septet.Segmenter(reference_bits=16).encode(LONG, reference=300),
        ),
    ],
)
def test_json(run, arguments, text, segments):
    """A text is a list of segments, by the names of `EncodedSegment`."""
    status, out, err = run("encode", "--json", *arguments, text)
    assert (status, err) == (0, "")
    assert json.loads(out) == [
        {
            **segment._asdict(),
            "udh": segment.udh.hex(),
            "user_data": segment.user_data.hex(),
            "has_udh": segment.udh != b"",
            "packed": True,
        }
        for segment in segments
    ]


def test_septets_that_are_not_packed(run):
    """Each septet is in an octet of its own, after the header; UCS-2 stays as it is."""
    assert run("encode", "--no-packed", "é@") == (0, "0500\n", "")
    assert run("encode", "--no-packed", "я") == (0, "044f\n", "")
    (_, second) = json.loads(run("encode", "--no-packed", "--reference", "7", "--json", LONG)[1])
    assert bytes.fromhex(second["user_data"]) == b"\5\0\3\7\2\2he caf\5. "
    assert second["user_data_length"] is None
    assert second["packed"] is False


def test_errors(run, capsys):
    """A reference that is too large is wrong usage; a text that is too long is an error."""
    for option in (["--reference", "256"], ["--message-class", "4"], ["--reference", "-1"]):
        with pytest.raises(SystemExit) as caught:
            run("encode", *option, "a")
        assert caught.value.code == 2
        assert capsys.readouterr().err.startswith("septet encode: error: ")
    status, out, err = run("encode", "a" * 153 * 256)
    assert (status, out) == (1, "")
    assert err.startswith("septet: the text needs 256 segments; ")
