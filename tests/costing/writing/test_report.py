"""The report: every figure of the estimate, escaped, on a page that a real browser shows well."""

from __future__ import annotations

import base64
import re
from datetime import date
from decimal import Decimal

import pytest

pytest.importorskip("jinja2")
import markupsafe

from septet import Segmenter
from septet.costing import Batch, Estimate, Filled, RateCard, Template
from septet.costing.estimates.heading import Heading
from septet.costing.writing.report import report

HOSTILE = "<script>document.title='gone'</script>\u202e<img src=x onerror=alert(1)>"
CARD = RateCard.from_rows(
    [
        {"prefix": "1", "price": "1000.5", "currency": "USD", "country": HOSTILE},
        {"prefix": "33", "price": "0.0649", "currency": "EUR", "country": "France"},
        *(
            {"prefix": f"49{n}", "price": f"0.0{n}", "currency": "EUR", "country": f"Germany {n}"}
            for n in range(10, 35)
        ),
    ]
)


@pytest.fixture
def campaign():
    """An estimate with everything that a report may show."""
    result = Estimate(rates=CARD)
    texts = ["one", "’" * 71, "ж" + HOSTILE, "a" * 40_000, "", *("a" * 153 * n for n in range(25))]
    recipients = ["+12025550123", "+33612345678", "+33612345678", "+33612345678", "nobody"]
    result.add(Batch(texts, recipients + [f"+49{n}5550123" for n in range(10, 35)]))
    result.unreadable.add("line 7", "expected 3 fields, got 2")
    return result


@pytest.fixture
def saving():
    """An estimate with all savings, in two currencies."""
    result = Estimate(Segmenter(provider="telnyx"), CARD, savings=True)
    texts = ["ż" * 71, "’" + "a" * 99, "a" * 163, "a" * 163, "a" * 1_531, "\r\n" * 80 + "a"]
    recipients = ["+33612345678", *["+12025550123"] * 3, "+33612345678", "+491055501234"]
    result.add(Batch(texts, recipients))
    return result


def rows(html, title):
    """Return the cells of the table with that title."""
    table = re.search(rf'<table aria-label="{title}"[^>]*>(.*?)</table>', html, re.DOTALL)[1]
    found = re.findall(r"<tr>(.*?)</tr>|<tr class=\"total\">(.*?)</tr>", table, re.DOTALL)
    return [re.sub(r"(<[^>]*>)+", "|", one or other).strip("|").split("|") for one, other in found]


def test_figures(campaign) -> None:
    """They are those of the estimate, by currency; what is cheap is one line, and adds up."""
    html = report(campaign)
    euros = rows(html, "Cost by destination in EUR")
    assert euros[0] == ["Destination", "Messages", "Segments", "Cost"]
    assert euros[1] == ["Germany 34", "1", "24", "0.82 EUR", "0.816"]
    total = campaign.totals["EUR"]
    assert euros[-1][:3] == ["Total", str(total.messages), str(total.segments)]
    assert sum(int(row[2]) for row in euros[1:-1]) == total.segments
    amounts = [Decimal(row[-1].removesuffix(" EUR")) for row in euros[1:]]
    assert sum(amounts[:-1]) == amounts[-1] == total.amount
    assert euros[-2][0] == f"{len(campaign.destinations) - 1 - 20} others"
    assert rows(html, "Cost by destination in USD")[-1] == ["Total", "1", "1", "1,000.50 USD"]
    assert [row[:2] for row in rows(html, "Segments of a message")[1:]] == [
        *([label, f"{count}"] for label, count in (("1", 3), ("2", 2))),
        *([f"{n}", "1"] for n in (3, 4, 5, 6, 7, 8, 9)),
        ["10 or more", str(sum(n for s, n in campaign.distribution.items() if s >= 10))],
    ]


def test_what_is_not_priced(campaign) -> None:
    """Every row is accounted for."""
    html = report(campaign)
    for line in (
        "1 without a price: too long to be sent.",
        "2 rows without text.",
        "1 row could not be read: line 7: expected 3 fields, got 2.",
    ):
        assert line in html


def by_template(name):
    result = Estimate(rates=CARD, template="Dear {" + name + "}, " + "x" * 100)
    values = ["Ann", "Łukasz", "a" * 80, ""]
    texts = Filled(Template.parse(result.template), [values])
    result.add(Batch(texts, ["+12025550123", "+33612345678"] * 2))
    return result


