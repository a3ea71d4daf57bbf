"""Documentation: examples are run, and every public name, command and variable is described."""

from __future__ import annotations

import ast
import asyncio
import doctest
import importlib
import re
import runpy
import shlex
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

import septet
from septet.cli.main import main, parser
from septet.costing import RateCard

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/septet"
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
}
# Language and text of each block of a page.
BLOCKS = {
    name: re.findall(r"^ *```(\w+)\n(.*?)^ *```$", page, re.DOTALL | re.MULTILINE)
    for name, page in PAGES.items()
}
# Blocks that are neither sessions nor commands, and the tests that run them.
RUN_BY = {
    ("docs/receiving.md", "python"): "tests/test_docs.py",
    ("docs/rate-cards.md", "text"): "tests/test_docs.py",
    ("docs/rate-cards.md", "toml"): "tests/test_docs.py",
    ("docs/how-to/gateway.md", "python"): "tests/test_smpp.py",
    ("docs/how-to/in-a-web-form.md", "django"): "tests/integrations/test_web_form_page.py",
    ("docs/how-to/in-a-web-form.md", "html"): "tests/integrations/test_web_form_page.py",
    ("docs/how-to/in-a-web-form.md", "python"): "tests/integrations/test_web_form_page.py",
    ("docs/how-to/in-the-browser.md", "html"): "tests/web/browser/test_counter.py",
    ("docs/how-to/in-the-browser.md", "js"): "tests/test_npm.py",
    ("docs/how-to/in-the-browser.md", "text"): "tests/test_npm.py",
    ("docs/how-to/in-the-browser.md", "ts"): "tests/test_npm.py",
    ("docs/how-to/message-catalogues.md", "toml"): "tests/checking/test_settings.py",
    ("docs/how-to/message-catalogues.md", "yaml"): "tests/checking/test_hooks.py",
    ("docs/how-to/nginx.md", "ini"): "tests/test_nginx.py",
    ("docs/how-to/nginx.md", "nginx"): "tests/test_nginx.py",
    ("docs/reference/integrations.md", "po"): "tests/integrations/test_violations.py",
    ("docs/how-to/other-languages.md", "java"): "tests/test_other_languages.py",
    ("docs/how-to/other-languages.md", "javascript"): "tests/test_other_languages.py",
    ("docs/how-to/other-languages.md", "php"): "tests/test_other_languages.py",
    ("docs/spark.md", "python"): "tests/frames/test_spark.py",
}
DIFFERENCES = "docs/explanation/differences.md"


def commands(block: str) -> list[tuple[list[str], str, int]]:
    """Return each septet command of a block: arguments, output, and exit status."""
    parsed: list[tuple[list[str], str, int]] = []
    for line, output in re.findall(
        r"^ *\$ ((?:.*\\\n)*.*)\n((?:(?! *\$ ).*\n)*)", block, re.MULTILINE
    ):
        words = shlex.split(line.replace("\\\n", ""), comments=True)
        words = words[next((i for i, word in enumerate(words) if "=" not in word), 0) :]
        if words[0] == "septet":
            ends = [words.index(mark) for mark in ("<", ">", "|") if mark in words]
            parsed.append((words[1 : min(ends, default=None)], output, 0))
        elif words == ["echo", "$?"]:
            parsed.append((*parsed.pop()[:2], int(output)))
    return parsed


@pytest.mark.parametrize("page", [name for name in PAGES if BLOCKS[name]])
def test_page(page, tmp_path, monkeypatch, capsys) -> None:
    """Run the page from top to bottom in a folder with the examples.

    Commands must print the output that the page shows, and those on examples/ must succeed. Other
    commands, and servers, are only parsed. Skipped if a session imports a package that is not
    installed. The tutorial must need only the extras that it installs.
    """
    if page == "docs/tutorial.md":
        (extras,) = re.findall(r"^\$ pip install 'septet\[(.*)\]'", PAGES[page], re.MULTILINE)
        for module in packages_beyond(extras.split(",")):
            monkeypatch.setitem(sys.modules, module, None)
    sessions = "".join(text for language, text in BLOCKS[page] if language == "pycon")
    for module in re.findall(r">>> (?:import|from) ([\w.]+)", sessions):
        pytest.importorskip(module, exc_type=ImportError)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner()
    for language, text in BLOCKS[page]:
        if language == "pycon":
            test = doctest.DocTestParser().get_doctest(text, names, page, page, 0)
            test.globs = names
            assert runner.run(test, clear_globs=False).failed == 0
        elif language == "console":
            for arguments, output, status in commands(text):
                options = parser().parse_args(arguments)
                command = options.parser.prog.removeprefix("septet ")
                is_server = command in ("serve", "bandwidth receive", "bandwidth sandbox")
                if command == "bandwidth send":
                    pytest.importorskip("msgspec")
                is_about_examples = any("examples/" in word for word in arguments)
                if not is_server and (output or is_about_examples):
                    assert main(arguments) == status
                    printed = capsys.readouterr().out
                    assert not output or matches(printed, output), printed


