"""The page in a real browser: it shows the counts of the core."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("jinja2")
pytest.importorskip("msgspec")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

import septet
from septet.costing import RateCard
from septet.serving import Server
from septet.web import application
from septet.web.inspector import inspector

CARD = RateCard.from_rows(
    [{"prefix": "33", "price": "0.0649", "currency": "EUR", "country": "France"}]
)
QUOTES = "It’s “free” at the café…"
TEXTS = {
    "short": QUOTES,
    "segments": "Dear {name}, your order [4711] costs 20 €.\nThanks ~ and good bye! " * 24,
    "emoji": "Happy birthday 🎂 👨‍👩‍👧‍👦 🇫🇷! " * 5,
    "arabic": "مرحبا بكم في متجرنا، لديكم خصم على كل الطلبات حتى نهاية الأسبوع. " * 3,
    "hostile": "<script>document.title = 'gone'</script><img src=x onerror=document.title='gone'>"
    " a\u202eevil\u202c z\u200bw\u200d \t\x07 &lt;b&gt; " + "w" * 200 + "ẃ" * 100,
}


@pytest.fixture(scope="module")
def url():
    """A service with a rate card."""
    with Server(application(CARD), guard=True) as server:
        yield f"{server.url}/"


@pytest.fixture
def page(browser, url):
    """The page, with the cursor in the text field."""
    page = browser.open(url)
    yield page
    assert page.problems == []


def settle(page, text):
    """Wait until the page shows the analysis of a text."""
    page.wait(f"shown && shown.text === {json.dumps(text)}")


def figures(page):
    """Return the figures on the page."""
    names = ("segment-count", "encoding", "unit-count", "units-left")
    return tuple(page.text(f"#{name}") for name in names)


def test_typing(page) -> None:
    """The counts follow the text while it is typed."""
    page.type("Caf")
    settle(page, "Caf")
    assert figures(page) == ("1", "GSM-7", "3", "157")
    page.type("é ’")
    settle(page, "Café ’")
    assert figures(page) == ("1", "UCS-2", "6", "64")
    assert page.text("#cursor") == (
        "Before the cursor: ’ U+2019 RIGHT SINGLE QUOTATION MARK, 1 code unit, forces UCS-2"
    )
    page.wait("$('announcement').textContent === '1 segment, UCS-2, 6 code units, 64 left'")


def test_pasting_an_emoji(page) -> None:
    """An emoji takes two code units, and is listed with its code point."""
    page.paste("a👍🏽")
    settle(page, "a👍🏽")
    assert figures(page) == ("1", "UCS-2", "5", "65")
    page.click("#characters > summary")
    page.wait("document.querySelectorAll('#characters tbody tr').length === 3")
    page.wait("names.has('👍')")  # from the server
    rows = page.evaluate(
        "[...document.querySelectorAll('#characters tr')].map(row => row.innerText)"
    )
    assert rows[0].split("\t") == ["Character", "Code units", "Times"]
    assert rows[2].split("\t") == ["👍", "U+1F44D THUMBS UP SIGN", "2", "1"]


def test_replacement_and_undo(page) -> None:
    """A click replaces one kind of character or all of them, and can be undone."""
    page.paste(QUOTES)
    settle(page, QUOTES)
    page.click("[aria-label='Replace RIGHT SINGLE QUOTATION MARK with \\'']")
    changed = QUOTES.replace("’", "'")
    settle(page, changed)
    assert page.evaluate("document.activeElement.textContent") == "Undo the change"
    page.click("#suggestions button")
    plain = septet.transliterate(QUOTES).text
    settle(page, plain)
    assert figures(page)[1] == "GSM-7"
    assert page.evaluate("$('savings').hidden")
    page.click("#undo button")
    settle(page, changed)
    page.click("#undo button")
    settle(page, QUOTES)
    assert page.evaluate("document.activeElement.id") == "text"
    assert page.evaluate("$('undo').hidden")


def test_segments(page) -> None:
    """Each segment has the body and the units that the core counts."""
    text = "]" * 100 + " [\n€] " * 40
    page.paste(text)
    settle(page, text)
    segments = septet.split(text)
    bodies = page.evaluate(
        "[...document.querySelectorAll('#segments li > div')].map(body => body.textContent)"
    )
    assert [body.replace("↵\n", "\n") for body in bodies] == [s.body for s in segments]
    heads = page.evaluate(
        "[...document.querySelectorAll('#segments .head')].map(head => head.innerText)"
    )
    assert heads[0].split() == [
        *("1", "of", str(len(segments)), str(segments[0].unit_count)),
        *("of", "153", "septets"),
    ]


CLUSTER = "ж" + "a" * 65 + "e\u0301\u0302" + "b" * 10


@pytest.mark.parametrize(
    ("action", "text", "options"),
    [
        ("$('provider').value = 'telnyx'", "20 €", {"provider": "telnyx"}),
        ("$('reference').click()", "a" * 153 * 3, {"reference_bits": 16}),
        ("document.querySelector('[value=turkish]').click()", "ş" * 5, {"languages": ["turkish"]}),
        ("$('graphemes').click()", CLUSTER, {"keep_graphemes": True}),
    ],
    ids=["provider", "reference", "language", "graphemes"],
)
def test_rules(page, action, text, options) -> None:
    """The selected rules apply."""
    name = options.pop("provider", None)
    make = septet.Segmenter if name is None else lambda: septet.Segmenter(provider=name)
    analysis = make(**options).analyze(text)
    default = septet.analyze(text)
    assert (analysis.encoding, analysis.units_left, analysis.segment_count) != (
        default.encoding,
        default.units_left,
        default.segment_count,
    )
    page.paste(text)
    settle(page, text)
    page.evaluate("document.querySelector('#rules').open = true")
    page.evaluate(f"{action}, $('provider').dispatchEvent(new Event('change', {{bubbles: true}}))")
    page.wait(
        f"shown.encoding === '{analysis.encoding}' && shown.unitsLeft === {analysis.units_left}"
        f"&& shown.segmentCount === {analysis.segment_count}"
    )


def test_line_ends(page) -> None:
    """CR LF takes two units; a button changes it where that saves a segment."""
    text = "a\n" * 80
    page.paste(text)
    settle(page, text)
    page.evaluate(
        "$('line-ends').value = 'CR LF',"
        "$('line-ends').dispatchEvent(new Event('change', {bubbles: true}))"
    )
    settle(page, text.replace("\n", "\r\n"))
    assert page.text("#segment-count") == "2"
    assert page.text("#suggestions button") == "Send LF instead of CR LF: 1 segment"
    page.click("#suggestions button")
    settle(page, text)
    assert page.text("#segment-count") == "1"
    page.click("#undo button")
    settle(page, text.replace("\n", "\r\n"))


def test_line_ends_and_replacements(page) -> None:
    """Where both together save most, one button makes both changes, and one undoes both."""
    text = "’" + "a\n" * 60
    page.evaluate("$('line-ends').value = 'CR LF'")
    page.paste(text)
    settle(page, text.replace("\n", "\r\n"))
    buttons = (
        "[...document.querySelectorAll('#suggestions button')].map(button => button.innerText)"
    )
    assert page.evaluate(buttons) == [
        "Replace punctuation and signs: 2 segments",
        "Replace punctuation and signs. Send LF instead of CR LF: 1 segment",
    ]
    page.click("#suggestions button:last-child")
    settle(page, text.replace("’", "'"))
    assert figures(page)[:2] == ("1", "GSM-7")
    page.click("#undo button")
    settle(page, text.replace("\n", "\r\n"))


def test_price(page) -> None:
    """The price by the rate card, or the reason why there is no price."""
    page.paste("a" * 161)
    settle(page, "a" * 161)
    page.click("#to")
    page.type("+33612345678")
    page.wait("$('price').textContent === '0.1298 EUR'")
    assert "Price for France." in page.text("#remarks")
    page.type("x")
    page.wait("$('price').textContent === '–'")
    assert "No price: not an E.164 number." in page.text("#remarks")


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)], ids=["phone", "desk"])
@pytest.mark.parametrize("name", TEXTS)
def test_nothing_overflows_or_fades(browser, url, name, width, dark) -> None:
    """Any text is shown without overflow and with contrast; every element has a name."""
    page = browser.open(url, width=width, dark=dark)
    page.evaluate("$('characters').open = true, document.querySelector('#rules').open = true")
    page.evaluate("document.querySelector('textarea').focus()")  # two sections were just opened
    page.send("Input.insertText", text=TEXTS[name])
    settle(page, TEXTS[name])
    assert page.overflowing == []
    assert page.faint == []
    assert page.nameless == []
    assert page.problems == []
    assert page.evaluate("document.title") == "septet: SMS inspector"
    assert page.evaluate("document.querySelectorAll('main script, main img, main b').length") == 0


def test_refused_question(browser, url) -> None:
    """The page shows why the server has no answer, and counts all the same."""
    page = browser.open(url)
    page.paste("a" * 40_001)
    settle(page, "a" * 40_001)
    assert figures(page)[:3] == ("262", "GSM-7", "40,001")
    assert page.evaluate("$('failure').hidden")
    page.evaluate("$('to').value = '+33612345678'")
    page.press("Backspace", 8)
    page.type("bc")
    page.wait("!$('failure').hidden")
    reason = "messages[0].text: expected at most 40000 characters, got 40002"
    assert page.text("#failure") == reason
    page.press("Backspace", 8)
    page.press("Backspace", 8)
    page.wait("$('failure').hidden")
    assert "No price: too long to be sent." in page.text("#remarks")


def test_late_answer_is_ignored(page) -> None:
    """An answer that arrives after a newer one does not replace it."""
    page.evaluate(
        "globalThis.answers = [], ask = (_, { messages: [{ to: price }] }) => new Promise("
        "resolve => answers.push(() => resolve({ messages: [{ price, currency: 'EUR' }] })))"
    )
    page.evaluate(
        "for (const number of ['1', '2']) { to.value = number; askSoon(); askServer(); } 0"
    )
    page.evaluate("answers[1]()")
    assert page.text("#price") == "2 EUR"
    page.evaluate("answers[0]()")
    assert page.text("#price") == "2 EUR"


def test_keystroke(page) -> None:
    """The figures follow a keystroke in less than 5 ms, also in a long text."""
    for length in (100, 1_500):
        page.evaluate(f"text.value = 'word’ '.repeat({length // 6}), update()")
        times = page.evaluate(
            "Array.from({length: 20}, () => { const start = performance.now();"
            "text.value += 'a'; text.dispatchEvent(new Event('input'));"
            "return performance.now() - start; })"
        )
        assert min(times) < 5


def test_without_a_server(browser, tmp_path) -> None:
    """The page works from a disk, without prices and without what needs packages of Python."""
    path = tmp_path / "index.html"
    path.write_text(inspector().html, "utf-8")
    page = browser.open(path.as_uri())
    text = "Zoë’s 東"
    page.send("Input.insertText", text=text)
    settle(page, text)
    assert figures(page) == ("1", "UCS-2", "7", "63")
    buttons = (
        "[...document.querySelectorAll('#suggestions button')].map(button => button.innerText)"
    )
    assert page.evaluate(buttons) == [
        "Replace punctuation and signs: 1 segment",
        "Replace Latin letters too: 1 segment",
    ]
    assert page.evaluate("getComputedStyle($('price').parentElement).display") == "none"
    assert page.evaluate("getComputedStyle($('to').parentElement).display") == "none"
    rows = page.evaluate(
        "[...document.querySelectorAll('#non_gsm_characters tbody tr')].map(row => row.innerText)"
    )
    assert [row.split("\t")[1].strip() for row in rows] == [
        "U+00EB LATIN SMALL LETTER E WITH DIAERESIS",
        "U+2019 RIGHT SINGLE QUOTATION MARK",
        "U+6771",
    ]
    assert page.problems == []
