"""Estimating a campaign: one or more threads read its batches and count them."""

from __future__ import annotations

import functools
import operator
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import partial
from typing import TYPE_CHECKING, Any

from ..segmentation import Segmenter
from .estimates.estimate import Estimate
from .estimates.heading import Heading
from .estimates.job import Job
from .rates.card import RateCard
from .reading.campaigns import Campaign
from .reading.sources import Batch
from .reading.templates import Template
from .reading.workers import work_on
from .writing.priced_files import PricedBatch, PricedFile, priced_file

if TYPE_CHECKING:
    from .insights.repeats import SentMessages

__all__ = ["estimate"]


def estimate(
    source: Any,
    *,
    text: str | None = None,
    template: Template | str | None = None,
    template_column: str | None = None,
    to: str | None = None,
    by: Sequence[str] = (),
    encoding: str | None = None,
    sheet: str | None = None,
    savings: bool = False,
    rates: RateCard | None = None,
    network: str | None = None,
    segmenter: Segmenter | None = None,
    threads: int = 1,
    output: str | os.PathLike[str] | None = None,
    progress: Callable[[float, int], object] | None = None,
) -> Estimate:
    """Estimate a campaign, in memory that does not grow with it.

    With `output`, the messages are written too, with the columns encoding, unit_count,
    segment_count, price, currency and note; and price_lowest and price_highest, if the price of any
    message is a range. A row without text takes no segment; a message without
    a price has a note that says why. So these columns add up to the estimate. Rows that cannot be
    read are left out.

    Args:
        source: The messages. A path of a file (.csv, .tsv, .txt, .jsonl, .ndjson, also compressed;
            .parquet, .arrow, .arrows, .feather, .ipc, .xlsx), of a folder, or a glob; a
            table, which is anything with `__arrow_c_stream__` (pyarrow, Polars, pandas, DuckDB) or
            a dict of columns; or an iterable of all these. A file that several paths name is read
            once.
        text: Name of the column of texts. Give either this, `template` or `template_column`.
        template: The text of all messages, with fields as in `str.format`: `{name}` is the value
            of that column, `{{` and `}}` are braces. Numbers are converted to text. A row whose
            field is null cannot be read; an empty value is allowed.
        template_column: Name of a column of templates, which the other columns of a row fill. A row
            whose template is invalid, or has a field without a column or with null, cannot be read.
        to: Name of the column of recipients; required with a rate card.
        by: Names of columns by whose values messages are added up too, texts or numbers. Memory
            grows with the number of distinct values.
        encoding: The encoding of CSV and JSON Lines files, such as "windows-1252"; UTF-8 if left
            out. A byte order mark in a file says more than this.
        sheet: The sheet of Excel workbooks, in any case; if left out, the first visible one that
            has the columns, which `Estimate.heading` then names.
        savings: Whether to look for savings too. To find repeats, hashes of up to 4,000,000
            different messages are kept, in at most 100 MB.
        rates: The rate card to price by; nothing is priced without one.
        network: Name of the column of the recipients' networks, for a card with rates by network.
            Without a network, or with one that has no rate, the price is a range.
        segmenter: The rules to count by; the default rules if left out.
        threads: How many threads read and count. Each reads files, or row groups of a Parquet file,
            by itself; tables, iterables and pipes are read by the thread that calls this function.
        output: The file to write the messages to: Parquet if its name ends in .parquet, else CSV,
            compressed if the name ends in .gz. It appears when it is complete. All parts of the
            source must have the same columns.
        progress: Called after every batch with the fraction that is read, from 0.0 to 1.0, and the
            number of rows so far; the fraction is 0.0 if it is not known.

    Returns:
        The estimate of all messages.

    Raises:
        OSError: A file cannot be opened, or the output cannot be written.
        SourceError: A file is damaged or of an unknown kind, no file matches a path, a column is
            missing or not text, or has the name of a column that is added. A damaged file has no
            estimate, because the number of lost rows is unknown.
        MissingExtraError: A package that the source or the rules need is not installed.
        TypeError: The source has another type.
        ValueError: There is a rate card, or a template without fields, but no column of recipients;
            there is a column of networks, but no rate card; not exactly one of `text`, `template`
            and `template_column` is given; the template is invalid; the encoding is unknown;
            `threads` is less than 1; or the output is one of the files that are read.
    """
    if rates is not None and to is None:
        raise ValueError("a rate card needs the column of recipients: pass to=")
    if network is not None and rates is None:
        raise ValueError("a column of networks needs a rate card: pass rates=")
    if threads < 1:
        raise ValueError(f"threads must be 1 or more, not {threads!r}")
    job = Job.of(segmenter, rates, by, savings, template)
    columns = job.columns(
        text,
        to,
        template_column=template_column,
        keep=output is not None,
        encoding=encoding,
        network=network,
        sheet=sheet,
    )
    parts = [Estimate.for_job(job) for _ in range(threads)]
    with ExitStack() as stack:
        campaign = stack.enter_context(Campaign(source, columns))
        priced = None
        if output is not None:
            _check_output(output, campaign)
            priced = stack.enter_context(priced_file(output, campaign, rates))
        works = [partial(_add, part, priced) for part in parts]
        # Repeats are found in the order of the rows.
        in_order = priced is not None or (savings and to is not None)
        results = work_on(campaign, works, in_order=in_order)
        for priced_batch, sent in stack.enter_context(closing(results)):
            if priced is not None and priced_batch is not None:
                priced.write(priced_batch)
            if sent is not None:
                parts[0].find_repeats(sent)
            if progress is not None:
                progress(campaign.fraction, campaign.rows_read)
            del priced_batch, sent  # they may be large
        if output is not None:
            _check_output(output, campaign)  # the files of an iterable are known only now
    result = functools.reduce(operator.add, parts)
    result.add_unreadable(campaign.unreadable)
    result.heading = Heading.of_files(campaign.files, campaign.remarks)
    return result


def _add(
    part: Estimate, priced: PricedFile | None, batch: Batch
) -> tuple[PricedBatch | None, SentMessages | None]:
    """Count a batch; return its rows if they are to be written, and what repeats are found by."""
    facts, sent = part.add_without_repeats(batch)
    return None if priced is None else priced.convert(batch, facts), sent


def _check_output(output: str | os.PathLike[str], campaign: Campaign) -> None:
    if campaign.has_file(output):
        raise ValueError(f"the output {os.fspath(output)!r} is one of the files to read")
