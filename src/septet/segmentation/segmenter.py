"""The face of the core: what a text is counted in, how many segments it takes, where they end.

`Segmenter` holds the rules; the module's functions are those of the default one. The counting
itself is done behind the door `_kernels`, on plain values; here they get their names.
"""

from __future__ import annotations

from .. import _kernels
from ..rules.records import NonGsmCharacter, Segment
from ..standard.encoding import Encoding, Language
from ..standard.graphemes import cluster_breaks, cluster_pattern
from ..standard.languages import read_languages, table_pairs
from ..standard.limits import (
    CONCATENATION_OCTETS,
    LANGUAGE_OCTETS,
    code_unit_capacity,
    max_header_octets,
    septet_capacity,
)
from ..wire import encoding as wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn, Self

    from ..columns.column_types import AnalysisColumns, Column
    from ..columns.rewriting import TextColumn
    from ..rewriting.advice import Advice
    from ..rewriting.transliteration import Transliteration
    from ..rules.providers import ExceededLimit, Provider

__all__ = [
    "Analysis",
    "NonGsmCharacter",
    "Segment",
    "Segmenter",
    "advise",
    "analyze",
    "analyze_many",
    "count",
    "count_many",
    "encode",
    "split",
    "transliterate",
    "transliterate_many",
    "truncate",
]

_UCS2 = -1  # the kernels' word for no pair of tables
_OPTIONS = (
    *("encoding", "reference_bits", "languages"),
    *("keep_graphemes", "header_octets", "provider"),
)


