"""The site that `make docs` builds: its links, its search, its cards, and how it looks."""

from __future__ import annotations

import json
import re
import struct
from html import unescape
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SITE = ROOT / "build/site"
# Without a page in docs/.
GENERATED = {"genindex.html", "py-modindex.html", "search.html", "inspector-page.html"}

# What people type, and the page that answers; it must be among the first three.
SEARCHES = {
    "smart quotes": "how-to/make-it-fit",
    "how do I remove smart quotes": "questions#how-do-i-remove-smart-quotes",
    "curly": "questions",
    "typographic quotes": "questions",
    "Django": "how-to/in-a-web-form",
    "how do I validate a Django form": "how-to/in-a-web-form",
    "FastAPI": "how-to/in-a-web-form",
    "emoji": "questions",
    "how are emoji billed": "questions",
    "cost": "costing",
    "price": "costing",
    "how much will 10,000 texts to Germany cost": "questions",
    "how long will a campaign take": "questions#how-long-will-a-campaign-take",
    "UCS-2": "explanation/ucs-2",
    "which characters make it UCS-2": "explanation/ucs-2",
    "153": "explanation/why-153",
    "why does my SMS count as 2": "questions",
    "invoice": "how-to/invoices",
    "webhook": "callbacks",
    "DLR": "callbacks",
    "outbox": "outbox",
    "receive delivery receipts behind nginx": "how-to/nginx",
    "Excel": "how-to/excel",
    "can Excel files be read": "how-to/excel",
    "xlsx": "how-to/excel",
    "polars": "how-to/polars",
    "how do I count a Polars column": "how-to/polars",
    "pandas": "frames",
    "translations": "how-to/message-catalogues",
    "check translations in CI": "how-to/message-catalogues",
    "migrate from smsutil": "migration",
    "twilio": "how-to/providers",
    "rate card": "rate-cards",
    "JavaScript": "how-to/in-the-browser",
    "SMPP": "how-to/gateway",
    "is it thread safe": "questions",
    "does it send messages": "questions",
    "install": "installation",
    "mock": "sandbox",
    "count_many": "reference/septet",
}


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest) -> Path:
    """The folder of the site, if it was built after the last change of a page."""
    sources = [path.stat().st_mtime for path in (ROOT / "docs").rglob("*") if path.is_file()]
    index = SITE / "searchindex.js"
    if not index.exists() or index.stat().st_mtime < max(sources):
        message = "the site is missing or old: run make docs"
        if request.config.getoption("--require-site"):
            pytest.fail(message)
        pytest.skip(message)
    return SITE


@pytest.fixture(scope="module")
def pages(site) -> dict[str, str]:
    """The HTML of each page, by its path."""
    return {
        path.relative_to(site).as_posix(): path.read_text("utf-8")
        for path in site.rglob("*.html")
        if "_static" not in path.parts
    }


def test_links(site, pages) -> None:
    """Each link and picture inside the site leads to a file, and to a place in it."""
    anchors = {name: set(re.findall(r'\bid="([^"]+)"', page)) for name, page in pages.items()}
    broken = set()
    for name, page in pages.items():
        for address in re.findall(r'<[a-z][^>]* (?:href|src)="([^"]*)"', page):
            target, _, anchor = unescape(address).partition("#")
            if re.match(r"[a-z]+:", target) or (not target and not anchor):
                continue
            path = site / name if not target else (site / name).parent / target.partition("?")[0]
            file = path.resolve().relative_to(site.resolve()).as_posix()
            if not path.is_file() or anchor not in {"", *anchors.get(file, ())}:
                broken.add((name, address))
    assert broken == set()
    assert len(pages) > 50


def test_search(site, node) -> None:
    """The search finds what people look for."""
    found = json.loads(node(ROOT / "tests/site_search.js", site, json.dumps(list(SEARCHES))))
    firsts = dict(zip(SEARCHES, found, strict=True))
    missed = {
        query: firsts[query][:3]
        for query, page in SEARCHES.items()
        if not any(re.match(rf"{page}(#|$)", address) for address in firsts[query][:3])
    }
    assert missed == {}


def test_list_for_models(site, pages) -> None:
    """llms.txt links to each page, with its title and a whole sentence."""
    lines = re.findall(r"^- .+$", (site / "llms.txt").read_text("utf-8"), re.MULTILINE)
    entry = re.compile(r"- \[.+\]\(https://[\w.]+/(?:en/\w+/)?(\S+\.html)\): .+[^…]$")
    listed = [match and match[1] for match in map(entry.match, lines)]
    assert sorted(listed) == sorted(pages.keys() - GENERATED - {"index.html"})


def test_social_cards(site, pages) -> None:
    """Each page has a title, a sentence and a picture, for other sites that link to it."""
    for name in pages.keys() - GENERATED:
        tags = dict(re.findall(r'<meta property="([\w:]+)" content="([^"]+)">', pages[name]))
        assert tags["og:title"]
        assert tags["og:description"]
        assert tags["og:url"].endswith(f"/{name}")
        picture = site / "_static" / tags["og:image"].partition("/_static/")[2]
        size = struct.unpack(">II", picture.read_bytes()[16:24])
        assert size == (int(tags["og:image:width"]), int(tags["og:image:height"])) == (1200, 630)


@pytest.fixture(scope="module")
def axe(node_modules) -> str:
    return (node_modules / "axe-core/axe.min.js").read_text("utf-8")


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)], ids=["phone", "dark"])
@pytest.mark.parametrize("name", ["index", "how-to/make-it-fit", "reference/frames"])
def test_axe(site, browser, axe, name, width, dark) -> None:
    """axe has nothing to report, and the page does not scroll aside."""
    page = browser.open((site / f"{name}.html").as_uri(), width=width, dark=dark)
    assert page.problems == []
    assert "the page scrolls aside" not in page.overflowing
    page.evaluate(axe)
    report = page.evaluate("axe.run()")
    assert [violation["id"] for violation in report["violations"]] == []
    assert len(report["passes"]) > 15
