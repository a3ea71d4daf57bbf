"""Providers: the data file, the rules that a segmenter takes from it, and the limits exceeded."""

from __future__ import annotations

import pickle

import pytest

import oracle
import septet
from septet import ExceededLimit, Provider, ProviderRule, Segmenter, provider_names

# As the page that is the source of `telnyx.excluded` prints it.
TELNYX = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "\n\r !\"#$%&'()*+,-./:;<=>?@[\\]^_{}|~£¥èéùìòØøÅåÆæßÉ¡ÄÖÑÜ¿äöñüà"
)
STANDARD = ("max_segments", 255)


def limits(analysis) -> list[tuple[str, int]]:
    return [(exceeded.limit, exceeded.allowed) for exceeded in analysis.exceeded_limits]


def provider_segmenter(kernels, name, **options):
    """Return a segmenter of a provider, without the rules that need another package."""
    return kernels.Segmenter(provider=name, **{"keep_graphemes": False, **options})


@pytest.mark.parametrize("name", provider_names())
def test_every_rule_has_its_source(name) -> None:
    """A rule is a fact of a known kind, with a page that states it."""
    kinds = {
        "reference_bits": int,
        "keep_graphemes": bool,
        "excluded": str,
        "max_characters": int,
        "max_gsm7_characters": int,
        "max_ucs2_characters": int,
        "max_segments": int,
        "offers_languages": bool,
    }
    provider = Segmenter(provider=name, keep_graphemes=False).provider
    assert provider.name == name
    assert provider.rules
    for rule in provider.rules:
        assert type(rule.value) is kinds[rule.name]
        assert rule.source.startswith("https://")
        assert isinstance(rule.note, str)


def test_names() -> None:
    """In the order of the alphabet, and all of them in the message about another."""
    assert list(provider_names()) == sorted(provider_names())
    assert {"bandwidth", "twilio", "vonage", "telnyx", "aws", "infobip"} <= set(provider_names())
    with pytest.raises(ValueError, match=r"one of aws, bandwidth, .*, vonage, not 'foo'$"):
        Segmenter(provider="foo")


def test_options_of_a_provider(kernels) -> None:
    """What is published holds, unless the caller says otherwise."""
    text = "a" * 60 + "\U0001f468\u200d\U0001f469\u200d\U0001f467" + "a" * 60
    twilio = kernels.Segmenter(provider="twilio")
    assert (twilio.reference_bits, twilio.keep_graphemes) == (8, True)
    assert (twilio.count(text), kernels.count(text)) == (3, 2)
    assert provider_segmenter(kernels, "twilio").count(text) == 2
    wide = provider_segmenter(kernels, "bandwidth", reference_bits=16, languages=["turkish"])
    assert (wide.count("a" * 305), wide.count("ğ" * 100)) == (3, 1)
    assert provider_segmenter(kernels, "infobip").count("ğ" * 100) == 2
    with pytest.raises(ValueError, match="reference_bits must be 8 or 16"):
        provider_segmenter(kernels, "bandwidth", reference_bits=7)


def test_given_options_override_those_of_a_provider() -> None:
    """Even where they equal the defaults; a Provider and the name of one mean the same."""
    mine = Provider("mine", (ProviderRule("reference_bits", 16, "a contract"),))
    assert Segmenter(provider=mine).reference_bits == 16
    assert Segmenter(provider=mine, reference_bits=8).reference_bits == 8
    assert Segmenter(None, 8, (), False, 0, mine).reference_bits == 8
    twilio = Segmenter(provider="twilio")
    assert twilio.keep_graphemes
    assert not Segmenter(provider="twilio", keep_graphemes=False).keep_graphemes
    assert Segmenter(provider=twilio.provider) == twilio


