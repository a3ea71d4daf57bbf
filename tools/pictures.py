"""Make the pictures of the README, docs/images/, and the card of the site, docs/_static/card.png.

Needs the project with the extras `cli` and `serve`, and Chromium:

    python tools/pictures.py

The terminal shows the output of `septet inspect`. The report and the inspector are screenshots made
with Chromium. `tools/figures.py` draws the charts. The card is what other sites show beside a link
to a page.
"""

from __future__ import annotations

import base64
import io
import os
import pty
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from septet.cli import main as septet
from septet.costing import RateCard
from septet.serving import Server
from septet.web import application

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
sys.path.insert(0, str(ROOT / "tests"))

from browser import Browser, BrowserPage  # noqa: E402  the tests' driver for Chromium

_RATES = ROOT / "examples/rates.csv"
_TEXT = (
    "Tonight: jazz at the café ’til 2 — doors open at 8, tables are kept until 9. See you there!"
)
_COLUMNS = 88
_CARD = """<!doctype html>
<meta charset="utf-8">
<style>
    body { margin: 0; width: 1200px; height: 630px; overflow: hidden; background: #fff; color: #111;
        font-family: sans-serif; }
    h1 { margin: 52px 60px 0; font-size: 80px; }
    p { margin: 14px 60px 40px; font-size: 38px; color: #444; }
    img { display: block; width: 1080px; margin: 0 60px; }
</style>
<h1>septet</h1>
<p>Counts the segments of an SMS and estimates its price</p>
<img src="data:image/svg+xml;base64,IMAGE" alt="">
"""


def inspect() -> None:
    """Draw a terminal with the output of `septet inspect`."""
    octets: list[bytes] = []

    def read(descriptor: int) -> bytes:
        octets.append(os.read(descriptor, 1 << 16))
        return octets[-1]

    os.environ |= {"TERM": "xterm-256color", "COLUMNS": str(_COLUMNS)}
    pty.spawn([sys.executable, "-m", "septet", "inspect", _TEXT], read)
    terminal = Console(record=True, width=_COLUMNS, file=io.StringIO())
    terminal.print(f'$ septet inspect "{_TEXT}"', style="bold", highlight=False)
    terminal.print(Text.from_ansi(b"".join(octets).decode().replace("\r", "")))
    drawn = terminal.export_svg(title="septet inspect", unique_id="inspect")
    # Remove the web font: the picture must not load anything, so the reader's own font is used.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    (IMAGES / "inspect.svg").write_text(drawn, "utf-8")


def report(browser: Browser, folder: Path) -> None:
    """Save a picture of the first part of the report on the sample campaign."""
    page = folder / "report.html"
    options = ["--text", "body", "--to", "phone", "--rates", str(_RATES)]
    campaign = str(ROOT / "examples/campaign.csv")
    septet(["estimate", campaign, *options, "--report", str(page), "--title", "Spring sale"])
    _save(browser.open(page.as_uri(), width=900, height=900), "report.png")


def inspector(browser: Browser) -> None:
    """Save a picture of the inspector with a text."""
    with Server(application(rates=RateCard.read(_RATES))) as server:
        page = browser.open(server.url, width=900, height=900)
        for selector, text in (("textarea", _TEXT), ("#to", "+33612345678")):
            page.click(selector)
            page.type(text)
        page.wait("document.body.innerText.includes('EUR')")
        page.evaluate("scrollTo(0, 0)")
        _save(page, "inspector.png")


def card(browser: Browser, folder: Path) -> None:
    """Save the card: the name, what it is for, and the terminal of `inspect`."""
    page = folder / "card.html"
    terminal = base64.b64encode((IMAGES / "inspect.svg").read_bytes()).decode()
    page.write_text(_CARD.replace("IMAGE", terminal), "utf-8")
    _save(browser.open(page.as_uri(), width=1200, height=630), "../_static/card.png")


def _save(page: BrowserPage, name: str) -> None:
    page.evaluate("document.documentElement.style.scrollbarWidth = 'none'")
    picture = page.send("Page.captureScreenshot")
    (IMAGES / name).write_bytes(base64.b64decode(picture["data"]))


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    inspect()
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        report(browser, Path(folder))
        inspector(browser)
        card(browser, Path(folder))
