"""The files for a web page: `septet.js` with the WebAssembly module in it, and its types."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from ... import __version__
from ...rules.providers import SEGMENT_LIMIT, find_provider, provider_names
from ...standard.characters import UNICODE_VERSION
from ...standard.encoding import Language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...rules.providers import Provider, ProviderRule

__all__ = ["browser_files", "read_source"]

_FOLDER = Path(__file__).parent
_MODULE = 'const MODULE = "";'
_FACTS = "const FACTS = {};"


def browser_files() -> dict[str, str]:
    """Return the files by name.

    Returns:
        `septet.js`, an ES module that needs no other file, and `septet.d.ts`.
    """
    script = read_source("septet.js")
    module = base64.b64encode((_FOLDER / "septet.wasm").read_bytes()).decode()
    script = _fill(script, _MODULE, f'const MODULE = "{module}";')
    facts = json.dumps(_facts(), ensure_ascii=False, separators=(",", ":"))
    script = _fill(script, _FACTS, f"const FACTS = {facts};")
    return {"septet.js": script, "septet.d.ts": read_source("septet.d.ts")}


def _facts() -> dict[str, Any]:
    """Return what the script knows besides the module."""
    return {
        "version": __version__,
        "unicodeVersion": UNICODE_VERSION,
        "languages": {language.name.lower(): int(language) for language in Language},
        "segmentLimit": _limit(SEGMENT_LIMIT),
        "providers": {name: _provider(find_provider(name)) for name in provider_names()},
    }


def _provider(provider: Provider) -> dict[str, Any]:
    published = provider.options
    return {
        "referenceBits": published.get("reference_bits"),
        "keepGraphemes": published.get("keep_graphemes"),
        "clusterRules": provider.cluster_rules,
        "excluded": provider.excluded,
        "limits": [_limit(rule) for rule in provider.rules if rule.name.startswith("max_")],
    }


def _limit(rule: ProviderRule) -> dict[str, Any]:
    return {"limit": rule.name, "allowed": rule.value, "source": rule.source}


def _fill(script: str, place: str, text: str) -> str:
    before, after = script.split(place)
    return before + text + after


def read_source(name: str) -> str:
    """Return a script of this folder."""
    return (_FOLDER / name).read_text(encoding="utf-8")
