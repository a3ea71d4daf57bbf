from ..arrow.rows import Addresses

__all__ = ["append_fields", "make_records", "number_prices"]

def number_prices(
    segments: memoryview,
    units: memoryview,
    encodings: memoryview,
    rates: memoryview,
    numbers: memoryview,
) -> list[tuple[int, int, int]]: ...
def append_fields(
    records: tuple[Addresses, int],
    units: memoryview,
    numbers: memoryview,
    before: list[bytes],
    after: list[bytes],
) -> bytearray: ...
def make_records(
    columns: list[tuple[Addresses, int]], length: int, delimiter: int, max_size: int
) -> tuple[bytearray, bytearray]: ...
