"""The package for npm, as it is installed: it counts in Node, and its types are right.

The blocks of docs/how-to/in-the-browser.md in JavaScript and TypeScript run here.
"""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import tarfile
from pathlib import Path

import pytest

import septet
from septet.web.browser.files import browser_files

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/how-to/in-the-browser.md"


def block(language: str) -> str:
    """Return the only block of the page in a language."""
    page = PAGE.read_text("utf-8")
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return text


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def tool():
    return runpy.run_path(str(ROOT / "tools/npm_package.py"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory, node_modules, tool) -> Path:
    folder = tmp_path_factory.mktemp("npm")
    tool["write_package"](folder / "package")
    return tool["pack"](folder / "package", folder)


@pytest.fixture(scope="module")
def project(tmp_path_factory, archive) -> Path:
    """A project in which the archive is installed, without a network."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    run("npm", "install", "--offline", "--no-audit", "--no-fund", str(archive), cwd=folder)
    return folder


def test_archive(archive) -> None:
    """It has the files of `septet browser`, the element, and nothing else."""
    assert archive.name == f"septet-{septet.__version__}.tgz"
    with tarfile.open(archive) as tar:
        files = {name.removeprefix("package/") for name in tar.getnames()}
        manifest = json.load(tar.extractfile("package/package.json"))
        script = tar.extractfile("package/septet.js").read().decode()
    assert files == {
        *("LICENSE", "LICENSE-DATA", "README.md", "package.json"),
        *("counter.d.ts", "counter.js", "septet-counter.js", "septet.d.ts", "septet.js"),
    }
    assert script == browser_files()["septet.js"]
    assert (manifest["name"], manifest["license"]) == (
        "septet",
        "Apache-2.0 AND MIT AND Unicode-3.0",
    )
    named = re.findall(r'"\./(.*?)"', json.dumps([manifest["exports"], manifest["sideEffects"]]))
    assert {name for name in named if "." in name} <= files


def test_node(project) -> None:
    """The example prints what the page shows."""
    (project / "main.js").write_text(block("js"), "utf-8")
    assert run("node", "main.js", cwd=project) == block("text")


def test_the_example_of_the_readme(project) -> None:
    """Its comments have the right results."""
    readme = (ROOT / "tools/npm/README.md").read_text("utf-8")
    (code,) = re.findall(r"    import \{ analyze.*?\n(?=\n`import)", readme, re.DOTALL)
    results = (
        "const { encoding, unitCount, segmentCount } = "
        'analyze("Tonight: jazz at the café ’til 2");\n'
        'console.log(encoding, unitCount, segmentCount, split("]".repeat(153)).map(s => '
        's.unitCount), transliterate("café ’til 2").text);'
    )
    (project / "readme.js").write_text(code + results, "utf-8")
    assert run("node", "readme.js", cwd=project) == "ucs2 32 1 [ 152, 152, 2 ] café 'til 2\n"


def test_types(project, node_modules) -> None:
    """The example has the right types, and a wrong one is found."""
    (project / "main.ts").write_text(block("ts"), "utf-8")
    compiler = ("node", node_modules / "typescript/bin/tsc", "--noEmit", "--strict")
    options = ("--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom")
    run(*compiler, *options, "main.ts", cwd=project)
    (project / "wrong.ts").write_text('import { count } from "septet";\ncount(1);\n', "utf-8")
    done = subprocess.run(
        (*compiler, *options, "wrong.ts"), cwd=project, capture_output=True, text=True, check=False
    )
    assert re.match(r"wrong\.ts\(2,7\)", done.stdout)
