"""Requests and answers of the JSON API: definitions that validate and are published as OpenAPI.

Classes such as `Segment` are the JSON form of the class of that name in the core. Only this module
and `checks` import msgspec in `web`. The standard library parses requests: unlike msgspec, it can
read a lone surrogate, so that the error names the field. `checks` finds the reason for an error.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from ..exceptions import MissingExtraError
from ..rcs import RcsKind
from ..rewriting.replacements import levels_to
from ..rules.providers import provider_names
from ..standard.encoding import Encoding, Language

try:
    import msgspec
    from msgspec import UNSET, Meta, Struct, UnsetType
except ImportError as error:
    raise MissingExtraError("msgspec", "serve", "the inspector") from error

from ..display.wording import shorten
from .checks import MAX_SHOWN_CHARACTERS, first_problem

__all__ = [
    "BODY_TOO_LARGE",
    "MAX_BODY_BYTES",
    "MAX_CHARACTERS_WITH_LANGUAGES",
    "UNSET",
    "Advice",
    "Analysis",
    "AnalyzeRequest",
    "Character",
    "EstimateAnswer",
    "EstimateRequest",
    "ExceededLimit",
    "Health",
    "Level",
    "MessageRequest",
    "NonGsmCharacter",
    "PricedMessage",
    "PricedTotal",
    "Rcs",
    "Refusal",
    "Replacement",
    "RequestError",
    "RulesRequest",
    "Segment",
    "TextIndex",
    "Total",
    "UnsetType",
    "definitions",
    "read",
    "write",
]

MAX_BODY_BYTES = 4 * 1024 * 1024
BODY_TOO_LARGE = f"the body is larger than {MAX_BODY_BYTES} bytes"
_MAX_CHARACTERS = 40_000  # the 255 segments of the longest message hold 39,015
MAX_CHARACTERS_WITH_LANGUAGES = 10_000
"""The limit of `/v1/analyze` for a text with national languages, which take the most time."""

_MAX_MESSAGES = 10_000
_MAX_RECIPIENT_CHARACTERS = 64

_NO_SURROGATES = r"^[^\ud800-\udfff]*$"  # valid in Python and in JSON Schema
_NO_SURROGATES_ERROR = {"pattern": "whole characters, got a lone surrogate"}


def _one_of(names: Sequence[str], description: str) -> Meta:
    return Meta(
        pattern=f"^({'|'.join(names)})$",
        description=description,
        extra_json_schema={"enum": list(names)},
        extra={"pattern": f"one of {', '.join(names)}"},
    )


def _described(description: str) -> Meta:
    return Meta(description=description)


_LANGUAGES = [language.name.lower() for language in Language]
_Text = Annotated[
    str,
    Meta(
        max_length=_MAX_CHARACTERS,
        pattern=_NO_SURROGATES,
        extra=_NO_SURROGATES_ERROR,
        description="Any text without lone surrogates; it is not normalised.",
    ),
]
_Level = Annotated[str, _one_of(levels_to("all"), "A level of transliteration.")]
_Provider = Annotated[str, _one_of(provider_names(), "The provider whose published rules apply.")]
_Language = Annotated[str, _one_of(_LANGUAGES, "A national language of TS 23.038.")]


class RulesRequest(Struct, forbid_unknown_fields=True, kw_only=True):
    """The rules to count by. A field that is null or missing follows the provider or the standard.

    Without `provider`, the provider that the service was started with applies; null means none.
    """

    provider: _Provider | UnsetType | None = UNSET
    encoding: Annotated[Literal["gsm7", "ucs2"] | None, _described("Forces this encoding.")] = None
    reference_bits: Annotated[
        Literal[8, 16] | None, _described("Width of the concatenation reference.")
    ] = None
    languages: Annotated[
        list[_Language], _described("National languages whose alphabets may be used.")
    ] = []
    keep_graphemes: Annotated[
        bool | None, _described("Never split what a reader sees as one character.")
    ] = None


class AnalyzeRequest(RulesRequest):
    """A text, and the rules to count it by.

    With `languages`, the text may have up to 10,000 characters.
    """

    text: _Text


class MessageRequest(Struct, forbid_unknown_fields=True):
    """A text and its recipient."""

    text: _Text
    to: (
        Annotated[
            str,
            Meta(
                max_length=_MAX_RECIPIENT_CHARACTERS,
                pattern=_NO_SURROGATES,
                extra=_NO_SURROGATES_ERROR,
                description="An E.164 number.",
            ),
        ]
        | None
    ) = None


class EstimateRequest(RulesRequest):
    """Messages, and the rules to count them by."""

    messages: Annotated[list[MessageRequest], Meta(max_length=_MAX_MESSAGES)]


class TextIndex(Struct):
    """A position in a text.

    `index` counts characters (code points), `utf16_index` counts UTF-16 code units as JavaScript,
    Java and C# do.
    """

    index: int
    utf16_index: int


class Segment(Struct):
    """One billed short message of a text.

    `start` and `stop` are positions in the text in characters, `utf16_start` and `utf16_stop` in
    UTF-16 code units. `unit_count` does not include headers.
    """

    sequence: int
    body: str
    unit_count: int
    start: int
    stop: int
    utf16_start: int
    utf16_stop: int


class Character(Struct):
    """A distinct character of a text: its size in units, and how often it occurs.

    `shown` is a visible form of the character: an escape or a symbol for characters that are
    invisible or change the order of others.
    """

    char: str
    shown: str
    code_point: str
    name: str
    unit_count: int
    count: int


class NonGsmCharacter(Struct):
    """A character that forces a text into UCS-2, and all its positions."""

    char: str
    places: list[TextIndex]


class Replacement(TextIndex):
    """A replacement for a character and the combining marks that follow it, at one position."""

    char: str
    replacement: str


class Level(Struct):
    """The text after a level of transliteration has replaced characters that are not GSM-7."""

    level: _Level
    text: str
    encoding: Encoding
    segment_count: int
    replacements: list[Replacement]


class Advice(Struct):
    """The changes that give the fewest segments.

    `text` includes the changes: replacements of `level`, and LF for CR LF if `line_ends` is true.
    It takes `segments_after`. The original text takes one segment less without its last
    `units_over` units. `irreplaceable` lists the characters that have no replacement.
    """

    text: str
    level: _Level | None
    line_ends: bool
    segments_before: int
    segments_after: int
    units_over: int
    irreplaceable: list[str]


class ExceededLimit(Struct):
    """A limit that a text exceeds, and the page or clause that states it."""

    limit: str
    allowed: int
    found: int
    source: str


class Rcs(Struct):
    """How the text is billed as an RCS message without media or suggestions.

    `us_segment_count` counts segments of 160 bytes of UTF-8, as the US bills them; elsewhere the
    message is one of `kind`.
    """

    byte_count: int
    us_segment_count: int
    kind: RcsKind


class Analysis(Struct):
    """The encoding, units and segments of a text.

    `unit_count` is in septets (gsm7) or 16-bit code units (ucs2), without headers. A segment holds
    `unit_limit` units; the last one has space for `units_left` more. `levels` lists each level of
    transliteration that changes more than the level before it.
    """

    encoding: Encoding
    locking_shift: str | None
    single_shift: str | None
    unit_count: int
    segment_count: int
    unit_limit: int
    units_left: int
    segments: list[Segment]
    characters: list[Character]
    non_gsm_characters: list[NonGsmCharacter]
    levels: list[Level]
    advice: Advice
    exceeded_limits: list[ExceededLimit]
    rcs: Rcs


class PricedMessage(Struct):
    """The size and the price of a message.

    `price` is a decimal string. It is null without a price, for which `note` has the reason, or as
    a range, `price_lowest` to `price_highest`. An empty text is no message and takes no segment.
    """

    encoding: Encoding | None
    unit_count: int
    segment_count: int
    price: str | None
    currency: str | None
    destination: str | None
    note: str | None
    price_lowest: str | UnsetType = UNSET
    price_highest: str | UnsetType = UNSET


class Total(Struct):
    """A number of messages and their segments."""

    messages: int
    segments: int


class PricedTotal(Total):
    """Priced messages and their decimal cost; null if it is a range, with `lowest`, `highest`."""

    cost: str | None
    lowest: str | UnsetType = UNSET
    highest: str | UnsetType = UNSET


class EstimateAnswer(Struct):
    """The size and the price of each message, in the order of the request, and the totals.

    `totals` is by currency, `unpriced` by reason. Messages without text have no price.
    """

    messages: list[PricedMessage]
    segments: int
    without_text: int
    totals: dict[str, PricedTotal]
    unpriced: dict[str, Total]


class Health(Struct):
    """The service is running."""

    status: Literal["ok"]
    version: str
    implementation: str


class Refusal(Struct):
    """The reason why a request was refused.

    `field` is null for the body as a whole. `value` is null for missing fields, arrays and objects.
    """

    error: str
    field: str | None = None
    value: str | None = None


class RequestError(Exception):
    """A request that is refused.

    Attributes:
        status: The HTTP status.
        refusal: The body of the answer.
    """

    def __init__(self, status: int, error: str, field: str | None = None, value: object = UNSET):
        super().__init__(status, error)
        self.status = status
        has_value = field is not None and not isinstance(value, (list, dict, UnsetType))
        shown = shorten(json.dumps(value), MAX_SHOWN_CHARACTERS) if has_value else None
        self.refusal = Refusal(error, field, shown)


_Request = TypeVar("_Request", AnalyzeRequest, EstimateRequest)


def read(kind: type[_Request], body: bytes) -> _Request:
    """Return the request in a body.

    Args:
        kind: The definition of the request.
        body: JSON in UTF-8.

    Raises:
        RequestError: The body is not JSON (400), or not such a request (422).
    """
    try:
        value = json.loads(body.decode())
    except RecursionError:
        raise RequestError(400, "the body is nested too deeply") from None
    except ValueError as error:
        raise RequestError(400, f"the body is not JSON in UTF-8: {error}") from None
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, UnicodeEncodeError):  # the latter for a name with a surrogate
        raise RequestError(422, *first_problem(value, kind)) from None


def write(answer: Struct) -> bytes:
    """Return an answer as JSON."""
    return msgspec.json.encode(answer)


def definitions(*kinds: type[Struct]) -> dict[str, Any]:
    """Return the JSON Schemas of definitions, and of all definitions that they refer to, by name.

    Args:
        *kinds: The definitions.
    """
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return schemas
