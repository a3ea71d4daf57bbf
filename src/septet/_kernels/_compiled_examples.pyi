from ..arrow.rows import Addresses

__all__ = ["find_shortest"]

def find_shortest(
    texts: Addresses | list[str | None],
    first: int,
    stop: int,
    segments: memoryview,
    units: memoryview,
    encodings: memoryview,
    known: memoryview,
) -> list[tuple[bool, int, int]]: ...
