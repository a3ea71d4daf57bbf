"""Checking of catalogues: the findings of `septet check`, and limits on what a request takes."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("msgspec")

from septet.checking import Checker, Limits
from septet.checking.catalogues import FORMATS
from septet.checking.output.json_text import to_json
from septet.web.api.catalogues import Catalogue, CheckEntry, CheckRequest, check
from septet.web.api.schema import RequestError, read, write

CONTENT = '{\n  "a": "😀 it’s {name}",\n  "😀": {"b": "ok", "c": "“x”"}\n}'


def refusal(request):
    with pytest.raises(RequestError) as caught:
        check(request)
    assert caught.value.status == 422
    return caught.value.refusal


def catalogue(content, kind="json", **options):
    return CheckRequest(catalogue=Catalogue(format=kind, content=content), **options)


def test_catalogue(tmp_path) -> None:
    """The findings are those of the command, with the text and the column in code units."""
    path = tmp_path / "fr.json"
    path.write_text(CONTENT, "utf-8")
    checker = Checker(Limits(encoding="gsm7"), field_lengths={"name": 80})
    expected = json.loads(to_json(checker.check_file(str(path)))[0])["findings"]
    request = CheckRequest(
        catalogue=Catalogue(format="json", content=CONTENT, path=str(path)),
        encoding="gsm7",
        field_lengths={"name": 80},
    )
    answer = json.loads(write(check(request)))
    assert answer["checked"] == 3
    added = [
        [each.pop(name) for name in ("index", "utf16_column", "text")]
        for each in answer["findings"]
    ]
    assert added == [[None, 8, "😀 it’s {name}"], [None, 26, "“x”"]]
    assert answer["findings"] == expected
    assert [each["column"] for each in expected] == [8, 25]


def test_entries() -> None:
    """Lengths of an entry's own placeholders replace those of the request."""
    request = CheckRequest(
        entries=[
            CheckEntry(key="a", text="{x}", language="fr"),
            CheckEntry(key="b", text="{x}", field_lengths={"x": 161}),
            CheckEntry(key="c", text="{x} {y}"),
        ],
        field_lengths={"x": 10},
        field_length=150,
    )
    answer = check(request)
    assert answer.checked == 3
    assert [(each.index, each.key, each.unit_count) for each in answer.findings] == [
        (1, "b", 161),
        (2, "c", 161),
    ]
    assert (answer.findings[0].line, answer.findings[0].path) == (None, None)
    assert check(CheckRequest(entries=[])).findings == []


@pytest.mark.parametrize(
    ("limits", "keys"),
    [
        ({}, ["long"]),
        ({"max_segments": 2}, []),
        ({"max_units": 4}, ["long", "short"]),
        ({"encoding": "gsm7"}, ["euro"]),
        ({"provider": None, "encoding": "gsm7"}, []),
    ],
)
def test_limits(limits, keys) -> None:
    """One segment without a limit; the provider of the service has no € in GSM-7."""
    texts = {"long": "a" * 161, "short": "abcde", "euro": "€"}
    entries = [CheckEntry(key=key, text=text) for key, text in texts.items()]
    findings = check(CheckRequest(entries=entries, **limits), "telnyx").findings
    assert [each.key for each in findings] == keys


def test_comments_in_a_catalogue() -> None:
    content = "# septet: max-segments=2\na=" + "x" * 161 + "\nb=" + "x" * 161
    findings = check(catalogue(content, "properties")).findings
    assert [(each.key, each.line) for each in findings] == [("b", 3)]


@pytest.mark.parametrize(
    ("end", "place"),
    [("\n", (3, 4)), ("\r\n", (3, 4)), ("\u2028", (1, 10)), ("\x85", (1, 10))],
)
def test_lines_of_yaml(end, place) -> None:
    """Lines are those of editors, although YAML has other line ends too."""
    pytest.importorskip("yaml")
    (finding,) = check(catalogue(f"a: x{end}{end}b: ’", "yaml", encoding="gsm7")).findings
    assert (finding.key, finding.line, finding.column) == ("b", *place)
    assert finding.utf16_column == finding.column


