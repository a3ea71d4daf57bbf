"""`septet transliterate`."""

import json

import pytest

TEXT = "Tonight: jazz at the café ’til 2"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([TEXT], "Tonight: jazz at the café 'til 2"),
        (["’ 漢"], "’ 漢"),
        (["--when", "always", "’ 漢"], "' 漢"),
        (["--when", "cheaper", "’"], "’"),
        (["--languages", "turkish", "ş’"], "ş'"),
        (["plain\n"], "plain\n"),
    ],
)
def test_text(run, arguments, expected):
    """The text alone is written, after the replacements that the options allow."""
    assert run("transliterate", *arguments) == (0, expected + "\n", "")


def test_levels(run):
    """Letters need the extra, and are replaced by their level."""
    pytest.importorskip("anyascii")
    assert run("transliterate", "--level", "letters", "łódź") == (0, "lodz\n", "")
    assert run("transliterate", "--level", "all", "при") == (0, "pri\n", "")


def test_json(run):
    """The replacements have indexes in the original text."""
    status, out, err = run("transliterate", "--json", "é “a”")
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "text": 'é "a"',
        "replacements": [
            {"char": "“", "replacement": '"', "index": 2},
            {"char": "”", "replacement": '"', "index": 4},
        ],
    }
