"""The examples of docs/how-to/other-languages.md, run by their own languages."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("anyascii")
pytest.importorskip("jinja2")
pytest.importorskip("msgspec")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from septet.serving import Server
from septet.web import application

PAGE = (Path(__file__).parents[1] / "docs/how-to/other-languages.md").read_text("utf-8")
URL = "http://127.0.0.1:8000"
# What a section of the page runs, and the language of its program.
SECTIONS = {
    "curl": ("curl", ""),
    "JavaScript": ("node", "javascript"),
    "PHP": ("php", "php"),
    "Java": ("java", "java"),
}


@pytest.mark.parametrize("title", SECTIONS)
def test_section(title, request, tmp_path) -> None:
    """A program prints what the page shows below it."""
    program, language = SECTIONS[title]
    if shutil.which(program) is None:
        if request.config.getoption(f"--require-{program}", default=False):
            pytest.fail(f"there is no {program}")
        pytest.skip(f"there is no {program}")
    section = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    (session,) = re.findall(r"^```console\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    with Server(application(), guard=True) as server:
        if language:
            (name,) = re.findall(r"`(\w+\.\w+)`:$", section, re.MULTILINE)
            (source,) = re.findall(
                rf"^```{language}\n(.*?)^```$", section, re.DOTALL | re.MULTILINE
            )
            assert URL in source
            (tmp_path / name).write_text(source.replace(URL, server.url), "utf-8")
        printed = ""
        for command in re.findall(r"^\$ (.*)$", session, re.MULTILINE):
            done = subprocess.run(
                ["sh", "-c", command.replace(URL, server.url)],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=True,
            )
            printed += f"{done.stdout.rstrip()}\n".lstrip()
    assert printed == "".join(
        line for line in session.splitlines(keepends=True) if not line.startswith("$ ")
    )


def test_every_section_is_run() -> None:
    assert re.findall(r"^## (.*)$", PAGE, re.MULTILINE) == list(SECTIONS)
