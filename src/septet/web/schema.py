"""What the JSON API takes and gives: the definitions that check requests and make the document.

Only this module and `checks` import msgspec here. A request is read by the standard library, which
unlike msgspec tells half a surrogate pair from damage; that, like any other value that a field does
not take, is refused under the name of the field. `checks` says why.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeVar

from ..exceptions import MissingExtraError
from ..rewriting.transliteration import levels_to
from ..rules.providers import provider_names
from ..standard.encoding import Encoding, Language

try:
    import msgspec
    from msgspec import UNSET, Meta, Struct, UnsetType
except ImportError as error:
    raise MissingExtraError("msgspec", "serve", "the inspector") from error

from .checks import cut, first_fault

__all__ = [
    "MAX_BODY_OCTETS",
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
    "Message",
    "NonGsmCharacter",
    "Place",
    "PricedMessage",
    "PricedTotal",
    "Refusal",
    "RefusedError",
    "Replacement",
    "Rules",
    "Segment",
    "Total",
    "definitions",
    "read",
    "write",
]

MAX_BODY_OCTETS = 4 * 1024 * 1024
_MAX_CHARACTERS = 40_000  # 255 segments, the most that can be sent, hold 39,015
_MAX_MESSAGES = 10_000
_MAX_DIGITS = 64

_WHOLE = r"^[^\ud800-\udfff]*$"  # in the words of Python and of JSON Schema alike
_WHOLE_WORDS = {"pattern": "whole characters, got half a surrogate pair"}


def _one_of(names: Sequence[str], description: str) -> Meta:
    return Meta(
        pattern=f"^({'|'.join(names)})$",
        description=description,
        extra_json_schema={"enum": list(names)},
        extra={"pattern": f"one of {', '.join(names)}"},
    )


def _about(description: str) -> Meta:
    return Meta(description=description)


_LANGUAGES = [language.name.lower() for language in Language]
_Text = Annotated[
    str,
    Meta(
        max_length=_MAX_CHARACTERS,
        pattern=_WHOLE,
        extra=_WHOLE_WORDS,
        description="Any text without halves of surrogate pairs; nothing is normalised.",
    ),
]
_Level = Annotated[str, _one_of(levels_to("all"), "How deep transliteration goes.")]
_Provider = Annotated[str, _one_of(provider_names(), "Whose published rules hold.")]
_Language = Annotated[str, _one_of(_LANGUAGES, "A national language.")]


class Rules(Struct, forbid_unknown_fields=True, kw_only=True):
    """How texts are counted; what is null or left out is as the provider has it, or the standard.

    `provider` left out is the one that the service was started with; null is none.
    """

    provider: _Provider | UnsetType | None = UNSET
    encoding: Annotated[Literal["gsm7", "ucs2"] | None, _about("Forces one.")] = None
    reference_bits: Annotated[
        Literal[8, 16] | None, _about("Width of the concatenation reference.")
    ] = None
    languages: Annotated[
        list[_Language], _about("National languages whose alphabets may be used.")
    ] = []
    keep_graphemes: Annotated[
        bool | None, _about("Never cut what a reader sees as one character.")
    ] = None


class AnalyzeRequest(Rules):
    """A text, and the rules to count it by."""

    text: _Text


class Message(Struct, forbid_unknown_fields=True):
    """A text and whom it goes to."""

    text: _Text
    to: (
        Annotated[
            str,
            Meta(
                max_length=_MAX_DIGITS,
                pattern=_WHOLE,
                extra=_WHOLE_WORDS,
                description="An E.164 number.",
            ),
        ]
        | None
    ) = None


class EstimateRequest(Rules):
    """Messages, and the rules to count them by."""

    messages: Annotated[list[Message], Meta(max_length=_MAX_MESSAGES)]


class Place(Struct):
    """Where something stands in a text.

    `index` is in characters (code points), `utf16_index` in UTF-16 code units, as JavaScript, Java
    and C# have it.
    """

    index: int
    utf16_index: int


class Segment(Struct):
    """One billed short message of a text.

    `start` and `stop` are indexes of the text in characters, `utf16_start` and `utf16_stop` in
    UTF-16 code units; `unit_count` is without any header.
    """

    sequence: int
    body: str
    unit_count: int
    start: int
    stop: int
    utf16_start: int
    utf16_stop: int


class Character(Struct):
    """A character of a text, told once: what each of it takes, and how often it is there.

    `shown` is the character so that it can be seen by itself: escapes and pictures for what is
    invisible or moves others.
    """

    char: str
    shown: str
    code_point: str
    name: str
    unit_count: int
    count: int


class NonGsmCharacter(Struct):
    """A character that forces a text into UCS-2, and everywhere it stands."""

    char: str
    places: list[Place]


class Replacement(Place):
    """What can stand for a character, with the combining marks behind it, at one place."""

    char: str
    replacement: str


class Level(Struct):
    """A text with what GSM-7 lacks replaced as deeply as a level of transliteration goes."""

    level: _Level
    text: str
    encoding: Encoding
    segment_count: int
    replacements: list[Replacement]


class Advice(Struct):
    """What to change in a text so that it takes the fewest segments, and what that saves.

    `text` has the changes made, of the `level` told and in the line ends if `line_ends` is true,
    and takes `segments_after`. Without the last `units_over` units the text as it is takes a
    segment less. Nothing can stand for the `irreplaceable` characters.
    """

    text: str
    level: _Level | None
    line_ends: bool
    segments_before: int
    segments_after: int
    units_over: int
    irreplaceable: list[str]


class ExceededLimit(Struct):
    """A limit that a text is beyond, and the page or clause that states it."""

    limit: str
    allowed: int
    found: int
    source: str


class Analysis(Struct):
    """What a text is billed as.

    `unit_count` is in septets (gsm7) or 16-bit code units (ucs2), without any header; `unit_limit`
    fit into a segment, and `units_left` still into the last one. `levels` has each level of
    transliteration that changes more than the one before.
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


