"""`Checker`: compares the texts of catalogues with limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from ..exceptions import SourceError
from ..rules.analysis import Analysis
from ..segmentation import Segmenter
from .catalogues import read_catalogue
from .entries import Entry
from .findings import Exceeded, Finding, find_exceeded_limits, make_finding
from .icu import expand, is_icu
from .languages import find_language
from .limits import CommentedLimits, LimitException, Limits, has_key
from .placeholders import FIELD_LENGTH, fill

__all__ = ["Checker"]


@dataclass(slots=True)
class Checker:
    """Compares the texts of catalogues with limits.

    >>> checker = Checker(Limits(max_segments=1), keys=["sms.*"])
    >>> findings = checker.check_file("locale/fr.json")

    A text to translate that several catalogues repeat is reported once.

    Attributes:
        limits: What each text may take.
        segmenter: Counts the texts; the limits of its provider apply too.
        keys: Patterns of the keys of the texts that are checked; no pattern means all.
        field_lengths: The characters of the values of placeholders, by name.
        field_length: The characters of the other values.
        text_columns: The columns of texts of CSV files; without them, those whose headings are
            languages, or usual names such as "text".
        is_whole_text: Whether a .txt file is one text, not one in each line.
        exceptions: Other limits for some texts; the last one that is for a text counts.
        checked: The number of texts that were checked so far.
    """

    limits: Limits
    segmenter: Segmenter = field(default_factory=Segmenter)
    keys: Sequence[str] = ()
    field_lengths: Mapping[str, int] = field(default_factory=dict)
    field_length: int = FIELD_LENGTH
    text_columns: Sequence[str] = ()
    is_whole_text: bool = False
    exceptions: Sequence[LimitException] = ()
    checked: int = field(default=0, init=False)
    _sources: set[tuple[str, str, str]] = field(default_factory=set, init=False, repr=False)

    def check_file(self, path: str) -> list[Finding]:
        """Return the findings of a catalogue, in the order of its texts.

        Args:
            path: The file.

        Raises:
            OSError, SourceError, MissingExtraError: As for `read_catalogue`.
            SourceError: A comment for septet cannot be understood.
        """
        catalogue = read_catalogue(path, self.text_columns, is_whole_text=self.is_whole_text)
        return self.check_entries(catalogue.entries, path, catalogue.text)

    def check_entries(
        self, entries: Iterable[Entry], path: str = "", text: str = ""
    ) -> list[Finding]:
        """Return the findings of texts that were read already, in their order.

        Args:
            entries: The texts.
            path: The file that they are from; it may tell their language.
            text: The whole file, whose comments may set other limits.

        Raises:
            SourceError: A comment for septet cannot be understood.
        """
        return list(self._check(entries, path, text))

    def _check(self, entries: Iterable[Entry], path: str, text: str) -> Iterator[Finding]:
        try:
            comments = CommentedLimits(text)
        except ValueError as error:
            raise SourceError(f"{path}, {error}") from None
        language = find_language(path)
        name = PurePath(path).as_posix()
        exceptions = [each for each in self.exceptions if each.is_for_file(path)]
        for entry in entries:
            if self.keys and not has_key(entry, self.keys):
                continue
            if entry.is_source:
                source = entry.context, entry.key, entry.text
                if source in self._sources:
                    continue
                self._sources.add(source)
            limits: Limits | None = self.limits
            comment = comments.find(entry)
            for exception in (*exceptions, *((comment,) if comment else ())):
                if exception.is_for(entry):
                    limits = exception.apply(self.limits)
            if limits is None:
                continue
            self.checked += 1
            worst = self._worst(entry.text, limits)
            if worst is not None:
                analysis, exceeded = worst
                own_language = None if entry.is_source else entry.language or language
                yield make_finding(name, entry, own_language, analysis, exceeded, self.segmenter)

    def _worst(self, text: str, limits: Limits) -> tuple[Analysis, tuple[Exceeded, ...]] | None:
        """Return the text of most segments, and then most units, that exceeds a limit."""
        worst = None
        for variant in expand(text) if is_icu(text) else (text,):
            filled = fill(variant, self.field_lengths, self.field_length)
            analysis = self.segmenter.analyze(filled)
            exceeded = find_exceeded_limits(analysis, limits)
            if exceeded and (worst is None or _size(analysis) > _size(worst[0])):
                worst = analysis, exceeded
        return worst


def _size(analysis: Analysis) -> tuple[int, int]:
    return analysis.segment_count, analysis.unit_count
