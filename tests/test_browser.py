"""The browser for tests of pages: it detects problems of a page."""

from __future__ import annotations

import pytest

from browser import Browser, BrowserPage

HEAD = "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"


@pytest.fixture
def shown(browser: Browser, tmp_path):
    """Open a page with a given body."""

    def shown(body: str, **options) -> BrowserPage:
        path = tmp_path / "page.html"
        path.write_text(f"{HEAD}<body style='background: white'>{body}", encoding="utf-8")
        return browser.open(path.as_uri(), **options)

    return shown


def test_a_fine_page(shown) -> None:
    """A good page has no problems, and receives input."""
    page = shown("<label>Name <input id=name></label><p id=told>Hello 👋</p>")
    assert (page.problems, page.overflowing, page.faint, page.nameless) == ([], [], [], [])
    page.click("#name")
    page.type("Zoë ")
    page.paste("👋🏽")
    assert page.evaluate("document.querySelector('#name').value") == "Zoë 👋🏽"
    assert page.text("#told") == "Hello 👋"


def test_problems(shown) -> None:
    """Errors and console messages of this page only."""
    page = shown("<script>console.log('mine'); missing()</script>")
    other = shown("")
    assert ["mine" in problem for problem in page.problems] == [True, False]
    assert "ReferenceError" in page.problems[1]
    assert other.problems == []


def test_overflowing(shown) -> None:
    """Elements beyond the window, except inside elements that scroll or clip."""
    wide = '<div style="width: 500px">wide</div>'
    page = shown(wide + f"<div style='overflow-x: auto'>{wide}</div>", width=400)
    assert [element[:24] for element in page.overflowing] == [wide[:24], "the page scrolls aside"]


def test_faint(shown) -> None:
    """Light grey on white or on the colour of a parent is faint; dark grey is not."""
    page = shown(
        "<p style='color: #777'>faint</p><p style='color: #767676'>fine</p>"
        "<div style='background: #222'><b style='color: #333'>dark</b></div>",
    )
    assert [text[:4] for text in page.faint] == ["4.48", "1.26"]


def test_nameless(shown) -> None:
    """Controls without a name."""
    page = shown("<button></button><button>Send</button><input type=checkbox>")
    assert sorted(page.nameless) == ["button", "checkbox"]


def test_width_and_colours(shown) -> None:
    """The page gets the width and the colour scheme."""
    page = shown("", width=390, dark=True)
    assert page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [
        390,
        True,
    ]
