"""septet.js in Node: options, errors, memory; test_agreement.py has its answers."""

from __future__ import annotations

import json
from itertools import product

import pytest

import septet

RAISED = """(() => {
    try { return %s; } catch (error) { return [error.name, error.message]; }
})()"""


@pytest.fixture
def raised(evaluate):
    """A function that returns the name and the message of what an expression throws."""

    def raised(expression: str) -> list[str]:
        return evaluate(RAISED % expression)

    return raised


def test_names(evaluate) -> None:
    """What is known of Python's names and versions."""
    assert evaluate("[septet.version, septet.unicodeVersion]") == [
        septet.__version__,
        septet.UNICODE_VERSION,
    ]
    assert evaluate("septet.languages") == [language.name.lower() for language in septet.Language]
    assert evaluate("septet.providers") == list(septet.provider_names())


def test_functions_take_options(evaluate) -> None:
    """The functions answer as the methods do."""
    assert (
        evaluate("""(() => {
        const text = "ğ".repeat(100), options = {languages: ["turkish"], referenceBits: 16};
        const segmenter = new septet.Segmenter(options);
        const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
        return ["count", "analyze", "split"].map(name => [
            same(septet[name](text, options), segmenter[name](text)),
            same(septet[name](text), segmenter[name](text)),
        ]);
    })()""")
        == [[True, False]] * 3
    )
    assert evaluate("""[
        septet.transliterate("it’s ż", {level: "letters"}),
        septet.transliterate("’ż").replacements,
        septet.transliterate("’ż", {when: "always"}).text,
        septet.transliterate("’ç", {languages: ["turkish"]}).text,
    ]""") == [
        {
            "text": "it's z",
            "replacements": [
                {"char": "’", "replacement": "'", "index": 2},
                {"char": "ż", "replacement": "z", "index": 5},
            ],
        },
        [],
        "'ż",
        "'ç",
    ]


def test_options_are_kept(evaluate) -> None:
    """A segmenter shows its options; languages are in order, and a provider's rules apply."""
    names = ("encoding", "referenceBits", "languages", "keepGraphemes", "headerOctets", "provider")
    shown = f"(s => [{', '.join(f's.{name}' for name in names)}])"
    assert evaluate(f"{shown}(new septet.Segmenter())") == [None, 8, [], False, 0, None]
    options = '{languages: ["urdu", "hindi", "urdu"], headerOctets: 3, provider: "twilio"}'
    assert evaluate(f"{shown}(new septet.Segmenter({options}))") == (
        [None, 8, ["hindi", "urdu"], True, 3, "twilio"]
    )
    assert (
        evaluate('new septet.Segmenter({provider: "twilio", keepGraphemes: false}).keepGraphemes')
        is False
    )


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ("5", "TypeError", "options must be an object, not number"),
        ("null", "TypeError", "options must be an object, not null"),
        ("{bits: 8}", "TypeError", 'there is no option "bits"'),
        (
            "{encoding: 'GSM7'}",
            "RangeError",
            'encoding must be one of null, gsm7, ucs2, not "GSM7"',
        ),
        ("{referenceBits: '8'}", "RangeError", 'referenceBits must be one of 8, 16, not "8"'),
        ("{languages: 'urdu'}", "TypeError", "languages must be an array, not string"),
        ("{keepGraphemes: 'false'}", "TypeError", "keepGraphemes must be a boolean, not string"),
        ("{headerOctets: 1.5}", "TypeError", "headerOctets must be an integer, not 1.5"),
        (
            "{headerOctets: 131}",
            "RangeError",
            "headerOctets must be 0 to 130 beside the other elements, not 131",
        ),
        (
            "{headerOctets: 125, languages: ['urdu'], referenceBits: 16}",
            "RangeError",
            "headerOctets must be 0 to 123 beside the other elements, not 125",
        ),
        ("{headerOctets: -1}", "RangeError", "headerOctets must be 0 to 130 beside the other"),
    ],
)
def test_wrong_options(raised, options: str, error: str, message: str) -> None:
    """An error says what was expected and given."""
    name, text = raised(f"new septet.Segmenter({options})")
    assert name == error
    assert text.startswith(message)


def test_wrong_names(raised) -> None:
    """An unknown name gives all that are known."""
    for option, names in (
        ("provider: 'acme'", septet.provider_names()),
        ("languages: ['klingon']", (language.name.lower() for language in septet.Language)),
    ):
        name, text = raised(f"new septet.Segmenter({{{option}}})")
        assert name == "RangeError"
        assert ", ".join(names) in text


