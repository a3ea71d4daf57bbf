"""Facts of the rows of a column: nulls, and the joining of parts."""

from __future__ import annotations

import copy
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from septet.columns.facts import ColumnFacts, allocate_facts, join_facts

ROWS = st.lists(st.none() | st.tuples(st.integers(1, 9), st.integers(0, 900), st.integers(0, 1)))


def facts_of(rows: list[tuple[int, int, int] | None], with_units: bool = True) -> ColumnFacts:
    """Return the facts of rows of (segments, units, encoding); None is a null."""
    values = [row or (0, 0, 0) for row in rows]
    segment_counts, unit_counts, encodings = (
        bytearray(array(typecode, column).tobytes())
        for typecode, column in zip(
            "iiB", zip(*values, strict=True) if values else [()] * 3, strict=True
        )
    )
    facts = ColumnFacts(
        segment_counts,
        unit_counts if with_units else None,
        encodings if with_units else None,
        None,
        0,
    )
    return facts.with_nulls(sum(1 << index for index, row in enumerate(rows) if row is None))


@given(parts=st.lists(ROWS, max_size=5), with_units=st.booleans())
def test_joined_parts_are_one_column(parts, with_units) -> None:
    """Values and nulls of all parts, whatever their lengths; the parts stay as they were."""
    facts = [facts_of(part, with_units) for part in parts]
    before = copy.deepcopy(facts)
    joined = join_facts(iter(facts), with_units=with_units)
    assert joined == facts_of([row for part in parts for row in part], with_units)
    assert facts == before


@given(rows=ROWS)
def test_nulls_are_the_inverse_of_the_validity(rows) -> None:
    """A bit for each row, in both."""
    facts = facts_of(rows)
    nulls = [row is None for row in rows]
    assert facts.row_count == len(rows)
    assert facts.null_count == sum(nulls)
    assert (facts.validity is None) == (not any(nulls))
    assert [bool(facts.nulls() >> row & 1) for row in range(len(rows))] == nulls
    assert facts.nulls() < 1 << len(rows)


@pytest.mark.parametrize("with_units", [False, True])
def test_views_are_of_the_memory(with_units) -> None:
    """Values that are written through the views of some rows are the values of these rows."""
    facts = allocate_facts(5, with_units=with_units)
    for view, value in zip(facts.views(), (1, 300, 1), strict=True):
        if view is not None:
            view[:] = memoryview(array(view.format, [value] * 5))
    for view, value in zip(facts.views(1, 3), (2, 400, 0), strict=True):
        assert (view is None) == (not with_units and value != 2)
        if view is not None:
            view[:] = memoryview(array(view.format, [value] * 2))
    first, second = (1, 300, 1), (2, 400, 0)
    assert facts == facts_of([first, second, second, first, first], with_units)
