"""`Rules`: the options that texts are counted by, checked once."""

from __future__ import annotations

from ..standard.encoding import Encoding
from ..standard.languages import read_languages, table_pairs
from ..standard.limits import (
    CONCATENATION_OCTETS,
    LANGUAGE_OCTETS,
    code_unit_capacity,
    max_header_octets,
    septet_capacity,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Literal, NoReturn, Self, TypeAlias

    from ..standard.encoding import Language
    from .providers import Provider

    Capacity: TypeAlias = tuple[int, int]
    Pair: TypeAlias = tuple[int, int, int, int]

__all__ = ["KEEP_GRAPHEMES", "REFERENCE_BITS", "Rules"]

_OPTIONS = (
    "encoding",
    "reference_bits",
    "languages",
    "keep_graphemes",
    "header_octets",
    "provider",
)


class _Default:
    """The default of an option that a provider may publish: an equal value, if given, is kept."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __repr__(self) -> str:
        return repr(self.value)


REFERENCE_BITS: Any = _Default(8)
KEEP_GRAPHEMES: Any = _Default(False)


class Rules:
    """The options that texts are counted by: checked, immutable, comparable, hashable, picklable.

    Takes and raises what `Segmenter` does.

    Attributes:
        encoding: The encoding that is forced; None if the text decides.
        reference_bits: Width of the concatenation reference in bits, 8 or 16.
        languages: The national languages whose shift tables may be used.
        keep_graphemes: Whether grapheme clusters are kept whole.
        header_octets: Octets of other information elements in the header of every segment.
        provider: The provider whose alphabet and limits apply, if any.
        pairs: The pairs of tables that may be used, the plainest first: identifiers of the locking
            and the single shift table, septets of a single segment and of one of several.
        ucs2: Code units of a single segment and of one of several; None if UCS-2 is not allowed.
    """

    __slots__ = (*_OPTIONS, "pairs", "ucs2")

    encoding: Encoding | None
    reference_bits: Literal[8, 16]
    languages: tuple[Language, ...]
    keep_graphemes: bool
    header_octets: int
    provider: Provider | None
    pairs: tuple[Pair, ...]
    ucs2: Capacity | None

    def __init__(
        self,
        encoding: Encoding | None = None,
        reference_bits: Literal[8, 16] = REFERENCE_BITS,
        languages: Iterable[Language | str | int] = (),
        keep_graphemes: bool = KEEP_GRAPHEMES,
        header_octets: int = 0,
        provider: Provider | str | None = None,
    ) -> None:
        if hasattr(self, "ucs2"):
            raise TypeError("Rules are immutable")
        provider = _read_provider(provider)
        published = {} if provider is None else provider.options
        if isinstance(reference_bits, _Default):
            reference_bits = published.get("reference_bits", reference_bits.value)
        if isinstance(keep_graphemes, _Default):
            keep_graphemes = published.get("keep_graphemes", keep_graphemes.value)
        if encoding not in (None, *Encoding):
            raise ValueError(
                f"encoding must be Encoding.GSM7, Encoding.UCS2 or None, not {encoding!r}"
            )
        if reference_bits not in (8, 16):
            raise ValueError(f"reference_bits must be 8 or 16, not {reference_bits!r}")
        known_languages = read_languages(languages)
        tables = () if encoding == Encoding.UCS2 else table_pairs(known_languages)
        concatenation = CONCATENATION_OCTETS[reference_bits]
        max_octets = max_header_octets(
            concatenation + max(map(_language_octets, tables), default=0)
        )
        if not isinstance(header_octets, int):
            raise TypeError(f"header_octets must be int, not {type(header_octets).__name__}")
        if not 0 <= header_octets <= max_octets:
            raise ValueError(
                f"header_octets must be 0 to {max_octets} beside the other elements, "
                f"not {header_octets}"
            )
        values: dict[str, object] = {
            "encoding": None if encoding is None else Encoding(encoding),
            "reference_bits": int(reference_bits),
            "languages": known_languages,
            "keep_graphemes": bool(keep_graphemes),
            "header_octets": header_octets,
            "provider": provider,
            "pairs": tuple(
                (
                    *pair,
                    *_capacities(
                        septet_capacity, header_octets + _language_octets(pair), concatenation
                    ),
                )
                for pair in tables
            ),
            "ucs2": None
            if encoding == Encoding.GSM7
            else _capacities(code_unit_capacity, header_octets, concatenation),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def options(self) -> dict[str, Any]:
        """The six options by name, as keyword arguments of `Rules` or `Segmenter`."""
        return {name: getattr(self, name) for name in _OPTIONS}

    @property
    def excluded(self) -> str:
        """Characters of GSM-7 that the provider sends as UCS-2."""
        return "" if self.provider is None else self.provider.excluded

    @property
    def cluster_rules(self) -> str:
        """The rules that find grapheme clusters, as `standard.graphemes.cluster_rules` takes them.

        "unicode" unless the provider has others.
        """
        return "unicode" if self.provider is None else self.provider.cluster_rules

    def describe(self) -> str:
        """Return the options as arguments in Python's syntax, for `repr`."""
        return ", ".join(f"{name}={value!r}" for name, value in self.options.items())

    def to_dict(self) -> dict[str, Any]:
        """Return the options as values that JSON can hold: the provider by its name."""
        return {
            "encoding": self.encoding and str(self.encoding),
            "reference_bits": self.reference_bits,
            "languages": [language.name.lower() for language in self.languages],
            "keep_graphemes": self.keep_graphemes,
            "header_octets": self.header_octets,
            "provider": self.provider and self.provider.name,
        }

    @classmethod
    def from_dict(cls, options: Mapping[str, Any]) -> Self:
        """Return the rules that `to_dict` described; unknown keys are ignored.

        Args:
            options: Any of the six options; those that are missing have their defaults.

        Raises:
            TypeError: An option has the wrong type.
            ValueError: An option has a value that is not allowed, or the provider is not one of
                `provider_names()`.
        """
        return cls(**{name: options[name] for name in _OPTIONS if name in options})

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Rules are immutable: cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Rules are immutable: cannot delete {name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rules):
            return NotImplemented
        return self.options == other.options

    def __hash__(self) -> int:
        return hash(tuple(self.options.values()))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), tuple(self.options.values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.describe()})"


def _read_provider(provider: Provider | str | None) -> Provider | None:
    if provider is None:
        return None
    from .providers import Provider, find_provider

    if isinstance(provider, str):
        return find_provider(provider)
    if not isinstance(provider, Provider):
        name = type(provider).__name__
        raise TypeError(f"provider must be a Provider, the name of one, or None, not {name}")
    return provider


def _language_octets(pair: tuple[int, int]) -> int:
    """Return the octets of the header elements that select a pair of tables."""
    return LANGUAGE_OCTETS * sum(map(bool, pair))


def _capacities(capacity: Callable[[int], int], octets: int, concatenation: int) -> Capacity:
    """Return the units of a single segment and of one of several, beside header elements."""
    return capacity(octets), capacity(octets + concatenation)
