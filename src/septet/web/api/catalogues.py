"""`/v1/check`: the texts of a message catalogue that exceed limits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from ... import checking
from ...checking import Checker, Entry, Limits
from ...checking.catalogues import FORMATS, parse_catalogue
from ...checking.entries import Places
from ...checking.icu import expand, is_icu
from ...checking.placeholders import FIELD_LENGTH
from ...display.wording import shorten
from ...exceptions import MissingExtraError
from ...standard.encoding import Encoding
from .rules import NO_SURROGATES, CountingRules, Text, described, one_of
from .schema import Meta, RequestError, Struct, field

__all__ = [
    "Catalogue",
    "CheckAnswer",
    "CheckEntry",
    "CheckRequest",
    "ExceededByText",
    "Finding",
    "UsedReplacement",
    "check",
]

_MAX_TEXTS = 10_000
_MAX_CONTENT_CHARACTERS = 400_000
_MAX_TEXT_CHARACTERS = 200_000
_MAX_TEXTS_WITH_LANGUAGES = 2_500
_MAX_TEXT_CHARACTERS_WITH_LANGUAGES = 50_000
_MAX_NAME_CHARACTERS = 1_000
_MAX_FIELDS = 100
_MAX_FIELD_LENGTH = 1_000
_MAX_SHOWN_CHARACTERS = 300

_MAX_WORK = 20_000_000
"""The highest work for the texts of a request, in characters.

