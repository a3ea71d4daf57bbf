"""Passwords from files and variables, for every command that has one."""

import os
import threading

import pytest

from septet.cli.arguments import UsageError
from septet.cli.bandwidth.secrets import credentials, read_secret

VARIABLE = "SEPTET_TEST_PASSWORD"


@pytest.fixture
def secret(tmp_path):
    """Write a secret to a file; return its path."""

    def secret(content):
        path = tmp_path / "password"
        path.write_bytes(content)
        return str(path)

    return secret


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"sesame\n", "sesame"),
        (b"sesame", "sesame"),
        (b"sesame\r\n", "sesame"),
        (b" se same \n", " se same "),
        ("sésame\n".encode(), "sésame"),
        (b"a" * 4095 + b"\n", "a" * 4095),
    ],
)
def test_files(secret, content, expected):
    """The end of the line is not a part of the password; anything else is."""
    path = secret(content)
    assert read_secret(path, "--password-file") == expected
    os.chmod(path, 0o444)  # as Docker makes them
    assert read_secret(path, "--password-file") == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"\r\n", "is empty"),
        (b"secret\n\n", "several lines"),
        (b"secret\nmore", "several lines"),
        (b"secret\rmore", "several lines"),
        (b"secret\xff", "not UTF-8"),
        (b"secret" * 1000, "more than 4096 bytes"),
    ],
)
def test_unusable_files(secret, content, message):
    """One line names option and file, and shows nothing of the content."""
    path = secret(content)
    with pytest.raises(UsageError, match=message) as caught:
        read_secret(path, "--password-file")
    assert str(caught.value).startswith(f"--password-file: {path}: ")
    assert "secret" not in str(caught.value).replace(path, "")


def test_unreadable_files(tmp_path):
    """A missing file, a folder, a name that is no path, an endless device."""
    for path in (tmp_path / "none", tmp_path, "a\0b", "/dev/zero"):
        with pytest.raises(UsageError, match="--password-file: "):
            read_secret(str(path), "--password-file")


def test_pipes(tmp_path):
    """A pipe, as shells make it from the output of a password manager, is read once."""
    path = str(tmp_path / "pipe")
    os.mkfifo(path)

    def write():
        with open(path, "wb") as pipe:
            pipe.write(b"sesame\n")

    writer = threading.Thread(target=write)
    writer.start()
    assert credentials("ann", path, VARIABLE) == ("ann", "sesame")
    writer.join()


def test_sources(secret, monkeypatch):
    """The file goes before the variable; without any, there are no credentials."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert credentials(None, None, VARIABLE) == (None, None)
    monkeypatch.setenv(VARIABLE, "from the variable")
    assert credentials("ann", None, VARIABLE) == ("ann", "from the variable")
    assert credentials("ann", secret(b"from the file"), VARIABLE) == ("ann", "from the file")


@pytest.mark.parametrize(
    ("username", "has_file", "value", "message"),
    [
        ("ann", False, None, "--username needs a password: give --password-file, or set .* SEPTET"),
        (None, True, None, "--password-file needs --username"),
        (None, False, "x", "SEPTET_TEST_PASSWORD needs --username"),
        ("ann", False, "", "SEPTET_TEST_PASSWORD is empty"),
        (None, False, "", "SEPTET_TEST_PASSWORD is empty"),
    ],
)
def test_incomplete(secret, monkeypatch, username, has_file, value, message):
    """Nothing starts with credentials that are empty or incomplete."""
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(UsageError, match=message):
        credentials(username, secret(b"x") if has_file else None, VARIABLE)


COMMANDS = {
    "receive": ["receive", "--store", "a.db", "--port", "0"],
    "sandbox": ["sandbox", "--port", "0"],
    "send": ["send", "--from", "+12025550100", "--to", "+13125550140", "--yes", "hello"],
}


@pytest.mark.parametrize(
    ("command", "options", "environment"),
    [
        ("receive", ["--username", "ann"], {"SEPTET_CALLBACK_PASSWORD": ""}),
        ("receive", [], {"SEPTET_CALLBACK_PASSWORD": ""}),
        ("receive", ["--username", ""], {"SEPTET_CALLBACK_PASSWORD": "x"}),
        ("receive", ["--username", "a:b"], {"SEPTET_CALLBACK_PASSWORD": "x"}),
        ("receive", ["--username", "ann", "--password-file", "none"], {}),
        ("receive", ["--password-file", "password"], {}),
        ("sandbox", [], {"SEPTET_SANDBOX_PASSWORD": "x"}),
        ("sandbox", [], {"SEPTET_SANDBOX_PASSWORD": ""}),
        ("sandbox", ["--username", "ann"], {"SEPTET_SANDBOX_PASSWORD": ""}),
        ("sandbox", ["--username", "ann"], {}),
        ("sandbox", ["--username", ""], {"SEPTET_SANDBOX_PASSWORD": "x"}),
        ("sandbox", ["--username", "a:b"], {"SEPTET_SANDBOX_PASSWORD": "x"}),
        ("sandbox", ["--username", "ann", "--password-file", "none"], {}),
        ("sandbox", ["--callback-username", "ann"], {"SEPTET_CALLBACK_PASSWORD": ""}),
        ("sandbox", ["--callback-username", "ann"], {}),
        ("sandbox", ["--callback-password-file", "password"], {}),
        ("send", [], {"SEPTET_BANDWIDTH_USERNAME": "ann", "SEPTET_BANDWIDTH_PASSWORD": ""}),
        ("send", ["--password-file", "empty"], {"SEPTET_BANDWIDTH_USERNAME": "ann"}),
        ("send", ["--password-file", "password"], {}),
    ],
)
def test_commands(tmp_path, run, capsys, monkeypatch, command, options, environment):
    """One line with status 2, before anything is created or sent."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "password").write_text("x")
    (tmp_path / "empty").write_text("\n")
    variables = {"SEPTET_BANDWIDTH_ACCOUNT": "9", "SEPTET_BANDWIDTH_APPLICATION_ID": "a"}
    for name in [*os.environ]:
        if name.startswith("SEPTET_") and name.endswith(("PASSWORD", "USERNAME", "ID", "SECRET")):
            monkeypatch.delenv(name)
    for name, value in {**variables, **environment}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as caught:
        run("bandwidth", *COMMANDS[command], *options)
    err = capsys.readouterr().err
    assert (caught.value.code, err.count("\n")) == (2, 1)
    assert err.startswith(f"septet bandwidth {command}: error: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "password"]
