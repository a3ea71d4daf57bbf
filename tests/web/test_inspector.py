"""The inspector page as a file: one page for a server and for a disk."""

from __future__ import annotations

import json
import re
import sys

import pytest

from septet.web.inspector import inspector


def settings_of(page):
    return json.loads(re.search(r'id="settings">(.*?)</script>', page.html)[1])


def test_settings() -> None:
    """Only the settings and the policy differ."""
    alone = inspector()
    served = inspector("telnyx", has_server=True, has_prices=True)
    names = settings_of(alone)["names"]
    assert names["’"] == "RIGHT SINGLE QUOTATION MARK"
    assert names["\u200b"] == "ZERO WIDTH SPACE"
    assert settings_of(alone) == {
        "names": names,
        "provider": None,
        "hasServer": False,
        "hasPrices": False,
    }
    assert settings_of(served) == {
        "names": names,
        "provider": "telnyx",
        "hasServer": True,
        "hasPrices": True,
    }
    alike = '"provider": null, "hasServer": false, "hasPrices": false}'
    changed = re.sub('"provider".*true}', alike, served.html)
    assert changed.replace(served.policy, alone.policy) == alone.html


def test_policy() -> None:
    """WebAssembly may run; only the page of a server may ask it."""
    assert "'wasm-unsafe-eval'; connect-src 'none'" in inspector().policy
    assert "'wasm-unsafe-eval'; connect-src 'self'" in inspector(has_server=True).policy
    assert "'unsafe" not in inspector().policy


@pytest.mark.parametrize("package", ["jinja2", "starlette", "msgspec"])
def test_no_package_is_needed(package, monkeypatch) -> None:
    """The page can be made where only septet is installed."""
    monkeypatch.setitem(sys.modules, package, None)
    for name in [name for name in sys.modules if name.startswith("septet.web")]:
        monkeypatch.delitem(sys.modules, name)
    from septet.web.inspector import inspector

    assert inspector().html.startswith("<!doctype html>")