def packages_beyond(extras: list[str]) -> set[str]:
    """Return the packages, by import name, that only other extras install."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = {
        extra: {re.split(r"\W", requirement)[0].lower() for requirement in requirements}
        for extra, requirements in project["optional-dependencies"].items()
    }
    return set().union(*packages.values()) - {"septet"}.union(*map(packages.get, extras))


def matches(printed: str, shown: str) -> bool:
    """Return whether a page shows what was printed; a line of "..." stands for any lines."""
    printed, shown = (text.strip("\n") + "\n" for text in (printed, shown))
    parts = re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)
    pattern = ".*".join(re.escape(part) for part in parts)
    return re.fullmatch(pattern, printed, re.DOTALL) is not None


def test_every_block_is_run() -> None:
    """Every block is a session, commands, or run by a test that names its page."""
    others = {
        (page, language)
        for page, blocks in BLOCKS.items()
        for language, _ in blocks
        if language not in ("console", "pycon")
    }
    assert others == set(RUN_BY)
    for (page, _), test in RUN_BY.items():
        assert page in (ROOT / test).read_text("utf-8")


def test_the_store_in_an_asgi_application(tmp_path) -> None:
    """The example of docs/receiving.md that waits for a commit."""
    pytest.importorskip("sqlalchemy")
    from septet.bandwidth import open_store

    (block,) = [text for language, text in BLOCKS["docs/receiving.md"] if language == "python"]
    code = compile(block, "docs/receiving.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    with open_store(tmp_path / "events.db") as store:
        names = {"asyncio": asyncio, "store": store, "body": b"[null]"}
        asyncio.run(eval(code, names))
        assert store.undecodable_count() == len(names["appended"].new) == 1


def test_rate_cards(tmp_path) -> None:
    """The rate cards of docs/rate-cards.md are valid."""
    for number, (language, text) in enumerate(BLOCKS["docs/rate-cards.md"]):
        is_card = language == "toml" or text.startswith("prefix,")
        if is_card:
            card = tmp_path / f"{number}.{'toml' if language == 'toml' else 'csv'}"
            card.write_text(text, "utf-8")
            assert RateCard.read(card).match("+12025550123") is not None


def test_every_extra_is_explained() -> None:
    """The page of the installation has each extra with its packages."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    packages = {
        extra: {re.split(r"[^\w.-]", requirement)[0] for requirement in requirements}
        for extra, requirements in project["optional-dependencies"].items()
        if extra != "all"
    }
    rows = re.findall(r"^\| (`.*?) \|.*\| (.*) \|$", PAGES["docs/installation.md"], re.MULTILINE)
    explained = {}
    for extras, needed in rows:
        names, parts = re.findall(r"`(\w+)`", extras), needed.split("; ")
        explained |= {name: set(part.split(", ")) for name, part in zip(names, parts, strict=True)}
    assert explained == packages | {"all": {"the packages of these"}}


def test_every_variable_is_explained() -> None:
    """Every variable that the sources read is described."""
    sources = [*(ROOT / "src").rglob("*.py"), ROOT / "setup.py"]
    names = {
        name
        for source in sources
        for name in re.findall(r"\bSEPTET_[A-Z_]*[A-Z]\b", source.read_text("utf-8"))
    }
    assert {"SEPTET_IMPLEMENTATION", "SEPTET_SANDBOX_PASSWORD"} <= names
    assert names == set(re.findall(r"\bSEPTET_[A-Z_]+\b", PAGES["docs/reference/environment.md"]))


