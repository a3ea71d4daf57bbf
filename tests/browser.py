"""Controls a real Chromium over the pipes of its DevTools protocol, without other packages.

    with Browser() as browser:
        page = browser.open(url, width=390, dark=True)
        page.type("Ann’s")
        page.click("#replace")
        page.screenshot(path)
        assert page.problems == []

Without Chromium, the fixture `browser` of `conftest` skips, or fails with `--require-chromium`.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

CHROMIUM = shutil.which("chromium")

_SECONDS = 30  # far longer than anything on a page takes
_OPTIONS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",  # tests may run as root
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--force-color-profile=srgb",
    "--lang=en",
)
_ROLES = {"button", "textbox", "combobox", "checkbox", "link", "searchbox", "image", "table"}

# Elements that extend beyond the window, except inside elements that scroll.
_OVERFLOWING = """
[...document.body.querySelectorAll("*")].filter(element => {
    const box = element.getBoundingClientRect();
    const width = document.documentElement.clientWidth; // a phone makes innerWidth wide enough
    if (!box.width || box.right <= width + 0.5 && box.left >= -0.5) return false;
    for (let e = element; e !== document.body; e = e.parentElement) {
        const style = getComputedStyle(e);
        if (style.overflowX !== "visible" || style.clipPath !== "none") return false;
    }
    return true;
}).map(element => element.outerHTML.slice(0, 120))
    .concat(document.documentElement.scrollWidth > document.documentElement.clientWidth
        ? ["the page scrolls aside"] : [])
"""

# Texts with a contrast of less than 4.5 to 1 to their background (WCAG 2.2, 1.4.3).
_FAINT = """
(() => {
    const channels = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const faint = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility()
            || element.closest("script, style, noscript, [disabled]")) continue;
        let behind = element;
        while (behind && channels(getComputedStyle(behind).backgroundColor)[3] === 0)
            behind = behind.parentElement;
        const below = behind ? getComputedStyle(behind).backgroundColor : "rgb(255, 255, 255)";
        const style = getComputedStyle(element);
        const ink = element instanceof SVGElement ? style.fill : style.color;
        const [a, b] = [light(channels(ink)), light(channels(below))];
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < 4.5) faint.add(`${contrast.toFixed(2)} ${element.outerHTML.slice(0, 100)}`);
    }
    return [...faint];
})()
"""


class Browser:
    """A browser with an empty profile while a `with` block runs."""

    def __enter__(self) -> Self:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs, self._to = os.pipe()
        self._from, ours = os.pipe()
        command = [CHROMIUM, *_OPTIONS, f"--user-data-dir={self._profile.name}"]
        # Chromium reads from descriptor 3 and writes to 4.
        script = f'exec "$@" 3<&{theirs} 4>&{ours}'
        self._process = subprocess.Popen(
            ["bash", "-c", script, "bash", *command],
            pass_fds=(theirs, ours),
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs)
        os.close(ours)
        self._received = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []
        return self

    def __exit__(self, *_: object) -> None:
        self.send("Browser.close")
        self._process.wait(_SECONDS)
        os.close(self._to)
        os.close(self._from)
        self._profile.cleanup()

    def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol; keep the events that arrive before the answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") != self._number:
                self.events.append(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                result: dict[str, Any] = answer["result"]
                return result

    def open(
        self, url: str, *, width: int = 1280, height: int = 900, dark: bool = False
    ) -> BrowserPage:
        """Open an address in a new page and browser context, and wait until it is loaded."""
        context = self.send("Target.createBrowserContext")["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=context)
        target_id = target["targetId"]
        permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        self.send("Browser.grantPermissions", permissions=permissions, browserContextId=context)
        attached = self.send("Target.attachToTarget", targetId=target_id, flatten=True)
        page = BrowserPage(self, attached["sessionId"])
        for domain in ("Page", "Runtime", "Log"):
            page.send(f"{domain}.enable")
        page.resize(width, height)
        page.send(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
        )
        page.send("Page.navigate", url=url)
        page.wait("location.href !== 'about:blank' && document.readyState === 'complete'")
        return page

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._received:
            data = os.read(self._from, 1 << 20)
            if not data:
                raise RuntimeError("the browser has closed the connection")
            self._received += data
        data, _, self._received = self._received.partition(b"\0")
        message: dict[str, Any] = json.loads(data)
        return message


class BrowserPage:
    """One page, with the actions of a person."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol for this page."""
        return self._browser.send(method, self._session, **parameters)

    def resize(self, width: int, height: int) -> None:
        """Set the size of the window in CSS pixels; below 600 it is a phone."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if width < 600 else 1,
            mobile=width < 600,
        )

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"]["description"])
        return answer["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until a JavaScript expression is true."""
        end = time.monotonic() + _SECONDS
        while not self.evaluate(expression):
            assert time.monotonic() < end, f"never true: {expression}\n{self.text('body')}"
            time.sleep(0.02)

    def text(self, selector: str) -> str:
        """Return the visible text of an element."""
        text: str = self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText")
        return text

    def click(self, selector: str) -> None:
        """Click the middle of an element."""
        x, y = self.evaluate(
            "(() => { const e = document.querySelector(" + json.dumps(selector) + ");"
            "e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, text: str) -> None:
        """Type into the focused element, key by key."""
        for char in text:
            self.send("Input.dispatchKeyEvent", type="char", text=char)

    def press(self, key: str, code: int) -> None:
        """Press a key without a character, such as Tab (9)."""
        for kind in ("rawKeyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code)

    def paste(self, text: str) -> None:
        """Paste into the focused element."""
        self.send("Page.bringToFront")
        self.evaluate(f"navigator.clipboard.writeText({json.dumps(text)})")
        self.send("Input.dispatchKeyEvent", type="keyDown", key="v", commands=["paste"])

    def screenshot(self, path: Path) -> None:
        """Save the whole page as PNG."""
        picture = self.send("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(picture["data"]))

    @property
    def problems(self) -> list[str]:
        """All console messages and exceptions since the page was opened."""
        self.evaluate("0")  # the answer arrives after all earlier events
        return [
            json.dumps(event["params"])
            for event in self._browser.events
            if event.get("sessionId") == self._session
            and event["method"]
            in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
        ]

    @property
    def overflowing(self) -> list[str]:
        """Elements that extend beyond the window."""
        elements: list[str] = self.evaluate(_OVERFLOWING)
        return elements

    @property
    def faint(self) -> list[str]:
        """Texts with too little contrast to their background."""
        texts: list[str] = self.evaluate(_FAINT)
        return texts

    @property
    def nameless(self) -> list[str]:
        """Roles of the controls, images and tables without a name for screen readers."""
        nodes = self.send("Accessibility.getFullAXTree")["nodes"]
        return [
            node["role"]["value"]
            for node in nodes
            if not node["ignored"]
            and node["role"]["value"] in _ROLES
            and not node["name"]["value"].strip()
        ]
