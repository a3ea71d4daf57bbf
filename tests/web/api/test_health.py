"""The health check."""

from __future__ import annotations

import pytest

pytest.importorskip("msgspec")

import septet
from septet.web.api.health import Health, health


def test_health() -> None:
    """It names the version and the implementation."""
    assert health() == Health("ok", septet.__version__, septet.IMPLEMENTATION)
