"""The report of what was done with a price list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ....display.wording import listed, plural

__all__ = ["Problems", "Report"]

_MAX_REMARKS = 12
_MAX_PLACES = 5
_MAX_PROBLEMS = 20


class Problems:
    """The errors of a price list, all of which are reported at once.

    Args:
        name: The name of the list.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._places: dict[str, list[str]] = {}

    def add(self, place: str, message: object) -> None:
        """Add an error of a row or header; the place is empty if a list has only one."""
        self._places.setdefault(str(message), []).append(place)

    def __bool__(self) -> bool:
        return bool(self._places)

    def messages(self) -> list[str]:
        """Return the first errors, those of one kind together, and how many more there are."""
        shown = []
        for message, (place, *others) in list(self._places.items())[:_MAX_PROBLEMS]:
            where = f"{self._name}, {place}" if place else self._name
            also = f" (also {listed(others, _MAX_PLACES)})" if others else ""
            shown.append(f"{where}: {message}{also}")
        if len(self._places) > len(shown):
            shown.append(f"{self._name}: {plural(len(self._places) - len(shown), 'more error')}")
        return shown


class Report:
    """What was read into a list, changed and passed over."""

    def __init__(self) -> None:
        self._subjects: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._hints: set[str] = set()

    def add(self, subject: str, text: str, place: str = "", *, is_hint: bool = False) -> None:
        """Add a remark.

        Args:
            subject: What the remark is about; those of one subject are one line of the report.
            text: The remark.
            place: The row; several rows with one remark are listed together.
            is_hint: Whether the subject concerns everybody who uses the prices.
        """
        self._subjects[subject][text].append(place)
        if is_hint:
            self._hints.add(subject)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the report."""
        for subject in self._subjects:
            yield self._line(subject)

    def hints(self) -> Iterator[str]:
        """Yield the lines that concern everybody who uses the prices."""
        for subject in self._subjects:
            if subject in self._hints:
                yield self._line(subject)

    def _line(self, subject: str) -> str:
        texts = self._subjects[subject]
        shown = []
        for text, places in list(texts.items())[:_MAX_REMARKS]:
            where = listed(list(filter(None, places)), _MAX_PLACES)
            shown.append(f"{text} ({where})" if where else text)
        if len(texts) > _MAX_REMARKS:
            shown.append(f"and {len(texts) - _MAX_REMARKS} more")
        return f"{subject}: {'; '.join(shown)}"
