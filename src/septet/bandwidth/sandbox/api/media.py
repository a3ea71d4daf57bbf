"""Uploaded media: kept for 48 hours of the sandbox's clock, listed in pages of 1,000.

Source: Bandwidth, "Media management"; a file has at most 3.5 MB. The total limit of 256 MiB,
beyond which the oldest files are deleted, is our own.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from ..clock import Clock
from .tokens import read_token, token_of

__all__ = ["MAX_MEDIUM_BYTES", "MediaStore", "Medium"]

MAX_MEDIUM_BYTES = 3_500_000
_MAX_TOTAL_BYTES = 256 << 20
_LIFETIME_SECONDS = 48 * 3600.0
_PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True)
class Medium:
    """An uploaded file.

    Attributes:
        content: The bytes of the file.
        content_type: The `Content-Type` of the upload.
        cache_control: The `Cache-Control` of the upload; None without one.
        time: The time of the upload, in seconds since 1970 on the sandbox's clock.
    """

    content: bytes
    content_type: str
    cache_control: str | None
    time: float


class MediaStore:
    """Media by account and name."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._media: OrderedDict[tuple[str, str], Medium] = OrderedDict()  # oldest first
        self._byte_count = 0

    def put(
        self,
        account_id: str,
        name: str,
        content: bytes,
        content_type: str,
        cache_control: str | None,
    ) -> None:
        """Store a file; one with the same name is replaced."""
        self.delete(account_id, name)
        self._media[account_id, name] = Medium(
            content, content_type, cache_control, self._clock.now()
        )
        self._byte_count += len(content)
        while self._byte_count > _MAX_TOTAL_BYTES:
            self._delete_oldest()

    def get(self, account_id: str, name: str) -> Medium | None:
        """Return a file, or None if it does not exist or has expired."""
        self._delete_expired()
        return self._media.get((account_id, name))

    def delete(self, account_id: str, name: str) -> bool:
        """Delete a file; return whether it existed."""
        self._delete_expired()
        medium = self._media.pop((account_id, name), None)
        if medium is not None:
            self._byte_count -= len(medium.content)
        return medium is not None

    def page(self, account_id: str, token: str | None) -> tuple[dict[str, Medium], str | None]:
        """Return a page of files by name, and the token of the next page, if there is one.

        Args:
            account_id: The account.
            token: The token of the page; None for the first page.

        Raises:
            ValueError: The token is invalid.
        """
        self._delete_expired()
        after = "" if token is None else read_token(token)
        names = sorted(name for account, name in self._media if account == account_id)
        names = [name for name in names if name > after]
        page = names[:_PAGE_SIZE]
        is_last = len(names) <= _PAGE_SIZE
        next_token = None if is_last else token_of(page[-1])
        return {name: self._media[account_id, name] for name in page}, next_token

    def _delete_expired(self) -> None:
        end = self._clock.now() - _LIFETIME_SECONDS
        while self._media and next(iter(self._media.values())).time <= end:
            self._delete_oldest()

    def _delete_oldest(self) -> None:
        _, medium = self._media.popitem(last=False)
        self._byte_count -= len(medium.content)