@pytest.mark.parametrize(
    ("request_", "field", "error"),
    [
        (CheckRequest(), None, "expected either entries or a catalogue"),
        (
            CheckRequest(entries=[], catalogue=Catalogue(format="json", content="{}")),
            None,
            "expected either entries or a catalogue",
        ),
        (catalogue('{"a" "b"}'), "catalogue.content", "line 1, column 6: expected a colon"),
        (
            catalogue('{"a": "\\ud83d"}'),
            "catalogue.content",
            "line 1, column 7: expected whole characters, got a lone surrogate",
        ),
        (
            catalogue("# septet: ingore\na=b", "properties"),
            "catalogue.content",
            "line 1: expected septet: ignore",
        ),
    ],
)
def test_refusals(request_, field, error) -> None:
    answer = refusal(request_)
    assert answer.field == field
    assert answer.error.startswith(error)


def test_long_error() -> None:
    """An error that lists the columns of a catalogue is shortened."""
    assert len(refusal(catalogue("zz," * 10_000, "csv")).error) < 400


def test_missing_extra(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    answer = refusal(catalogue("a: b", "yaml"))
    assert (answer.field, answer.value) == ("catalogue.format", '"yaml"')
    assert "septet[check]" in answer.error


@pytest.mark.parametrize(
    ("body", "field", "error"),
    [
        ({"catalogue": {"format": "exe", "content": ""}}, "catalogue.format", "expected one of"),
        ({"entries": [{"key": "a"}]}, "entries[0].text", "required, but missing"),
        ({"max_units": 0}, "max_units", "expected a whole number from 1 to 1000000"),
        ({"field_length": -1}, "field_length", "expected a whole number from 0 to 1000"),
        ({"field_lengths": {"a": 1.5}}, "field_lengths.a", "expected an integer, got a number"),
        ({"field_lengths": {"\ud800": 1}}, "field_lengths", "expected whole characters"),
        (
            {"field_lengths": {str(number): 1 for number in range(101)}},
            "field_lengths",
            "expected at most 100 names, got 101",
        ),
    ],
)
def test_invalid_requests(body, field, error) -> None:
    with pytest.raises(RequestError) as caught:
        read(CheckRequest, json.dumps(body).encode())
    assert caught.value.refusal.field == field
    assert caught.value.refusal.error.startswith(error)


@given(content=st.text(st.characters(codec="utf-8"), max_size=60), kind=st.sampled_from(FORMATS))
def test_any_content(content, kind) -> None:
    """It is checked, or refused with a reason."""
    with suppress(RequestError):
        write(check(catalogue(content, kind, max_units=1)))


@pytest.mark.parametrize(
    ("text", "repeated", "error"),
    [
        ("a" * 40_000, 5, None),
        ("a" * 40_000, 6, "the texts may have up to 200,000 characters in all, got 240,000"),
        ("%s" * 9_000, 5, None),
        ("{x}" * 100, 660, "too many placeholders and plurals"),
        ("{a,select,b{}c{}}" * 6, 1_900, None),
        ("{n,plural,one{#}two{##}}" * 6 + "{x}" * 50, 600, "too many placeholders and plurals"),
    ],
)
def test_hostile_entries(text, repeated, error) -> None:
    """A request that takes long is refused before its texts are counted."""
    entries = [CheckEntry(key="a", text=text)] * repeated
    start = time.process_time()
    if error is None:
        check(CheckRequest(entries=entries, field_lengths={"y": 400}))
    else:
        answer = refusal(CheckRequest(entries=entries, field_lengths={"y": 400}))
        assert (answer.field, answer.error[: len(error)]) == ("entries", error)
    assert time.process_time() - start < 5


def test_limits_of_texts() -> None:
    """Of entries and catalogues alike; with languages, there may be fewer."""
    answer = refusal(catalogue("a\n" * 10_001, "txt"))
    assert answer.field == "catalogue.content"
    assert answer.error == "expected at most 10,000 texts, got 10,001"
    short = [CheckEntry(key="a", text="a")] * 2_501
    assert check(CheckRequest(entries=short)).checked == 2_501
    assert refusal(CheckRequest(entries=short, languages=["hindi"])).error == (
        "with languages, expected at most 2,500 texts, got 2,501"
    )
    entries = [CheckEntry(key="a", text="a" * 25_001)] * 2
    assert refusal(CheckRequest(entries=entries, languages=["hindi"])).error == (
        "with languages, the texts may have up to 50,000 characters in all, got 50,002"
    )