def test_template() -> None:
    """The effects of each field are shown, and of the whole template."""
    html = report(by_template("<b>\u202e"))
    name = "&lt;b&gt;\\u202e"
    assert rows(html, "Effects of the template&#39;s fields") == [
        ["Field", "Messages", "Share", "Segments", "Cost"],
        [f"{name}, into UCS-2", "1", "25.0%", "1", "0.06 EUR", "0.0649"],
        [f"{name}, more segments", "2", "50.0%", "2", "0.06 EUR", "0.0649", "1,000.50 USD"],
        ["any of them", "2", "50.0%", "2", "0.06 EUR", "0.0649", "1,000.50 USD"],
    ]


def test_without_a_card() -> None:
    """There are no costs; messages that cannot be sent are still listed."""
    result = Estimate()
    result.add(Batch(["one", "a" * 40_000]))
    html = report(result)
    assert "The segments of all messages, before they are sent." in html
    assert "1 too long to be sent: more than 255 segments." in html
    assert "Cost" not in html
    assert "Effects of the template" not in html


def test_nothing_at_all() -> None:
    """An empty campaign has a report, too."""
    assert rows(report(Estimate(rates=CARD)), "Encodings")[1:] == [
        ["GSM-7", "0", "0"],
        ["UCS-2", "0", "0"],
    ]


def test_template_in_a_browser(browser, tmp_path) -> None:
    """The table of two currencies fits a phone."""
    path = tmp_path / "report.html"
    path.write_text(report(by_template("name")), encoding="utf-8")
    page = browser.open(path.as_uri(), width=360, dark=False)
    assert page.overflowing == page.faint == page.nameless == page.problems == []
    assert page.evaluate(
        "[...document.querySelectorAll('.card')].every(c => c.scrollWidth <= c.clientWidth)"
    )


def test_savings(saving) -> None:
    """What costs money, and what would be saved without it, the largest on top, by currency."""
    html = report(saving)
    saved = rows(html, "Possible savings")
    assert saved[0] == ["Change", "Messages", "Segments", "Saved"]
    ranked = saving.ranked(saving.savings.ways())
    assert [row[0] for row in saved[1:]] == [name for name, _ in ranked]
    assert saved[1][2:] == ["3", "15", "0.71 EUR", "0.7139", "4,002.00 USD"]
    assert saved[2][2:] == ["5", "5", "0.14 EUR", "0.1398", "2,001.00 USD"]
    assert saved[2][1].endswith("by at most 10 units (septets of GSM-7, code units of UCS-2).")
    assert "<dt>Largest saving: without up to 10 units</dt><dd>0.14 EUR\n2,001.00 USD<" in html
    signs = rows(html, "Characters that force UCS-2")
    assert [row[-3:] for row in signs[1:]] == [
        ["2", "0.13 EUR", "0.1298"],
        ["1", "2", "2,001.00 USD"],
    ]
    alone = rows(html, "Saved by replacing one character alone")
    assert alone[-1][-3:] == ["1", "1", "1,000.50 USD"]
    limits = rows(html, "Over the limits of telnyx")
    assert limits[1] == ["more than 10 segments", "1", "11", "0.71 EUR", "0.7139"]


def test_other_kinds_of_messages() -> None:
    """What the messages cost as SMS and as MMS, and what is saved where MMS costs less."""
    kinds = {"sms": "1", "mms": "3", "rcs": "0.1"}
    card = RateCard.from_rows(
        {"prefix": "1", "kind": kind, "price": price, "currency": "USD"}
        for kind, price in kinds.items()
    )
    result = Estimate(rates=card, savings=True)
    assert "as MMS" not in report(result)
    result.add(Batch(["a" * 700, "b"], ["+12025550123"] * 2))
    html = report(result)
    assert rows(html, "Messages with a price as MMS")[1:] == [
        ["as SMS", "2", "6", "6.00 USD"],
        ["as MMS", "2", "2", "6.00 USD"],
    ]
    (saved,) = [row for row in rows(html, "Possible savings") if row[0].startswith("MMS")]
    assert saved[-3:] == ["1", "5", "2.00 USD"]
    assert "<dt>Largest saving: MMS where it costs less</dt>" in html


