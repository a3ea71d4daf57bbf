"""The element `septet-counter` in a real browser, on pages that are opened from a disk.

The blocks of docs/how-to/in-the-browser.md in HTML run here.
"""

from __future__ import annotations

import gzip
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

import septet
from septet.web.browser.files import browser_files
from septet.web.browser.scripts import counter_script

PAGE = Path(__file__).parents[3] / "docs/how-to/in-the-browser.md"
EXAMPLES = re.findall(r"^```html\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
QUOTES = "It’s “free” at the café…"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("counter")
    (folder / "septet-counter.js").write_text(counter_script(), "utf-8")
    return folder


@pytest.fixture
def show(browser, folder):
    """A function that opens a page with some HTML in its body; no page may report a problem."""
    pages = []

    def show(html, *, lang="en", problems=(), **options):
        path = folder / f"{len(pages)}.html"
        path.write_text(
            f'<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Form</title>'
            f'<body>{html}<script src="septet-counter.js"></script>',
            "utf-8",
        )
        page = browser.open(path.as_uri(), **options)
        page.wait("customElements.get('septet-counter')")
        pages.append((page, problems))
        return page

    yield show
    for page, problems in pages:
        assert len(page.problems) == len(problems)
        for problem, text in zip(page.problems, problems, strict=True):
            assert text in problem


TEXTAREA = '<textarea id="text"></textarea>'


def counter(**attributes):
    """Return a counter for the field `text`."""
    shown = "".join(f' {name.replace("_", "-")}="{x}"' for name, x in attributes.items())
    return f'<septet-counter for="text"{shown}></septet-counter>'


def shown(page, selector="septet-counter"):
    """Return what a counter shows, without what only screen readers get."""
    texts = page.evaluate(
        f"[...document.querySelector({selector!r}).shadowRoot.querySelectorAll('[part]')]"
        ".filter(part => part.part.value !== 'character').map(part => part.textContent)"
    )
    return [text for text in texts if text]


def status(page):
    return page.evaluate(
        "document.querySelector('septet-counter').shadowRoot.querySelector('[role=status]')"
        ".textContent"
    )


def set_text(page, text, selector="#text"):
    """Type a text over what the field has."""
    page.evaluate(f"document.querySelector({selector!r}).focus()")
    page.evaluate("document.execCommand('selectAll')")
    if text:
        page.send("Input.insertText", text=text)
    else:
        page.press("Delete", 46)


class TestCount:
    def test_typing(self, show) -> None:
        """The counts follow the text."""
        page = show(TEXTAREA + counter())
        assert shown(page) == ["1 segment", "160 left", "GSM-7"]
        page.evaluate("document.querySelector('#text').focus()")
        page.type("Café ")
        assert shown(page) == ["1 segment", "155 left", "GSM-7"]
        page.type("’")
        assert shown(page) == ["1 segment", "64 left", "UCS-2", "not in GSM-7: ’"]

    @pytest.mark.parametrize(
        "field",
        [
            TEXTAREA,
            '<input id="text">',
            '<div id="text" contenteditable="plaintext-only"></div>',
            '<li id="text" contenteditable="plaintext-only"></li>',  # has a number as `value`
        ],
        ids=["textarea", "input", "editable", "list item"],
    )
    @pytest.mark.parametrize("text", ["", QUOTES, "]" * 200, "😀" * 40])
    def test_fields(self, show, field, text) -> None:
        """Any kind of field has the counts of the core."""
        page = show(field + counter())
        set_text(page, text)
        analysis = septet.analyze(text)
        noun = "segment" if analysis.segment_count == 1 else "segments"
        assert shown(page)[:2] == [
            f"{analysis.segment_count} {noun}",
            f"{analysis.units_left} left",
        ]

    @pytest.mark.parametrize(
        ("attributes", "text", "options"),
        [
            ({"provider": "telnyx"}, "20 €", {"provider": "telnyx"}),
            ({"languages": "turkish, spanish"}, "ş" * 5, {"languages": ["turkish", "spanish"]}),
            ({"encoding": "ucs2"}, "a", {"encoding": "ucs2"}),
            ({"reference_bits": "16"}, "a" * 459, {"reference_bits": 16}),
            ({"header_octets": "6"}, "a", {"header_octets": 6}),
            (
                {"keep_graphemes": ""},
                "ж" + "a" * 65 + "e\u0301\u0302" + "b" * 10,
                {"keep_graphemes": True},
            ),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
    )
    def test_options(self, show, attributes, text, options) -> None:
        """Attributes are the options of `Segmenter`, also when they change."""
        page = show(TEXTAREA + counter(**attributes))
        set_text(page, text)
        analysis = septet.Segmenter(**options).analyze(text)
        counts = "(({segmentCount, unitsLeft}) => [segmentCount, unitsLeft])(analysis)"
        page.evaluate("globalThis.counter = document.querySelector('septet-counter')")
        script = counts.replace("(analysis)", "(counter.analysis)")
        assert page.evaluate(script) == [analysis.segment_count, analysis.units_left]
        (name,) = attributes
        page.evaluate(f"counter.removeAttribute({name.replace('_', '-')!r})")
        default = septet.analyze(text)
        assert default.units_left != analysis.units_left
        assert page.evaluate(script) == [default.segment_count, default.units_left]

    def test_line_ends(self, show) -> None:
        """A form sends CR LF, which takes two units."""
        page = show(TEXTAREA + counter(line_ends="crlf"))
        set_text(page, "a\nb")
        assert shown(page)[1] == "156 left"

    def test_set_by_a_script(self, show) -> None:
        """`update` counts a value that a script has set."""
        page = show(TEXTAREA + counter())
        page.evaluate("document.querySelector('#text').value = 'abc'")
        page.evaluate("document.querySelector('septet-counter').update()")
        assert shown(page)[1] == "157 left"

    def test_event(self, show) -> None:
        """The event has the analysis, and bubbles."""
        page = show(TEXTAREA + counter())
        page.evaluate(
            "document.addEventListener('septet-count', event => {"
            " globalThis.heard = [event.target.localName, event.detail] })"
        )
        set_text(page, "’")
        name, detail = page.evaluate("heard")
        assert name == "septet-counter"
        assert detail["nonGsmCharacters"] == [{"char": "’", "index": 0}]

    def test_bad_option(self, show) -> None:
        """A value that is not allowed is an error of the page, and nothing is shown."""
        page = show(TEXTAREA + counter(provider="nobody"), problems=["provider must be one of"])
        assert shown(page) == []
        page = show(TEXTAREA + counter(line_ends="cr"), problems=["line-ends must be lf or crlf"])
        assert shown(page) == []
        page = show(
            TEXTAREA + counter(max_segments="1", validate=""),
            problems=["max-segments must be a whole number from 1, not"],
        )
        set_text(page, "a" * 161)
        page.evaluate("document.querySelector('septet-counter').setAttribute('max-segments', '0')")
        assert shown(page) == []
        assert page.evaluate("document.querySelector('septet-counter').matches('[over]')") is False
        assert page.evaluate("document.querySelector('#text').validity.valid") is True


class TestLimit:
    def test_over(self, show) -> None:
        """The attribute `over` says that the text has too many segments."""
        page = show(TEXTAREA + counter(max_segments="2"))
        is_over = "document.querySelector('septet-counter').matches('[over]')"
        set_text(page, "a" * 161)
        assert shown(page)[0] == "2 of 2 segments"
        assert page.evaluate(is_over) is False
        set_text(page, "a" * 307)
        assert shown(page) == ["3 of 2 segments", "152 left", "GSM-7", "1 segment too many"]
        assert page.evaluate(is_over) is True
        assert page.evaluate("document.querySelector('#text').validity.customError") is False

    def test_other_limits(self, show) -> None:
        """Units and the provider's limits are shown as segments are."""
        page = show(TEXTAREA + counter(max_units="20", validate=""))
        set_text(page, "€" * 10)
        assert shown(page) == ["1 segment", "140 left", "GSM-7"]
        set_text(page, "€" * 11)
        assert shown(page)[-1] == "2 units too many"
        message = page.evaluate("document.querySelector('#text').validationMessage")
        assert message == "2 units too many"
        page = show(TEXTAREA + counter(provider="twilio"))
        set_text(page, "a" * 1_600)
        assert shown(page)[-1] == "GSM-7"
        set_text(page, "a" * 1_601)
        assert shown(page)[-1] == "1 character too many"
        assert page.evaluate("document.querySelector('septet-counter').matches('[over]')")

    def test_only_gsm7(self, show) -> None:
        """With encoding="gsm7", characters that it lacks are too much."""
        page = show(TEXTAREA + counter(encoding="gsm7", validate=""))
        set_text(page, "’")
        assert page.evaluate("document.querySelector('septet-counter').matches('[over]')")
        message = page.evaluate("document.querySelector('#text').validationMessage")
        assert message == "not in GSM-7: ’"

    def test_validity(self, show) -> None:
        """With `validate`, a field over the limit is invalid until it is not."""
        page = show(f"<form>{TEXTAREA}</form>" + counter(max_segments="1", validate=""))
        is_valid = "document.querySelector('form').checkValidity()"
        set_text(page, "a" * 161)
        assert page.evaluate(is_valid) is False
        message = page.evaluate("document.querySelector('#text').validationMessage")
        assert message == "1 segment too many"
        set_text(page, "a")
        assert page.evaluate(is_valid) is True
        set_text(page, "a" * 161)
        page.evaluate("document.querySelector('septet-counter').remove()")
        assert page.evaluate(is_valid) is True

    def test_validity_without_wording(self, show) -> None:
        """A field over the limit is invalid also if the reason is left out."""
        page = show(TEXTAREA + counter(max_segments="1", validate="", over_segments_other=""))
        set_text(page, "a" * 161)
        message = page.evaluate("document.querySelector('#text').validationMessage")
        assert message == "2 of 1 segments"

    def test_validity_of_the_page_stays(self, show) -> None:
        """A message that the page has set is not removed."""
        page = show(TEXTAREA + counter(max_segments="1"))
        page.evaluate("document.querySelector('#text').setCustomValidity('mine')")
        set_text(page, "a")
        assert page.evaluate("document.querySelector('#text').validationMessage") == "mine"


class TestField:
    def test_added_later(self, show) -> None:
        page = show(counter())
        assert shown(page) == []
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<input id=text value=abc>')")
        assert shown(page)[1] == "157 left"

    def test_replaced(self, show) -> None:
        """The new field is counted and described, and the old one is left."""
        page = show(TEXTAREA + counter())
        page.evaluate(
            "globalThis.old = document.querySelector('#text'),"
            "old.outerHTML = '<textarea id=text>abcd</textarea>'"
        )
        assert shown(page)[1] == "156 left"
        assert page.evaluate("old.hasAttribute('aria-describedby')") is False
        page.evaluate("document.querySelector('septet-counter').setAttribute('for', 'none')")
        assert shown(page) == []

    def test_renamed(self, show) -> None:
        page = show('<input id="other" value="ab">' + counter())
        page.evaluate("document.querySelector('#other').id = 'text'")
        assert shown(page)[1] == "158 left"

    def test_shadow_root(self, show) -> None:
        """A counter finds the field beside it in a shadow root."""
        page = show("<div id=host></div><textarea id=text>outside</textarea>")
        page.evaluate(
            "document.querySelector('#host').attachShadow({mode: 'open'}).innerHTML ="
            "'<textarea id=text>abc</textarea><septet-counter for=text></septet-counter>'"
        )
        assert page.evaluate(
            "document.querySelector('#host').shadowRoot.querySelector('septet-counter')"
            ".analysis.unitCount"
        ) == len("abc")

    def test_several(self, show) -> None:
        """Each counter has its own field, or both have the same one."""
        page = show(
            '<input id="one" value="a"><input id="two" value="ab">'
            '<septet-counter for="one"></septet-counter>'
            '<septet-counter for="two" id="second"></septet-counter>'
            '<septet-counter for="two" id="third" encoding="ucs2"></septet-counter>'
        )
        assert [shown(page, s)[1] for s in ("septet-counter", "#second", "#third")] == [
            "159 left",
            "158 left",
            "68 left",
        ]
        describedby = "document.querySelector('#two').getAttribute('aria-describedby')"
        assert page.evaluate(describedby) == "second third"

    def test_reset(self, show) -> None:
        page = show(
            "<form><textarea id=text>abc</textarea><button type=reset>Reset</button></form>"
            + counter()
        )
        set_text(page, "a")
        assert shown(page)[1] == "159 left"
        page.click("button")
        page.wait("document.querySelector('septet-counter').analysis.unitCount === 3")

    def test_removed_and_added_again(self, show) -> None:
        """A counter that was removed leaves nothing on the field, and works when it is back."""
        page = show(TEXTAREA.replace(" ", ' aria-describedby="hint" ') + counter())
        page.evaluate(
            "globalThis.field = document.querySelector('#text'),"
            "globalThis.counter = document.querySelector('septet-counter'), counter.remove()"
        )
        describedby = "field.getAttribute('aria-describedby')"
        assert page.evaluate(describedby) == "hint"
        assert page.evaluate("counter.analysis") is None
        page.evaluate(
            "globalThis.count = 0; counter.addEventListener('septet-count', () => count++)"
        )
        set_text(page, "ab")
        assert page.evaluate("count") == 0
        page.evaluate("document.body.prepend(counter)")
        assert shown(page)[1] == "158 left"
        assert page.evaluate(describedby) == "hint septet-counter-1"
        set_text(page, "abc")
        assert page.evaluate("count") == 2

    def test_memory(self, show) -> None:
        """Counters that were removed are not kept by their field, or by the page."""
        page = show(TEXTAREA)
        page.evaluate(
            "globalThis.counters = [];"
            "for (let i = 0; i < 50; i++) {"
            "  const counter = document.createElement('septet-counter');"
            "  counter.setAttribute('for', 'text');"
            "  document.body.append(counter); counter.remove();"
            "  counters.push(new WeakRef(counter)); }"
        )
        page.send("HeapProfiler.enable")
        page.send("HeapProfiler.collectGarbage")
        assert page.evaluate("counters.filter(ref => ref.deref()).length") <= 1


GERMAN = {
    "segments_one": "{count} Nachricht",
    "segments_other": "{count} Nachrichten",
    "units_other": "noch {count}, {used} belegt",
    "encoding_gsm7": "einfach",
    "non_gsm_other": "teuer: {characters}",
}
POLISH = {
    "segments_one": "{count} wiadomość",
    "segments_few": "{count} wiadomości",
    "segments_many": "{count} wiadomości.",
    "segments_other": "{count} wiadomości",
}
ARABIC = {
    "segments_one": "رسالة واحدة",
    "segments_two": "رسالتان",
    "segments_few": "{count} رسائل",
    "segments_other": "{count} رسالة",
}


class TestWording:
    @pytest.mark.parametrize(
        ("lang", "wording", "count", "text"),
        [
            ("de", GERMAN, 1, "1 Nachricht"),
            ("de", GERMAN, 2, "2 Nachrichten"),
            ("de", GERMAN, 1000, "1.000 Nachrichten"),
            ("pl", POLISH, 1, "1 wiadomość"),
            ("pl", POLISH, 3, "3 wiadomości"),
            ("pl", POLISH, 5, "5 wiadomości."),
            ("ar-EG", ARABIC, 2, "رسالتان"),
            ("ar-EG", ARABIC, 3, "٣ رسائل"),
            ("ar-EG", ARABIC, 11, "١١ رسالة"),
            ("not_a_language", GERMAN, 2, "2 Nachrichten"),
            ("pl", {}, 2, "2 segments"),
        ],
    )
    def test_plurals(self, show, lang, wording, count, text) -> None:
        """The plural forms of the language of the page."""
        page = show(TEXTAREA + counter(**wording), lang=lang)
        set_text(page, "a" * (153 * count if count > 1 else 1))
        assert shown(page)[0] == text

    def test_placeholders(self, show) -> None:
        """Every part has wording of its own; one that is empty is left out."""
        page = show(TEXTAREA + counter(**GERMAN, encoding_ucs2=""), lang="de")
        set_text(page, "abc")
        assert shown(page) == ["1 Nachricht", "noch 157, 3 belegt", "einfach"]
        set_text(page, "’’…")
        assert shown(page) == ["1 Nachricht", "noch 67, 3 belegt", "teuer: ’ …"]

    def test_language_of_the_counter(self, show) -> None:
        """The nearest `lang` counts, also across a shadow root."""
        page = show("<div lang=ar-EG><div id=host></div></div>", lang="de")
        page.evaluate(
            "document.querySelector('#host').attachShadow({mode: 'open'}).innerHTML ="
            "'<input id=text><septet-counter for=text segments-other={count}></septet-counter>'"
        )
        assert (
            page.evaluate(
                "document.querySelector('#host').shadowRoot.querySelector('septet-counter')"
                ".shadowRoot.querySelector('[part=segments]').textContent"
            )
            == "١"
        )

    def test_characters(self, show) -> None:
        """Invisible characters and marks can be seen, and no more than ten are listed."""
        page = show(TEXTAREA + counter())
        set_text(page, "\u200b\u0301\u00a0")
        assert shown(page)[3] == "not in GSM-7: U+200B ◌\u0301 U+00A0"
        set_text(page, "абвгдежзиклм")
        assert shown(page)[3] == "not in GSM-7: а б в г д е ж з и к …"

    def test_markup(self, show) -> None:
        """Texts and wording never become elements."""
        hostile = "<img src=x onerror=alert(1)>"
        page = show(TEXTAREA + counter(segments_other=hostile.replace("<", "&lt;")))
        set_text(page, hostile + "ж<b>")
        assert shown(page)[0] == hostile
        root = "document.querySelector('septet-counter').shadowRoot"
        assert page.evaluate(f"{root}.querySelectorAll('img, b').length") == 0


class TestScreenReaders:
    def description(self, page):
        """Return what a screen reader says of the field besides its name."""
        nodes = page.send("Accessibility.getFullAXTree")["nodes"]
        (field,) = [node for node in nodes if node["role"]["value"] == "textbox"]
        return field["description"]["value"].split()

    def test_description(self, show) -> None:
        """The counter describes the field, after what described it already."""
        page = show(
            '<label for=text>Text</label><textarea id=text aria-describedby="hint"></textarea>'
            '<p id="hint">Be brief.</p>' + counter()
        )
        set_text(page, "’")
        assert self.description(page) == [
            *("Be", "brief.", "1", "segment", "69", "left", "UCS-2", "not", "in", "GSM-7:", "’"),
        ]

    def test_announcement(self, show) -> None:
        """Only what has changed is said, a while after the last change, and then taken away."""
        page = show(TEXTAREA + counter())
        assert status(page) == ""
        wait = (
            "(status => status.textContent === {})(document.querySelector('septet-counter')"
            ".shadowRoot.querySelector('[role=status]'))"
        )
        set_text(page, "abc")
        assert status(page) == ""
        page.wait(wait.format("'157 left'"))
        set_text(page, "abcd’")
        assert status(page) == ""
        page.wait(wait.format("'65 left, UCS-2, not in GSM-7: ’'"))
        page.wait(wait.format("''"))

    def test_loaded_twice(self, show) -> None:
        """The script may be on a page twice."""
        page = show(TEXTAREA + counter() + '<script src="septet-counter.js"></script>')
        assert shown(page)[0] == "1 segment"


class TestDocumentation:
    @pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
    def test_example(self, show, example) -> None:
        """Every counter of an example counts what is typed into its field."""
        page = show(example)
        fields = re.findall(r'<septet-counter for="(\w+)"', example)
        assert fields
        for field in fields:
            set_text(page, "a’", f"#{field}")
            assert shown(page, f"septet-counter[for={field}]")[1].split(" ")[-1] in (
                "left",
                "Zeichen",
                "znaków",
            )

    def test_example_of_a_script(self, show) -> None:
        """The event tells the costs, and `update` counts what a script has inserted."""
        (example,) = (text for text in EXAMPLES if "septet-count" in text and "insert" in text)
        page = show(example)
        set_text(page, "’" * 70)
        assert page.text("#cost") == "0.0649 EUR"
        page.click("#insert")
        assert page.text("#cost") == "0.1298 EUR"
        assert page.evaluate("document.querySelector('form').checkValidity()") is False

    def test_sizes(self, folder) -> None:
        """The sizes are as the page says."""
        sizes = map(int, re.findall(r"(\d+) kB", PAGE.read_text("utf-8")))
        scripts = browser_files()["septet.js"].encode(), counter_script().encode()
        for script in scripts:
            assert len(script) / 1000 == pytest.approx(next(sizes), rel=0.1)
            assert len(gzip.compress(script)) / 1000 == pytest.approx(next(sizes), rel=0.1)

    def test_policy(self, browser, folder) -> None:
        """The policy of the page is enough for its first example."""
        (policy,) = re.findall(r"`(default-src .*?)`", PAGE.read_text("utf-8"))

        class Handler(SimpleHTTPRequestHandler):
            def end_headers(self):
                self.send_header("Content-Security-Policy", policy)
                super().end_headers()

            def log_message(self, *_):
                """Say nothing."""

        html = f"<!doctype html><link rel=icon href=data:,><title>Form</title>{EXAMPLES[0]}"
        (folder / "policy.html").write_text(html, "utf-8")
        with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder)) as server:
            Thread(target=server.serve_forever).start()
            page = browser.open(f"http://127.0.0.1:{server.server_port}/policy.html")
            page.wait("customElements.get('septet-counter')")
            assert shown(page)[0] == "1 of 2 segments"
            server.shutdown()
