"""Prices as columns of data frames: the exact ones of each row, and sums equal to the estimate."""

from __future__ import annotations

from decimal import Decimal

import pytest

from priced_messages import CARD, Messages
from septet.costing import Rate, RateCard, estimate

SIZES = [3_000, pytest.param(100_000, marks=pytest.mark.slow)]
CURRENCIES = ("USD", "EUR", "GBP")
BOUNDS = (None, "lowest", "highest")
ONE = RateCard([Rate("1", Decimal("0.01"), "USD", country="US")])


@pytest.fixture(scope="module", params=SIZES)
def messages(request):
    return Messages(request.param)


@pytest.fixture(scope="module")
def result(messages):
    return estimate(messages.columns, text="body", to="phone", network="network", rates=CARD)


def check(messages, result, column_of) -> None:
    """Compare every row, and the sums of the bounds with the estimate."""
    for currency in CURRENCIES:
        for bound in BOUNDS:
            column = column_of(currency, bound)
            assert column == messages.column(currency, bound)
            if bound is not None:
                total = sum(price for price in column if price is not None)
                assert total == getattr(result.totals[currency], bound)


class TestPolars:
    @pytest.fixture
    def frame(self, messages):
        polars = pytest.importorskip("polars")
        pytest.importorskip("septet.frames.polars")
        return polars.DataFrame(
            messages.columns, schema=dict.fromkeys(messages.columns, polars.String)
        )

    def test_expressions(self, messages, result, frame) -> None:
        """Eager and lazy, in the streaming engine too; columns by name or as expressions."""
        import polars as pl

        def column_of(currency, bound):
            options = {"currency": currency, "bound": bound}
            price = pl.col("body").sms.price(CARD, to="phone", network="network", **options)
            other = pl.col("body").sms.price(
                CARD, to=pl.col("phone"), network=pl.col("network"), **options
            )
            column = frame.select(price).to_series()
            assert column.name == "body"
            assert column.dtype == pl.Decimal(18, 6)
            lazy = frame.lazy().select(other).collect(engine="streaming").to_series()
            assert lazy.to_list() == column.to_list()
            return column.to_list()

        check(messages, result, column_of)

    def test_series(self, messages, result, frame) -> None:
        """The same of series."""
        body, phone, network = frame["body"], frame["phone"], frame["network"]

        def column_of(currency, bound):
            options = {"currency": currency, "bound": bound}
            return body.sms.price(CARD, to=phone, network=network, **options).to_list()

        check(messages, result, column_of)

    def test_sums_by_destination(self, messages, frame) -> None:
        """Sums of a group are those of the estimate without the networks."""
        import polars as pl

        unknown = estimate(messages.columns, text="body", to="phone", rates=CARD)
        price = pl.col("body").sms.price(CARD, to="phone", currency="USD", bound="highest")
        sums = (
            frame.group_by(pl.col("phone").sms.destination(CARD).alias("destination"))
            .agg(price.sum().alias("price"))
            .drop_nulls("destination")
        )
        highest = {
            name: cost.highest
            for (name, code), cost in unknown.destinations.items()
            if code == "USD"
        }
        found = {name: price for name, price in sums.rows() if price}
        assert found == highest
        assert set(sums["destination"]) >= {"United States", "Jamaica", "+49"}
        of_series = frame["phone"].sms.destination(CARD)
        assert (
            frame["body"].sms.destination(CARD, to=frame["phone"]).to_list() == of_series.to_list()
        )
        of_expression = frame.select(pl.col("body").sms.destination(CARD, to="phone")).to_series()
        assert of_expression.to_list() == of_series.to_list()
        assert (of_expression.name, of_expression.dtype) == ("body", pl.String)

    @pytest.mark.parametrize("engine", ["in-memory", "streaming"])
    def test_literals(self, engine) -> None:
        """A literal is the value of each row, in no row and in groups too."""
        import polars as pl

        text, phone, network = map(pl.lit, ("a", "+12025550123", "at&t"))
        columns = {
            "body": ["a" * 161, None, "a"],
            "phone": ["+12025550123", "+336", "+12025550123"],
            "network": ["AT&T", None, None],
        }
        options = {"currency": "USD"}
        frame = pl.LazyFrame(columns, schema=dict.fromkeys(columns, pl.String))
        exprs = {
            "to": pl.col("body").sms.price(CARD, to=phone, network="network", **options),
            "network": pl.col("body").sms.price(CARD, to="phone", network=network, **options),
            "text": text.sms.price(CARD, to="phone", network="network", **options),
            "place": pl.col("body").sms.destination(CARD, to=phone),
        }
        price = Decimal("0.0109")
        expected = {
            "to": [2 * price, None, None],
            "network": [2 * price, None, price],
            "text": [price, None, None],
            "place": ["United States"] * 3,
        }
        assert frame.select(**exprs).collect(engine=engine).to_dict(as_series=False) == expected
        assert frame.clear().select(**exprs).collect(engine=engine).height == 0
        groups = frame.group_by("phone", maintain_order=True).agg(exprs["network"])
        assert groups.collect()["body"].to_list() == [[2 * price, price], [None]]

    def test_errors(self, frame) -> None:
        """They come when the expression is made, or from its columns."""
        import polars as pl

        with pytest.raises(ValueError, match="choose one of them with currency="):
            pl.col("body").sms.price(CARD, to="phone")
        with pytest.raises(pl.exceptions.PolarsError):
            frame.select(pl.col("body").sms.price(ONE, to="nothing"))
        empty = frame.clear().select(pl.col("body").sms.price(ONE, to="phone"))
        assert empty.schema == {"body": pl.Decimal(18, 6)}


