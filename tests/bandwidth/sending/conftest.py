"""Clients for the tests of sending."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

pytest.importorskip("msgspec")
pytest.importorskip("httpx2")

from bandwidth_clients import Calls
from septet.bandwidth import AsyncClient, Client
from septet.bandwidth.sending.exchanges import Backoff


@pytest.fixture(params=[Client, AsyncClient])
def client(request):
    """Make clients of either kind for an address, with very short delays between attempts."""
    basic = {"username": "ann", "password": "hush-hush"}

    with ExitStack() as stack:

        def make(service, **options):
            url = service if isinstance(service, str) else service.url
            options = {"url": url, "backoff": Backoff(first_delay=1e-4)} | options
            if "client_id" not in options:
                options = basic | options
            return Calls(request.param, options, stack)

        yield make
