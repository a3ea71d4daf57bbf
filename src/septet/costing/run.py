"""Estimates of whole campaigns: one thread reads batches, and as many as wanted count them."""

from __future__ import annotations

import functools
import operator
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import Any

from ..segmentation import Segmenter
from .estimates.estimate import Estimate
from .estimates.fold import Facts
from .rates.card import RateCard
from .reading.campaigns import Campaign
from .reading.sources import Batch, Columns
from .reading.templates import parse_template
from .writing.priced_files import priced_file

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
    output: str | os.PathLike[str] | None = None,
    progress: Callable[[float, int], object] | None = None,
) -> Estimate:
    """Estimate a campaign, in memory that does not grow with it.

    It can be written with what each message takes and costs: encoding, units, segments, price,
    currency and a note. A row without text takes nothing, and one without a price has none; the
    note says why. So these columns add up to the estimate. Rows that cannot be read are not there.

    Args:
        source: A path of a file (.csv, .tsv, .jsonl, .ndjson, each perhaps with .gz; .parquet,
            .arrow, .arrows, .feather, .ipc), of a folder, for the files of these kinds in it and
            in its folders, or a glob; a table: anything with `__arrow_c_stream__`, as pyarrow,
            Polars, pandas and DuckDB have it, or a dict of columns; or an iterable of all these.
            A file that several paths stand for counts once.
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
        output: The file to write the messages to: Parquet if its name ends in .parquet, else CSV.
            It is there when all is written, and not before. Every part must have the same columns.
        progress: Called now and then with the fraction that is read, and the rows; the fraction is
            0.0 where it is not known.

    Raises:
        OSError: A file cannot be opened, or the output not written.
        SourceError: A file is damaged or of another kind, a path stands for none, a column is
            missing, not text, or has a name of those that are written behind. There is no estimate
            without the rest of a damaged file: nobody knows how many rows that is.
        MissingExtraError: A package that the source or the rules need is not installed.
        TypeError: The source is nothing of the kind.
        ValueError: A rate card, or a template without fields, but no column of recipients; not
            either a column of texts or a template; a template that is none; less than one thread;
            the output is a file that is read, of which rows that cannot be read would be lost.
    """
    if rates is not None and to is None:
        raise ValueError("a rate card needs the column of recipients")
    if threads < 1:
        raise ValueError(f"threads must be 1 or more, not {threads!r}")
    # Repetitions are found in the order of the rows.
    columns = Columns(text, to, tuple(by), output is not None, parse_template(template))
    parts = [
        Estimate(segmenter, rates, by, savings, template) for _ in range(1 if savings else threads)
    ]
    with ExitStack() as stack:
        campaign = stack.enter_context(Campaign(source, columns))
        write = None
        if output is not None:
            if campaign.has_file(output):
                raise ValueError(f"the output {os.fspath(output)!r} is a file that is read")
            write = stack.enter_context(priced_file(output, campaign, rates))
        for batch, facts in stack.enter_context(closing(_added(campaign, parts))):
            if write is not None:
                write(batch, facts)
            if progress is not None:
                progress(campaign.fraction, campaign.rows_read)
    result = functools.reduce(operator.add, parts)
    result.add_unreadable(campaign.unreadable)
    return result


def _added(
    batches: Iterable[Batch], parts: list[Estimate]
) -> Generator[tuple[Batch, Facts], None, None]:
    """Add each batch to one of the parts, many at a time; yield all in their order."""
    if len(parts) == 1:
        for batch in batches:
            yield batch, parts[0].add(batch)
        return

    def add(batch: Batch) -> tuple[Batch, Facts]:
        part = parts.pop()
        try:
            return batch, part.add(batch)
        finally:
            parts.append(part)

    waiting: deque[Future[tuple[Batch, Facts]]] = deque()
    with ThreadPoolExecutor(len(parts)) as pool:
        most = 2 * len(parts)
        try:
            for batch in batches:
                # Lists are counted with the lock of the interpreter held: others would only wait.
                is_list = isinstance(batch.texts, list)
                if not is_list:
                    waiting.append(pool.submit(add, batch))
                while len(waiting) > (0 if is_list else most):
                    yield waiting.popleft().result()
                if is_list:
                    yield add(batch)
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
