"""Wording of figures, lists and addresses: plurals, shortened texts, URLs without secrets."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["duration", "listed", "plural", "shorten", "without_credentials"]

_ITEMS_SHOWN = 5


def plural(count: int, noun: str) -> str:
    """Return a count with its noun: "1 segment", "1,234 segments".

    Args:
        count: The count.
        noun: The noun in the singular; its plural must end in "s".
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def duration(seconds: int) -> str:
    """Return a duration in days, hours, minutes and seconds: "1 day 3 h 12 min".

    Args:
        seconds: The duration in seconds, 0 or more.
    """
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    parts = [plural(days, "day")] if days else []
    parts += [f"{count} {unit}" for count, unit in units if count]
    return " ".join(parts) or "0 s"


def shorten(text: str, max_characters: int) -> str:
    """Return a text, or its first `max_characters` characters and an ellipsis.

    Args:
        text: The text.
        max_characters: How many characters of it are shown.
    """
    return text if len(text) <= max_characters else f"{text[:max_characters]}…"


def listed(items: Sequence[object], max_items: int = _ITEMS_SHOWN) -> str:
    """Return the first items in one line, and how many more there are: "a, b and 3 more".

    Args:
        items: The items; they are shown as `str` converts them.
        max_items: How many of them are shown.
    """
    shown = ", ".join(map(str, items[:max_items]))
    more = len(items) - max_items
    return f"{shown} and {more:,} more" if more > 0 else shown


def without_credentials(url: str) -> str:
    """Return a URL for an error message: everything from its scheme to the last @ is left out.

    The URL may be invalid, so a password in it can contain any character.
    """
    start, at_sign, rest = url.rpartition("@")
    if not at_sign:
        return url
    scheme, colon, _ = start.partition("://")
    return f"{scheme}://…@{rest}" if colon else f"…@{rest}"
