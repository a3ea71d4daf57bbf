"""Configuration of Sphinx, which builds the site of these pages: `make docs`."""

import importlib
import inspect
import io
import os
import re
import shutil
from contextlib import redirect_stdout, suppress
from html import escape
from itertools import chain
from pathlib import Path
from textwrap import shorten

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

import septet
from septet.cli.main import main, parser
from septet.web.inspector import inspector

project = "septet"
author = "The septet authors"
project_copyright = author
version = release = septet.__version__

extensions = [
    *("myst_parser", "sphinx_copybutton"),
    *("sphinx.ext.autodoc", "sphinx.ext.intersphinx", "sphinx.ext.napoleon"),
]
myst_heading_anchors = 3
default_role = "py:obj"  # for names in single backticks in docstrings
autodoc_mock_imports = ["pyspark"]  # not installed beside the others
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
maximum_signature_line_length = 88
napoleon_use_ivar = True
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# No links to these: backticks mark any code, and names of other or private modules have no page.
nitpick_ignore_regex = [
    ("py:obj", ".*"),
    ("py:class", r"(.*\.)?[CT]|Octets|Starlette|(dict|tuple)\[.*"),
    ("py:class", r"septet\.costing\.reading\.(sources|templates)\..*"),
    ("py:class", r"septet\._kernels\..*"),
    ("py:class", r"septet\.integrations\.limits\..*"),
    ("py:class", r"ArrowTables|Billing|Bound|Capacity|Implementation|Kernel|Kind|Level"),
    ("py:class", r"Pair|PolarsTables|SentMessages|When"),
    ("py:class", r"septet\.bandwidth\.receiver\.receiver\._Store"),
    ("py:class", r"septet\.bandwidth\.sandbox\.(results|settings)\..*"),
    ("py:class", r"septet\.bandwidth\.(sending\..*|storing\.database\.Database)|Backoff|Tuning"),
    ("py:class", r"septet\.costing\.estimates\.job\.Job"),
    ("py:class", r"(_?duckdb|prometheus_client|starlette)\..*|(collections\.abc|typing)\..*\[.*"),
]

# Links to the documentation of other projects. The site is built without a network, so each list
# has only the names that are used here, with the pages that describe them.
intersphinx_mapping = {
    project: (address, f"inventories/{project}.txt")
    for project, address in {
        "django": "https://docs.djangoproject.com/en/stable/",
        "pandas": "https://pandas.pydata.org/docs/",
        "polars": "https://docs.pola.rs/api/python/stable/",
        "pyarrow": "https://arrow.apache.org/docs/",
        "pyspark": "https://spark.apache.org/docs/latest/api/python/",
        "python": "https://docs.python.org/3/",
        "sqlalchemy": "https://docs.sqlalchemy.org/en/20/",
    }.items()
}
_PUBLIC_NAMES = {  # of names that are imported for type checkers only, or defined elsewhere
    **{name: f"typing.{name}" for name in ("Any", "Literal", "Protocol", "Self")},
    **{name: f"collections.abc.{name}" for name in ("Hashable", "Iterable", "Mapping")},
    **{name: f"datetime.{name}" for name in ("date", "datetime", "timedelta")},
    "Decimal": "decimal.Decimal",
    "None": "None",  # whose role is that of a class where napoleon names it
    "array": "array.array",
    "concurrent.futures._base.Future": "concurrent.futures.Future",
    "django.forms.widgets.Textarea": "django.forms.Textarea",
    "pd.Series": "pandas.Series",
    "pl.Expr": "polars.Expr",
    "pl.Series": "polars.Series",
    "polars.expr.expr.Expr": "polars.Expr",
    "polars.series.series.Series": "polars.Series",
}

html_theme = "furo"
html_title = f"septet {version}"
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "https://septet.readthedocs.io/")
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_search_scorer = str(Path(__file__).with_name("scorer.js"))
html_theme_options = {  # for links to the source of each page
    "source_repository": "https://github.com/septet/septet/",
    "source_branch": "main",
    "source_directory": "docs/",
}
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


class CommandTable(SphinxDirective):
    """The directive `commands`: a table of the commands, which links to the heading of each."""

    def run(self) -> list[nodes.Node]:
        """Return the table, in the order of the help."""
        lines = ["| command | description |", "| --- | --- |"]
        for command in parser().walk():
            if not command.commands:
                anchor = command.prog.replace(" ", "-")
                lines.append(f"| [{command.prog}](#{anchor}) | {command.description} |")
        return self.parse_text_to_nodes("\n".join(lines))


