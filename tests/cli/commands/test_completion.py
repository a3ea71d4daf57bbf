"""`septet completion`: its scripts in the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

pytest.importorskip("shtab")
pty = pytest.importorskip("pty")

# What is typed, and the arguments that septet gets.
TYPED = [
    ("tran\t --lev\t let\t", "transliterate --level letters"),
    ("count --prov\t twi\t", "count --provider twilio"),
    ("rates imp\t price\t --outp\t car\t", "rates import prices.csv --output card.csv"),
    ("bandwidth rec\toncile", "bandwidth reconcile"),
    ("completion z\t", "completion zsh"),
]
# Each prints its arguments instead of running septet, and has no other completions.
STARTS = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        'eval "$(<script)"; septet() { echo "<$*>"; }\n',
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        "autoload -U compinit; compinit -u -D; "
        'eval "$(<script)"; septet() { print -r -- "<$*>" }\n',
    ),
    "zsh as a function": (
        ["zsh", "-f", "-i"],
        "cp script _septet; fpath=($PWD $fpath); autoload -U compinit; compinit -u -D; "
        'septet() { print -r -- "<$*>" }\n',
    ),
}


def require(shell, request):
    if shutil.which(shell) is None:
        assert not request.config.getoption("--require-shells"), f"there is no {shell}"
        pytest.skip(f"there is no {shell}")


@pytest.fixture
def script(run, tmp_path, monkeypatch):
    """Write the script of a shell into a folder with two files, which becomes the current one."""
    monkeypatch.chdir(tmp_path)
    for name in ("prices.csv", "card.csv"):
        (tmp_path / name).touch()

    def script(shell):
        status, out, err = run("completion", shell)
        assert (status, err) == (0, "")
        (tmp_path / "script").write_text(out)

    return script


def type_into(command, lines):
    """Type lines into a program on a terminal of its own, and return what it writes."""
    process, terminal = pty.fork()
    if process == 0:  # pragma: no cover  # another process
        os.environ.update(TERM="dumb", PS1="$ ")
        os.execvp("timeout", ["timeout", "--foreground", "60", *command])
    written = b""
    try:
        os.write(terminal, "".join([*lines, "exit\n"]).encode())
        while piece := os.read(terminal, 1 << 16):
            written += piece
    except OSError:  # the program has ended
        pass
    finally:
        os.close(terminal)
        os.waitpid(process, 0)
    return written.decode()


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.skipif(sys.platform == "win32", reason="needs terminals of POSIX")
def test_bash_and_zsh(request, script, start):
    """Commands, options, their choices, and files are completed where one is possible."""
    shell = start.partition(" ")[0]
    require(shell, request)
    script(shell)
    command, preparation = STARTS[start]
    written = type_into(command, [preparation, *(f"septet {typed}\n" for typed, _ in TYPED)])
    for _, completed in TYPED:
        assert f"<{completed}>" in " ".join(written.split()), written


def test_fish(request, script):
    """fish lists commands, options, choices and files."""
    require("fish", request)
    script("fish")
    for typed, expected in {
        "septet tran": {"transliterate"},
        "septet transliterate --lev": {"--level"},
        "septet transliterate --level ": {"punctuation", "letters", "all"},
        "septet rates import pric": {"prices.csv"},
        "septet estimate --rates car": {"card.csv"},
        "septet count pric": set(),
    }.items():
        command = ["fish", "--no-config", "-c", f"source script; complete -C '{typed}'"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        assert {line.partition("\t")[0] for line in done.stdout.splitlines()} == expected


def test_without_shtab(run, monkeypatch):
    """The error names the extra."""
    monkeypatch.setitem(sys.modules, "shtab", None)
    expected = "septet: completion needs shtab: pip install 'septet[cli]'\n"
    assert run("completion", "bash") == (1, "", expected)