def test_savings_without_a_card() -> None:
    """They are in segments, and may be zero; repeats that were not kept are mentioned."""
    result = Estimate(savings=True)
    result.add(Batch(["one"]))
    html = report(result)
    assert "Largest saving" not in html
    assert "No change that was looked for would save anything." in html
    result.add(Batch(["a" * 161]))
    result.savings.repeats = None
    html = report(result)
    assert "<dt>Largest saving: without the last unit</dt><dd>1 segment</dd>" in html
    assert "There are too many messages to find those that are sent again." in html
    assert rows(html, "Possible savings")[1][::2] == ["without the last unit", "1"]


def test_heading(tmp_path) -> None:
    """Title, files, days, template and rules, escaped; the title can be given for the page."""
    result = by_template("name")
    result.heading = Heading(
        HOSTILE, date(2026, 5, 31), 8, tuple(f"/home/ann/{n}<b>.csv" for n in range(8))
    )
    html = report(result)
    title = str(markupsafe.escape(HOSTILE.replace("\u202e", "\\u202e")))
    assert f"<title>{title}</title>" in html
    assert f"<h1>{title}</h1>" in html
    facts = dict(re.findall("<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", html))
    assert facts["Source"] == (
        "0&lt;b&gt;.csv, 1&lt;b&gt;.csv, 2&lt;b&gt;.csv, 3&lt;b&gt;.csv, 4&lt;b&gt;.csv and 3 more"
    )
    assert "ann" not in html
    assert (facts["Made on"], facts["Rates of"]) == ("2026-05-31", str(CARD.day))
    assert facts["Template"].startswith("Dear {name}, xxx")
    assert facts["Counted by"].startswith("GSM-7 where a text allows it, else UCS-2; 8-bit")
    assert "<h1>Spring</h1>" in report(result, title="Spring")


def test_groups() -> None:
    """Each column of `by` has a table: most expensive first, and the others in one line."""
    result = Estimate(rates=CARD, by=["kind<b>"])
    values = ["a", None, "\u202e", *(f"v{number:02}" for number in range(20))]
    numbers = ["+12025550123", "+33612345678", "nobody", *["+33612345678"] * 20]
    result.add(Batch(["one"] * 23, numbers, groups=[values]))
    table = rows(report(result), "By kind&lt;b&gt;")
    assert table[:3] == [
        ["Value", "Messages", "Segments", "Cost"],
        ["v00", "1", "1", "0.06 EUR", "0.0649"],
        ["v01", "1", "1", "0.06 EUR", "0.0649"],
    ]
    assert table[-1] == ["3 others", "3", "3", "0.06 EUR", "0.0649", "1,000.50 USD"]
    assert len(table) == 22


def test_digits_of_currencies() -> None:
    """Amounts have the digits of their currency; exact ones stand beside where they differ."""
    card = RateCard.from_rows(
        {"prefix": prefix, "price": "7.0155", "currency": currency}
        for prefix, currency in (("1", "JPY"), ("2", "EUR"), ("3", "KWD"))
    )
    result = Estimate(rates=card)
    result.add(Batch(["one", "two", "three"] + ["four"] * 1_999, ["+12", "+22", *["+32"] * 2_000]))
    html = report(result)
    assert re.findall("<dt>(Cost.*?)</dt><dd>(.*?)</dd>", html) == [
        ("Cost, exactly 7.0155", "7.02 EUR"),
        ("Cost, exactly 7.0155", "7 JPY"),
        ("Cost", "14,031.000 KWD"),
    ]


def test_texts_to_fix() -> None:
    """Most extra segments first, with what forces UCS-2 marked, and everything escaped."""
    result = Estimate()
    result.add(Batch([f"{HOSTILE} ’ {'a' * 70}"] * 3 + ["b" * 200 + "’" + "c" * 200, "d" * 400]))
    html = report(result)
    table = rows(html, "Texts to fix")
    assert [row[-2:] for row in table[1:]] == [["3", "6"], ["1", "5"], ["1", "2"]]
    hostile = str(markupsafe.escape(HOSTILE.replace("\u202e", "|\\u202e|")))
    assert "|".join(table[1]).startswith(f"{hostile} |’| aaa")
    assert "because of \\u202e (U+202E), ’ (U+2019)" in "|".join(table[1])
    assert table[2][:3] == ["…" + "b" * 40, "’", "c" * 119 + "…"]
    assert table[3][0] == "d" * 160 + "…"
    assert "<mark>’</mark>" in html


