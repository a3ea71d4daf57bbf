"""What providers publish about the texts they take, from `providers.toml`, and what exceeds it.

A provider is a name and its rules, each with the page that states it. Only what is published is a
rule; everything else is counted as the standard has it.
"""

from __future__ import annotations

import tomllib
from collections import namedtuple
from functools import cache
from pathlib import Path

from ..standard.limits import MAX_SEGMENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "ExceededLimit",
    "Provider",
    "ProviderRule",
    "exceeded_limits",
    "for_provider",
    "provider_names",
]

_OPTIONS = ("reference_bits", "keep_graphemes")


class ProviderRule(namedtuple("ProviderRule", ("name", "value", "source", "note"), defaults=("",))):
    """A rule that a provider publishes.

    Attributes:
        name: `reference_bits`, `keep_graphemes`, `excluded` (characters of GSM-7 that send a text
            as UCS-2), `max_characters`, `max_gsm7_characters`, `max_ucs2_characters`,
            `max_segments` or `offers_languages`.
        value: What it is.
        source: The page that states it.
        note: What the page leaves open, if anything.
    """

    __slots__ = ()

    name: str
    value: int | bool | str
    source: str
    note: str


class Provider(namedtuple("Provider", ("name", "rules"))):
    """A provider and the rules that it publishes.

    Attributes:
        name: What `Segmenter.for_provider` takes.
        rules: Each `ProviderRule`.
    """

    __slots__ = ()

    name: str
    rules: tuple[ProviderRule, ...]

    @property
    def options(self) -> dict[str, Any]:
        """The rules that are options of a `Segmenter`."""
        return {rule.name: rule.value for rule in self.rules if rule.name in _OPTIONS}

    @property
    def excluded(self) -> str:
        """Characters of GSM-7 that send a text as UCS-2."""
        return "".join(str(rule.value) for rule in self.rules if rule.name == "excluded")


class ExceededLimit(namedtuple("ExceededLimit", ("limit", "allowed", "found", "source"))):
    """A limit that a text is beyond.

    Attributes:
        limit: The name of the rule, as in `max_segments`.
        allowed: The most that may be.
        found: What the text has.
        source: The page or clause that states the limit.
    """

    __slots__ = ()

    limit: str
    allowed: int
    found: int
    source: str


_NUMBERED = ProviderRule("max_segments", MAX_SEGMENTS, "3GPP TS 23.040, 9.2.3.24.1")


def exceeded_limits(analysis: Any) -> tuple[ExceededLimit, ...]:
    """Return the limits of the provider, and then of the standard, that an `Analysis` is beyond.

    Characters are code points, for no page says plainly what else they are.
    """
    provider = analysis.segmenter.provider
    characters = len(analysis.text)
    found = {
        "max_characters": characters,
        f"max_{analysis.encoding}_characters": characters,
        "max_segments": analysis.segment_count,
    }
    return tuple(
        ExceededLimit(rule.name, rule.value, found[rule.name], rule.source)
        for rule in (*(provider.rules if provider else ()), _NUMBERED)
        if rule.name in found and found[rule.name] > rule.value
    )


def for_provider(segmenter_type: Any, name: str, **options: Any) -> Any:
    """Return a `Segmenter` with the rules that a provider publishes.

    Args:
        segmenter_type: `Segmenter` or a subclass.
        name: One of `provider_names()`.
        **options: Those of a `Segmenter`; they go before what the provider publishes.

    Raises:
        ValueError: No such provider; the message lists them.
        MissingExtraError: The provider keeps grapheme clusters, and the extra is not there.
    """
    known = _providers()
    if name not in known:
        raise ValueError(f"a provider must be one of {', '.join(known)}, not {name!r}")
    provider = known[name]
    return segmenter_type(**{**provider.options, **options}, provider=provider)


def provider_names() -> tuple[str, ...]:
    """Return the names that `Segmenter.for_provider` takes."""
    return tuple(_providers())


@cache
def _providers() -> dict[str, Provider]:
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {
        name: Provider(name, tuple(ProviderRule(rule, **facts) for rule, facts in rules.items()))
        for name, rules in tomllib.loads(text).items()
    }
