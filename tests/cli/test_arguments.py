"""Arguments: help, version, and what is wrong usage."""

import pytest

import septet
from septet.cli.arguments import segmenter
from septet.cli.main import main, parser


def parse_error(capsys, *arguments):
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(arguments)
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_version(capsys):
    """The version says which twin runs."""
    with pytest.raises(SystemExit) as caught:
        parser().parse_args(["--version"])
    assert caught.value.code == 0
    expected = f"septet {septet.__version__} ({septet.IMPLEMENTATION})\n"
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize(
    "command", [[], ["estimate"], ["count"], ["inspect"], ["rates"], ["sandbox"]]
)
def test_help_has_an_example(capsys, command):
    """Each command has help, and in it a command line to copy."""
    with pytest.raises(SystemExit) as caught:
        parser().parse_args([*command, "--help"])
    assert caught.value.code == 0
    example = f"example:\n  septet {command[0] if command else 'estimate'} "
    assert example in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ([], ["septet: error: ", "COMMAND"]),
        (["deliver"], ["septet: error: ", "COMMAND", "deliver"]),
        (["count"], ["septet count: error: ", "TEXT"]),
        (["estimate", "--on", "31.1.", "a"], ["--on", "'31.1.' is not a date such as 2026-01-31"]),
        (["count", "--reference-bits", "7", "a"], ["--reference-bits", "7", "8", "16"]),
    ],
)
def test_wrong_usage(capsys, arguments, names):
    """Wrong usage ends with status 2 and one line, which says what is wrong and where to look."""
    told = parse_error(capsys, *arguments)
    assert all(name in told for name in names)
    assert told.count("\n") == 1
    assert " --help tells more" in told


@pytest.mark.parametrize("languages", ["klingon", "turkish,", "", "turkish;spanish"])
def test_unknown_language(capsys, languages):
    """A language that there is not is wrong usage, and the message lists those there are."""
    message = parse_error(capsys, "count", "--languages", languages, "a")
    assert "--languages" in message.partition(";")[0]
    assert "portuguese" in message.lower()


@pytest.mark.parametrize("command", ["count", "inspect", "estimate"])
def test_providers_are_listed(capsys, command):
    """The help names every provider, and so does the message about another."""
    with pytest.raises(SystemExit):
        parser().parse_args([command, "--help"])
    told = capsys.readouterr().out
    assert all(name in told for name in septet.provider_names())
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
    """What is given goes before what a provider publishes, and that before the defaults."""
    assert segmenter(parser().parse_args(["count", *given, "a"])) == expected


def test_quoted_arguments_are_not_obeyed(capsys):
    """What a message quotes of the command line reaches the terminal written out."""
    assert r"\u202e␛[31m" in parse_error(capsys, "count", "a", "\u202e\x1b[31m")


def test_text_that_begins_with_a_dash():
    """A text may look like an option behind a double dash."""
    assert parser().parse_args(["count", "--", "-v"]).text == "-v"


@pytest.mark.parametrize(
    ("arguments", "command", "said"),
    [
        (["estimate", "a.csv", "--txt", "body"], "septet estimate", "--txt body"),
        (["rates", "check", "a.csv", "--of", "b"], "septet rates check", "--of b"),
        (["estimate", "a.csv"], "septet estimate", "--text is needed"),
    ],
)
def test_wrong_usage_names_the_command(capsys, arguments, command, said):
    """What is wrong with a command is told in its name."""
    with pytest.raises(SystemExit):
        main(arguments)
    told = capsys.readouterr().err
    assert told.startswith(f"{command}: error: ")
    assert said in told
