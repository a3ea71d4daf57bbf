"""Help, version, options shared by commands, and wrong usage."""

import re

import pytest

import septet
from septet.cli.arguments import segmenter
from septet.cli.main import main, parser


def parse_error(capsys, *arguments):
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(arguments)
    assert caught.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_version(capsys, option):
    """The version says which implementation runs."""
    with pytest.raises(SystemExit) as caught:
        parser().parse_args([option])
    assert caught.value.code == 0
    expected = f"septet {septet.__version__} ({septet.IMPLEMENTATION})\n"
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize("command", list(parser().walk()), ids=lambda command: command.prog)
@pytest.mark.parametrize("columns", [60, 80])
def test_help(capsys, monkeypatch, command, columns):
    """Each command has an example to copy and its exit statuses, within the terminal."""
    monkeypatch.setenv("COLUMNS", str(columns))
    with pytest.raises(SystemExit) as caught:
        parser().parse_args([*command.prog.split()[1:], "--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert re.search(rf"^Examples?:\n  {command.prog} ", printed, re.MULTILINE)
    statuses = re.findall(r"^  (\d+) +\w", printed.partition("Exit status:\n")[2], re.MULTILINE)
    assert set(statuses) >= {"0", "1", "2", "130", "141"}
    lines = [line for line in printed.splitlines() if columns == 80 or line[:2] != "  "]
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["deliver"], ["septet: error: ", "COMMAND", "deliver", "estimate, count, inspect"]),
        (["estimat"], ["septet: error: ", "'estimat' (did you mean estimate?)"]),
        (["Count", "a"], ["septet: error: ", "'Count' (did you mean count?)"]),
        (["rates", "chek"], ["septet rates: error: ", "'chek' (did you mean check?)"]),
        (["bandwidth", "recieve"], ["septet bandwidth: error: ", "(did you mean receive?)"]),
        (["estmate", "--text", "a"], ["septet: error: ", "'estmate' (did you mean estimate?)"]),
        (["estimate", "--on", "31.1.", "a"], ["--on", "'31.1.' is not a date such as 2026-01-31"]),
        (["count", "--reference-bits", "7", "a"], ["--reference-bits", "7", "8", "16"]),
        (["count", "--reference-bits", "x", "a"], ["--reference-bits: 'x' is not a whole number"]),
        (["encode", "--message-class", "-1", "a"], ["--message-class: '-1' is not a whole number"]),
        (["decode", "--user-data-length", "1.5", "00"], ["'1.5' is not a whole number"]),
        (["count", "--provider", "Twillio", "a"], ["'Twillio' (did you mean twilio?)"]),
        (["rates", "import", "a", "--outptu", "b"], [": --outptu (did you mean --output?)"]),
        (["rates", "import", "a", "b", "--currency=usd"], ["arguments are required: --output"]),
    ],
)
def test_wrong_usage(capsys, arguments, names):
    """Wrong usage ends with status 2 and one line, which says what is wrong and where to look."""
    message = parse_error(capsys, *arguments)
    assert all(name in message for name in names)
    assert message.count("\n") == 1
    assert re.search(r"; see 'septet.* --help'\n$", message)


def test_no_arguments(capsys):
    """The program alone shows its help; a group of commands says what is missing."""
    assert main([]) == 0
    assert capsys.readouterr() == (parser().format_help(), "")
    with pytest.raises(SystemExit) as caught:
        main(["bandwidth"])
    assert caught.value.code == 2
    assert capsys.readouterr().err == (
        "septet bandwidth: error: give a COMMAND: send or outbox or receive or outcomes or "
        "reconcile or prune or sandbox; see 'septet bandwidth --help'\n"
    )


@pytest.mark.parametrize("languages", ["klingon", "turkish,", "", "turkish;spanish"])
def test_unknown_language(capsys, languages):
    """An unknown language is wrong usage, and the message lists the known ones."""
    message = parse_error(capsys, "count", "--languages", languages, "a")
    assert "--languages" in message.partition("; see")[0]
    assert "portuguese" in message.lower()


@pytest.mark.parametrize("command", ["count", "inspect", "estimate"])
def test_providers_are_listed(capsys, command):
    """The help names every provider, and so does the message about another."""
    with pytest.raises(SystemExit):
        parser().parse_args([command, "--help"])
    printed = capsys.readouterr().out
    assert all(name in printed for name in septet.provider_names())
    assert "'telnyx'" in parse_error(capsys, command, "--provider", "foo", "a")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], septet.Segmenter()),
        (["--languages", "1"], septet.Segmenter(languages=[1])),
        (["--provider", "telnyx"], septet.Segmenter(provider="telnyx")),
        (
            ["--provider", "vonage", "--reference-bits", "16"],
            septet.Segmenter(provider="vonage", reference_bits=16),
        ),
        (
            ["--provider", "twilio", "--no-keep-graphemes"],
            septet.Segmenter(provider="twilio", keep_graphemes=False),
        ),
    ],
)
def test_rules(given, expected):
    """Options override the rules of a provider, and these override the defaults."""
    assert segmenter(parser().parse_args(["count", *given, "a"])) == expected


def test_quoted_arguments_are_not_obeyed(capsys):
    """A message shows control characters of the command line as escapes."""
    assert r"\u202e␛[31m" in parse_error(capsys, "count", "a", "\u202e\x1b[31m")


def test_text_that_begins_with_a_dash():
    """After a double dash, a text may look like an option."""
    assert parser().parse_args(["count", "--", "-v"]).text == "-v"


@pytest.mark.parametrize(
    ("arguments", "command", "message"),
    [
        (["estimate", "a.csv", "--txt", "body"], "septet estimate", "--txt body"),
        (["estimate", "a.csv", "--txt", "b"], "septet estimate", "--txt b (did you mean --text?)"),
        (["estimate", "a.csv", "--Rates=b"], "septet estimate", "=b (did you mean --rates?)"),
        (["estimate", "a.csv", "--xyzzyx"], "septet estimate", "arguments: --xyzzyx; see"),
        (["--hlep"], "septet", "arguments: --hlep (did you mean --help?)"),
        (
            ["count", "Your", "code is"],
            "septet count",
            "s: code is (put a text of several words in quotes)",
        ),
        (["-v"], "septet", "arguments: -v (did you mean -V?)"),
        (["count", "a", "b", "--", "--hlep"], "septet count", "--hlep (put a text"),
        (["rates", "check", "a.csv", "--of", "b"], "septet rates check", "--of b"),
        (["estimate", "a.csv"], "septet estimate", "give --text "),
    ],
)
def test_wrong_usage_names_the_command(capsys, arguments, command, message):
    """The message begins with the full name of the command."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    err = capsys.readouterr().err
    assert caught.value.code == 2
    assert err.startswith(f"{command}: error: ")
    assert message in err
