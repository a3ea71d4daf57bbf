"""How the C library treats memory that was freed."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_freed_memory"]

# Options of glibc's mallopt, and their values.
_TRIM_THRESHOLD, _KEPT_BYTES = -1, 64 << 20
_MMAP_THRESHOLD, _KEPT_BLOCK_BYTES = -3, 32 << 20


def keep_freed_memory() -> None:
    """Have glibc keep memory that was freed, for the next batches.

    It gives blocks of some megabytes back to the system, which then clears every page again.
    """
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if set_option is not None:
            set_option(_MMAP_THRESHOLD, _KEPT_BLOCK_BYTES)
            set_option(_TRIM_THRESHOLD, _KEPT_BYTES)
