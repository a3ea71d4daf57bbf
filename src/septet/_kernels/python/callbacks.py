"""Callbacks of exported Arrow structures that keep a pending exception."""

__all__ = ["keep_pending_exceptions"]


def keep_pending_exceptions() -> None:
    """Have the callbacks of exported structures keep an exception that is pending.

    Python code cannot: what `ctypes` calls clears the exception.
    """
