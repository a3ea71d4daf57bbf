"""`/healthz`: whether the service runs."""

from __future__ import annotations

from typing import Literal

from ... import IMPLEMENTATION, __version__
from .schema import Struct

__all__ = ["Health", "health"]


class Health(Struct):
    """The service is running."""

    status: Literal["ok"]
    version: str
    implementation: str


def health() -> Health:
    """Return that the service runs."""
    return Health("ok", __version__, IMPLEMENTATION)
