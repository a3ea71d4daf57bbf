"""The longest value of a page, as both implementations find it."""

from hypothesis import given
from hypothesis import strategies as st

from septet._kernels.python import pages


def plain(values):
    return b"".join(len(value).to_bytes(4, "little") + value for value in values)


@given(st.lists(st.binary(max_size=300)))
def test_longest_value(implementations, values) -> None:
    """It is the longest of the values, wherever it is."""
    for kernels in implementations.values():
        found = kernels.functions.longest_value(plain(values))
        assert found == max(map(len, values), default=0)


@given(st.lists(st.binary(max_size=9)), st.binary(max_size=20))
def test_damaged_pages(implementations, values, end) -> None:
    """Lengths beyond the end of the page are read like others, on both."""
    page = plain(values) + end
    for kernels in implementations.values():
        assert kernels.functions.longest_value(memoryview(page)) == pages.longest_value(page)


def test_a_length_of_four_bytes(implementations) -> None:
    """It is no negative number, and nothing is read behind the page."""
    for kernels in implementations.values():
        assert (
            kernels.functions.longest_value(plain([b"a"]) + b"\xff\xff\xff\xff" + b"x") == 2**32 - 1
        )
        assert kernels.functions.longest_value(b"\xff\xff\xff") == 0
