"""`Segmenter`: counts, splits, encodes and rewrites texts by some rules."""

from __future__ import annotations

from .._kernels import Encoder, Kernel, Transliterator, load
from ..rules.analysis import make_kernel
from ..rules.records import Transliteration
from ..rules.rules import KEEP_GRAPHEMES, REFERENCE_BITS, Rules
from ..wire import encoding as wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Literal, NoReturn, Self

    from ..columns.column_types import AnalysisColumns, Column
    from ..columns.rewriting import TextColumn
    from ..rewriting.advice import Advice
    from ..rewriting.replacements import Level
    from ..rewriting.transliteration import When
    from ..rules.analysis import Analysis, Implementation
    from ..rules.providers import Provider
    from ..rules.records import Segment
    from ..standard.encoding import Encoding, Language
    from ..standard.user_data_header import InformationElement
    from ..wire.encoding import EncodedSegment

__all__ = ["Segmenter"]


# Not in the class, where type checkers would take the methods in slots for variables.
_DOCUMENTED_SLOTS = {
    "_truncate": None,
    "analyze": Kernel.analyze.__doc__,
    "count": Kernel.count.__doc__,
    "encode": Encoder.encode.__doc__,
    "kernel": "The kernel that counts by the rules, for code that handles many rows.",
    "rules": "The options, as `Rules`.",
    "split": Kernel.split.__doc__,
    "transliterate": Transliterator.transliterate.__doc__,
}


