"""Words of headings and names."""

from septet.costing.rates.lists.values.words import split_camel_case, words_of


def test_words():
    """Words are without case, accents and marks, and plurals in brackets do not count."""
    assert words_of("countryISO-Code (Größe)") == ["country", "iso", "code", "grosse"]
    assert words_of("Code(s)") == ["code"]
    assert split_camel_case("dialCode2Name MMS") == "dial_Code2_Name MMS"