@pytest.mark.parametrize("call", ["count", "analyze", "split", "transliterate", "rcs"])
def test_not_a_text(raised, call: str) -> None:
    assert raised(f"septet.{call}(null)") == ["TypeError", "text must be a string, not null"]


def test_wrong_levels(raised) -> None:
    """The level that needs packages of Python is not there."""
    assert raised('septet.transliterate("", {level: "all"})') == [
        "RangeError",
        'level must be one of punctuation, letters, not "all"',
    ]
    assert raised('septet.transliterate("", {when: "never"})')[0] == "RangeError"
    assert raised('septet.rcs("", {billing: "eu"})')[0] == "RangeError"


def test_encoding_errors(evaluate, raised) -> None:
    """The error has the character, all of it, and its index in code units."""
    assert raised('septet.split("😀ab😀", {encoding: "gsm7"})') == [
        "EncodingError",
        'character "😀" at index 0 is not in the GSM 7-bit alphabet',
    ]
    assert evaluate(
        '(() => { try { septet.count("€😀x", {encoding: "gsm7"}); } '
        "catch (error) { return [error.char, error.index, error instanceof septet.EncodingError,"
        " error instanceof Error]; } })()"
    ) == ["😀", 1, True, True]


def test_rcs(evaluate) -> None:
    """Messages are billed as `septet.rcs` says."""
    texts = ("", "a" * 160, "é" * 81, "\U0001f600")
    flags = (False, True)
    cases = list(product(texts, ("us", "standard"), flags, flags))
    calls = [
        f"septet.rcs({json.dumps(text)}, {{billing: '{billing}', hasMedia: {json.dumps(media)}, "
        f"hasSuggestions: {json.dumps(suggestions)}}})"
        for text, billing, media, suggestions in cases
    ]
    expected = [
        septet.rcs.analyze(text, billing, has_media=media, has_suggestions=suggestions)
        for text, billing, media, suggestions in cases
    ]
    answers = evaluate(f"[{', '.join(calls)}]")
    assert [tuple(answer.values()) for answer in answers] == expected


def test_segmenters_used_in_turn(evaluate) -> None:
    """Segmenters with other options do not disturb each other, errors included."""
    assert (
        evaluate("""(() => {
        const plain = new septet.Segmenter();
        const turkish = new septet.Segmenter({languages: ["turkish"]});
        const telnyx = new septet.Segmenter({provider: "telnyx"});
        const forced = new septet.Segmenter({encoding: "gsm7"});
        const counts = [];
        for (let turn = 0; turn < 3; turn++) {
            for (const segmenter of [plain, turkish, telnyx, forced]) {
                try { counts.push(segmenter.count("ğ".repeat(100))); }
                catch (error) { counts.push(error.name); }
            }
        }
        return counts;
    })()""")
        == [2, 1, 2, "EncodingError"] * 3
    )


def test_long_texts(evaluate) -> None:
    """The memory grows with a text, and what is counted afterwards is right."""
    assert evaluate("""(() => {
        const long = "’a".repeat(600_000);
        const { text, replacements } = septet.transliterate(long, {when: "always"});
        return [
            septet.count("a".repeat(1_000_000)), septet.analyze(long).nonGsmCharacters.length,
            septet.split(long).length, text === "'a".repeat(600_000), replacements.length,
            septet.count("a"), septet.transliterate("’").text,
        ];
    })()""") == [6_536, 600_000, 17_911, True, 600_000, 1, "'"]


@pytest.mark.slow
def test_huge_texts(evaluate) -> None:
    """50 million characters are counted; what does not fit into the memory gives one error."""
    assert evaluate("septet.count('a'.repeat(50_000_000))") == 326_798
    assert evaluate("""(() => {
        try { return septet.transliterate("’".repeat(80_000_000)); }
        catch (error) { return [error.name, error.message, septet.count("a")]; }
    })()""") == [
        "RangeError",
        "a text of 80000000 code units needs more memory than there is",
        1,
    ]


@pytest.mark.slow
def test_it_loads_fast(evaluate, files) -> None:
    """The module is compiled, and its tables are filled, in less than 10 milliseconds."""
    milliseconds = evaluate(f"""(async () => {{
        const times = [];
        for (let turn = 0; turn < 20; turn++) {{
            const start = performance.now();
            await import(`{files}/septet.js?${{turn}}`);
            times.push(performance.now() - start);
        }}
        return Math.min(...times);
    }})()""")
    assert milliseconds < 10
