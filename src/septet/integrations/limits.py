"""`MaxSegments`: how many segments a text may take, and how they are counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, Literal, TypeAlias, TypedDict, Unpack

from ..rules.analysis import Analysis
from ..rules.limits import find_exceeded
from ..rules.providers import Provider
from ..rules.records import NonGsmCharacter, Replacement
from ..rules.rules import Rules
from ..segmentation import Segmenter
from ..standard.encoding import Encoding, Language
from ..standard.limits import MAX_SEGMENTS
from .violations import Translate, TranslatePlural, Violation, choose_plural

__all__ = ["OPTIONS", "LimitOptions", "LineEnds", "MaxSegments"]

LineEnds: TypeAlias = Literal["kept", "lf"]


class LimitOptions(TypedDict, total=False):
    """The options of `MaxSegments`, beside the number of segments."""

    max_units: int | None
    line_ends: LineEnds
    encoding: Encoding | Literal["gsm7", "ucs2"] | None
    reference_bits: Literal[8, 16]
    languages: Iterable[Language | str | int]
    keep_graphemes: bool
    header_octets: int
    provider: Provider | str | None


OPTIONS = tuple(LimitOptions.__annotations__)
_SEGMENTS = "At most %(allowed)d SMS segment.", "At most %(allowed)d SMS segments."
_UNITS = "At most %(allowed)d unit.", "At most %(allowed)d units."
_ONLY_GSM7 = "Only characters of GSM-7."
_CR = re.compile(r"\r\n?")


@dataclass(frozen=True, init=False, repr=False)
class MaxSegments:
    """The highest number of segments of a text, and how they are counted: immutable, picklable.

    As an annotation, pydantic understands it, and `check_annotations` for msgspec and dataclasses:

    >>> from typing import Annotated
    >>> Text = Annotated[str, MaxSegments(2, provider="twilio")]

    A text that the provider or the standard does not allow is refused too. No text is changed.

    Args:
        max_segments: The highest number of segments, at least 1.
        max_units: The highest number of septets or code units; None for no limit.
        line_ends: "kept" counts the text as it is; in a form, browsers send a line end as CR LF,
            which are two characters. "lf" counts each CR LF or CR as one LF, for code that sends
            the result of `as_sent`.
        encoding: "gsm7" refuses texts with other characters; "ucs2" counts all as UCS-2.
        reference_bits: As for `Segmenter`, like the options that follow.
        languages: National languages whose tables may be used.
        keep_graphemes: Whether grapheme clusters are kept whole.
        header_octets: Octets of other elements in every header.
        provider: A provider, whose rules apply.

    Raises:
        TypeError: An option is unknown, or has the wrong type.
        ValueError: A limit is not a whole number from 1, or an option has a wrong value.

    Attributes:
        max_segments: The highest number of segments.
        max_units: The highest number of septets or code units, if any.
        line_ends: "kept" or "lf".
        only_gsm7: Whether texts in UCS-2 are refused.
        segmenter: Counts the texts.
        options: The options that were given, as values that JSON can hold.
    """

    max_segments: int
    max_units: int | None
    line_ends: LineEnds
    only_gsm7: bool
    segmenter: Segmenter
    options: dict[str, Any] = field(compare=False)

    def __init__(self, max_segments: int, **options: Unpack[LimitOptions]) -> None:
        given: dict[str, Any] = {
            name: value for name, value in options.items() if value is not None
        }
        if unknown := next((name for name in options if name not in OPTIONS), None):
            raise TypeError(f"unknown option {unknown!r}; known are {', '.join(OPTIONS)}")
        max_units = given.pop("max_units", None)
        line_ends = given.pop("line_ends", "kept")
        for name, value in (("max_segments", max_segments), ("max_units", max_units)):
            is_whole = type(value) is int and value >= 1
            if not is_whole and (name, value) != ("max_units", None):
                raise ValueError(f"{name} must be a whole number from 1, not {value!r}")
        if line_ends not in ("kept", "lf"):
            raise ValueError(f"line_ends must be kept or lf, not {line_ends!r}")
        rules = Rules(**given)
        only_gsm7 = rules.encoding is Encoding.GSM7
        plain = {name: rules.to_dict()[name] for name in given}
        if "provider" in given:
            plain["provider"] = given["provider"]  # a `Provider` need not be a known one
        if max_units is not None:
            plain["max_units"] = max_units
        if line_ends != "kept":
            plain["line_ends"] = line_ends
        # A text in UCS-2 is measured before it is refused.
        encoding = None if only_gsm7 else rules.encoding
        values = {
            "max_segments": max_segments,
            "max_units": max_units,
            "line_ends": line_ends,
            "only_gsm7": only_gsm7,
            "segmenter": Segmenter(**{**rules.options, "encoding": encoding}),
            "options": plain,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def max_length(self) -> int:
        """The characters of the longest text that is allowed, with the line ends that are sent."""
        rules = self.segmenter.rules
        allowed: dict[str, list[Any]] = {"max_segments": [self.max_segments, MAX_SEGMENTS]}
        for rule in rules.provider.rules if rules.provider else ():
            allowed.setdefault(rule.name, []).append(rule.value)
        segments = min(allowed["max_segments"])
        lengths = [] if self.max_units is None else [self.max_units]
        lengths += allowed.get("max_characters", [])
        capacities = [(Encoding.GSM7, *pair[2:]) for pair in rules.pairs]
        if rules.ucs2 is not None and not self.only_gsm7:
            capacities.append((Encoding.UCS2, *rules.ucs2))
        longest: int = max(
            min(
                [
                    max(single, segments * several),
                    *lengths,
                    *allowed.get(f"max_{encoding}_characters", []),
                ]
            )
            for encoding, single, several in capacities
        )
        return longest

    def as_sent(self, text: str) -> str:
        """Return the text that is counted: with LF for CR LF and CR if `line_ends` is "lf".

        Args:
            text: The text of the form or request.
        """
        return _CR.sub("\n", text) if self.line_ends == "lf" else text

    def check(self, text: str) -> Violation | None:
        """Return how a text exceeds the limit; None if it does not.

        Args:
            text: Any `str`.

        Raises:
            TypeError: `text` is not a `str`.
        """
        if not isinstance(text, str):
            raise TypeError(f"expected str, got {type(text).__name__}")
        analysis = self.segmenter.analyze(self.as_sent(text))
        exceeded = self._find_exceeded(analysis)
        if not exceeded:
            return None
        chars: list[tuple[str, int]] = []
        changes: list[tuple[tuple[str, str], int]] = []
        if analysis.encoding is Encoding.UCS2 and self.segmenter.encoding is None:
            chars = _first(analysis.non_gsm_characters)
            if len(text) <= 2 * self.max_length:
                changed = self.segmenter.transliterate(analysis.text)
                if not self._find_exceeded(self.segmenter.analyze(changed.text)):
                    changes = _first(
                        [((char, new), index) for char, new, index in changed.replacements]
                    )
        return Violation(
            *exceeded[0],
            analysis.encoding,
            analysis.unit_count,
            analysis.segment_count,
            tuple(NonGsmCharacter(char, index) for char, index in chars),
            tuple(Replacement(*pair, index) for pair, index in changes),
        )

    def _find_exceeded(self, analysis: Analysis) -> list[tuple[str, int | str, int | str]]:
        return find_exceeded(analysis, self.max_segments, self.max_units, only_gsm7=self.only_gsm7)

    def describe(self, gettext: Translate = str, ngettext: TranslatePlural = choose_plural) -> str:
        """Return the limit in words, such as `"At most 2 SMS segments."`.

        Args:
            gettext: Translates a message; English without it.
            ngettext: Translates a message with a number; English without it.
        """
        sentences = [ngettext(*_SEGMENTS, self.max_segments) % {"allowed": self.max_segments}]
        if self.max_units is not None:
            sentences.append(ngettext(*_UNITS, self.max_units) % {"allowed": self.max_units})
        if self.only_gsm7:
            sentences.append(gettext(_ONLY_GSM7))
        return " ".join(sentences)

    def json_schema(self) -> dict[str, Any]:
        """Return what JSON Schema can say of the texts, for `msgspec.Meta(extra_json_schema=…)`.

        `maxLength` is that of the longest text that is allowed, and most texts have to be shorter.
        `x-sms` has the limit and the options.
        """
        # Each LF that is counted may have been CR LF.
        length = self.max_length * (2 if self.line_ends == "lf" else 1)
        options = {"max_segments": self.max_segments, **self.options}
        if self.segmenter.provider is not None:
            options["provider"] = self.segmenter.provider.name
        return {"description": self.describe(), "maxLength": length, "x-sms": options}

    def html_attributes(self) -> dict[str, str]:
        """Return the attributes of a `<septet-counter>` that counts by this limit in a form."""
        options = self.json_schema()["x-sms"]
        # A browser has LF in the field, and sends CR LF.
        options["line_ends"] = "crlf" if self.line_ends == "kept" else "lf"
        options["languages"] = " ".join(options.get("languages", ()))
        return {
            name.replace("_", "-"): "" if value is True else str(value)
            for name, value in options.items()
            if value not in ("", False)
        }

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Make pydantic check the limit, after the type and the constraints before it."""
        from pydantic_core import core_schema

        schema = handler(source)
        inner = schema["schema"] if schema["type"] == "nullable" else schema
        check = self._check_member if inner["type"] == "union" else self._check_value
        return core_schema.no_info_after_validator_function(check, schema)

    def _check_member(self, value: Any) -> Any:
        """Return a value of a union, whose texts alone have the limit."""
        return self._check_value(value) if isinstance(value, str) else value

    def _check_value(self, value: Any) -> Any:
        """Return a value of pydantic if it is a text that is allowed, or None."""
        from pydantic_core import PydanticCustomError

        if value is not None and (violation := self.check(value)):
            raise PydanticCustomError(violation.code, str(violation), violation.params)
        return value

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Callable[[Any], Any]) -> Any:
        """Make pydantic put `json_schema()` into the schema of a model."""
        schema, own = handler(core_schema), self.json_schema()
        length = min(schema.get("maxLength", own["maxLength"]), own["maxLength"])
        return {**own, **schema, "maxLength": length}

    def __repr__(self) -> str:
        options = "".join(f", {name}={value!r}" for name, value in self.options.items())
        return f"{type(self).__name__}({self.max_segments}{options})"


def _first(pairs: Sequence[tuple[Any, int]]) -> list[tuple[Any, int]]:
    """Return each value once, with its first index."""
    return sorted(dict(reversed(pairs)).items(), key=itemgetter(1))
