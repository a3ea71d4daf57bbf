"""`septet browser`: the files that it writes, and what it says."""

from __future__ import annotations

import pytest

from septet.web.browser.files import browser_files
from septet.web.browser.scripts import counter_script
from septet.web.inspector import inspector


def test_files(run, tmp_path) -> None:
    """A new folder gets all files, and the message says what to do with them."""
    folder = tmp_path / "static/septet"
    status, out, err = run("browser", "--output", folder)
    assert (status, err) == (0, "")
    files = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    assert files == {
        **browser_files(),
        "septet-counter.js": counter_script(),
        "index.html": inspector().html,
    }
    assert out.splitlines()[:4] == [
        str(folder / name)
        for name in ("septet.js", "septet.d.ts", "septet-counter.js", "index.html")
    ]
    assert '  <septet-counter for="text"></septet-counter>\n' in out


def test_again(run, tmp_path) -> None:
    """Files of an older version are replaced, and others are kept."""
    (tmp_path / "septet.js").write_text("old", "utf-8")
    (tmp_path / "mine.js").write_text("mine", "utf-8")
    assert run("browser", "--output", tmp_path)[0] == 0
    assert (tmp_path / "septet.js").read_text("utf-8") == browser_files()["septet.js"]
    assert (tmp_path / "mine.js").read_text("utf-8") == "mine"


def test_not_a_folder(run, tmp_path) -> None:
    """A file where the folder should be is one line."""
    path = tmp_path / "file"
    path.write_text("", "utf-8")
    status, out, err = run("browser", "--output", path)
    assert (status, out) == (1, "")
    assert err == f"septet: {path}: File exists\n"


def test_no_output(run, capsys) -> None:
    """The folder must be named."""
    with pytest.raises(SystemExit, match="2"):
        run("browser")
    assert "--output" in capsys.readouterr().err
