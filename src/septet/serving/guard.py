"""Reject requests that a page of another site makes a browser send.

A server without a password trusts whoever can reach it. On a loopback address that is this
machine, and so any page that is open in a browser on it. Browsers, however, say where a request
comes from; programs do not, and are not affected.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from typing import Any

from .origins import is_allowed

__all__ = ["guarded", "is_loopback"]

_LOG = logging.getLogger("septet.serving")
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::[0-9]*)?", re.IGNORECASE)
_MAX_SHOWN = 100


def guarded(app: Any, address: str, origins: frozenset[str] = frozenset()) -> Any:
    """Return an application that does not answer requests of pages of other sites.

    * 403 for a request that a browser marks as coming from another origin, by `Sec-Fetch-Site` or
      by `Origin`. Links to the pages of the application still work.
    * 421 if the server listens on a loopback address and `Host` is not one. A page of another site
      can point its own host name to 127.0.0.1 (DNS rebinding); a browser then takes this server for
      the server of that page, but still sends the name as `Host`. For other addresses, the valid
      names are unknown.

    Args:
        app: The ASGI application.
        address: The IP address that the server is bound to.
        origins: The other origins that are allowed, as `read_origins` returns them.

    Returns:
        An ASGI application.
    """
    checks_host = is_loopback(address)

    async def guard(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        headers = _Headers(scope["headers"])
        if checks_host and not headers.is_for_loopback():
            host = headers.shown("host")
            _LOG.warning("refused a request for the host %s, which is not this machine", host)
            reason = b"this server answers only for the host 127.0.0.1, localhost or [::1]\n"
            await _refuse(send, 421, reason)
        elif headers.are_cross_site(scope["method"]) and not headers.are_allowed(origins):
            origin = headers.shown("origin")
            _LOG.warning("refused a request of a page of another site, with the origin %s", origin)
            await _refuse(send, 403, b"this server does not answer pages of other sites\n")
        else:
            await app(scope, receive, send)

    return guard


def is_loopback(address: str) -> bool:
    """Return whether an IP address is reached only from the same machine."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


class _Headers:
    """The header fields of a request that say where it comes from."""

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in headers:
            if name in (b"host", b"origin", b"sec-fetch-site", b"sec-fetch-mode"):
                self._values.setdefault(name.decode(), []).append(value.decode("latin-1"))

    def is_for_loopback(self) -> bool:
        """Return whether the one `Host` is `localhost` or a loopback address, with any port."""
        host = _HOST.fullmatch(self._only("host") or "")
        if host is None:
            return False
        ipv6, name = host.groups()
        return is_loopback(ipv6 or name) or (name or "").lower() == "localhost"

    def are_cross_site(self, method: str) -> bool:
        """Return whether a browser sends the request for a page of another site."""
        site = self._only("sec-fetch-site")
        if site is not None:
            is_link = method == "GET" and self._only("sec-fetch-mode") == "navigate"
            return site.lower() not in ("same-origin", "none") and not is_link
        # Browsers before 2023, and pages by http from another machine.
        if "origin" not in self._values:
            return False
        origin = self._only("origin") or ""
        return origin.partition("://")[2].lower() != (self._only("host") or "").lower()

    def are_allowed(self, origins: frozenset[str]) -> bool:
        """Return whether the page of the request may use the server."""
        return is_allowed(self._only("origin"), origins)

    def shown(self, name: str) -> str:
        """Return the values of a field for the log, without control characters."""
        return ascii(", ".join(self._values.get(name, [])))[:_MAX_SHOWN]

    def _only(self, name: str) -> str | None:
        """Return the value of a field; None without one, and empty if there are several."""
        values = self._values.get(name)
        if values is None:
            return None
        return values[0].strip() if len(values) == 1 else ""


async def _refuse(send: Any, status: int, reason: bytes) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(reason))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reason})