def test_ranges_and_alternatives() -> None:
    """A price that depends on the network is a range; MMS stands beside SMS, with a sentence."""
    card = RateCard.from_rows(
        [
            {"prefix": "1", "price": "0.0075", "currency": "USD", "network": "A"},
            {"prefix": "1", "price": "0.01", "currency": "USD", "network": "B"},
            {"prefix": "1", "price": "0.011", "currency": "USD", "kind": "mms"},
        ]
    )
    result = Estimate(rates=card, savings=True)
    result.add(Batch(["Hi", "a" * 161], ["+12025550123"] * 2))
    html = report(result)
    assert "<dt>Cost, exactly 0.0225 to 0.03</dt><dd>0.02 to 0.03 USD</dd>" in html
    assert rows(html, "Messages with a price as MMS")[1:] == [
        ["as SMS", "2", "3", "0.02 to", " ", "0.03 USD", "0.0225 to", " ", "0.03"],
        ["as MMS", "2", "2", "0.02 USD", "0.022"],
    ]
    (way,) = [row for row in rows(html, "Possible savings") if row[0].startswith("MMS")]
    assert way[1] == "Each of these messages costs less as one MMS, by the rate card."


def test_rows_of_zero_are_left_out(saving) -> None:
    """A change that saves nothing has no row."""
    saved = rows(report(saving), "Possible savings")
    assert all(row[2] != "0" for row in saved[1:])
    assert {"LF for CR LF", "without up to 5 units"} <= {row[0] for row in saved}


def test_savings_that_were_not_looked_for(campaign) -> None:
    """Nothing is said of them."""
    assert "saved" not in report(campaign).lower()


def test_savings_of_another_septet() -> None:
    """A change that is not known has the name that it came with, escaped."""
    result = Estimate(savings=True)
    result.savings.changes[HOSTILE] = result.savings.changes.pop("line ends")
    assert "<script>" not in report(Estimate.from_json(result.to_json()))


@pytest.mark.parametrize("name", ["campaign", "saving"])
@pytest.mark.parametrize(("width", "dark"), [(360, True), (1280, False)], ids=["phone", "desk"])
def test_in_a_browser(browser, request, tmp_path, name, width, dark) -> None:
    """Nothing overflows, fades, lacks a name, or is run; the policy of the page holds."""
    path = tmp_path / "report.html"
    path.write_text(report(request.getfixturevalue(name)), encoding="utf-8")
    page = browser.open(path.as_uri(), width=width, dark=dark)
    assert page.overflowing == []
    assert page.evaluate(
        "[...document.querySelectorAll('.card')].every(c => c.scrollWidth <= c.clientWidth)"
    )
    assert page.faint == []
    assert page.nameless == []
    assert page.problems == []
    assert page.evaluate("document.title") == "septet: estimate of a campaign"
    if name == "campaign":
        assert HOSTILE.replace("\u202e", "\\u202e") in page.text("body")
    assert page.evaluate("document.querySelector('.bar rect + rect').getBoundingClientRect().width")
    assert page.evaluate("[...document.scripts].length") == 0


@pytest.mark.parametrize("name", ["campaign", "saving"])
def test_print(browser, request, tmp_path, name) -> None:
    """Pages are A4, and no table is wider; headings of tables are repeated."""
    path = tmp_path / "report.html"
    path.write_text(report(request.getfixturevalue(name)), encoding="utf-8")
    page = browser.open(path.as_uri(), width=1280, dark=True)
    printed = base64.b64decode(page.send("Page.printToPDF", preferCSSPageSize=True)["data"])
    assert set(re.findall(rb"/MediaBox (\[.*?\])", printed)) == {b"[0 0 594.95996 841.91998]"}
    page.send("Emulation.setEmulatedMedia", media="print")
    page.resize(703, 1000)  # 210 mm without the margins
    assert page.overflowing == []
    heads = "[...document.querySelectorAll('thead')].map(head => getComputedStyle(head).display)"
    assert set(page.evaluate(heads)) == {"table-header-group"}