class Analysis(_kernels.Measurement):
    """What a text takes, as `analyze` found it: immutable, comparable, hashable.

    Attributes:
        text: The text itself, as a plain `str`.
        segmenter: The rules it was counted under.
        unit_count: Septets (GSM-7) or code units (UCS-2) of the text, without any header.
        segment_count: Segments that are billed.
        units_left: Units that still fit into the last segment.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        segmenter: Segmenter

    def __init__(self) -> None:
        raise TypeError("an Analysis is made by analyze()")

    @property
    def encoding(self) -> Encoding:
        """How the text is counted (3GPP TS 23.038, 6.2.1 and 6.2.3)."""
        return Encoding.UCS2 if self.pair == _UCS2 else Encoding.GSM7

    @property
    def locking_shift(self) -> Language | None:
        """The language whose table replaces the default alphabet (6.2.1.2.3), if one does."""
        return self._language(0)

    @property
    def single_shift(self) -> Language | None:
        """The language whose table replaces the extension table (6.2.1.2.2), if one does."""
        return self._language(1)

    @property
    def non_gsm_characters(self) -> tuple[NonGsmCharacter, ...]:
        """The characters that force UCS-2, each time they occur; found when asked for.

        With national languages: what the pair of tables that lacks the fewest of them lacks.
        """
        if self.pair != _UCS2:
            return ()
        return tuple(NonGsmCharacter(self.text[i], i) for i in self.segmenter._foreign(self.text))

    @property
    def exceeded_limits(self) -> tuple[ExceededLimit, ...]:
        """The limits that it is beyond, the provider's and the standard's; found when asked for."""
        from ..rules.providers import exceeded_limits

        return exceeded_limits(self)

    def _repr_html_(self) -> str:
        from ..display.notebook import analysis_html

        return analysis_html(self)

    def _language(self, shift: int) -> Language | None:
        if self.pair == _UCS2:
            return None
        identifier = self.segmenter._pairs[self.pair][shift]
        return Language(identifier) if identifier else None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Analysis):
            return NotImplemented
        return (self.text, self.segmenter) == (other.text, other.segmenter)

    def __hash__(self) -> int:
        return hash((self.text, self.segmenter))

    def __reduce__(self) -> tuple[object, ...]:
        return self.segmenter.analyze, (self.text,)

    def __repr__(self) -> str:
        return (
            f"Analysis(encoding={self.encoding!r}, unit_count={self.unit_count}, "
            f"segment_count={self.segment_count}, units_left={self.units_left})"
        )


class Segmenter(_kernels.Kernel):
    """Rules for counting and splitting texts: immutable, cheap to make, hashable, picklable.

    Args:
        encoding: None takes GSM-7 if the text allows it, else UCS-2; a member of `Encoding` (or its
            value) forces one.
        reference_bits: Width of the concatenation reference, 8 or 16 (3GPP TS 23.040, 9.2.3.24.1
            and 9.2.3.24.8): 153 or 152 septets, 67 or 66 code units in one of several segments.
        languages: National languages whose shift tables may be used (3GPP TS 23.038, 6.2.1.2):
            names, identifiers or members of `Language`. The best pair of locking and single shift
            tables wins: fewest segments, then fewest septets with all headers, then the plainest.
        keep_graphemes: Never cut an extended grapheme cluster (UAX #29) unless it is too long for
            any segment. May cost a segment. Needs the extra `graphemes`.
        header_octets: Octets of other information elements in the header of every segment, the
            header's own length octet not counted.
        provider: Whose alphabet and limits hold; see `for_provider`, which takes all its rules.

    Raises:
        TypeError: An option has the wrong type.
        ValueError: An option has a value that is not allowed; the message says what is.
        MissingExtraError: `keep_graphemes` without the extra.
    """

    __slots__ = ("_pairs", *_OPTIONS)

    encoding: Encoding | None
    reference_bits: int
    languages: tuple[Language, ...]
    keep_graphemes: bool
    header_octets: int
    provider: Provider | None
    _pairs: tuple[tuple[int, int, int, int], ...]

    def __init__(
        self,
        encoding: Encoding | None = None,
        reference_bits: int = 8,
        languages: Iterable[Language | str | int] = (),
        keep_graphemes: bool = False,
        header_octets: int = 0,
        provider: Provider | None = None,
    ) -> None:
        if encoding not in (None, *Encoding):
            raise ValueError(
                f"encoding must be Encoding.GSM7, Encoding.UCS2 or None, not {encoding!r}"
            )
        if reference_bits not in (8, 16):
            raise ValueError(f"reference_bits must be 8 or 16, not {reference_bits!r}")
        known = read_languages(languages)
        pairs = () if encoding == Encoding.UCS2 else table_pairs(known)
        shifts = max((bool(locking) + bool(single) for locking, single in pairs), default=0)
        concatenation = CONCATENATION_OCTETS[reference_bits]
        most = max_header_octets(concatenation + shifts * LANGUAGE_OCTETS)
        if not isinstance(header_octets, int):
            raise TypeError(f"header_octets must be int, not {type(header_octets).__name__}")
        if not 0 <= header_octets <= most:
            raise ValueError(
                f"header_octets must be 0 to {most} beside the other elements, not {header_octets}"
            )
        if provider is not None and not hasattr(provider, "excluded"):
            name = type(provider).__name__
            raise TypeError(f"provider must be a Provider, as for_provider() finds it, not {name}")
        if keep_graphemes:
            cluster_pattern()

        def capacities(capacity: Callable[[int], int], octets: int) -> tuple[int, int]:
            return capacity(octets), capacity(octets + concatenation)

        super().__init__(
            tuple(
                (
                    *pair,
                    *capacities(
                        septet_capacity,
                        header_octets + LANGUAGE_OCTETS * sum(map(bool, pair)),
                    ),
                )
                for pair in pairs
            ),
            None if encoding == Encoding.GSM7 else capacities(code_unit_capacity, header_octets),
            Analysis,
            cluster_breaks if keep_graphemes else None,
            "" if provider is None else provider.excluded,
        )
        set_option = super().__setattr__
        set_option("encoding", None if encoding is None else Encoding(encoding))
        set_option("reference_bits", int(reference_bits))
        set_option("languages", known)
        set_option("keep_graphemes", bool(keep_graphemes))
        set_option("header_octets", header_octets)
        set_option("provider", provider)
        set_option("_pairs", pairs)

    @classmethod
    def for_provider(cls, name: str, **options: Any) -> Self:
        """Return the rules that a provider publishes; see `providers.for_provider`."""
        from ..rules.providers import for_provider

        rules: Self = for_provider(cls, name, **options)
        return rules

    if TYPE_CHECKING:

        def analyze(self, text: str) -> Analysis: ...  # noqa: D102

    def split(self, text: str) -> list[Segment]:
        """Return the segments of a text; their bodies, joined, are the text again.

        Args:
            text: Any `str`; nothing is normalised. Empty text is one segment without units.

        Raises:
            TypeError: `text` is not a `str`.
            EncodingError: GSM-7 is forced and the text has another character.
        """
        ends = self._cut(text)
        text = str.__str__(text)  # whatever a subclass makes of slices
        total = len(ends)
        segments = []
        start = 0
        for sequence, (stop, unit_count) in enumerate(ends, 1):
            segments.append(Segment(text[start:stop], unit_count, start, stop, sequence, total))
            start = stop
        return segments

    encode = wire.encode

    def truncate(self, text: str, segments: int, ellipsis: str = "") -> str:
        """Return the longest beginning of a text that fits; see `truncation.truncate`."""
        from ..rewriting.truncation import truncate

        return truncate(self, text, segments, ellipsis)

    def transliterate(
        self, text: str, level: str = "punctuation", *, only_if_cheaper: bool = False
    ) -> Transliteration:
        """Return a text with what GSM-7 lacks replaced; see `transliteration.transliterate`."""
        from ..rewriting.transliteration import transliterate

        return transliterate(self, text, level, only_if_cheaper=only_if_cheaper)

    def advise(self, text: str, level: str = "all") -> Advice:
        """Return what to change in a text so that it costs less; see `advice.advise`."""
        from ..rewriting.advice import advise

        return advise(self, text, level)

    def count_many(self, column: Any, *, threads: int = 1) -> Column:
        """Return how many segments each text of a column is billed as.

        Args:
            column: A list, tuple or other iterable of `str | None`; an array or stream of the Arrow
                C data interface (utf8, large_utf8, utf8_view, dictionaries of them, or a table of
                one such column); a NumPy array or pandas Series of texts. Not copied. Octets that
                are not UTF-8 count as UCS-2, one unit for each that begins a character.
            threads: How many to count Arrow arrays with.

        Returns:
            An int32 column of the same length, null where the text is null.

        Raises:
            TypeError: The column is not of texts; the message names its Arrow type or the row.
            ValueError: The Arrow structures contradict themselves.
            EncodingError: GSM-7 is forced and a text has another character.
            RuntimeError: Another thread made the list shorter meanwhile.
        """
        from ..columns.counting import count_column

        return count_column(self, column, keep_graphemes=self.keep_graphemes, threads=threads)

    def analyze_many(self, column: Any, *, threads: int = 1) -> AnalysisColumns:
        """Return what each text of a column takes: encoding, units and segments.

        Takes what `count_many` takes, and raises what it raises.

        Returns:
            Three columns, `encoding`, `unit_count` and `segment_count`, null where the text is.
        """
        from ..columns.counting import analyze_column

        return analyze_column(self, column, keep_graphemes=self.keep_graphemes, threads=threads)

    def transliterate_many(
        self, column: Any, level: str = "punctuation", *, only_if_cheaper: bool = False
    ) -> TextColumn:
        """Replace characters that are not in GSM-7 in each text of a column.

        Args:
            column: What `count_many` takes.
            level: As for `transliterate`.
            only_if_cheaper: As for `transliterate`.

        Returns:
            A column of texts of the same length, null where the text is null.

        Raises:
            TypeError: The column is not of texts; the message names its Arrow type or the row.
            ValueError: There is no such level, the Arrow structures are inconsistent, or a row that
                needs replacements is not UTF-8.
            MissingExtraError: A level above "punctuation" without the extra `transliteration`.
            EncodingError: `only_if_cheaper`, GSM-7 is forced and a text has another character.
        """
        from ..columns.rewriting import transliterate_column
        from ..rewriting.transliteration import transliterate

        plain = Segmenter(languages=self.languages, provider=self.provider)

        def replace(text: str) -> Transliteration:
            return transliterate(self, text, level, only_if_cheaper=only_if_cheaper)

        replace("")  # refuses a wrong level even if no row needs a replacement
        return transliterate_column(plain, column, replace)

    def _options(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in _OPTIONS)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Segmenter is immutable: cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Segmenter is immutable: cannot delete {name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Segmenter):
            return NotImplemented
        return self._options() == other._options()

    def __hash__(self) -> int:
        return hash(self._options())

    def __reduce__(self) -> tuple[object, ...]:
        return Segmenter, self._options()

    def __repr__(self) -> str:
        options = zip(_OPTIONS, self._options(), strict=True)
        return f"Segmenter({', '.join(f'{name}={value!r}' for name, value in options)})"


_DEFAULT = Segmenter()

count = _DEFAULT.count
analyze = _DEFAULT.analyze
split = _DEFAULT.split
encode = _DEFAULT.encode
truncate = _DEFAULT.truncate
transliterate = _DEFAULT.transliterate
advise = _DEFAULT.advise
count_many = _DEFAULT.count_many
analyze_many = _DEFAULT.analyze_many
transliterate_many = _DEFAULT.transliterate_many
