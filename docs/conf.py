"""Configuration of Sphinx, which builds the site of these pages: `make docs`."""

import inspect
import io
import os
from contextlib import redirect_stdout, suppress
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import septet
from septet.cli import main
from septet.web.inspector import inspector

project = "septet"
author = "The septet authors"
project_copyright = author
version = release = septet.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
myst_heading_anchors = 3
default_role = "py:obj"  # for names in single backticks in docstrings
autodoc_mock_imports = ["pyspark"]  # not installed beside the others
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_use_ivar = True
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# No links to these: backticks mark any code, and names of other or private modules have no page.
nitpick_ignore_regex = [
    ("py:obj", ".*"),
    ("py:class", r"(.*\.)?[CT]|Octets|Starlette|array|(dict|tuple)\[.*"),
    ("py:class", r"septet\.costing\.reading\.(sources|templates)\..*"),
    ("py:class", r"septet\._kernels\..*"),
    ("py:class", r"septet\.integrations\.limits\..*"),
    ("py:class", r"ArrowTables|Billing|Bound|Capacity|Decimal|Implementation|Kernel|Kind|Level"),
    ("py:class", r"Pair|PolarsTables|SentMessages|When|date|datetime|timedelta"),
    ("py:class", r"pd\.Series|pl\.(Expr|Series)"),
    ("py:class", r"septet\.bandwidth\.receiver\.receiver\._Store"),
    ("py:class", r"septet\.bandwidth\.sandbox\.(results|settings)\..*"),
    ("py:class", r"septet\.bandwidth\.(sending\..*|storing\.database\.Database)|Backoff|Tuning"),
    ("py:class", r"septet\.costing\.estimates\.job\.Job"),
    ("py:class", r"(_?duckdb|collections|concurrent|datetime|decimal|fractions|os)\..*"),
    ("py:class", r"(django|pandas|polars|pyspark|starlette)\..*"),
]

html_theme = "furo"
html_title = f"septet {version}"
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "https://septet.readthedocs.io/")
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False

os.environ["COLUMNS"] = "88"  # the width of the help texts


class CommandHelp(SphinxDirective):
    """The directive `help`: shows the `--help` of a command."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Run the command with `--help` and return what it prints."""
        printed = io.StringIO()
        with redirect_stdout(printed), suppress(SystemExit):
            main([*self.arguments[0].split()[1:], "--help"])
        return [nodes.literal_block(text := printed.getvalue(), text, language="text")]


def keep_sentences(
    app: Sphinx, what: str, name: str, member: object, options: object, lines: list[str]
) -> None:
    """Restore the docstring of a property, whose beginning napoleon mistakes for a type."""
    if what == "property":
        lines[:] = [*(inspect.getdoc(member) or "").splitlines(), ""]


def write_inspector(app: Sphinx, error: Exception | None) -> None:
    """Write the inspector, which a page shows in a frame."""
    (Path(app.outdir) / "inspector-page.html").write_text(inspector().html, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the directive and the handlers."""
    app.add_directive("help", CommandHelp)
    app.connect("build-finished", write_inspector)
    app.connect("autodoc-process-docstring", keep_sentences, priority=600)  # after napoleon
