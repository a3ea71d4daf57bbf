"""Make the pictures of the README, docs/images/, and the card of the site, docs/_static/card.png.

Needs the project with the extras `cli` and `serve`, and Chromium:

    python tools/pictures.py

The terminal shows the output of `septet inspect`. The report and the inspector are screenshots made
with Chromium. The chart is drawn from the first table of docs/performance.md. The card is what
other sites show beside a link to a page.
"""

from __future__ import annotations

import base64
import html
import io
import math
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


def chart() -> None:
    """Draw messages a second as bars on a logarithmic scale."""
    table = (ROOT / "docs/performance.md").read_text("utf-8")
    table = table[table.index("| | messages a second") :].split("\n\n")[0]
    rows = [
        (name.replace("`", ""), int(rate.replace(",", "")))
        for name, rate in re.findall(r"^\| ([^|]+?) \| ([\d,]+) \|", table, re.MULTILINE)
    ]
    left, right, row, lowest = 230, 560, 30, 4
    bottom = len(rows) * row + 10

    def x(rate: float) -> float:
        return left + (math.log10(rate) - lowest) / 4 * (right - left)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 {bottom + 50}" '
        'font-family="sans-serif" font-size="14" role="img" aria-label="Messages a second">',
        f'<rect width="680" height="{bottom + 50}" fill="#fff"/>',
    ]
    for power, label in enumerate(("10,000", "100,000", "1 million", "10 million"), lowest):
        at = x(10**power)
        lines.append(f'<path d="M{at:.0f} 8V{bottom}" stroke="#ddd"/>')
        lines.append(
            f'<text x="{at:.0f}" y="{bottom + 18}" text-anchor="middle" fill="#555">{label}</text>'
        )
    for number, (name, rate) in enumerate(rows):
        top = number * row + 12
        width = x(rate) - left
        colour = "#1d5fc4" if name.startswith("septet") else "#9aa0a6"
        lines += [
            f'<text x="{left - 10}" y="{top + 15}" text-anchor="end">{html.escape(name)}</text>',
            f'<rect x="{left}" y="{top}" width="{width:.0f}" height="20" fill="{colour}"/>',
            f'<text x="{x(rate) + 6:.0f}" y="{top + 15}">{rate:,}</text>',
        ]
    title = "messages a second, one core; each line is ten times the one before"
    lines.append(f'<text x="{left}" y="{bottom + 40}" fill="#555">{title}</text>\n</svg>\n')
    (IMAGES / "speed.svg").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    chart()
    inspect()
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        report(browser, Path(folder))
        inspector(browser)
        card(browser, Path(folder))