class TestPandas:
    @pytest.fixture
    def frame(self, messages):
        pandas = pytest.importorskip("pandas")
        pytest.importorskip("pyarrow")
        pytest.importorskip("septet.frames.pandas")
        return pandas.DataFrame(messages.columns, index=range(7, 7 + len(messages.prices)))

    @pytest.mark.parametrize("dtype", ["object", "string[pyarrow]"])
    def test_prices(self, messages, result, frame, dtype) -> None:
        """The index is kept; nothing is a float."""
        frame = frame.astype(dtype)

        def column_of(currency, bound):
            prices = frame["body"].sms.price(
                CARD, to=frame["phone"], network=frame["network"], currency=currency, bound=bound
            )
            assert prices.index.equals(frame.index)
            assert (prices.name, str(prices.dtype)) == ("body", "decimal128(18, 6)[pyarrow]")
            return prices.array.__arrow_array__().to_pylist()

        check(messages, result, column_of)

    def test_destinations(self, messages, frame) -> None:
        """Only those that occur are categories."""
        destinations = frame["phone"].sms.destination(CARD)
        assert set(destinations.cat.categories) == {"United States", "Jamaica", "+33", "+44", "+49"}
        of_texts = frame["body"].sms.destination(CARD, to=frame["phone"])
        assert of_texts.astype(object).tolist() == destinations.astype(object).tolist()
        expected = [CARD.match(number) for number in messages.columns["phone"]]
        missing = destinations.isna()
        for row, rate in enumerate(expected):
            assert missing.iloc[row] if rate is None else destinations.iloc[row] == rate.destination

    def test_no_networks(self) -> None:
        """A column without any value is of floats, if pandas read it from a file."""
        import pandas as pd

        texts, numbers, nothing = pd.Series(["a"]), pd.Series(["+44"]), pd.Series([float("nan")])
        options = {"currency": "GBP"}
        assert texts.sms.price(CARD, to=numbers, network=nothing, **options)[0] == Decimal("0.04")
        assert nothing.sms.price(CARD, to=numbers, **options).isna().all()
        assert nothing.sms.segment_count().isna().all()

    def test_index(self, frame) -> None:
        """Rows that belong together have the same index."""
        with pytest.raises(TypeError, match="expected a series, got str"):
            frame["body"].sms.price(ONE, to="+12025550123")
        with pytest.raises(ValueError, match="expected series with the same index"):
            frame["body"].sms.price(ONE, to=frame["phone"].reset_index(drop=True))


class TestDuckdb:
    @pytest.fixture
    def connection(self, messages):
        duckdb = pytest.importorskip("duckdb")
        pa = pytest.importorskip("pyarrow")
        pytest.importorskip("septet.frames.duckdb")
        connection = duckdb.connect()
        columns = messages.columns.items()
        table = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns})
        connection.register("source", table)
        connection.execute("create table messages as select * from source")
        yield connection
        connection.close()

    def test_prices(self, messages, result, connection) -> None:
        """Registering again prices by other terms."""
        from septet.frames.duckdb import register

        def column_of(currency, bound):
            register(connection, rates=CARD, currency=currency, bound=bound)
            rows = connection.sql(
                "select sms_price(body, phone, network) from messages order by id::int"
            )
            assert [str(kind) for kind in rows.types] == ["DECIMAL(18,6)"]
            column = [price for (price,) in rows.fetchall()]
            ((total,),) = connection.sql(
                "select sum(sms_price(body, phone, network)) from messages"
            ).fetchall()
            assert total == sum(price for price in column if price is not None)
            return column

        check(messages, result, column_of)

    def test_arguments(self, connection) -> None:
        """Two or three; constants too; and no function without a card."""
        import duckdb

        from septet.frames.duckdb import register

        register(connection, rates=ONE)
        query = "select sms_price('Hi', '+12'), sms_price('Hi', NULL), sms_price(NULL, '+12')"
        assert connection.sql(query).fetchall() == [(Decimal("0.01"), None, None)]
        with pytest.raises(duckdb.Error, match="sms_price takes a text and a number"):
            connection.sql("select sms_price('Hi')").fetchall()
        register(connection)
        with pytest.raises(duckdb.CatalogException):
            connection.sql(query)
