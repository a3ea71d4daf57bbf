"""What a notebook shows: escaped, small, and readable in a real browser."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

import septet
from septet.costing import Batch, Estimate, Filled, RateCard, Template
from septet.standard.characters import is_printable

HOSTILE = "<script>document.title='gone'</script>\u202e&lt; \"'><img src=x onerror=alert(1)>’"
CARD = RateCard.from_rows(
    [
        {"prefix": "1", "price": "0.0079", "currency": "USD", "country": "<b>United</b>\u202e"},
        {"prefix": "33", "price": "0.0649", "currency": "EUR", "country": "France"},
    ]
)


class Reader(HTMLParser):
    """Which elements there are, whether each is closed, and the text in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    """Read HTML that is to be of harmless elements only, all of them closed."""
    found = Reader(html)
    assert found.open == []
    harmless = {"div", "p", "b", "small", "br", "span"}
    assert found.tags <= harmless | {"table", "thead", "tbody", "tr", "th", "td"}
    return found


def estimated(texts: list[str]) -> Estimate:
    """Return an estimate of texts to two destinations and to nowhere."""
    result = Estimate(rates=CARD)
    recipients = ["+12025550123", "+33612345678", "nobody"]
    result.add(Batch(texts, (recipients * len(texts))[: len(texts)]))
    return result


def test_analysis() -> None:
    """Counts, the segments with their bodies, and what forces UCS-2."""
    found = read(septet.analyze("Tonight: jazz at the café ’til 2")._repr_html_())
    assert found.text == (
        "1 segment, UCS-2, 32 code units, 38 left1/1, 32Tonight: jazz at the café ’til 2"
        "Forces UCS-2Times’U+2019RIGHT SINGLE QUOTATION MARK1"
    )


def test_analysis_under_other_rules() -> None:
    """The segments are those of the rules that it was counted under."""
    analysis = septet.Segmenter(reference_bits=16).analyze("a" * 161)
    assert "1/2, 152" in read(analysis._repr_html_()).text


@given(text=st.text(st.characters(), max_size=200))
def test_any_text_is_escaped(text) -> None:
    """No element comes of a text, and nothing that cannot be seen is let through."""
    found = read(septet.analyze(text)._repr_html_())
    assert all(map(is_printable, found.text))


def test_long_text_is_cut() -> None:
    """A notebook is no place for all of it."""
    html = septet.analyze("".join(map(chr, range(0x4E00, 0x5E00))))._repr_html_()
    assert len(html) < 10_000
    assert "and 52 segments more" in read(html).text
    assert "and 4,086 more" in read(html).text


def test_estimate() -> None:
    """Counts, costs by destination, totals by currency, and what has no price."""
    found = read(estimated(["one", "’" * 71, "three", ""])._repr_html_())
    assert found.text == (
        "3 messages, 4 segments, 1 without text, 0 unreadable"
        "EncodingMessagesSegmentsGSM-722UCS-212"
        "DestinationMessagesSegmentsCost"
        "France120.1298EUR<b>United</b>\\u202e110.0079USD"
        "Total120.1298EURTotal110.0079USDWithout a price: not an E.164 number11"
        "Forces UCS-2Messages’U+2019RIGHT SINGLE QUOTATION MARK1"
    )


def test_estimate_without_a_card() -> None:
    """There are no costs."""
    result = Estimate()
    result.add(Batch(["one"]))
    assert read(result._repr_html_()).text.endswith("GSM-711UCS-200")


def test_savings() -> None:
    """Savings are shown too, the largest first."""
    result = Estimate(rates=CARD, savings=True)
    result.add(Batch(["a" * 161, "b"], ["+12025550123", "+33612345678"]))
    text = read(result._repr_html_()).text
    assert "SavingsMessagesSegmentsCostwithout the last unit110.0079 USDwithout up" in text


def test_estimate_by_template() -> None:
    """The effects of each field, of several together, and of all of them."""
    rows = [("Łukasz", "8"), ("’", "’"), ("a" * 160, ""), ("Ann", "7")]
    result = Estimate(rates=CARD, template="{<b>} {b}")
    texts = Filled(Template.parse(result.template), [*map(list, zip(*rows, strict=True))])
    result.add(Batch(texts, ["+12025550123"] * 4))
    assert read(result._repr_html_()).text.partition("Field of the ")[2].partition("Forces")[0] == (
        "templateMessagesExtra segmentsExtra cost<b>, into UCS-2100.00 USDseveral together, "
        "into UCS-2100.00 USD<b>, more segments110.0079 USDany of them310.0079 USD"
    )


def test_in_a_browser(browser, tmp_path) -> None:
    """It is readable in light and dark, runs nothing and stays within the page."""
    body = septet.analyze(HOSTILE * 3)._repr_html_() + estimated([HOSTILE] * 3)._repr_html_()
    path = tmp_path / "cell.html"
    head = "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    style = "<style>:root { color-scheme: light dark } td, th { overflow-wrap: anywhere }</style>"
    path.write_text(f"{head}{style}<title>kept</title>{body}", encoding="utf-8")
    for dark in (False, True):
        page = browser.open(path.as_uri(), width=390, dark=dark)
        assert page.problems == []
        assert page.overflowing == []
        assert page.evaluate("document.title") == "kept"
        assert "<script>document.title='gone'</script>\\u202e&lt; \"'>" in page.text("body")
