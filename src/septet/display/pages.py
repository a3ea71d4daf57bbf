"""Pages of one file: a template of Jinja2 with its style and script in it, and nothing fetched.

Beside a template `x.html` stand `x.css` and, if it has one, `x.js`. The style of all pages is
`pages.css` beside this module. The policy that goes with a page allows its own style and script, by
their hashes, and nothing else. This is the only place that imports Jinja2.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from ..exceptions import MissingExtraError

__all__ = ["Page", "render_page"]


class Page(NamedTuple):
    """A page, and the Content-Security-Policy that it keeps to."""

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
    """Fill a template; all that it is given is escaped.

    Args:
        template: The template. It puts `style`, `script` and, in a page that is a file, `policy`
            where they belong.
        connects: Whether the script asks the server that the page came from.
        **values: What the template shows.

    Raises:
        MissingExtraError: Jinja2 is not installed.
    """
    try:
        import jinja2
        from markupsafe import Markup
    except ImportError:
        raise MissingExtraError("jinja2", "serve", "a page") from None
    style = _read(Path(__file__).with_suffix(".css")) + _read(template.with_suffix(".css"))
    script = template.with_suffix(".js")
    code = _read(script) if script.exists() else ""
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src {_source(style)}",
            f"script-src {_source(code) if code else repr('none')}",
            f"connect-src '{'self' if connects else 'none'}'",
            "img-src data:",  # the icon
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
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


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _source(code: str) -> str:
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest())
    return f"'sha256-{digest.decode()}'"