class PricedMessage(Struct):
    """What a message takes and costs.

    `price` is a decimal number in text, null without a price: `note` tells why.
    """

    encoding: Encoding
    unit_count: int
    segment_count: int
    price: str | None
    currency: str | None
    destination: str | None
    note: str | None


class Total(Struct):
    """Some messages and the segments they take."""

    messages: int
    segments: int


class PricedTotal(Total):
    """Some priced messages, and what they cost in one currency: a decimal number in text."""

    cost: str


class EstimateAnswer(Struct):
    """What each message takes and costs, in the order of the request, and what all do.

    `totals` are by currency, and amounts of different currencies are never added up. `unpriced` is
    by the reason; a message without text is `without_text` and has no price.
    """

    messages: list[PricedMessage]
    segments: int
    without_text: int
    totals: dict[str, PricedTotal]
    unpriced: dict[str, Total]


class Health(Struct):
    """The service runs."""

    status: Literal["ok"]
    version: str
    implementation: str


class Refusal(Struct):
    """Why a request was refused.

    `field` is null for the body as a whole, and `value` for what is missing, an array or an object.
    """

    error: str
    field: str | None = None
    value: str | None = None


class RefusedError(Exception):
    """A request that is not answered.

    Attributes:
        status: The HTTP status.
        refusal: What the client is told.
    """

    def __init__(self, status: int, error: str, field: str | None = None, value: object = UNSET):
        super().__init__(status, error)
        self.status = status
        is_shown = field is not None and not isinstance(value, (list, dict, UnsetType))
        shown = cut(json.dumps(value)) if is_shown else None
        self.refusal = Refusal(error, field, shown)


_Request = TypeVar("_Request", AnalyzeRequest, EstimateRequest)


def read(kind: type[_Request], body: bytes) -> _Request:
    """Return the request that a body holds.

    Raises:
        RefusedError: It is no JSON (400), or no such request (422).
    """
    try:
        value = json.loads(body.decode())
    except RecursionError:
        raise RefusedError(400, "the body is nested too deeply") from None
    except ValueError as error:
        raise RefusedError(400, f"the body is not JSON in UTF-8: {error}") from None
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise RefusedError(422, *first_fault(value, kind)) from None


def write(answer: Struct) -> bytes:
    """Return an answer as JSON."""
    return msgspec.json.encode(answer)


def definitions(*kinds: type[Struct]) -> dict[str, Any]:
    """Return the JSON Schema of each kind and of all that they are made of, by name."""
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return schemas
