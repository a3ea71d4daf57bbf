"""Polars: `import septet.frames.polars` gives expressions and series the namespace `sms`.

Expressions are element-wise, so lazy frames, the streaming engine and groups take them like any
other. Texts are read in place, through the Arrow C data interface; a null stays null.
"""

from __future__ import annotations

from ..exceptions import EncodingError, MissingExtraError
from ..segmentation import Segmenter
from ..standard.encoding import Encoding

try:
    import polars as pl
except ImportError as error:
    raise MissingExtraError("polars", "polars", "septet.frames.polars") from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from polars._typing import PolarsDataType

__all__ = ["SmsExpr", "SmsSeries"]

_DEFAULT = Segmenter()
_ENCODING = pl.Enum([encoding.value for encoding in Encoding])
_ANALYSIS = pl.Struct({"encoding": _ENCODING, "unit_count": pl.Int32, "segment_count": pl.Int32})

# Casting a column of categories to the enum takes three times as long as picking from these.
_ENCODINGS = pl.lit(pl.Series(_ENCODING.categories, dtype=_ENCODING))
_IS_UCS2 = pl.col("encoding") == Encoding.UCS2.value


@pl.api.register_series_namespace("sms")
class SmsSeries:
    """What the texts of a Series are billed as.

    Each method takes the rules to count by, a `Segmenter`, and raises what its `count_many` raises.
    """

    def __init__(self, series: pl.Series) -> None:
        self._series = series

    def segment_count(self, segmenter: Segmenter | None = None) -> pl.Series:
        """Return the segments of each text, as Int32."""
        counts = (segmenter or _DEFAULT).count_many(self._series)
        return pl.Series(counts).alias(self._series.name)

    def unit_count(self, segmenter: Segmenter | None = None) -> pl.Series:
        """Return the septets or code units of each text, without any header, as Int32."""
        return self._field("unit_count", segmenter)

    def encoding(self, segmenter: Segmenter | None = None) -> pl.Series:
        """Return how each text is counted, as an Enum of "gsm7" and "ucs2"."""
        return self._field("encoding", segmenter)

    def analyze(self, segmenter: Segmenter | None = None) -> pl.Series:
        """Return a struct of `encoding`, `unit_count` and `segment_count` for each text."""
        found = pl.Series((segmenter or _DEFAULT).analyze_many(self._series))
        frame = found.struct.unnest().with_columns(
            encoding=_ENCODINGS.gather(_IS_UCS2.cast(pl.UInt32))
        )
        row = pl.when(pl.col("unit_count").is_not_null()).then(pl.struct(pl.all()))
        return frame.select(row.alias(self._series.name)).to_series()

    def _field(self, name: str, segmenter: Segmenter | None) -> pl.Series:
        return self.analyze(segmenter).struct.field(name).alias(self._series.name)


@pl.api.register_expr_namespace("sms")
class SmsExpr:
    """What the texts of an expression are billed as.

    Each method takes the rules to count by, a `Segmenter`. Rows come in batches, so errors do not
    say in which row.
    """

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def segment_count(self, segmenter: Segmenter | None = None) -> pl.Expr:
        """Return the segments of each text, as Int32."""
        return self._map(SmsSeries.segment_count, segmenter, pl.Int32)

    def unit_count(self, segmenter: Segmenter | None = None) -> pl.Expr:
        """Return the septets or code units of each text, without any header, as Int32."""
        return self._map(SmsSeries.unit_count, segmenter, pl.Int32)

    def encoding(self, segmenter: Segmenter | None = None) -> pl.Expr:
        """Return how each text is counted, as an Enum of "gsm7" and "ucs2"."""
        return self._map(SmsSeries.encoding, segmenter, _ENCODING)

    def analyze(self, segmenter: Segmenter | None = None) -> pl.Expr:
        """Return a struct of `encoding`, `unit_count` and `segment_count` for each text."""
        return self._map(SmsSeries.analyze, segmenter, _ANALYSIS)

    def _map(
        self,
        method: Callable[[SmsSeries, Segmenter | None], pl.Series],
        segmenter: Segmenter | None,
        dtype: PolarsDataType,
    ) -> pl.Expr:
        def count(series: pl.Series) -> pl.Series:  # pragma: no cover  # in threads of Polars
            try:
                return method(SmsSeries(series), segmenter)
            except EncodingError as error:
                # Polars makes errors anew from their text alone; the row is one of a batch.
                reason = str(EncodingError(error.char, error.index))
                raise pl.exceptions.ComputeError(reason) from error

        return self._expr.map_batches(count, return_dtype=dtype, is_elementwise=True)
