"""The hook for pre-commit and the action for GitHub, in the root of the repository."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from septet.cli.main import parser

ROOT = Path(__file__).parents[2]
yaml = pytest.importorskip("yaml")


def load(name):
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize(
    ("path", "is_checked"),
    [
        *(
            (f"locale/{name}", True)
            for name in ("fr.po", "a.pot", "a.json", "a.yml", "a.yaml", "a.arb")
        ),
        *((f"a.{kind}", True) for kind in ("properties", "strings", "xcstrings")),
        ("app/res/values-fr/strings.xml", True),
        ("values/strings.xml", True),
        ("res/layout/main.xml", False),
        ("a.txt", False),
        ("a.json5", False),
    ],
)
def test_files_of_the_hook(path, is_checked) -> None:
    """It takes the files that a folder would give."""
    (hook,) = load(".pre-commit-hooks.yaml")
    assert (re.search(hook["files"], path) is not None) == is_checked


def test_dependencies_of_the_hook() -> None:
    """They are those of the extra."""
    (hook,) = load(".pre-commit-hooks.yaml")
    assert f"check = {json.dumps(hook['additional_dependencies'])}" in (
        ROOT / "pyproject.toml"
    ).read_text("utf-8")


def test_page() -> None:
    """The hook and the job of docs/how-to/message-catalogues.md, and the inputs of the action."""
    page = (ROOT / "docs/how-to/message-catalogues.md").read_text("utf-8")
    blocks = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    config, job = map(yaml.safe_load, blocks)
    (hook,) = config["repos"][0]["hooks"]
    (ours,) = load(".pre-commit-hooks.yaml")
    assert (
        hook.items() >= {name: ours[name] for name in ("id", "name", "entry", "language")}.items()
    )
    assert re.search(hook["files"], "locale/fr/LC_MESSAGES/django.po")
    assert parser().parse_args(["check", "x", *hook["args"]]).max_segments == 1
    _, *words = shlex.split(job["steps"][-1]["run"])
    assert parser().parse_args(words).format == "github"
    for name in load("action.yml")["inputs"]:
        assert f"`{name}`" in page


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_action(tmp_path) -> None:
    """The last step checks the paths with the options, and fails if there are findings."""
    step = load("action.yml")["runs"]["steps"][-1]
    program = tmp_path / "septet/bin/septet"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m septet "$@"\n')
    program.chmod(0o755)
    (tmp_path / "a b.json").write_text(json.dumps({"sms.a": "a" * 161, "web": "a" * 161}))
    (tmp_path / "c.json").write_text("{}")

    def run(paths, options):
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
            env={**os.environ, "RUNNER_TEMP": str(tmp_path), "PATHS": paths, "OPTIONS": options},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )

    failed = run("a b.json\nc.json\n", "--max-segments 1 --keys sms.*")
    assert (failed.returncode, failed.stderr) == (3, "")
    assert failed.stdout.startswith("::error file=a b.json,line=1,")
    assert failed.stdout.count("::error") == 1
    assert run("c.json", "").returncode == 0
