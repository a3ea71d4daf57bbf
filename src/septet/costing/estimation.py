"""Estimates of whole campaigns: one thread reads batches, and as many as wanted count them."""

from __future__ import annotations

import functools
import operator
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from ..segmentation import Segmenter
from .campaigns import Campaign
from .estimate import Estimate
from .rates import RateCard
from .sources import Batch, Columns
from .templates import parse_template

__all__ = ["estimate"]


def estimate(
    source: Any,
    *,
    text: str | None = None,
    template: str | None = None,
    to: str | None = None,
    by: Sequence[str] = (),
    savings: bool = False,
    rates: RateCard | None = None,
    segmenter: Segmenter | None = None,
    threads: int = 1,
    progress: Callable[[float, int], object] | None = None,
) -> Estimate:
    """Estimate a campaign, in memory that does not grow with it.

    Args:
        source: A path of a file (.csv, .jsonl, .ndjson, each perhaps with .gz; .parquet, .arrow,
            .arrows, .feather, .ipc), of a folder, for the files of these kinds in it and in its
            folders, or a glob; a table: anything with `__arrow_c_stream__`, as pyarrow, Polars,
            pandas and DuckDB have it, or a dict of columns; or an iterable of all these. A file
            that several paths stand for counts once.
        text: Name of the column of texts.
        template: Instead of it, a text as `str.format` takes it: `{name}` is the value of that
            column, `{{` and `}}` are braces. Numbers are taken as text. A row without a value for
            a field cannot be read; an empty text is one.
        to: Name of the column of recipients; needed with a rate card.
        by: Names of columns by whose values messages are added up too: texts, or numbers taken as
            text. Memory grows with the distinct values.
        savings: Whether to look for savings too: texts are then looked at in Python, by one thread,
            and the hashes of up to 16 million messages are kept, 32 octets each at most.
        rates: The card to price by.
        segmenter: The rules to count by; the default ones if left out.
        threads: How many count, beside the one that reads if they are more than one.
        progress: Called now and then with the fraction that is read, and the rows; the fraction is
            0.0 where it is not known.

    Raises:
        OSError: A file cannot be opened or read.
        SourceError: A file is damaged or of another kind, a path stands for none, a column is
            missing or not text. There is no estimate without the rest of a damaged file: nobody
            knows how many rows that is.
        MissingExtraError: A package that the source or the rules need is not installed.
        TypeError: The source is nothing of the kind.
        ValueError: A rate card, or a template without fields, but no column of recipients; not
            either a column of texts or a template; a template that is none; less than one thread.
    """
    if rates is not None and to is None:
        raise ValueError("a rate card needs the column of recipients")
    if threads < 1:
        raise ValueError(f"threads must be 1 or more, not {threads!r}")
    # Repetitions are found in the order of the rows.
    columns = Columns(text, to, tuple(by), template=parse_template(template))
    parts = [
        Estimate(segmenter, rates, by, savings, template) for _ in range(1 if savings else threads)
    ]
    with Campaign(source, columns) as campaign:
        for _ in _added(campaign, parts):
            if progress is not None:
                progress(campaign.fraction, campaign.rows_read)
    result = functools.reduce(operator.add, parts)
    result.add_unreadable(campaign.unreadable)
    return result


def _added(batches: Iterable[Batch], parts: list[Estimate]) -> Iterator[None]:
    """Add each batch to one of the parts, many at a time; yield after each that is read."""
    if len(parts) == 1:
        for batch in batches:
            parts[0].add(batch)
            yield
        return

    def add(batch: Batch) -> None:
        part = parts.pop()
        try:
            part.add(batch)
        finally:
            parts.append(part)

    waiting: deque[Future[None]] = deque()
    with ThreadPoolExecutor(len(parts)) as pool:
        most = 2 * len(parts)
        try:
            for batch in batches:
                if isinstance(batch.texts, list):
                    # Counted with the lock of the interpreter held: others would only wait for it.
                    add(batch)
                else:
                    waiting.append(pool.submit(add, batch))
                if len(waiting) > most:
                    waiting.popleft().result()
                yield
            for future in waiting:
                future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
