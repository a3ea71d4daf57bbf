"""The rules that providers publish, read from `providers.toml`, and the limits that a text exceeds.

A provider has a name and rules, each with the page that states it. Only published rules are here;
whatever a provider does not publish is counted by the standard.
"""

from __future__ import annotations

from collections import namedtuple
from functools import cache

from ..standard.limits import MAX_SEGMENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..standard.encoding import Encoding

__all__ = [
    "SEGMENT_LIMIT",
    "ExceededLimit",
    "Provider",
    "ProviderRule",
    "exceeded_limits",
    "find_provider",
    "provider_names",
]

_OPTIONS = ("reference_bits", "keep_graphemes")


class ProviderRule(namedtuple("ProviderRule", ("name", "value", "source", "note"), defaults=("",))):
    """A rule that a provider publishes.

    Attributes:
        name: `reference_bits`, `keep_graphemes`, `excluded` (characters of GSM-7 that send a text
            as UCS-2), `cluster_rules` (what a grapheme cluster is: "unicode" or "unicode-10"),
            `max_characters`, `max_gsm7_characters`, `max_ucs2_characters`, `max_segments` or
            `offers_languages`.
        value: The value of the rule.
        source: The page that states it.
        note: What the page leaves unclear, if anything.
    """

    __slots__ = ()

    name: str
    value: int | bool | str
    source: str
    note: str


class Provider(namedtuple("Provider", ("name", "rules"))):
    """A provider and the rules that it publishes.

    Attributes:
        name: The name that `Segmenter(provider=…)` takes.
        rules: Its published rules.
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

    @property
    def cluster_rules(self) -> str:
        """The rules by which grapheme clusters are found where they are kept."""
        values = [str(rule.value) for rule in self.rules if rule.name == "cluster_rules"]
        return values[-1] if values else "unicode"


class ExceededLimit(namedtuple("ExceededLimit", ("limit", "allowed", "actual", "source"))):
    """A limit that a text exceeds.

    Attributes:
        limit: The name of the rule, as in `max_segments`.
        allowed: The highest value that is allowed.
        actual: The value of the text.
        source: The page or clause that states the limit.
    """

    __slots__ = ()

    limit: str
    allowed: int
    actual: int
    source: str


SEGMENT_LIMIT = ProviderRule("max_segments", MAX_SEGMENTS, "3GPP TS 23.040, 9.2.3.24.1")
"""The limit of the standard: a concatenation numbers no more segments."""


def exceeded_limits(
    provider: Provider | None, encoding: Encoding, characters: int, segments: int
) -> tuple[ExceededLimit, ...]:
    """Return the limits of a provider, then of the standard, that a text exceeds.

    Args:
        provider: The provider, if any.
        encoding: The encoding of the text.
        characters: Its characters, as code points: no provider's page clearly says otherwise.
        segments: Its segments.
    """
    values: dict[str, int] = {
        "max_characters": characters,
        f"max_{encoding}_characters": characters,
        "max_segments": segments,
    }
    return tuple(
        ExceededLimit(rule.name, rule.value, values[rule.name], rule.source)
        for rule in (*(provider.rules if provider else ()), SEGMENT_LIMIT)
        if isinstance(rule.value, int) and values.get(rule.name, 0) > rule.value
    )


def find_provider(name: str) -> Provider:
    """Return a provider by its name.

    Args:
        name: One of `provider_names()`.

    Raises:
        ValueError: There is no such provider; the message lists all names.
    """
    providers = _providers()
    if name not in providers:
        raise ValueError(f"provider must be one of {', '.join(providers)}, not {name!r}")
    return providers[name]


def provider_names() -> tuple[str, ...]:
    """Return the names that `Segmenter(provider=…)` takes.

    Example:
        >>> "telnyx" in septet.provider_names()
        True
    """
    return tuple(_providers())


@cache
def _providers() -> dict[str, Provider]:
    import tomllib  # takes long to import, and few programs name a provider
    from pathlib import Path

    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {
        name: Provider(name, tuple(ProviderRule(rule, **facts) for rule, facts in rules.items()))
        for name, rules in tomllib.loads(text).items()
    }
