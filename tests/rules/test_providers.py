"""Providers: the data file, the rules that a segmenter takes from it, and the limits exceeded."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

import oracle
import septet
from septet import ExceededLimit, Provider, ProviderRule, Rules, Segmenter, provider_names

TWILIO = Path(__file__).parents[1] / "vectors/twilio.json"

# As the page that is the source of `telnyx.excluded` prints it.
TELNYX = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "\n\r !\"#$%&'()*+,-./:;<=>?@[\\]^_{}|~£¥èéùìòØøÅåÆæßÉ¡ÄÖÑÜ¿äöñüà"
)
STANDARD = ("max_segments", 255)


def limits(analysis) -> list[tuple[str, int]]:
    return [(exceeded.limit, exceeded.allowed) for exceeded in analysis.exceeded_limits]


def provider_segmenter(kernels, name, **options):
    """Return a segmenter of a provider that may cut clusters."""
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
        "cluster_rules": str,
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
    assert {"azure", "bird", "plivo", "sinch"} <= set(provider_names())
    with pytest.raises(ValueError, match=r"one of aws, azure, .*, vonage, not 'foo'$"):
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


def test_twilio_counts_as_its_calculator(kernels) -> None:
    """Encodings and segments of its own calculator: Indic scripts, Thai, Lao, emoji, CR LF."""
    texts = json.loads(TWILIO.read_text(encoding="utf-8"))["texts"]
    twilio = kernels.Segmenter(provider="twilio")
    for row in texts:
        analysis = twilio.analyze(row["text"])
        found = (str(analysis.encoding), analysis.segment_count)
        assert found == (row["encoding"], row["segments"]), ascii(row["text"])
    column = twilio.count_many([row["text"] for row in texts])
    assert column.to_list() == [row["segments"] for row in texts]
    for other in (kernels.Segmenter(), kernels.Segmenter(keep_graphemes=True)):
        assert sum(other.count(row["text"]) != row["segments"] for row in texts) > 30


@pytest.mark.parametrize(
    ("text", "unicode", "twilio"),
    [
        ("a" * 152 + "\r\n" + "a" * 152, 3, 2),
        ("ж" * 66 + "\r\n" + "ж" * 66, 3, 2),
        ("ж" * 65 + "क्ष" + "ж" * 65, 3, 2),
        ("ж" * 66 + "க்ஷ" + "ж" * 65, 3, 3),
        ("ж" * 66 + "กำ" + "ж" * 66, 3, 3),
        ("ж" * 65 + "👍🏽" + "ж" * 65, 3, 3),
        ("ж" * 64 + "🏴\u200d☠️" + "ж" * 65, 3, 2),
        ("ж" * 66 + "a🏽" + "ж" * 65, 3, 2),
    ],
    ids=["gsm7", "ucs2", "hindi", "tamil", "thai", "skin", "pirates", "letter"],
)
def test_what_twilio_takes_apart(kernels, text, unicode, twilio) -> None:
    """CR LF, conjuncts, and emoji that joined after Unicode 10; a name and a Provider alike."""
    assert kernels.Segmenter(keep_graphemes=True).count(text) == unicode
    segmenter = kernels.Segmenter(provider="twilio")
    assert segmenter.count(text) == twilio
    assert kernels.Segmenter(provider=segmenter.provider).count(text) == twilio
    assert pickle.loads(pickle.dumps(segmenter)).count(text) == twilio
    again = Rules.from_dict(json.loads(json.dumps(segmenter.rules.to_dict())))
    assert (again, again.cluster_rules) == (segmenter.rules, "unicode-10")


def test_unknown_cluster_rules() -> None:
    """A wrong value in a profile of one's own is refused."""
    mine = Provider("mine", (ProviderRule("cluster_rules", "unicode-9", "a contract"),))
    assert Segmenter(provider=mine).rules.cluster_rules == "unicode-9"
    with pytest.raises(
        ValueError, match=r"^cluster rules must be one of unicode, unicode-10, not 'unicode-9'$"
    ):
        Segmenter(provider=mine, keep_graphemes=True)


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
        ("azure", "a", 2048, "max_characters"),
        ("plivo", "a", 1600, "max_gsm7_characters"),
        ("plivo", "Ж", 737, "max_ucs2_characters"),
        ("signalwire", "a", 1600, "max_characters"),
        ("sinch", "a", 2000, "max_characters"),
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
    assert exceeded.actual == exceeded.allowed + 1
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
