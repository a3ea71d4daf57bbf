"""Every page that counts, checked by axe in a real browser; `make node-packages` installs axe."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from septet.costing import RateCard
from septet.serving import Server
from septet.web import application
from septet.web.browser.scripts import counter_script
from septet.web.inspector import inspector

CARD = RateCard.from_rows([{"prefix": "33", "price": "0.0649", "currency": "EUR"}])
TEXT = "Tonight’s “menu”: жаркое 🎂, e\u0301 and مرحبا " * 8
FORM = """<!doctype html>
<html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Form</title>
<style>:root { color-scheme: light dark; font-family: sans-serif; }</style>
<main><h1>Message</h1><form>
<p><label for="text">Text</label> <textarea id="text"></textarea>
<septet-counter for="text" max-segments="2" validate></septet-counter>
<p><label for="two">Name</label> <input id="two"><septet-counter for="two"></septet-counter>
</form></main><script src="septet-counter.js"></script>"""
# A zoom of 200 % halves the width that the page has.
WINDOWS = {"desk": 1280, "desk at 200 %": 640, "phone": 390, "phone at 200 %": 320}


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    """The address of each page."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "form.html").write_text(FORM, "utf-8")
    (folder / "septet-counter.js").write_text(counter_script(), "utf-8")
    (folder / "index.html").write_text(inspector().html, "utf-8")
    with Server(application(CARD), guard=True) as server:
        yield {
            "form": (folder / "form.html").as_uri(),
            "inspector": f"{server.url}/",
            "index.html": (folder / "index.html").as_uri(),
        }


@pytest.fixture(scope="module")
def axe(node_modules):
    return (node_modules / "axe-core/axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize("name", ["form", "inspector", "index.html"])
def test_axe(browser, addresses, axe, name, width, dark) -> None:
    """There is nothing to report, and nothing goes beyond the window."""
    page = browser.open(addresses[name], width=width, dark=dark)
    if name == "form":
        page.wait("customElements.get('septet-counter')")
    else:
        page.wait("shown")
        page.evaluate("$('characters').open = true, document.querySelector('#rules').open = true")
    page.evaluate("document.querySelector('#text').focus()")
    page.send("Input.insertText", text=TEXT)
    if name != "form":
        page.wait(f"shown.text === {json.dumps(TEXT)}")
    if name == "inspector":
        page.click("#to")
        page.type("+33612345678")
        page.wait("$('price').textContent.endsWith('EUR') && !document.querySelector('.stale')")
    page.evaluate(axe)
    report = page.evaluate("axe.run()")
    found = [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in report["violations"]
    ]
    assert found == []
    assert len(report["passes"]) > 15
    assert page.overflowing == []


def test_forced_colors(browser, addresses) -> None:
    """Where the system forces colours, marked characters are not black on black.

    Chromium gives a `mark` the text colour of marks, which goes with the background that it lacks.
    """
    page = browser.open(addresses["index.html"])
    features = [{"name": "forced-colors", "value": "active"}]
    page.send("Emulation.setEmulatedMedia", features=features)
    page.wait("shown")
    page.send("Input.insertText", text=TEXT)
    page.wait("document.querySelector('mark') !== null")
    mark = "getComputedStyle(document.querySelector('mark'))"
    assert page.evaluate(f"{mark}.forcedColorAdjust") == "none"
    assert page.evaluate(f"{mark}.color === getComputedStyle(document.body).color")
