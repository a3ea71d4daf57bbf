"""Media that were uploaded: kept for 48 hours of the clock, listed by pages of 1,000.

Source: Bandwidth, "Media management"; a file has at most 3.75 MB. That all of them together have
at most 256 MiB, and the oldest go first, is ours.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from dataclasses import dataclass

from ..clock import Clock

__all__ = ["MAX_MEDIUM_BYTES", "MediaStore", "Medium"]

MAX_MEDIUM_BYTES = 3_750_000
_MAX_TOTAL_BYTES = 256 << 20
_KEPT_SECONDS = 48 * 3600.0
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Medium:
    """A file.

    Attributes:
        octets: What is in it.
        content_type: As it was uploaded.
        cache_control: As it was uploaded; None if it was not said.
        time: When, in seconds since 1970 on the sandbox's clock.
    """

    octets: bytes
    content_type: str
    cache_control: str | None
    time: float


class MediaStore:
    """Media by account and name."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._media: OrderedDict[tuple[str, str], Medium] = OrderedDict()  # the oldest first
        self._byte_count = 0

    def put(
        self, account_id: str, name: str, octets: bytes, kind: str, cache_control: str | None
    ) -> None:
        """Keep a file; one of the same name is replaced."""
        self.delete(account_id, name)
        self._media[account_id, name] = Medium(octets, kind, cache_control, self._clock.now())
        self._byte_count += len(octets)
        while self._byte_count > _MAX_TOTAL_BYTES:
            self._forget_oldest()

    def get(self, account_id: str, name: str) -> Medium | None:
        """Return a file, or None if it is not there, or no longer."""
        self._forget_old()
        return self._media.get((account_id, name))

    def delete(self, account_id: str, name: str) -> bool:
        """Forget a file; tell whether it was there."""
        self._forget_old()
        medium = self._media.pop((account_id, name), None)
        if medium is not None:
            self._byte_count -= len(medium.octets)
        return medium is not None

    def page(self, account_id: str, token: str | None) -> tuple[dict[str, Medium], str | None]:
        """Return the next files by name, and the token for those behind them, if any.

        Raises:
            ValueError: The token is not one of ours.
        """
        self._forget_old()
        after = "" if token is None else _name(token)
        names = sorted(name for account, name in self._media if account == account_id)
        names = [name for name in names if name > after]
        page = names[:_PAGE]
        is_last = len(names) <= _PAGE
        following = None if is_last else base64.urlsafe_b64encode(page[-1].encode()).decode()
        return {name: self._media[account_id, name] for name in page}, following

    def _forget_old(self) -> None:
        end = self._clock.now() - _KEPT_SECONDS
        while self._media and next(iter(self._media.values())).time <= end:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, medium = self._media.popitem(last=False)
        self._byte_count -= len(medium.octets)


def _name(token: str) -> str:
    return base64.b64decode(token, altchars=b"-_", validate=True).decode()
