"""The limits that a text exceeds: those that a caller sets, its provider's and the standard's."""

from __future__ import annotations

from ..standard.encoding import Encoding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .analysis import Analysis

__all__ = ["find_exceeded"]


def find_exceeded(
    analysis: Analysis,
    max_segments: int | None = None,
    max_units: int | None = None,
    *,
    only_gsm7: bool = False,
) -> list[tuple[str, int | str, int | str]]:
    """Return each limit that a text exceeds: its name, what the text takes, what it may take.

    Args:
        analysis: The analysis of the text.
        max_segments: The highest number of segments; None for no limit.
        max_units: The highest number of septets or code units; None for no limit.
        only_gsm7: Whether a text in UCS-2 exceeds the limit "encoding".

    Returns:
        The limits of the arguments, then those of the provider and of the standard. Of several
        with the same name, only the first.
    """
    exceeded: dict[str, tuple[int | str, int | str]] = {}
    if only_gsm7 and analysis.encoding is Encoding.UCS2:
        exceeded["encoding"] = "ucs2", "gsm7"
    if max_segments is not None and analysis.segment_count > max_segments:
        exceeded["max_segments"] = analysis.segment_count, max_segments
    if max_units is not None and analysis.unit_count > max_units:
        exceeded["max_units"] = analysis.unit_count, max_units
    for name, allowed, actual, _ in analysis.exceeded_limits:
        exceeded.setdefault(name, (actual, allowed))
    return [(name, *amounts) for name, amounts in exceeded.items()]
