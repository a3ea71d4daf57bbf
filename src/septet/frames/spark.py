"""Spark: column functions for a DataFrame of messages, and the estimate of all of it.

Spark hands its rows to Python as Arrow batches; they go into the kernels as they are, and what
comes out goes back as it is. The workers need septet, pyarrow and pandas too (docs/spark.md).
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator

from ..costing import Batch, Estimate, RateCard
from ..costing.reading.arrow_sources import readable_rows
from ..costing.reading.sources import Columns
from ..exceptions import MissingExtraError
from ..segmentation import Segmenter

try:
    import pandas  # noqa: F401  Spark's mapInArrow does not go without it
    import pyarrow as pa
    from pyspark.sql import Column, DataFrame
    from pyspark.sql import functions as sf
    from pyspark.sql.types import StringType
except ModuleNotFoundError as error:
    package = str(error.name).partition(".")[0]
    raise MissingExtraError(package, "spark", "septet.frames.spark") from error

__all__ = ["analyze", "estimate", "segment_count"]

_ANALYSIS = "encoding string, unit_count int, segment_count int"
_PARTIAL = "partial binary"


def segment_count(column: Column | str, segmenter: Segmenter | None = None) -> Column:
    """Return a column of how many segments each text is billed as.

    Args:
        column: A column of strings, or its name.
        segmenter: The rules to count by; the default ones if left out.

    Returns:
        A column of int, null where the text is null.
    """
    rules = segmenter or Segmenter()

    # Spark reads the hints and names the column after the function.
    def segment_count(texts: pa.Array) -> pa.Array:  # type: ignore[type-arg]
        return pa.array(rules.count_many(texts), pa.int32())

    return sf.arrow_udf(segment_count, "int")(column)


def analyze(column: Column | str, segmenter: Segmenter | None = None) -> Column:
    """Return a column of what each text takes: encoding, units and segments.

    Args:
        column: A column of strings, or its name.
        segmenter: The rules to count by; the default ones if left out.

    Returns:
        A column of structs of `encoding` ("gsm7" or "ucs2"), `unit_count` (septets or code units)
        and `segment_count`, null where the text is null.
    """
    rules = segmenter or Segmenter()

    def analyze(texts: pa.Array) -> pa.Array:  # type: ignore[type-arg]
        found = pa.record_batch(rules.analyze_many(texts))
        encodings, *counts = found.columns
        return pa.StructArray.from_arrays(
            [encodings.cast(pa.string()), *counts], found.schema.names, mask=texts.is_null()
        )

    return sf.arrow_udf(analyze, _ANALYSIS)(column)


def estimate(
    df: DataFrame,
    rates: RateCard | None = None,
    *,
    text: str,
    to: str | None = None,
    segmenter: Segmenter | None = None,
) -> Estimate:
    """Estimate the campaign in a DataFrame, on the cluster: runs one job and waits for it.

    Args:
        df: One row for each message.
        rates: The card to price by.
        text: Name of the column of texts.
        to: Name of the column of recipients; needed with a rate card.
        segmenter: The rules to count by; the default ones if left out.

    Returns:
        What `septet.costing.estimate` returns for a file of the same rows; of rows that are not
        UTF-8 only how many there are.

    Raises:
        TypeError: A column is not of strings; the message names its Spark type.
        ValueError: A rate card without the column of recipients.
    """
    if rates is not None and to is None:
        raise ValueError("a rate card needs the column of recipients")
    columns = Columns(text, to)
    messages = df.select(*columns.names)
    for name, field in zip(columns.names, messages.schema, strict=True):
        if not isinstance(field.dataType, StringType):
            raise TypeError(f"column {name!r} is not string but {field.dataType.simpleString()}")

    # What is counted of a partition is a row that its task returns, and no accumulator: Spark keeps
    # the rows of one attempt at each task, however often it runs, but adds up accumulators of all.
    def fold(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        partial = Estimate(segmenter, rates)
        for batch in batches:
            readable, unreadable = readable_rows(*batch.columns)
            partial.add(Batch(readable[0], None if to is None else readable[1]))
            partial.unreadable.count += len(unreadable)
        yield _pack(partial)

    def merge(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield _pack(total(packed.as_py() for batch in batches for packed in batch.column(0)))

    def total(partials: Iterable[bytes]) -> Estimate:
        return sum(map(_unpack, partials), Estimate(segmenter, rates))

    # Between the two Spark packs the partials into as few partitions as their size allows, so that
    # the driver gets a few however many partitions there are.
    partials = messages.mapInArrow(fold, _PARTIAL).hint("rebalance").mapInArrow(merge, _PARTIAL)
    return total(row.partial for row in partials.collect())


# Partials travel as pickles: they are read only by the job that wrote them, which Spark ships as
# pickles too. An estimate is its sums then; the rate card stays behind.


def _pack(partial: Estimate) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"partial": [zlib.compress(pickle.dumps(partial), level=1)]})


def _unpack(packed: bytes) -> Estimate:
    partial: Estimate = pickle.loads(zlib.decompress(packed))  # noqa: S301  see above
    return partial
