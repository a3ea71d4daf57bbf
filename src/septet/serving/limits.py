"""Limits on the requests and connections of a server."""

from __future__ import annotations

from dataclasses import dataclass, field

try:
    import resource
except ImportError:  # pragma: no cover  # Windows has no limit of this kind
    resource = None  # type: ignore[assignment]

__all__ = ["Limits"]

_MAX_CONNECTIONS = 1_000
_MAX_BODIES = 64 << 20
_OTHER_FILES = 32
"""The files that a server needs besides its connections: a database, a loop, modules, a log."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a server.

    Attributes:
        head_bytes: The largest head of a request: the request line and all header fields. It is
            also the largest trailer, and the largest overhead of one chunk.
        header_lines: How many header fields, trailers included, a request may have.
        request_seconds: Seconds from the first byte, or from the connection, to the end of the
            request's body. The time of the answer is not limited.
        connections: How many connections may be open. The default is 1,000, or fewer if the process
            may open few files (`ulimit -n`): 16 with 64 files, 496 with 1,024.
        body_bytes: How many bytes of bodies that are not complete the server may hold, for all
            connections together.
    """

    head_bytes: int = 64 << 10
    header_lines: int = 1_000
    request_seconds: float = 25.0
    connections: int = field(default_factory=lambda: _connections())
    body_bytes: int = _MAX_BODIES

    @property
    def backlog(self) -> int:
        """How many connections may wait to be accepted.

        An event loop accepts all of them before it can close any, so they must not use up the files
        that the process may open.
        """
        return self.connections


def _connections() -> int:
    """Return how many connections may be open, if as many may wait to be accepted."""
    if resource is None:  # pragma: no cover
        return _MAX_CONNECTIONS
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return _MAX_CONNECTIONS
    return max(1, min(_MAX_CONNECTIONS, (files - _OTHER_FILES) // 2))
