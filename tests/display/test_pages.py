"""Self-contained pages: values are escaped, and the policy allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
import sys

import pytest

pytest.importorskip("jinja2")

from jinja2 import UndefinedError

from septet.display.pages import fill_page, render_page
from septet.exceptions import MissingExtraError

TEMPLATE = "<style>{{ style }}</style><p>{{ name }}</p>\n<script>{{ script }}</script>"


@pytest.fixture
def template(tmp_path):
    """A template with a style and a script."""
    (tmp_path / "hello.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "hello.css").write_text("p::after { content: '>'; }", encoding="utf-8")
    (tmp_path / "hello.js").write_text("let a = 1 < 2 && '’';\n", encoding="utf-8")
    return tmp_path / "hello.html"


def test_values_are_escaped_and_code_is_not(template) -> None:
    """Values are escaped; style and script are inserted unchanged."""
    html = render_page(template, name="<script>alert('1')</script>").html
    assert "<p>&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;</p>" in html
    assert "let a = 1 < 2 && '’';" in html
    assert "content: '>'" in html


def test_policy_allows_what_is_there_and_nothing_else(template) -> None:
    """The hashes are those of the page's own style and script; only some pages connect."""
    html, policy = render_page(template, name="Ann")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        code = re.search(f"<{tag}>(.*?)</{tag}>", html, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "connect-src 'none'" in policy
    assert "connect-src 'self'" in render_page(template, connects=True, name="Ann").policy


def test_page_without_a_script(template) -> None:
    """A page without a script allows none."""
    template.with_suffix(".js").unlink()
    assert "script-src 'none'" in render_page(template, name="Ann").policy


def test_value_that_is_missing(template) -> None:
    """A missing value is an error."""
    with pytest.raises(UndefinedError, match="name"):
        render_page(template)


def test_without_jinja2(template, monkeypatch) -> None:
    """The error names the extra."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"septet\[serve\]"):
        render_page(template, name="Ann")


def test_page_without_a_package(tmp_path, monkeypatch) -> None:
    """A page that its script makes needs no Jinja2; no setting can end the element that has it."""
    monkeypatch.setitem(sys.modules, "jinja2", None)
    template = tmp_path / "hello.html"
    template.write_text("{{ policy }}|{{ settings }}|{{ script }}|{{ style }}", "utf-8")
    template.with_suffix(".css").write_text("p { }", "utf-8")
    page = fill_page(template, "run('{{ style }}')", {"name": "</script>’"})
    policy, settings, script, style = page.html.split("|")
    assert policy == page.policy
    assert settings == r'{"name": "\u003c/script>’"}'
    assert script == "run('{{ style }}')"
    assert style.endswith("p { }")
    assert re.search(r"script-src 'sha256-[^ ]*' 'wasm-unsafe-eval'; connect-src 'none'", policy)
    assert "connect-src 'self'" in fill_page(template, "", {}, connects=True).policy