class NameTable(SphinxDirective):
    """The directive `names`: a table of the public names of modules, which links to each.

    A name of several modules is documented as one of the last of them. Constants are left out.
    """

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the table: functions first, then classes, then exceptions."""
        members = {
            name: (module, getattr(module, name))
            for module in map(importlib.import_module, self.arguments[0].split())
            for name in module.__all__
        }
        rows: dict[str, list[str]] = {"func": [], "class": [], "exc": []}
        for name, (module, member) in members.items():
            if inspect.isroutine(member):
                role = "func"
            elif inspect.isclass(member):
                role = "exc" if issubclass(member, Exception) else "class"
            else:
                continue
            summary = first_sentence(inspect.getdoc(member) or "").replace("|", r"\|")
            rows[role].append(f"| {{py:{role}}}`~{module.__name__}.{name}` | {summary} |")
        lines = ["| name | description |", "| --- | --- |", *chain(*rows.values())]
        return self.parse_text_to_nodes("\n".join(lines))


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, on one line."""
    paragraph = " ".join(text.split("\n\n")[0].split())
    return re.split(r"(?<=[.!?]) ", paragraph)[0]


def page_summary(env: BuildEnvironment, page: str) -> str:
    """Return the first sentence of a page."""
    paragraphs = env.get_doctree(page).findall(nodes.paragraph)
    summary = next((first_sentence(paragraph.astext()) for paragraph in paragraphs), "")
    return shorten(summary, 200, placeholder=" …")


def use_public_name(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, text: nodes.Element
) -> None:
    """Look a name up as the documentation of its project writes it."""
    if name := _PUBLIC_NAMES.get(node["reftarget"]):
        node["reftarget"], node["reftype"] = name, "obj"


def describe_page(
    app: Sphinx, page: str, template: str, context: dict[str, str], doctree: nodes.document | None
) -> None:
    """Add the tags from which other sites make a card of a page that is linked there."""
    if doctree is not None:
        tags = {
            "og:type": "website",
            "og:site_name": project,
            "og:title": app.env.titles[page].astext(),
            "og:description": (summary := page_summary(app.env, page)),
            "og:url": f"{html_baseurl}{page}.html",
            "og:image": f"{html_baseurl}_static/card.png",
            "og:image:alt": "septet inspect: the segments of a text, and what makes it expensive",
            "og:image:width": "1200",
            "og:image:height": "630",
            "twitter:card": "summary_large_image",  # sites that read these take `property` too
        }
        context["metatags"] += f'<meta name="description" content="{escape(summary)}">\n'
        context["metatags"] += "".join(
            f'<meta property="{name}" content="{escape(text)}">\n' for name, text in tags.items()
        )


def adapt_docstring(
    app: Sphinx, what: str, name: str, member: object, options: object, lines: list[str]
) -> None:
    """Make a docstring, as napoleon leaves it, fit for readers of the site."""
    text = "\n".join(lines)
    if what == "property":  # napoleon mistakes its beginning for a type
        text = inspect.getdoc(member) or ""
    if what == "module":  # the layers that it may import are for those who change it
        text = re.sub(r"(This package may|May) import .*", "", text, flags=re.DOTALL)
    # Types of attributes without the modules that define them, like those of parameters.
    types = re.compile(r"^:vartype .*", re.MULTILINE)
    text = types.sub(lambda line: re.sub(r"(?<![\w.])((?:\w+\.)+\w+)", r"~\1", line[0]), text)
    lines[:] = [*text.splitlines(), ""]


def adapt_signature(
    app: Sphinx, what: str, name: str, member: object, options: object, *parts: str | None
) -> tuple[str | None, ...]:
    """Write `...` for a default such as `<factory>`, which would spoil the links of the others."""
    return tuple(part and re.sub("<.*?>+", "...", part) for part in parts)


def write_files(app: Sphinx, error: Exception | None) -> None:
    """Write the inspector, which a page shows in a frame, and an archive of the examples."""
    (Path(app.outdir) / "inspector-page.html").write_text(inspector().html, encoding="utf-8")
    shutil.make_archive(str(app.outdir / "examples"), "zip", app.srcdir.parent, "examples")


def write_list_for_models(app: Sphinx, error: Exception | None) -> None:
    """Write llms.txt: the title, the address and the first sentence of each page."""
    if error or app.builder.format != "html":
        return
    lines = [f"# {project}\n", f"> {page_summary(app.env, 'index')}"]
    for tree in app.env.get_doctree("index").findall(addnodes.toctree):
        lines.append(f"\n## {tree['caption']}\n")
        for page in tree["includefiles"]:
            title, summary = app.env.titles[page].astext(), page_summary(app.env, page)
            lines.append(f"- [{title}]({html_baseurl}{page}.html): {summary}")
    (Path(app.outdir) / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the directives and the handlers."""
    app.add_directive("commands", CommandTable)
    app.add_directive("help", CommandHelp)
    app.add_directive("names", NameTable)
    app.connect("autodoc-process-docstring", adapt_docstring, priority=600)  # after napoleon
    app.connect("autodoc-process-signature", adapt_signature)
    app.connect("build-finished", write_files)
    app.connect("build-finished", write_list_for_models)
    app.connect("html-page-context", describe_page)
    app.connect("missing-reference", use_public_name, priority=400)  # before intersphinx
