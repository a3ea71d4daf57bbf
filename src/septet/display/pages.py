"""Renders self-contained HTML pages from templates.

A template `x.html` has its style in `x.css` beside it and, if it needs one, its script in `x.js`.
`pages.css` beside this module is the style of all pages. Both are put into the page, which loads
nothing else: its Content-Security-Policy allows only this style and script, by their hashes. This
is the only module that imports Jinja2; a page whose script makes what depends on values does not
need it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..exceptions import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Page", "check_pages", "fill_page", "render_page"]


class Page(NamedTuple):
    """A page with its Content-Security-Policy.

    Attributes:
        html: The page.
        policy: The value of the header `Content-Security-Policy` for it.
    """

    html: str
    policy: str

    def headers(self) -> dict[str, str]:
        """Return the HTTP headers to serve the page with; other sites cannot put it in a frame."""
        return {
            "Cache-Control": "no-store",
            "Content-Security-Policy": f"{self.policy}; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }


def render_page(template: Path, *, connects: bool = False, **values: Any) -> Page:
    """Render a template; all values are escaped.

    Args:
        template: The path of the template. It must show `style` and `script`, and a page that is
            opened as a file must show `policy` too.
        connects: Whether the script may send requests to the server of the page.
        **values: The values that the template shows.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    check_pages()
    import jinja2
    from markupsafe import Markup

    style = _style(template)
    script = template.with_suffix(".js")
    code = _read(script) if script.exists() else ""
    policy = _policy(style, code, connects=connects)
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.FileSystemLoader(template.parent),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    html = environment.get_template(template.name).render(
        values,
        style=Markup(style),  # noqa: S704  our own files
        script=Markup(code),  # noqa: S704
        policy=policy,
    )
    return Page(html, policy)


def fill_page(
    template: Path, script: str, settings: Mapping[str, Any], *, connects: bool = False
) -> Page:
    """Fill in a template without Jinja2, whose script may run WebAssembly.

    Args:
        template: The path of the template, which must show `style`, `policy`, `script` and
            `settings`.
        script: The script of the page.
        settings: What the script reads as JSON.
        connects: Whether the script may send requests to the server of the page.
    """
    style = _style(template)
    policy = _policy(style, script, connects=connects, runs_webassembly=True)
    values = {
        "style": style,
        "policy": policy,
        "script": script,
        # No value may end the element that holds them.
        "settings": json.dumps(settings, ensure_ascii=False).replace("<", r"\u003c"),
    }
    html = re.sub(r"\{\{ (\w+) \}\}", lambda match: values[match[1]], _read(template))
    return Page(html, policy)


def check_pages() -> None:
    """Check that pages can be rendered.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    try:
        import jinja2  # noqa: F401
    except ImportError:
        raise MissingExtraError("jinja2", "serve", "a page") from None


def _style(template: Path) -> str:
    return _read(Path(__file__).with_suffix(".css")) + _read(template.with_suffix(".css"))


def _policy(style: str, code: str, *, connects: bool, runs_webassembly: bool = False) -> str:
    scripts = [_source(code) if code else "'none'"]
    if runs_webassembly:
        scripts.append("'wasm-unsafe-eval'")
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {_source(style)}",
            f"script-src {' '.join(scripts)}",
            f"connect-src '{'self' if connects else 'none'}'",
            "img-src data:",  # the icon
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _source(code: str) -> str:
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest())
    return f"'sha256-{digest.decode()}'"
