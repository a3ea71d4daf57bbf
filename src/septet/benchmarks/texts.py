"""Single texts: septet and others on the same messages, and where they count differently."""

from __future__ import annotations

from .. import count
from . import corpora, javascript, timing
from .contenders import PACKAGES, contenders
from .results import Group, Row, install

__all__ = ["measure"]

_SHOWN = 100  # characters of a message in the notes


def measure(messages: int, rounds: int) -> Group:
    """Measure single texts.

    Args:
        messages: How many texts.
        rounds: How often each function is called for all of them; the functions take turns.
    """
    texts = corpora.mixed(messages)
    counts = [count(text) for text in texts]
    with javascript.started(texts) as others:
        ours = contenders(texts)
        sections = list(dict.fromkeys(each.section for each in ours))
        found = sorted([*ours, *others], key=lambda each: sections.index(each.section))
        segments = {each.name: each.segments() for each in found}  # warms them up too
        times = timing.in_turns({each.name: each.run for each in found}, rounds)
    rows, notes = [], []
    for each in found:
        theirs = segments[each.name]
        differing = [index for index, value in enumerate(theirs) if value != counts[index]]
        rows.append(
            Row(
                *(each.section, each.name, len(theirs), *times[each.name]),
                is_septet=each.is_septet,
                differing=len(differing),
            )
        )
        if differing:
            shown = texts[differing[0]]
            notes.append(
                f"{each.name} counts {len(differing):,} of {len(theirs):,} messages differently, "
                f"such as this one ({theirs[differing[0]]} instead of {counts[differing[0]]} "
                f"segments): {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + ' ...'!r}"
            )
    return Group(
        f"{messages:,} single texts",
        "70 % are plain ASCII, 10 % have extension characters, 10 % accents, and 10 % emoji, "
        "Cyrillic or CJK.",
        "result",
        rows,
        notes,
        install(PACKAGES) + javascript.install(others),
    )