The work for a text is its characters and those of its values, for each text that an ICU message can
become. Finding a placeholder takes as long as counting some hundred characters.
"""
_PLACEHOLDER_CHARACTERS = 100

_Name = Annotated[str, Meta(max_length=_MAX_NAME_CHARACTERS, **NO_SURROGATES)]
_FieldLength = Annotated[int, Meta(ge=0, le=_MAX_FIELD_LENGTH)]
_FieldLengths = Annotated[
    dict[_Name, _FieldLength],
    Meta(
        max_length=_MAX_FIELDS,
        description="The characters of values, by the names of their placeholders. Those without a "
        "name have a number: 1 is the first %s and %1$s, 0 is the first {} and {0}.",
    ),
]
_Limit = Annotated[int, Meta(ge=1, le=1_000_000)]


class CheckEntry(Struct, forbid_unknown_fields=True, kw_only=True):
    """A text, with the lengths of its own placeholders."""

    key: _Name
    text: Text
    language: _Name | None = None
    field_lengths: _FieldLengths = field(default_factory=dict)


class Catalogue(Struct, forbid_unknown_fields=True, kw_only=True):
    """A whole message catalogue.

    `format` is the ending of its usual name. Findings repeat `path`, whose folders and name may
    tell the language, as in "locale/fr.json". `text_columns` is for CSV.
    """

    format: Annotated[str, one_of(FORMATS, "The format of the catalogue.")]
    content: Annotated[str, Meta(max_length=_MAX_CONTENT_CHARACTERS, **NO_SURROGATES)]
    path: _Name | None = None
    text_columns: Annotated[list[_Name], Meta(max_length=_MAX_FIELDS)] = field(default_factory=list)


class CheckRequest(CountingRules, kw_only=True):
    """Either entries or a catalogue, what each text may take, and the rules to count it by.

    Without a limit, texts of more than one segment are reported. Placeholders such as {name},
    {{name}}, ${name}, %(name)s, %s and %1$s are counted with values of the stated length. There may
    be up to 10,000 texts, of up to 200,000 characters in all; with `languages`, 2,500 texts, of up
    to 50,000 characters.
    """

    entries: Annotated[list[CheckEntry], Meta(max_length=_MAX_TEXTS)] | None = None
    catalogue: Catalogue | None = None
    max_segments: _Limit | None = None
    max_units: _Limit | None = None
    encoding: Annotated[
        Literal["gsm7"] | None, described("Reports texts that need UCS-2, with gsm7.")
    ] = None
    field_lengths: _FieldLengths = field(default_factory=dict)
    field_length: Annotated[
        int,
        Meta(
            ge=0,
            le=_MAX_FIELD_LENGTH,
            description="The characters of values whose length is not stated.",
        ),
    ] = FIELD_LENGTH


class ExceededByText(Struct):
    """A limit that a text exceeds: what the text takes, and what it may take."""

    limit: str
    actual: int | str
    allowed: int | str


class UsedReplacement(Struct):
    """A character with the combining marks that follow it, and its cheapest replacement."""

    char: str
    replacement: str


class Finding(Struct):
    """A text that exceeds limits.

    For entries, `index` is the position in the request; for a catalogue, the text begins at `line`
    and `column`, from 1. `column` counts characters, `utf16_column` UTF-16 code units. The units
    and segments are those of the text with its placeholders filled. `segments_after` is the number
    with the replacements; null if a character has none.
    """

    index: int | None
    path: str | None
    line: int | None
    column: int | None
    utf16_column: int | None
    key: str
    language: str | None
    text: str
    message: str
    exceeded_limits: list[ExceededByText]
    encoding: Encoding
    unit_count: int
    segment_count: int
    non_gsm_characters: list[str]
    replacements: list[UsedReplacement]
    segments_after: int | None


class CheckAnswer(Struct):
    """The findings, in the order of the texts, and the number of texts that were checked."""

    checked: int
    findings: list[Finding]


def check(request: CheckRequest, provider: str | None = None) -> CheckAnswer:
    """Return the texts that exceed limits.

    Args:
        request: The texts, the limits and the rules.
        provider: The provider whose rules apply if the request does not name one.

    Raises:
        RequestError: The catalogue cannot be read, there is too much to check, or the request does
            not have either entries or a catalogue.
    """
    limits = Limits(request.max_segments, request.max_units, request.encoding)
    if limits == Limits():
        limits = Limits(max_segments=1)
    checker = Checker(
        limits,
        request.segmenter(provider),
        field_lengths=request.field_lengths,
        field_length=request.field_length,
    )
    if request.catalogue is not None and request.entries is None:
        findings = list(_check_catalogue(checker, request.catalogue))
    elif request.entries is not None and request.catalogue is None:
        findings = list(_check_entries(checker, request.entries))
    else:
        raise RequestError(422, "expected either entries or a catalogue")
    return CheckAnswer(checker.checked, findings)


def _check_entries(checker: Checker, entries: list[CheckEntry]) -> Iterator[Finding]:
    texts = [Entry(each.key, each.text, 1, 1, each.language) for each in entries]
    common = checker.field_lengths
    lengths = [{**common, **each.field_lengths} for each in entries]
    longest = max((max(each.values(), default=0) for each in lengths), default=0)
    _check_work(checker, texts, max(longest, checker.field_length), "entries")
    for index, (entry, checker.field_lengths) in enumerate(zip(texts, lengths, strict=True)):
        for finding in checker.check_entries([entry]):
            yield _to_json(finding, entry.text, index=index)


def _check_catalogue(checker: Checker, catalogue: Catalogue) -> Iterator[Finding]:
    path, content = catalogue.path or "", catalogue.content
    try:
        entries = parse_catalogue(f"a.{catalogue.format}", content, catalogue.text_columns)
        longest = max(checker.field_length, *checker.field_lengths.values(), 0)
        _check_work(checker, entries, longest, "catalogue.content")
        findings = checker.check_entries(entries, path, content)
    except MissingExtraError as error:
        raise RequestError(422, str(error), "catalogue.format", catalogue.format) from None
    except ValueError as error:
        reason = shorten(str(error).removeprefix(f"{path}, "), _MAX_SHOWN_CHARACTERS)
        raise RequestError(422, reason, "catalogue.content") from None
    texts = {(entry.line, entry.column): entry.text for entry in entries}
    places = Places(content)
    wide = [index for index, char in enumerate(content) if char > "\uffff"]
    for finding in findings:
        line, column = finding.line, finding.column
        start = places.index(line, 1)
        pairs = bisect_left(wide, start + column - 1) - bisect_left(wide, start)
        text = texts[line, column]
        yield _to_json(finding, text, catalogue.path, line, column, column + pairs)


def _check_work(checker: Checker, entries: Sequence[Entry], longest: int, field: str) -> None:
    """Check that the texts are not too much work, before any is checked.

    Args:
        checker: Will check the texts.
        entries: The texts.
        longest: The characters of the longest value of a placeholder.
        field: The field that has the texts.

    Raises:
        RequestError: There is too much to do, or a text has a lone surrogate.
    """
    has_languages = bool(checker.segmenter.rules.languages)
    max_texts = _MAX_TEXTS_WITH_LANGUAGES if has_languages else _MAX_TEXTS
    if len(entries) > max_texts:
        rule = "with languages, " if has_languages else ""
        reason = f"{rule}expected at most {max_texts:,} texts, got {len(entries):,}"
        raise RequestError(422, reason, field)
    characters = work = 0
    for key, text, line, column, *_ in entries:
        try:
            (key + text).encode()
        except UnicodeEncodeError:
            reason = (
                f"line {line}, column {column}: expected whole characters, got a lone surrogate"
            )
            raise RequestError(422, reason, field) from None
        characters += len(text)
        for variant in expand(text) if is_icu(text) else (text,):
            placeholders = variant.count("%") + variant.count("{") + variant.count("$t(")
            work += len(variant) + placeholders * max(longest, _PLACEHOLDER_CHARACTERS)
    allowed = _MAX_TEXT_CHARACTERS_WITH_LANGUAGES if has_languages else _MAX_TEXT_CHARACTERS
    if characters > allowed:
        rule = "with languages, the texts" if has_languages else "the texts"
        reason = f"{rule} may have up to {allowed:,} characters in all, got {characters:,}"
        raise RequestError(422, reason, field)
    if work > _MAX_WORK:
        reason = "too many placeholders and plurals: check the texts in several requests"
        raise RequestError(422, reason, field)


def _to_json(
    finding: checking.Finding,
    text: str,
    path: str | None = None,
    line: int | None = None,
    column: int | None = None,
    utf16_column: int | None = None,
    index: int | None = None,
) -> Finding:
    return Finding(
        index=index,
        path=path,
        line=line,
        column=column,
        utf16_column=utf16_column,
        key=finding.key,
        language=finding.language,
        text=text,
        message=finding.message,
        exceeded_limits=[ExceededByText(*each) for each in finding.exceeded_limits],
        encoding=finding.encoding,
        unit_count=finding.unit_count,
        segment_count=finding.segment_count,
        non_gsm_characters=list(finding.non_gsm_characters),
        replacements=[UsedReplacement(*each) for each in finding.replacements],
        segments_after=finding.segments_after,
    )
