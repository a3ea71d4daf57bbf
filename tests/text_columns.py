"""Columns of the libraries that users have texts in, made from lists of texts and None."""

import pytest


def subclass(rows):
    return type("Rows", (list,), {})(rows)


def generator(rows):
    return (row for row in rows)


def arrow_view(rows):
    pa = pytest.importorskip("pyarrow")
    return pa.array(rows, pa.string_view())


def arrow_dictionary(rows):
    return pytest.importorskip("pyarrow").array(rows).dictionary_encode()


def arrow_chunks_of_dictionaries(rows):
    pa = pytest.importorskip("pyarrow")
    return pa.chunked_array([pa.array(part).dictionary_encode() for part in (rows[:2], rows[2:])])


def polars_texts(rows):
    return pytest.importorskip("polars").Series(rows)


def polars_categorical(rows):
    polars = pytest.importorskip("polars")
    return polars.Series(rows, dtype=polars.Categorical)


def polars_enum(rows):
    polars = pytest.importorskip("polars")
    return polars.Series(rows, dtype=polars.Enum(sorted({row for row in rows if row is not None})))


def pandas_texts(rows):
    return pytest.importorskip("pandas").Series(rows, index=range(len(rows), 0, -1))


def pandas_nullable(rows):
    return pandas_texts(rows).astype("string")


def pandas_category(rows):
    return pandas_texts(rows).astype("category")


COLUMNS = [
    subclass,
    generator,
    arrow_view,
    arrow_dictionary,
    arrow_chunks_of_dictionaries,
    polars_texts,
    polars_categorical,
    polars_enum,
    pandas_texts,
    pandas_nullable,
    pandas_category,
]
