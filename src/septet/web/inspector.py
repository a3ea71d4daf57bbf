"""The inspector page, which counts in the browser; it works from a disk and from a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..display.characters import describe
from ..display.pages import fill_page
from ..standard.alphabets import locking_chars, single_chars
from .browser.scripts import core_expression

if TYPE_CHECKING:
    from ..display.pages import Page

__all__ = ["inspector"]

_FOLDER = Path(__file__).parent
_SCRIPTS = ("counting.js", "asking.js", "page.js")
_PUNCTUATION = range(0x2000, 0x2070)  # the block General Punctuation


def inspector(
    provider: str | None = None, *, has_server: bool = False, has_prices: bool = False
) -> Page:
    """Return the page.

    Args:
        provider: The provider that is selected at first.
        has_server: Whether a server with the JSON API delivers the page. Without one, the page
            leaves out the level "all" of transliteration, and most names of characters.
        has_prices: Whether that server knows prices.
    """
    scripts = [(_FOLDER / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    settings = {
        "names": {char: describe(char) for char in _common_characters()},
        "provider": provider,
        "hasServer": has_server,
        "hasPrices": has_prices,
    }
    script = f'"use strict";\nconst loading = {core_expression()};\n' + "".join(scripts)
    return fill_page(_FOLDER / "page.html", script, settings, connects=has_server)


def _common_characters() -> list[str]:
    """Return the characters of GSM-7, Windows-1252 and general punctuation."""
    windows = bytes(range(0x20, 0x100)).decode("cp1252", "ignore")
    chars = {*locking_chars(), *single_chars(), *windows, *map(chr, _PUNCTUATION)}
    return sorted(chars - {""})
