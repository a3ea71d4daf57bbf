"""One root, the builtin beside it, and errors that survive a process border."""

from __future__ import annotations

import pickle

import pytest

from septet import exceptions

ERRORS = [getattr(exceptions, name) for name in exceptions.__all__]


@pytest.mark.parametrize("error", ERRORS)
def test_one_root(error) -> None:
    """Whoever catches SeptetError catches all."""
    assert issubclass(error, exceptions.SeptetError)


@pytest.mark.parametrize("error", ERRORS)
def test_drawn_in_the_tree(error) -> None:
    """The drawing at the top of the file names every error and its builtin."""
    tree = exceptions.__doc__ or ""
    (line,) = (line for line in tree.splitlines() if f" {error.__name__} " in f"{line} ")
    if error is not exceptions.SeptetError:
        builtin = line.split("(")[1].split(")")[0]
        assert builtin in {base.__name__ for base in error.__mro__}


@pytest.mark.parametrize(
    "error",
    [
        exceptions.EncodingError("😀", 14),
        exceptions.DecodingError("octet 9 is half a code unit"),
        exceptions.SegmentLimitError(256),
        exceptions.MissingExtraError("pyarrow", "arrow", "reading Parquet"),
        exceptions.RateCardError("rates.csv, line 7: no price"),
    ],
)
def test_pickled(error) -> None:
    """A worker process can hand its error on."""
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