def test_the_alphabet_of_telnyx(kernels) -> None:
    """GSM-7 is what its page lists, and nothing else of the default alphabet."""
    telnyx = provider_segmenter(kernels, "telnyx")
    known = oracle.TABLES["default"] | oracle.TABLES["extension"]
    assert {char for char in known if telnyx.analyze(char).encoding == "gsm7"} == set(TELNYX)
    assert (telnyx.count("€" * 71), kernels.count("€" * 71)) == (2, 1)
    found = telnyx.analyze("10 € Ç")
    assert [entry.char for entry in found.non_gsm_characters] == ["€", "Ç"]
    assert telnyx.encode("€")[0].user_data == b"\x20\xac"
    assert telnyx.transliterate("“\u2126”", when="always").text == '"\u2126"'
    assert telnyx.truncate("a" * 160 + "€", 1) == "a" * 160
    turkish = provider_segmenter(kernels, "telnyx", languages=["turkish"])
    assert (turkish.count("ğ" * 71), turkish.count("ğ" * 70 + "€")) == (1, 2)
    with pytest.raises(septet.EncodingError):
        provider_segmenter(kernels, "telnyx", encoding=septet.Encoding.GSM7).count("€")


@pytest.mark.parametrize(
    ("name", "char", "most", "limit"),
    [
        ("aws", "a", 1530, "max_gsm7_characters"),
        ("aws", "ж", 630, "max_ucs2_characters"),
        ("bandwidth", "a", 2048, "max_characters"),
        ("bandwidth", "😀", 2048, "max_characters"),
        ("signalwire", "a", 1600, "max_characters"),
        ("telnyx", "a", 1530, "max_segments"),
        ("telnyx", "€", 670, "max_segments"),
        ("twilio", "ж", 1600, "max_characters"),
        ("vonage", "a", 3200, "max_characters"),
    ],
)
def test_published_limits(kernels, name, char, most, limit) -> None:
    """The longest text that a provider takes exceeds nothing, one character more does."""
    segmenter = provider_segmenter(kernels, name)
    assert segmenter.analyze(char * most).exceeded_limits == ()
    (exceeded,) = segmenter.analyze(char * (most + 1)).exceeded_limits
    assert exceeded.limit == limit
    assert exceeded.found == exceeded.allowed + 1
    assert exceeded.source in {rule.source for rule in segmenter.provider.rules}


def test_the_limit_of_the_standard(kernels) -> None:
    """255 segments can be numbered, whoever sends them; the provider's limits come first."""
    assert kernels.analyze("a" * 153 * 255).exceeded_limits == ()
    assert kernels.analyze("a" * (153 * 255 + 1)).exceeded_limits == (
        ExceededLimit("max_segments", 255, 256, "3GPP TS 23.040, 9.2.3.24.1"),
    )
    found = provider_segmenter(kernels, "telnyx").analyze("a" * (153 * 255 + 1))
    assert limits(found) == [("max_segments", 10), STANDARD]
    assert limits(provider_segmenter(kernels, "infobip").analyze("a" * (153 * 255 + 1))) == [
        STANDARD
    ]


def test_a_provider_of_ones_own(kernels) -> None:
    """Rules that no page publishes: an alphabet and a budget; `[` is GSM-7 no more."""
    mine = Provider(
        "mine",
        (ProviderRule("excluded", "[a", "a contract"), ProviderRule("max_segments", 1, "a budget")),
    )
    segmenter = kernels.Segmenter(provider=mine)
    assert [segmenter.count(text) for text in ("[" * 71, "b" * 160, "ba" * 36)] == [2, 1, 2]
    assert segmenter.analyze("[" * 71).exceeded_limits == (
        ExceededLimit("max_segments", 1, 2, "a budget"),
    )
    with pytest.raises(
        TypeError, match=r"^provider must be a Provider, the name of one, or None, not int$"
    ):
        kernels.Segmenter(provider=5)


def test_segmenters_of_providers_are_values() -> None:
    """Equal by their rules, the provider's among them; copied by pickle and by their repr."""
    one = Segmenter(provider="telnyx")
    assert one == Segmenter(provider="telnyx")
    assert one != Segmenter()
    assert one != Segmenter(provider="vonage")
    assert len({one, Segmenter(provider="telnyx"), Segmenter()}) == 2
    copied = pickle.loads(pickle.dumps(one))
    assert copied == one
    assert copied.count("€" * 71) == 2
    assert eval(repr(one), vars(septet)) == one
    found = pickle.loads(pickle.dumps(one.analyze("a" * 1531)))
    assert found == one.analyze("a" * 1531)
    assert found.exceeded_limits == one.analyze("a" * 1531).exceeded_limits != ()
