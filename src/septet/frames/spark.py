"""Spark: column functions for a DataFrame of messages, and an estimate of all its messages.

Spark passes rows to Python as Arrow batches. They are counted without a copy, and the results go
back as Arrow arrays. The workers need septet, pyarrow and pandas, too (docs/spark.md).
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator

from ..costing import Batch, Estimate, RateCard
from ..costing.rates.price_columns import PRICE_TYPE, PriceFinder
from ..costing.reading.arrow.checks import readable_rows
from ..costing.reading.sources import Columns
from ..exceptions import MissingExtraError
from ..segmentation import Segmenter
from .arrow_prices import to_decimals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..costing.rates.price_columns import Bound
    from ..rewriting.replacements import Level
    from ..rewriting.transliteration import When

try:
    import pandas  # noqa: F401  Spark's mapInArrow needs it
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame
    from pyspark.sql import functions as sf
    from pyspark.sql.types import StringType
except ModuleNotFoundError as error:
    package = str(error.name).partition(".")[0]
    raise MissingExtraError(package, "spark", "septet.frames.spark") from error

__all__ = ["analyze", "estimate", "price", "segment_count", "transliterate"]

_ANALYSIS = "encoding string, unit_count int, segment_count int"
_PRICE = "decimal({},{})".format(*PRICE_TYPE)
_PARTIAL = "partial binary"


def segment_count(column: Column | str, segmenter: Segmenter | None = None) -> Column:
    """Return a column of the segments of each text.

    Args:
        column: A column of strings, or its name.
        segmenter: The rules to count by; the default rules if omitted.

    Returns:
        A column of int, null where the text is null.

    Example:
        >>> df.withColumn("segments", septet.frames.spark.segment_count("body"))
    """
    rules = segmenter or Segmenter()

    # Spark reads the hints and names the column after the function.
    def segment_count(texts: pa.Array) -> pa.Array:  # type: ignore[type-arg]
        return pa.array(rules.count_many(texts), pa.int32())

    return sf.arrow_udf(segment_count, "int")(column)


def analyze(column: Column | str, segmenter: Segmenter | None = None) -> Column:
    """Return a column of the encoding, units and segments of each text.

    Args:
        column: A column of strings, or its name.
        segmenter: The rules to count by; the default rules if omitted.

    Returns:
        A column of structs of `encoding` ("gsm7" or "ucs2"), `unit_count` (septets or code units)
        and `segment_count`, null where the text is null.
    """
    rules = segmenter or Segmenter()

    def analyze(texts: pa.Array) -> pa.Array:  # type: ignore[type-arg]
        analysis = pa.record_batch(rules.analyze_many(texts))
        encodings, *counts = analysis.columns
        return pa.StructArray.from_arrays(
            [encodings.cast(pa.string()), *counts], analysis.schema.names, mask=texts.is_null()
        )

    return sf.arrow_udf(analyze, _ANALYSIS)(column)


def transliterate(
    column: Column | str,
    level: Level = "punctuation",
    *,
    when: When = "helps",
    segmenter: Segmenter | None = None,
) -> Column:
    """Return a column of texts with the characters replaced that force them into UCS-2.

    Args:
        column: A column of strings, or its name.
        level: "punctuation", "letters" or "all", as in `Segmenter.transliterate`; above
            "punctuation", the workers need anyascii, too.
        when: "helps", "cheaper" or "always"; decided for each text.
        segmenter: The rules to count by; the default rules if omitted.

    Returns:
        A column of string, null where the text is null.

    Raises:
        ValueError: `level` or `when` is unknown.
        MissingExtraError: A level above "punctuation" without the extra `transliteration`.
    """
    rules = segmenter or Segmenter()
    rules.transliterate("", level, when=when)  # refuses wrong arguments here

    def transliterate(texts: pa.Array) -> pa.Array:  # type: ignore[type-arg]
        replaced = rules.transliterate_many(texts, level, when=when)
        return pa.array(replaced, pa.large_string()).cast(pa.string())

    return sf.arrow_udf(transliterate, "string")(column)


def price(
    column: Column | str,
    rates: RateCard,
    *,
    to: Column | str,
    network: Column | str | None = None,
    currency: str | None = None,
    bound: Bound | None = None,
    segmenter: Segmenter | None = None,
) -> Column:
    """Return a column of what each text costs, as exact decimals.

    It is null for a row without text, for a number without a price, and for a price that is a
    range, because the network is not known, unless `bound` is given. The sum of a column is that of
    the estimate.

    Args:
        column: A column of strings, or its name.
        rates: The rate card.
        to: The column of recipients, or its name.
        network: The column of their networks, or its name, for a card with rates by network.
        currency: The currency of the prices; rows in other currencies are null. It may be omitted
            if the card has only one.
        bound: "lowest" or "highest": which bound of a price is returned if it is a range.
        segmenter: The rules to count by; the default rules if omitted.

    Returns:
        A column of decimal(18,6).

    Raises:
        ValueError: The card has several currencies and `currency` is omitted, or no rate has this
            one; or `bound` is unknown.
    """
    finder = PriceFinder(rates, segmenter, currency=currency, bound=bound)
    columns = [column, to, *([] if network is None else [network])]

    def price(*arrays: pa.Array) -> pa.Array:  # type: ignore[type-arg]
        return to_decimals(finder.find(*arrays))

    return sf.arrow_udf(price, _PRICE)(*columns)


def estimate(
    df: DataFrame,
    rates: RateCard | None = None,
    *,
    text: str,
    to: str | None = None,
    network: str | None = None,
    segmenter: Segmenter | None = None,
) -> Estimate:
    """Estimate a campaign on the cluster: runs one Spark job and waits for it.

    Args:
        df: The campaign, with one row for each message.
        rates: The rate card; None estimates without prices.
        text: Name of the column of texts.
        to: Name of the column of recipients; required with a rate card.
        network: Name of the column of the recipients' networks, for a card with rates by network.
        segmenter: The rules to count by; the default rules if omitted.

    Returns:
        The estimate that `septet.costing.estimate` returns for a file with the same rows, except
        that rows which are not UTF-8 are only counted, not listed.

    Raises:
        TypeError: A column is not of strings; the message names its Spark type.
        ValueError: A rate card is given without the column of recipients.
    """
    if rates is not None and to is None:
        raise ValueError("a rate card needs the column of recipients: pass to=")
    columns = Columns(text, to, network=network)
    messages = df.select(*columns.names)
    for name, field in zip(columns.names, messages.schema, strict=True):
        if not isinstance(field.dataType, StringType):
            raise TypeError(
                f"column {name!r} must be of type string, not {field.dataType.simpleString()}"
            )

    # Each task returns its counts as a row instead of using an accumulator: if a task runs again,
    # Spark keeps the rows of one attempt only, but would add up the accumulators of all attempts.
    def fold(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        partial = Estimate(segmenter, rates)
        for batch in batches:
            readable, unreadable = readable_rows(*batch.columns)
            cells = columns.split(readable)
            partial.add(Batch(cells.text, cells.recipients, networks=cells.networks))
            partial.unreadable.count += len(unreadable)
        yield _pack(partial)

    def merge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield _pack(total(packed.as_py() for batch in batches for packed in batch.column(0)))

    def total(partials: Iterable[bytes]) -> Estimate:
        return sum(map(_unpack, partials), Estimate(segmenter, rates))

    # Between the two steps Spark merges the partitions as far as their size allows, so that the
    # driver gets few partial estimates even from many partitions.
    partials = messages.mapInArrow(fold, _PARTIAL).hint("rebalance").mapInArrow(merge, _PARTIAL)
    return total(row.partial for row in partials.collect())


# Partial estimates are pickled: only the job that wrote them reads them, and Spark pickles the job
# itself, too. The pickle of an estimate contains its sums, but not the rate card.


def _pack(partial: Estimate) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"partial": [zlib.compress(pickle.dumps(partial), level=1)]})


def _unpack(packed: bytes) -> Estimate:
    partial: Estimate = pickle.loads(zlib.decompress(packed))  # noqa: S301  see above
    return partial
