from array import array

__all__ = ["NO_WHOLE_RECORD", "OTHER_RECORD", "VIEWS_FULL", "WHOLE_RECORD", "read_records"]

NO_WHOLE_RECORD: int
VIEWS_FULL: int
OTHER_RECORD: int
WHOLE_RECORD: int

def read_records(
    block: bytearray,
    start: int,
    is_last: bool,
    delimiter: int,
    width: int,
    max_bytes: int,
    wanted: array[int],
    views: bytearray,
    row: int,
    unquoted: bytearray,
    unquoted_size: int,
) -> tuple[int, int, int, int, int]: ...
def use_vector_masks(wanted: bool) -> bool: ...
