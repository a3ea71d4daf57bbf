"""`Encoding` and `Language`: names, values and identifiers."""

from __future__ import annotations

import json

from septet import Encoding, Language


def test_encoding() -> None:
    """The repr is the name, JSON contains the value."""
    assert repr(Encoding.GSM7) == "Encoding.GSM7"
    assert json.dumps([Encoding.GSM7, Encoding.UCS2]) == '["gsm7", "ucs2"]'
    assert Encoding("ucs2") is Encoding.UCS2


def test_language_identifiers() -> None:
    """3GPP TS 23.038, table 6.2.1.2.4.1."""
    names = " ".join(language.name.lower() for language in sorted(Language))
    assert names.startswith("turkish spanish portuguese bengali gujarati hindi kannada malayalam")
    assert names.endswith("oriya punjabi tamil telugu urdu")
    assert [int(language) for language in Language] == list(range(1, 14))
    assert repr(Language.URDU) == "Language.URDU"
