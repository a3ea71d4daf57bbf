from .python.snappy import Bytes

__all__ = ["decompress_snappy"]

def decompress_snappy(
    block: Bytes, size: int, other: Bytes | None = None, other_size: int = 0
) -> tuple[bytearray, bytearray | None]: ...