class Segmenter:
    """Counts and splits texts by some rules: immutable, cheap to make, hashable, picklable.

    `count`, `analyze`, `split`, `encode` and `transliterate` are methods of the kernels in slots,
    which makes calls fast; a subclass may override them like any method.

    Args:
        encoding: None uses GSM-7 if the text allows it, else UCS-2; a member of `Encoding` (or its
            value) forces one.
        reference_bits: Width of the concatenation reference (3GPP TS 23.040, 9.2.3.24.1 and .8): 8
            leaves 153 septets or 67 code units to each of several segments, 16 leaves 152 or 66.
        languages: National languages whose shift tables may be used (3GPP TS 23.038, 6.2.1.2), by
            name, identifier or member of `Language`. The pair of tables with the fewest segments is
            used, of several the one with the fewest septets, headers included, then the plainest.
        keep_graphemes: Never split an extended grapheme cluster (UAX #29) that fits into a segment.
            This may cost a segment.
        header_octets: Octets of other elements in every header, without its length octet.
        provider: One of `provider_names()`, or a `Provider`: its published alphabet, options and
            limits apply. Options that are given explicitly override those of the provider.

    Raises:
        TypeError: An option has the wrong type.
        ValueError: An option has a value that is not allowed; the message says what is.
    """

    __slots__ = _DOCUMENTED_SLOTS

    rules: Rules
    kernel: Kernel
    _truncate: Callable[..., str]

    def __init__(
        self,
        encoding: Encoding | None = None,
        reference_bits: Literal[8, 16] = REFERENCE_BITS,
        languages: Iterable[Language | str | int] = (),
        keep_graphemes: bool = KEEP_GRAPHEMES,
        header_octets: int = 0,
        provider: Provider | str | None = None,
    ) -> None:
        if hasattr(self, "rules"):
            raise TypeError(f"a {type(self).__name__} is immutable")
        rules = Rules(encoding, reference_bits, languages, keep_graphemes, header_octets, provider)
        self._fill(rules, make_kernel(rules))

    @classmethod
    def from_rules(cls, rules: Rules, implementation: Implementation | None = None) -> Self:
        """Return a segmenter with rules that exist already.

        Args:
            rules: The rules.
            implementation: "compiled" or "python", to compare the two; None for the one in use.

        Raises:
            ModuleNotFoundError: The compiled implementation was not built.
        """
        segmenter = cls.__new__(cls)
        segmenter._fill(rules, make_kernel(rules, implementation))
        return segmenter

    def _fill(self, rules: Rules, kernel: Kernel) -> None:
        kernels = load(kernel.implementation)
        encoder = kernels.Encoder(
            kernel, wire.EncodedSegment, wire.DATA_CODINGS, rules.reference_bits, wire.read_options
        )
        transliterator = kernels.Transliterator(kernel, Transliteration, _rewrite)
        values = {
            "_truncate": kernels.truncate,
            "analyze": kernel.analyze,
            "count": kernel.count,
            "encode": encoder.encode,
            "kernel": kernel,
            "rules": rules,
            "split": kernel.split,
            "transliterate": transliterator.transliterate,
        }
        for name, value in values.items():
            _SLOTS[name].__set__(
                self, value
            )  # by the slot: a subclass may have a method of its name

    @property
    def encoding(self) -> Encoding | None:
        """The encoding that is forced; None if the text decides."""
        return self.rules.encoding

    @property
    def reference_bits(self) -> Literal[8, 16]:
        """Width of the concatenation reference, in bits."""
        return self.rules.reference_bits

    @property
    def languages(self) -> tuple[Language, ...]:
        """The national languages whose shift tables may be used."""
        return self.rules.languages

    @property
    def keep_graphemes(self) -> bool:
        """Whether grapheme clusters are kept whole."""
        return self.rules.keep_graphemes

    @property
    def header_octets(self) -> int:
        """Octets of other information elements in the header of every segment."""
        return self.rules.header_octets

    @property
    def provider(self) -> Provider | None:
        """The provider whose alphabet and limits apply, if any."""
        return self.rules.provider

    if TYPE_CHECKING:

        def count(self, text: str) -> int: ...  # noqa: D102

        def analyze(self, text: str) -> Analysis: ...  # noqa: D102

        def split(self, text: str) -> list[Segment]: ...  # noqa: D102

        def encode(  # noqa: D102
            self,
            text: str,
            *,
            reference: int | None = None,
            message_class: int | None = None,
            elements: Iterable[InformationElement] = (),
        ) -> list[EncodedSegment]: ...

        def transliterate(  # noqa: D102
            self, text: str, level: Level = "punctuation", *, when: When = "helps"
        ) -> Transliteration: ...

    def truncate(self, text: str, segments: int, ellipsis: str = "") -> str:
        """Return the longest beginning of a text that fits into a number of segments.

        Grapheme clusters (UAX #29) are never cut, even if the rules allow it: no phone joins what
        is cut off here.

        Args:
            text: Any `str`.
            segments: The highest number of segments, at least 1.
            ellipsis: A text to append where the text was cut; it is counted too.

        Returns:
            The text itself if it fits, else its beginning (which may be empty) and the ellipsis.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: `segments` is less than 1, or the ellipsis alone does not fit.
            EncodingError: GSM-7 is forced, and the text or the ellipsis has another character.

        Example:
            >>> len(septet.truncate("a" * 200, 1, ellipsis="..."))
            160
        """
        return self._truncate(self.kernel, text, segments, ellipsis)

    def advise(self, text: str, level: Level = "all") -> Advice:
        """Return the changes to a text that save segments.

        Line ends may become LF instead of CR LF, and characters be replaced as by `transliterate`:
        in the whole text or not at all, and only if it is GSM-7 then. If several versions have the
        fewest segments, the first of these is advised: none, line ends, replacements, both.

        Args:
            text: Any `str`.
            level: The highest level of `transliterate` to consider. The lowest level that replaces
                all characters is taken. Without the extra `transliteration`, only "punctuation" is
                considered.

        Returns:
            The advised changes, and the segments before and after them.

        Raises:
            TypeError: `text` is not a `str`.
            ValueError: `level` has an unknown value.
            EncodingError: GSM-7 is forced and the text has another character.

        Example:
            >>> septet.advise("It’s " * 20).segments_after
            1
        """
        from ..rewriting.advice import advise

        return advise(self.kernel, text, level)

    def count_many(self, column: Any, *, threads: int = 1) -> Column:
        """Return how many segments each text of a column is billed as.

        Args:
            column: A list, tuple or other iterable of `str | None`; an array or stream of the Arrow
                C data interface (utf8, large_utf8, utf8_view, dictionaries of them, or a table of
                one such column); a NumPy array or pandas Series of texts. Arrow arrays are not
                copied. Bytes that are not UTF-8 count as UCS-2, one unit for each byte that begins
                a character.
            threads: The number of threads that count Arrow arrays, at least 1.

        Returns:
            An int32 column of the same length, null where the text is null.

        Raises:
            TypeError: The column does not hold texts; the message names its Arrow type or the row.
            ValueError: `threads` is less than 1, or the Arrow structures contradict themselves.
            EncodingError: GSM-7 is forced and a text has another character.
            RuntimeError: Another thread made the list shorter meanwhile.

        Example:
            >>> septet.count_many(["one", "a" * 161, None]).to_list()
            [1, 2, None]
        """
        from ..columns.counting import count_column

        return count_column(self.kernel, column, threads)

    def analyze_many(self, column: Any, *, threads: int = 1) -> AnalysisColumns:
        """Return the encoding, units and segments of each text of a column.

        Args:
            column: A column as `count_many` takes it.
            threads: The number of threads that count Arrow arrays, at least 1.

        Returns:
            Three columns, `encoding`, `unit_count` and `segment_count`, null where the text is.

        Raises:
            TypeError: The column does not hold texts; the message names its Arrow type or the row.
            ValueError: `threads` is less than 1, or the Arrow structures contradict themselves.
            EncodingError: GSM-7 is forced and a text has another character.

        Example:
            >>> septet.analyze_many(["one", None]).to_list()
            [(Encoding.GSM7, 3, 1), None]
        """
        from ..columns.counting import analyze_column

        return analyze_column(self.kernel, column, threads)

    def transliterate_many(
        self, column: Any, level: Level = "punctuation", *, when: When = "helps"
    ) -> TextColumn:
        """Replace the characters that force the texts of a column into UCS-2.

        Args:
            column: A column as `count_many` takes it.
            level: "punctuation", "letters" or "all", as in `transliterate`.
            when: "helps", "cheaper" or "always", as in `transliterate`; decided for each text.

        Returns:
            A column of the new texts, null where the text is.

        Raises:
            TypeError: The column does not hold texts; the message names its Arrow type or the row.
            ValueError: `level` or `when` is unknown, or Arrow structures or a row are invalid.
            MissingExtraError: A level above "punctuation" without the extra `transliteration`.
            EncodingError: `when="cheaper"`, GSM-7 is forced and a text has another character.
            RuntimeError: Another thread made the list shorter meanwhile.

        Example:
            >>> septet.transliterate_many(["It’s", None]).to_list()
            ["It's", None]
        """
        from ..columns.rewriting import transliterate_column

        return transliterate_column(self.kernel, column, level, when)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} is immutable: cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} is immutable: cannot delete {name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Segmenter):
            return NotImplemented
        return self.rules == other.rules

    def __hash__(self) -> int:
        return hash(self.rules)

    def __reduce__(self) -> tuple[object, ...]:
        attributes = getattr(self, "__dict__", None)  # of a subclass
        return type(self).from_rules, (self.rules,), attributes or None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.rules.describe()})"


_SLOTS: dict[str, Any] = {name: vars(Segmenter)[name] for name in Segmenter.__slots__}


def _rewrite(kernel: Kernel, text: str, level: Level, when: When) -> Transliteration:
    from ..rewriting.transliteration import transliterate

    return transliterate(kernel, text, level, when)
