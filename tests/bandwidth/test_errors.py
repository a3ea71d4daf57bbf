"""The table of error codes, and the rule for codes that are not in it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

pytest.importorskip("msgspec")
from septet.bandwidth import ErrorCategory, ErrorCode, RetryAdvice, errors, find_error

PATH = Path(errors.__file__).with_name("error_codes.csv")
ROWS = list(csv.DictReader(PATH.read_text(encoding="ascii").splitlines()))
CODES = [row for row in ROWS if row["code"].isdigit()]


def test_the_table_is_whole() -> None:
    """All 82 codes that were published by 2026-08-31, each once, with its source."""
    assert len(CODES) == len({row["code"] for row in CODES}) == 82
    assert sum(row["source"] == "2026-08" for row in CODES) == 6
    assert all(row["meaning"] and row["name"] and row["source"] for row in CODES)


@pytest.mark.parametrize("row", CODES, ids=lambda row: row["code"])
def test_every_code_is_found(row) -> None:
    """Each has its own name, and the category of its first two digits."""
    error = find_error(int(row["code"]))
    assert error is not None
    assert (error.code, error.name) == (int(row["code"]), row["name"])
    unknown = find_error(int(row["code"][:2] + "98"))
    assert unknown is not None
    assert unknown.name is None
    assert error.category is unknown.category


def test_every_retry_follows_the_rule_but_where_it_passes() -> None:
    """LATER is for the codes of 4xxx that describe a temporary condition."""
    later = set()
    for row in CODES:
        error, rule = find_error(int(row["code"])), find_error(int(row["code"][:2] + "98"))
        assert error is not None
        assert rule is not None
        if error.retry is not rule.retry:
            assert (error.retry, rule.retry) == (RetryAdvice.LATER, RetryAdvice.NEVER)
            later.add(error.code)
    assert later == {4410, 4701, 4702, 4710, 4730, 4780, 4781, 4785}


@pytest.mark.parametrize(
    ("code", "category", "retry"),
    [
        (4998, ErrorCategory.BANDWIDTH_REJECTED, RetryAdvice.NEVER),
        (4799, ErrorCategory.CARRIER_REJECTED, RetryAdvice.NEVER),
        (5798, ErrorCategory.BANDWIDTH_FAULT, RetryAdvice.ALLOWED),
        (5699, ErrorCategory.CARRIER_FAULT, RetryAdvice.ONCE),
        (9000, ErrorCategory.AMBIGUOUS, RetryAdvice.UNKNOWN),
    ],
)
def test_a_code_that_the_table_lacks(code, category, retry) -> None:
    """The rule decides by the digits."""
    error = find_error(code)
    assert isinstance(error, ErrorCode)
    assert (error.code, error.category, error.retry) == (code, category, retry)
    assert (error.name, error.is_billed) == (None, None)


@pytest.mark.parametrize("code", [0, -123, -4303, 902, 1000, 3999, 43030, 2**31])
def test_a_number_of_another_scheme(code) -> None:
    """A number outside the scheme has no meaning."""
    assert find_error(code) is None


def test_billed() -> None:
    """Only the older table says whether a failure is billed."""
    billed = [find_error(code).is_billed for code in (4720, 4303, 4476)]  # type: ignore[union-attr]
    assert billed == [True, False, None]


def test_how_they_look() -> None:
    """The repr is the Python expression."""
    assert repr(find_error(5699).category) == "ErrorCategory.CARRIER_FAULT"  # type: ignore[union-attr]
    assert repr(RetryAdvice.ONCE) == "RetryAdvice.ONCE"
