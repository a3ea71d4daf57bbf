"""`MaxSegmentsValidator` limits the segments of a text."""

from __future__ import annotations

from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, ngettext

from ..limits import LimitOptions, MaxSegments
from ..violations import Violation

__all__ = ["MaxSegmentsValidator", "help_text"]


class MaxSegmentsValidator:
    """Refuses texts that take more segments than allowed.

    The code of the `ValidationError` is `Violation.code`: "max_segments", "encoding", …; its
    parameters are `Violation.params`, and `limit_value`, `show_value` and `value` as of Django's
    validators.

    Args:
        limit_value: The highest number of segments, at least 1.
        message: An error message of your own.
        **options: The options of `MaxSegments`.

    Attributes:
        limit: The limit, as `MaxSegments`.

    Raises:
        TypeError, ValueError: As for `MaxSegments`.
    """

    def __init__(
        self, limit_value: int, message: Any = None, **options: Unpack[LimitOptions]
    ) -> None:
        self.limit = MaxSegments(limit_value, **options)
        self.message = message

    @property
    def limit_value(self) -> int:
        """The highest number of segments."""
        return self.limit.max_segments

    def __call__(self, value: Any) -> None:
        """Check a text.

        Args:
            value: The text.

        Raises:
            ValidationError: The text exceeds the limit.
        """
        text = str(value) if isinstance(value, Promise) else value
        violation = self.limit.check(text)
        if violation is None:
            return
        params = violation.params
        params |= {
            "limit_value": violation.allowed,
            "show_value": violation.actual,
            "value": value,
        }
        message = self.message or _lazy_template(violation)
        raise ValidationError(message, violation.code, params)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Return how migrations make the validator.

        Raises:
            ValueError: The provider is a `Provider`, which migrations cannot contain.
        """
        options = self.limit.options
        if not isinstance(options.get("provider", ""), str):
            raise ValueError("migrations need the name of a provider, not a Provider")
        path = f"{type(self).__module__}.{type(self).__qualname__}"
        message = {} if self.message is None else {"message": self.message}
        return path, (self.limit.max_segments,), {**message, **options}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MaxSegmentsValidator):
            return NotImplemented
        return (self.limit, self.message) == (other.limit, other.message)

    def __hash__(self) -> int:
        return hash((self.limit, self.message))


def _template(violation: Violation) -> str:
    """Return the message in the active language, for `%` with parameters."""
    return violation.message(gettext, ngettext).replace("%", "%%")


def _describe(limit: MaxSegments) -> str:
    return limit.describe(gettext, ngettext)


_lazy_template = lazy(_template, str)
help_text = lazy(_describe, str)
"""Returns the limit in words, in the language that is active when it is shown."""
