"""The browser that pages are tried in: it sees what is wrong with a page."""

from __future__ import annotations

import pytest

from browser import Browser, Page

HEAD = "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"


@pytest.fixture
def shown(browser: Browser, tmp_path):
    """Open a page with the body that is given."""

    def shown(body: str, **options) -> Page:
        path = tmp_path / "page.html"
        path.write_text(f"{HEAD}<body style='background: white'>{body}", encoding="utf-8")
        return browser.open(path.as_uri(), **options)

    return shown


def test_a_fine_page(shown) -> None:
    """Nothing is wrong, and what a person does arrives."""
    page = shown("<label>Name <input id=name></label><p id=told>Hello 👋</p>")
    assert (page.problems, page.overflowing, page.faint, page.nameless) == ([], [], [], [])
    page.click("#name")
    page.type("Zoë ")
    page.paste("👋🏽")
    assert page.evaluate("document.querySelector('#name').value") == "Zoë 👋🏽"
    assert page.text("#told") == "Hello 👋"


def test_problems(shown) -> None:
    """Errors and words on the console, of this page only."""
    page = shown("<script>console.log('mine'); missing()</script>")
    other = shown("")
    assert ["mine" in problem for problem in page.problems] == [True, False]
    assert "ReferenceError" in page.problems[1]
    assert other.problems == []


def test_overflowing(shown) -> None:
    """What reaches beyond the window, but not within what scrolls or is cut off by itself."""
    wide = '<div style="width: 500px">wide</div>'
    page = shown(wide + f"<div style='overflow-x: auto'>{wide}</div>", width=400)
    assert [element[:24] for element in page.overflowing] == [wide[:24], "the page scrolls aside"]


def test_faint(shown) -> None:
    """Grey on white, or on a parent's colour; a fine grey is none."""
    page = shown(
        "<p style='color: #777'>faint</p><p style='color: #767676'>fine</p>"
        "<div style='background: #222'><b style='color: #333'>dark</b></div>",
    )
    assert [text[:4] for text in page.faint] == ["4.48", "1.26"]


def test_nameless(shown) -> None:
    """What cannot be told by its name."""
    page = shown("<button></button><button>Send</button><input type=checkbox>")
    assert sorted(page.nameless) == ["button", "checkbox"]


def test_width_and_colours(shown) -> None:
    """The page is told what it is shown on."""
    page = shown("", width=390, dark=True)
    assert page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [
        390,
        True,
    ]
