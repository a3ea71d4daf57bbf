"""A folder with the files for a web page, and functions that compare them with Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser import Browser, BrowserPage
from browser_cases import Case
from septet.web.browser.files import browser_files

COMPARE = Path(__file__).with_name("browser") / "compare.js"

IN_NODE = """
import { readFileSync } from "node:fs";
import * as septet from "%(folder)s/septet.js";
import { differences } from "%(folder)s/compare.js";
const cases = JSON.parse(readFileSync("%(folder)s/cases.json", "utf8"));
console.log(JSON.stringify(differences(septet, cases).slice(0, 3)));
"""

IN_PAGE = """
new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `cases.js?${performance.now()}`;
    script.onload = () => resolve(compare(cases).slice(0, 3));
    script.onerror = reject;
    document.head.append(script);
})
"""


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files, whose scripts Node takes for modules."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "package.json").write_text('{"type": "module"}')
    for name, content in browser_files().items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "compare.js").write_bytes(COMPARE.read_bytes())
    return folder


@pytest.fixture(scope="session")
def evaluate(files: Path, node: Callable[..., str]) -> Callable[[str], Any]:
    """A function that returns what an expression with `septet` is in Node."""

    def evaluate(expression: str) -> Any:
        script = f'import * as septet from "{files}/septet.js";\n'
        script += f"console.log(JSON.stringify(await ({expression})));"
        return json.loads(node("--input-type=module", "--eval", script))

    return evaluate


@pytest.fixture(scope="session")
def differences(files: Path, node: Callable[..., str]) -> Callable[[list[Case]], list[Any]]:
    """A function that returns cases which the module in Node answers otherwise than Python."""

    def differences(cases: list[Case]) -> list[Any]:
        assert cases
        (files / "cases.json").write_text(json.dumps(cases), encoding="ascii")
        script = IN_NODE % {"folder": files}
        found: list[Any] = json.loads(node("--input-type=module", "--eval", script))
        return found

    return differences


@pytest.fixture(scope="session")
def differences_in_a_browser(
    files: Path, browser: Browser
) -> Callable[[list[Case]], tuple[BrowserPage, list[Any]]]:
    """A function that does the same in Chromium, and returns the page too."""
    module = "\n".join(
        (files / name).read_text(encoding="utf-8") for name in ("septet.js", "compare.js")
    )
    path = files / "page.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><script type=module>{module}\n"
        "window.compare = cases => differences({ Segmenter, rcs }, cases);</script>",
        encoding="utf-8",
    )
    page = browser.open(path.as_uri())
    page.wait("typeof compare === 'function'")

    def differences(cases: list[Case]) -> tuple[BrowserPage, list[Any]]:
        assert cases
        (files / "cases.js").write_text(f"window.cases = {json.dumps(cases)};", encoding="ascii")
        return page, page.evaluate(IN_PAGE)

    return differences
