"""WTForms: `MaxSegmentsValidator` limits the segments of a field."""

from __future__ import annotations

from typing import Any, Unpack

from ..exceptions import MissingExtraError
from .limits import LimitOptions, MaxSegments

try:
    from wtforms.validators import ValidationError
except ImportError as error:
    raise MissingExtraError("WTForms", "wtforms", "septet.integrations.wtforms") from error

__all__ = ["MaxSegmentsValidator"]


class MaxSegmentsValidator:
    """Refuses texts that take more segments than allowed.

    Args:
        max_segments: The highest number of segments, at least 1.
        message: An error message of your own, with `%(segment_count)d` and the other names of
            `Violation.params`.
        **options: The options of `MaxSegments`.

    Attributes:
        limit: The limit, as `MaxSegments`.
        field_flags: The limit for templates, as in `form.text.flags.max_segments`.

    Raises:
        TypeError, ValueError: As for `MaxSegments`.
    """

    def __init__(
        self, max_segments: int, message: str | None = None, **options: Unpack[LimitOptions]
    ) -> None:
        self.limit = MaxSegments(max_segments, **options)
        self.message = message
        self.field_flags = {"max_segments": max_segments}

    def __call__(self, form: Any, field: Any) -> None:
        """Raise a `ValidationError` of WTForms if the text of a field exceeds the limit.

        A field without data is allowed. Without a message of your own, the translations of the
        form translate it.

        Args:
            form: The form; it is not used.
            field: The field.

        Raises:
            ValidationError: The text exceeds the limit.
        """
        if field.data is not None and (violation := self.limit.check(field.data)):
            if self.message is None:
                raise ValidationError(violation.message(field.gettext, field.ngettext))
            raise ValidationError(self.message % violation.params)
