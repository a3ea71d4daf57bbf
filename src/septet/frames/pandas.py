"""pandas: `import septet.frames.pandas` gives Series the accessor `sms`.

Texts in Arrow memory are read in place, others as Python strings. A missing text (None, NaN, NA)
gives a missing value; the index is kept.
"""

from __future__ import annotations

from ..costing.rates.price_columns import PriceFinder, find_destinations
from ..exceptions import MissingExtraError
from ..segmentation import Segmenter
from ..standard.encoding import Encoding
from .arrow_prices import to_decimals

try:
    import numpy as np
    import pandas as pd
except ImportError as error:
    raise MissingExtraError("pandas", "pandas", "septet.frames.pandas") from error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..columns.column_types import Column
    from ..columns.rewriting import TextColumn
    from ..costing import RateCard
    from ..costing.rates.price_columns import Bound
    from ..rewriting.replacements import Level
    from ..rewriting.transliteration import When

__all__ = ["SmsSeries"]

_DEFAULT = Segmenter()
_ENCODING = pd.CategoricalDtype([encoding.value for encoding in Encoding])


@pd.api.extensions.register_series_accessor("sms")
class SmsSeries:
    """The accessor `sms` of Series: encodings, units and segments of its texts.

    All methods raise what `Segmenter.count_many` raises.

    Example:
        >>> pd.Series(["Hello", "é" * 161]).sms.segment_count().tolist()
        [1, 2]
    """

    def __init__(self, series: pd.Series) -> None:
        self._series = series

    def segment_count(self, segmenter: Segmenter | None = None) -> pd.Series:
        """Return the segments of each text, as Int32.

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        missing = self._series.isna().to_numpy()
        counts = (segmenter or _DEFAULT).count_many(_texts(self._series, missing))
        return pd.Series(_integers(counts, missing), self._series.index, name=self._series.name)

    def unit_count(self, segmenter: Segmenter | None = None) -> pd.Series:
        """Return the septets or code units of each text, without headers, as Int32.

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        return self._column("unit_count", segmenter)

    def encoding(self, segmenter: Segmenter | None = None) -> pd.Series:
        """Return the encoding of each text, as a categorical of "gsm7" and "ucs2".

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        return self._column("encoding", segmenter)

    def analyze(self, segmenter: Segmenter | None = None) -> pd.DataFrame:
        """Return a DataFrame of `encoding`, `unit_count` and `segment_count`.

        Args:
            segmenter: The rules to count by; the default rules if omitted.
        """
        missing = self._series.isna().to_numpy()
        analysis = (segmenter or _DEFAULT).analyze_many(_texts(self._series, missing))
        codes = np.where(missing, -1, np.asarray(analysis.encoding.memory).view(np.int8))
        columns = {
            "encoding": pd.Categorical.from_codes(codes, dtype=_ENCODING),
            "unit_count": _integers(analysis.unit_count, missing),
            "segment_count": _integers(analysis.segment_count, missing),
        }
        return pd.DataFrame(columns, self._series.index)

    def transliterate(
        self,
        level: Level = "punctuation",
        *,
        when: When = "helps",
        segmenter: Segmenter | None = None,
    ) -> pd.Series:
        """Replace the characters that force the texts into UCS-2, as `transliterate_many` does.

        The dtype is kept; categories become an object column.

        Args:
            level: "punctuation", "letters" or "all".
            when: "helps", "cheaper" or "always"; decided for each text.
            segmenter: The rules to count by; the default rules if omitted.
        """
        series = self._series
        texts = _texts(series, series.isna().to_numpy())
        column = (segmenter or _DEFAULT).transliterate_many(texts, level, when=when)
        dtype = series.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            dtype = np.dtype(object)
        texts = _arrow_texts(column, dtype) if _is_arrow(dtype) else column.to_list()
        return pd.Series(texts, series.index, dtype, series.name)

    def price(
        self,
        rates: RateCard,
        *,
        to: pd.Series,
        network: pd.Series | None = None,
        currency: str | None = None,
        bound: Bound | None = None,
        segmenter: Segmenter | None = None,
    ) -> pd.Series:
        """Return what each text costs, as exact decimals in Arrow memory, which needs pyarrow.

        It is missing for a row without text, for a number without a price, and for a price that is
        a range, because the network is not known, unless `bound` is given. The sum of a column is
        that of the estimate.

        Args:
            rates: The rate card.
            to: The recipients of the texts, with the same index.
            network: The networks of the recipients, likewise, for a card with rates by network.
            currency: The currency of the prices; rows in other currencies are missing. It may be
                omitted if the card has only one.
            bound: "lowest" or "highest": which bound of a price is returned if it is a range.
            segmenter: The rules to count by; the default rules if omitted.

        Raises:
            MissingExtraError: pyarrow is not installed.
            TypeError: `to` or `network` is not a series.
            ValueError: The card has several currencies and `currency` is omitted, or no rate has
                this one; `bound` is unknown; or a series has another index.
        """
        finder = PriceFinder(rates, segmenter, currency=currency, bound=bound)
        columns = [self._series, to, *([] if network is None else [network])]
        for column in columns[1:]:
            if not isinstance(column, pd.Series):
                raise TypeError(f"expected a series, got {type(column).__name__}")
            if not column.index.equals(self._series.index):
                raise ValueError("expected series with the same index as the texts")
        prices = finder.find(*(_texts(each, each.isna().to_numpy()) for each in columns))
        try:
            decimals = to_decimals(prices)
        except ModuleNotFoundError as error:
            raise MissingExtraError("pyarrow", "arrow", "exact prices in pandas") from error
        values = pd.array(decimals, pd.ArrowDtype(decimals.type))
        return pd.Series(values, self._series.index, name=self._series.name)

    def destination(self, rates: RateCard, *, to: pd.Series | None = None) -> pd.Series:
        """Return the destination of each number as estimates name it, as a categorical.

        That is the country in the card, or else "+" and the prefix; missing without a rate.

        Args:
            rates: The rate card.
            to: The numbers; those of this series if omitted.
        """
        numbers = self._series if to is None else to
        found = find_destinations(rates, _texts(numbers, numbers.isna().to_numpy()))
        names = sorted({name for name in found.distinct if name is not None})
        codes = [-1 if name is None else names.index(name) for name in found.distinct]
        of_row = np.asarray(codes, np.int32)[np.asarray(found.indexes.memory)]
        values = pd.Categorical.from_codes(of_row, names)
        return pd.Series(values, numbers.index, name=self._series.name)

    def _column(self, name: str, segmenter: Segmenter | None) -> pd.Series:
        return self.analyze(segmenter)[name].rename(self._series.name)


def _texts(series: pd.Series, missing: Any) -> object:
    """Return the texts as an Arrow array if they are one already, otherwise as a list."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        categories = series.cat.categories.to_numpy(dtype=object)
        return np.append(categories, None)[series.cat.codes].tolist()  # missing: code -1
    if _is_arrow(dtype):
        return series.array.__arrow_array__()
    if dtype.kind != "O" and not missing.all():  # a column without any value has no type
        raise TypeError(f"expected a column of texts, got type {dtype}")
    texts = series.to_numpy(dtype=object).tolist()
    for row in missing.nonzero()[0]:
        texts[row] = None
    return texts


def _is_arrow(dtype: Any) -> bool:
    return isinstance(dtype, pd.ArrowDtype) or getattr(dtype, "storage", "").startswith("pyarrow")


def _arrow_texts(column: TextColumn, dtype: Any) -> object:
    """Return texts as an array of a dtype in Arrow memory."""
    import pyarrow as pa

    texts = pa.chunked_array([pa.array(column, pa.large_string())])
    is_typed = isinstance(dtype, pd.ArrowDtype)
    return dtype.__from_arrow__(texts.cast(dtype.pyarrow_dtype) if is_typed else texts)


def _integers(column: Column, missing: Any) -> object:
    return pd.arrays.IntegerArray(np.asarray(column.memory), missing)