def test_every_public_name_is_in_the_reference() -> None:
    """By name, or with its whole module."""
    reference = "".join(text for name, text in PAGES.items() if name.startswith("docs/reference/"))
    whole = set(re.findall(r"^\.\. automodule:: ([\w.]+)", reference, re.MULTILINE))
    assert whole >= {
        "septet.costing",
        "septet.bandwidth",
        "septet.bandwidth.sandbox",
        "septet.web",
    }
    assert whole >= {f"septet.frames.{name}" for name in ("polars", "pandas", "duckdb", "spark")}
    named = set(
        re.findall(r"^\.\. auto(?:class|function|data):: ([\w.]+)", reference, re.MULTILINE)
    )
    named |= {module.removeprefix("septet.") for module in whole}
    errors = set(importlib.import_module("septet.exceptions").__all__)
    for name in set(septet.__all__) - errors - {"IMPLEMENTATION", "__version__"}:
        assert name in named


def test_every_command_shows_its_help() -> None:
    """The page of commands has the help of each."""
    page = PAGES["docs/reference/commands.md"]
    assert re.findall(r"^## (septet.*)$", page, re.MULTILINE) == re.findall(
        r"^```\{help\} (.*)$", page, re.MULTILINE
    )
    assert re.findall(r"^## (septet .*)$", page, re.MULTILINE) == [
        c.prog for c in parser().walk() if not c.commands
    ]


def test_what_is_counted_differently() -> None:
    """septet's column of the table is correct."""
    rows = re.findall(r"^\| `(.*?)` \| ([^|]+) \|", PAGES[DIFFERENCES], re.MULTILINE)
    assert len(rows) > 10
    for text, ours in rows:
        analysis = septet.analyze(eval(text))
        assert f"{analysis.encoding.name}/{analysis.segment_count}" == ours


def test_files_that_are_named_are_there() -> None:
    """Scripts and examples that pages mention exist."""
    named = {
        name
        for page in PAGES.values()
        for name in re.findall(r"\b(?:benchmarks|examples)/\w+\.\w+", page)
    }
    assert len(named) > 10
    roots = (ROOT, SOURCE)  # the page of the architecture names those of the package
    assert [n for n in named if not any((root / n).exists() for root in roots)] == []


def test_pictures() -> None:
    """Pictures are small."""
    for picture in (ROOT / "docs/images").iterdir():
        assert picture.stat().st_size < 150_000


def test_figures() -> None:
    """Tables and charts have the figures of one run, and charts are what the command draws."""
    files = dict(runpy.run_path(str(ROOT / "tools/figures.py"))["contents"]())
    assert {path.suffix for path in files} == {".svg", ".md"}
    assert [path for path in files if path.read_text("utf-8") != files[path]] == []
    drawn = {path.name for path in files if path.suffix == ".svg"}
    assert set(re.findall(r"images/(.*?)\)", PAGES["docs/performance.md"])) == drawn
    assert [
        len(re.findall(r"\| septet `analyze` +\|", PAGES[name]))
        for name in ("README.md", "docs/performance.md")
    ] == [1, 1]


def test_diagrams() -> None:
    """The pictures of the architecture are what the program draws, and their modules exist."""
    diagrams = runpy.run_path(str(ROOT / "tools/diagrams.py"))
    for name, (title, steps) in diagrams["WAYS"].items():
        drawn = diagrams["draw"](title, steps)
        assert (ROOT / f"docs/images/{name}.svg").read_text("utf-8") == drawn
        assert [step.module for step in steps if not (SOURCE / step.module).exists()] == []


def test_modules_of_the_architecture_exist() -> None:
    """Paths below src/septet/ and tests/ that the page names exist."""
    page = PAGES["docs/architecture.md"]
    named = set(re.findall(r"`((?:[\w.]+/)+(?:[\w.]+)?|[\w]+\.(?:py|toml))`", page))
    assert len(named) > 30
    roots = (SOURCE, ROOT, SOURCE / "_kernels/python", SOURCE / "costing/reading")
    assert [n for n in named if not any((root / n).exists() for root in roots)] == []
