from ..arrow.rows import Addresses

__all__ = ["fill_rows"]

def fill_rows(
    pieces: list[bytes | tuple[Addresses, int]],
    parts: memoryview,
    starts: memoryview,
    templates: memoryview,
) -> tuple[bytearray, bytearray]: ...
